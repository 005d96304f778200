package blob

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
)

// ChunkSize is how many plain bytes a full chunk holds.
const ChunkSize = 256 << 10

// orphanAge is how long an unclaimed blob stays after its last piece.
const orphanAge = 24 * time.Hour

// Info is what is known of a blob before its bytes. All of it is sealed.
type Info struct {
	Name  string `json:"name"`            // as the person's device calls it
	Type  string `json:"type"`            // content type, by content and not by name
	Size  int64  `json:"size,omitempty"`  // bytes; 0 when not known yet
	Draft string `json:"draft,omitempty"` // what it was handed in with, in the caller's terms
}

// Blob is a stored file.
type Blob struct {
	ID     string
	Stream string
	Info
	Received   int64    // plain bytes so far; all of them once Finished
	Finished   bool     // no more bytes come
	Claimed    bool     // not to be swept
	SHA256     [32]byte // of the plain bytes, from Finish only: as personal as the bytes, never clear
	SealedHash [32]byte // of the stored ciphertext: what an event may name in clear
}

// Store is the place of blobs. It is safe for use by several goroutines.
type Store struct{ db *db.DB }

// connections is how many a node has for files at most, on PostgreSQL beside those
// of the record.
const connections = 6

// Open opens the store at url: a SQLite file of its own ("sqlite:…/blob.db"),
// or tables of a PostgreSQL database.
func Open(ctx context.Context, url string) (*Store, error) {
	d, err := db.Open(ctx, url, db.Options{SecureDelete: true, MaxReaders: connections})
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx, "blob", schema()); err != nil {
		d.Close()
		return nil, err
	}
	return &Store{d}, nil
}

// Hurry lets what is stored be synced later; see db.DB.Hurry.
func (s *Store) Hurry() (settle func() error, err error) { return s.db.Hurry() }

// Close closes the store.
func (s *Store) Close() error { return s.db.Close() }

// Probe says whether the store reads and would take a change; see db.DB.Probe.
func (s *Store) Probe(ctx context.Context) error { return s.db.Probe(ctx) }

// Size is how many bytes the files take, sealed and with what was deleted and
// is not yet used again; on PostgreSQL of their tables alone.
func (s *Store) Size(ctx context.Context) (n int64, err error) {
	if s.db.Dialect() == db.SQLite {
		data, log, err := s.db.Size(ctx)
		return data + log, err
	}
	err = s.db.Read(ctx, func(tx db.Tx) error {
		return tx.Row("SELECT pg_total_relation_size('blob') + pg_total_relation_size('blob_chunk')").Scan(&n)
	})
	return n, err
}

// Create begins a blob of stream, sealed under key. Its id is random enough to
// be an address, but it is no secret: who may have it is the caller's to decide.
func (s *Store) Create(stream string, key seal.StreamKey, o Info) (id string, err error) {
	if o.Size < 0 {
		return "", fault.New(fault.Invalid, "blob.size")
	}
	id = uuid.Must(uuid.NewV7()).String()
	info, err := json.Marshal(o)
	if err != nil {
		return "", err
	}
	sealed := key.Seal(info, infoAAD(id, stream))
	err = s.db.Write(func(tx db.Tx) error { return insertBlob(tx, id, stream, sealed) })
	return id, err
}

// Stat gives what is known of a blob. An id that is not there is Unknown.
func (s *Store) Stat(id string, key seal.StreamKey) (Blob, error) {
	r, err := s.row(context.Background(), id)
	if err != nil {
		return Blob{}, err
	}
	return r.blob(key)
}

// List gives the blobs of a stream, oldest first.
func (s *Store) List(stream string, key seal.StreamKey) ([]Blob, error) {
	var rows []row
	err := s.db.Read(context.Background(), func(tx db.Tx) (err error) {
		rows, err = rowsOf(tx, stream)
		return err
	})
	if err != nil {
		return nil, err
	}
	list := make([]Blob, len(rows))
	for i, r := range rows {
		if list[i], err = r.blob(key); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Claim keeps blobs from being swept. If one of them is not there or not
// finished none is claimed: Unknown.
func (s *Store) Claim(ids ...string) error {
	return s.db.Write(func(tx db.Tx) error {
		for _, id := range ids {
			if err := claim(tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// Release lets blobs be swept again: files that a draft named and names no more.
func (s *Store) Release(ids ...string) error {
	return s.db.Write(func(tx db.Tx) error {
		for _, id := range ids {
			if err := release(tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// Remove deletes one blob: a file that was replaced before anything named it.
func (s *Store) Remove(id string) error {
	return s.db.Write(func(tx db.Tx) error { return deleteBlob(tx, id) })
}

// Delete deletes all blobs of a stream, and makes sure on SQLite that nothing
// of them is left in the file. Deleting none is no fault.
func (s *Store) Delete(stream string) error {
	err := s.db.Write(func(tx db.Tx) error {
		rows, err := rowsOf(tx, stream)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := deleteBlob(tx, r.id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.db.Checkpoint()
}

// Sweep deletes unclaimed blobs whose last piece is more than 24 hours before
// now, finished or not, and says how many.
func (s *Store) Sweep(now time.Time) (n int, err error) {
	for {
		swept := 0
		err = s.db.Write(func(tx db.Tx) error {
			ids, err := orphans(tx, now.Add(-orphanAge), sweepPage)
			if err != nil {
				return err
			}
			for _, id := range ids {
				if err := deleteBlob(tx, id); err != nil {
					return err
				}
			}
			swept = len(ids)
			return nil
		})
		if err != nil || swept == 0 {
			return n, err
		}
		n += swept
	}
}

// Check hashes the stored ciphertext again, for which no key is needed, and
// compares it with what an event named. A difference is an Internal fault.
func (s *Store) Check(ctx context.Context, id string, sealedHash [32]byte) error {
	r, err := s.row(ctx, id)
	if err != nil {
		return err
	}
	h := newSealedHash(id)
	for n := range r.chunks {
		data, err := s.chunk(ctx, id, n)
		if err != nil {
			return err
		}
		h.add(data)
	}
	if h.sum() != sealedHash {
		return damaged(id)
	}
	return nil
}

func damaged(id string) *fault.Fault { return fault.New(fault.Internal, "blob.damaged").At(id) }

func (s *Store) row(ctx context.Context, id string) (r row, err error) {
	err = s.db.Read(ctx, func(tx db.Tx) (err error) {
		r, err = rowOf(tx, id)
		return err
	})
	return r, err
}

func (s *Store) chunk(ctx context.Context, id string, n int64) (data []byte, err error) {
	err = s.db.Read(ctx, func(tx db.Tx) (err error) {
		data, err = chunkOf(tx, id, n)
		return err
	})
	return data, err
}
