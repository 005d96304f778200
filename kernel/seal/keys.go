package seal

import (
	"context"
	"errors"
	"os"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

// connections is how many a node has to the key store at most: keys in use are
// remembered.
const connections = 6

// Keys is the key store: wrapped stream keys and the blind index. It is safe
// for use by several goroutines.
type Keys struct {
	db    *db.DB
	in    *Instance
	cache *cache
	pool  *pool
	list  *shreddedList
	end   context.CancelFunc // of listening to the other nodes
}

// OpenKeys opens the key store at url ("sqlite:PATH" or "postgres://…"), which
// is never the database of the data. It finishes a rotation that was cut off
// and applies what shredded.list says and the store does not know yet.
func OpenKeys(ctx context.Context, url string, in *Instance) (*Keys, error) {
	d, err := db.Open(ctx, url, db.Options{SecureDelete: true, MaxReaders: connections})
	if err != nil {
		return nil, err
	}
	k := &Keys{db: d, in: in, cache: newCache(), list: openShreddedList(in)}
	k.pool = newPool(k.makePairs)
	if err := k.prepare(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return k, nil
}

// Probe says whether the store reads and would take a change; see db.DB.Probe.
func (k *Keys) Probe(ctx context.Context) error { return k.db.Probe(ctx) }

// Hurry lets what is stored be synced later; see db.DB.Hurry.
func (k *Keys) Hurry() (settle func() error, err error) { return k.db.Hurry() }

// Size is how many bytes the store takes; see db.DB.Size.
func (k *Keys) Size(ctx context.Context) (data, log int64, err error) { return k.db.Size(ctx) }

func (k *Keys) prepare(ctx context.Context) error {
	if err := k.db.Migrate(ctx, "keys", schema()); err != nil {
		return err
	}
	if err := errors.Join(k.finishRotation(), k.in.renewEscrow()); err != nil {
		return err
	}
	if err := k.reconcile(ctx); err != nil {
		return err
	}
	return k.listen()
}

// shreddedChannel tells every node of a key that was destroyed: its stream, or
// nothing when there were many.
const shreddedChannel = "shredded"

// listen forgets what other nodes destroy, at once. Should a note be lost, the
// life of a cached key is the bound.
func (k *Keys) listen() error {
	life, end := context.WithCancel(context.Background())
	notes, err := k.db.Listen(life, shreddedChannel)
	if err != nil {
		end()
		return err
	}
	k.end = end
	go func() {
		for stream := range notes {
			if stream != "" {
				k.cache.forget(stream)
				continue
			}
			for k.reassert() != nil && life.Err() == nil {
				pause(life, time.Second) // the store is away again
			}
			k.cache.clear()
		}
	}()
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// Close gives back the pairs that were made ahead and not used, and closes the store.
func (k *Keys) Close() error {
	k.end()
	unused := k.pool.close()
	err := k.db.Write(func(tx db.Tx) error {
		for _, p := range unused {
			if err := dropUnused(tx, p.stream); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, k.list.close(), k.db.Close())
}

// Take gives a stream id (UUIDv7) and its key, both never used before and
// already durable. It is nearly free: pairs are made ahead. When the store
// cannot write, Take is Unavailable.
func (k *Keys) Take() (stream string, key StreamKey, err error) {
	p, err := k.pool.take()
	if err != nil {
		return "", StreamKey{}, err
	}
	key = streamKey(p.raw)
	k.cache.put(p.stream, key)
	return p.stream, key, nil
}

// Prepare makes the first pairs, so that the first Take does not wait.
func (k *Keys) Prepare() error { return k.pool.warm() }

// makePairs makes n pairs and stores them in one transaction.
func (k *Keys) makePairs(n int) ([]pair, error) {
	pairs := newPairs(n)
	for attempt := 0; ; attempt++ {
		wraps := k.in.wrapping()
		held := false
		err := k.db.Write(func(tx db.Tx) (err error) {
			if held, err = holdWrap(tx, wraps.current); err != nil || !held {
				return err
			}
			return insertKeys(tx, wrapPairs(wraps, pairs))
		})
		if err != nil || held {
			return pairs, err
		}
		if attempt > 0 {
			return nil, fault.New(fault.Unavailable, "seal.rotating")
		}
		if err := k.in.readWraps(); err != nil { // another process rotated the wrap key
			return nil, err
		}
	}
}

func wrapPairs(wraps wrapping, pairs []pair) []storedKey {
	stored := make([]storedKey, len(pairs))
	for i, p := range pairs {
		stored[i] = storedKey{p.stream, wraps.current, wraps.wrap(wraps.current, p.stream, p.raw)}
	}
	return stored
}

// Get gives the key of a stream. A shredded stream is Gone, any other without
// a key Unknown.
func (k *Keys) Get(stream string) (StreamKey, error) {
	if key, held := k.cache.get(stream); held {
		return key, nil
	}
	var stored storedKey
	gone := k.cache.forgotten()
	err := k.db.Read(context.Background(), func(tx db.Tx) (err error) {
		stored, err = keyOf(tx, stream)
		return err
	})
	if err != nil {
		return StreamKey{}, err
	}
	raw, err := k.unwrap(stored)
	if err != nil {
		return StreamKey{}, err
	}
	key := streamKey(raw)
	k.cache.putSince(gone, stream, key)
	return key, nil
}

// unwrap reads the folder again when another process has rotated the wrap key.
func (k *Keys) unwrap(stored storedKey) (raw [keySize]byte, err error) {
	if _, held := k.in.wrapping().keys[stored.wrap]; !held {
		if err := k.in.readWraps(); err != nil {
			return raw, err
		}
	}
	return k.in.wrapping().unwrap(stored.wrap, stored.stream, stored.wrapped)
}

// PutIndex adds blind-index tokens to a stream; tokens it has already are no
// fault. A shredded stream takes none: Gone.
func (k *Keys) PutIndex(stream string, tokens [][]byte) error {
	return k.db.Write(func(tx db.Tx) error {
		if err := lockKey(tx, k.db.Dialect(), stream); err != nil {
			return err
		}
		return insertTokens(tx, stream, tokens)
	})
}

// Entry is a stream and the tokens under which it is to be found.
type Entry struct {
	Stream string
	Tokens [][]byte
}

// PutIndexes is PutIndex for several streams in one commit, in the order of the
// tokens, so that a page that several fall on is touched once. A shredded stream
// is passed over.
func (k *Keys) PutIndexes(entries []Entry) error {
	return k.db.Write(func(tx db.Tx) error {
		var pairs []tokenOf
		for _, e := range entries {
			err := lockKey(tx, k.db.Dialect(), e.Stream)
			if fault.Is(err, fault.Gone) {
				continue
			}
			if err != nil {
				return err
			}
			for _, token := range e.Tokens {
				pairs = append(pairs, tokenOf{token, e.Stream})
			}
		}
		return insertPairs(tx, pairs)
	})
}

// ClearIndex removes all tokens of a stream, before they are made anew.
func (k *Keys) ClearIndex(stream string) error {
	return k.db.Write(func(tx db.Tx) error { return deleteTokens(tx, stream) })
}

// lockKey keeps a shredding of the stream from passing in between.
func lockKey(tx db.Tx, dialect db.Dialect, stream string) error {
	if dialect == db.Postgres {
		if _, err := tx.Exec(`SELECT 1 FROM stream_key WHERE stream = ? FOR SHARE`, stream); err != nil {
			return err
		}
	}
	_, err := keyOf(tx, stream)
	return err
}

// FindIndex gives the streams that have the token, oldest first.
func (k *Keys) FindIndex(token []byte) (streams []string, err error) {
	err = k.db.Read(context.Background(), func(tx db.Tx) (err error) {
		streams, err = streamsOf(tx, token)
		return err
	})
	return streams, err
}

// NameIndex gives the tokens under which PutIndex makes a name findable by Search.
func (in *Instance) NameIndex(name string) [][]byte {
	var tokens [][]byte
	for _, token := range NameTokens(name) {
		tokens = append(tokens, in.IndexMAC("name", token))
	}
	return tokens
}

// Destroyed reports whether the stream was shredded.
func (k *Keys) Destroyed(stream string) (gone bool, err error) {
	err = k.db.Read(context.Background(), func(tx db.Tx) (err error) {
		gone, err = isShredded(tx, stream)
		return err
	})
	return gone, err
}

// promoteWrap puts the next wrap key in the place of the current one.
func (in *Instance) promoteWrap() error {
	if err := os.Rename(in.path(nextWrapFile), in.path(wrapFile)); err != nil {
		return fileFault("seal.file_unwritable", in.path(wrapFile)).Because(err)
	}
	if err := syncFolder(in.dir); err != nil {
		return err
	}
	return in.readWraps()
}
