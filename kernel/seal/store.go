package seal

import (
	"bytes"
	"embed"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

// All SQL of the key store.

//go:embed schema/*.sql
var schemaFiles embed.FS

func schema() fs.FS {
	sub, err := fs.Sub(schemaFiles, "schema")
	if err != nil {
		panic("seal: schema: " + err.Error()) // cannot happen: embedded above
	}
	return sub
}

// rowsPerInsert keeps a statement well under every limit on placeholders.
const rowsPerInsert = 100

// holdWrap takes the lock on the wrap key in use and says whether it is still id.
func holdWrap(tx db.Tx, id string) (bool, error) {
	n, err := tx.Exec(`UPDATE wrap SET id = id WHERE one = 1 AND id = ?`, id)
	return n == 1, err
}

func replaceWrap(tx db.Tx, from, to string) (bool, error) {
	n, err := tx.Exec(`UPDATE wrap SET id = ? WHERE one = 1 AND id = ?`, to, from)
	return n == 1, err
}

// wrapInUse is the id of the wrap key in use; a new store takes first.
func wrapInUse(tx db.Tx, first string) (id string, err error) {
	if _, err := tx.Exec(`INSERT INTO wrap (one, id) VALUES (1, ?) ON CONFLICT DO NOTHING`, first); err != nil {
		return "", err
	}
	err = tx.Row(`SELECT id FROM wrap WHERE one = 1`).Scan(&id)
	return id, err
}

// storedKey is one row of stream_key.
type storedKey struct {
	stream, wrap string
	wrapped      []byte
}

func insertKeys(tx db.Tx, keys []storedKey) error {
	for len(keys) > 0 {
		n := min(len(keys), rowsPerInsert)
		args := make([]any, 0, 3*n)
		for _, key := range keys[:n] {
			args = append(args, key.stream, key.wrap, key.wrapped)
		}
		rows := strings.TrimSuffix(strings.Repeat("(?, ?, ?),", n), ",")
		if _, err := tx.Exec(`INSERT INTO stream_key (stream, wrap, wrapped) VALUES `+rows, args...); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

// keyOf reads a stream's wrapped key: Gone when shredded, Unknown when there never was one.
func keyOf(tx db.Tx, stream string) (key storedKey, err error) {
	key.stream = stream
	err = tx.Row(`SELECT wrap, wrapped FROM stream_key WHERE stream = ?`, stream).Scan(&key.wrap, &key.wrapped)
	if !errors.Is(err, db.ErrNone) {
		return key, err
	}
	gone, err := isShredded(tx, stream)
	switch {
	case err != nil:
		return key, err
	case gone:
		return key, fault.New(fault.Gone, "fault.shredded")
	}
	return key, fault.New(fault.Unknown, "seal.stream_unknown")
}

func isShredded(tx db.Tx, stream string) (bool, error) {
	var one int
	err := tx.Row(`SELECT 1 FROM shredded WHERE stream = ?`, stream).Scan(&one)
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

// deleteStream overwrites everything the store knows of a stream.
func deleteStream(tx db.Tx, stream string) error {
	for _, statement := range []string{
		`INSERT INTO shredded (stream) VALUES (?) ON CONFLICT DO NOTHING`,
		`DELETE FROM stream_key WHERE stream = ?`,
		`DELETE FROM blind WHERE stream = ?`,
	} {
		if _, err := tx.Exec(statement, stream); err != nil {
			return err
		}
	}
	return nil
}

func dropUnused(tx db.Tx, stream string) error {
	_, err := tx.Exec(`DELETE FROM stream_key WHERE stream = ?`, stream)
	return err
}

// shreddedStreams are all shredded streams, in order.
func shreddedStreams(tx db.Tx) ([]string, error) {
	return texts(tx, `SELECT stream FROM shredded ORDER BY stream`)
}

func countShredded(tx db.Tx) (n int64, err error) {
	err = tx.Row(`SELECT count(*) FROM shredded`).Scan(&n)
	return n, err
}

// wrappedBy reads up to limit keys that the wrap key id wraps.
func wrappedBy(tx db.Tx, id, after string, limit int) (keys []storedKey, err error) {
	rows, err := tx.Query(`SELECT stream, wrapped FROM stream_key WHERE wrap = ? AND stream > ?
		ORDER BY stream LIMIT ?`, id, after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		key := storedKey{wrap: id}
		if err := rows.Scan(&key.stream, &key.wrapped); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, rows.Err()
}

func rewrapKey(tx db.Tx, key storedKey) error {
	_, err := tx.Exec(`UPDATE stream_key SET wrap = ?, wrapped = ? WHERE stream = ?`, key.wrap, key.wrapped, key.stream)
	return err
}

// insertTokens inserts row by row: a statement of many rows would first copy
// every page it touches, so that it could undo itself.
func insertTokens(tx db.Tx, stream string, tokens [][]byte) error {
	for _, token := range tokens {
		if _, err := tx.Exec(`INSERT INTO blind (token, stream) VALUES (?, ?) ON CONFLICT DO NOTHING`, token, stream); err != nil {
			return err
		}
	}
	return nil
}

// tokenOf is one entry of the blind index.
type tokenOf struct {
	token  []byte
	stream string
}

// insertPairs inserts entries of several streams in the order of their tokens.
func insertPairs(tx db.Tx, pairs []tokenOf) error {
	slices.SortFunc(pairs, func(a, b tokenOf) int { return bytes.Compare(a.token, b.token) })
	for _, p := range pairs {
		if err := insertTokens(tx, p.stream, [][]byte{p.token}); err != nil {
			return err
		}
	}
	return nil
}

func deleteTokens(tx db.Tx, stream string) error {
	_, err := tx.Exec(`DELETE FROM blind WHERE stream = ?`, stream)
	return err
}

func streamsOf(tx db.Tx, token []byte) ([]string, error) {
	return texts(tx, `SELECT stream FROM blind WHERE token = ? ORDER BY stream`, token)
}

// streamsBefore are the newest streams with any of some tokens that are older
// than before, newest first: no more than limit, and none left out in between.
func streamsBefore(tx db.Tx, tokens [][]byte, before string, limit int) ([]string, error) {
	var all []string
	last := "" // what is older may be missing from a list that was cut off
	for _, token := range tokens {
		found, err := texts(tx, `SELECT stream FROM blind WHERE token = ? AND stream < ? ORDER BY stream DESC LIMIT ?`, token, before, limit)
		if err != nil {
			return nil, err
		}
		if len(found) == limit {
			last = max(last, found[limit-1])
		}
		all = append(all, found...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	from, _ := slices.BinarySearch(all, last)
	all = all[from:]
	slices.Reverse(all)
	return all, nil
}

// streamsHaving are those of some streams, in any order, that have any of some
// tokens. The entries of a token lie in the order of their streams, so those
// between the first and the last of the streams are read along; where a token
// has far more there than was asked for, each stream is looked up by itself.
func streamsHaving(tx db.Tx, tokens [][]byte, streams []string) (map[string]bool, error) {
	const dearer = 16 // how many entries may be read along for one look-up
	first, last, most := slices.Min(streams), slices.Max(streams), dearer*len(streams)
	asked := make(map[string]bool, len(streams))
	for _, s := range streams {
		asked[s] = true
	}
	out := make(map[string]bool, len(streams))
	for _, token := range tokens {
		found, err := texts(tx, `SELECT stream FROM blind WHERE token = ? AND stream BETWEEN ? AND ? LIMIT ?`, token, first, last, most)
		if err == nil && len(found) == most {
			found, err = streamsAmong(tx, token, streams)
		}
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			if asked[s] {
				out[s] = true
			}
		}
	}
	return out, nil
}

// streamsAmong are those of some streams that have a token, each looked up.
func streamsAmong(tx db.Tx, token []byte, streams []string) (all []string, err error) {
	for part := range slices.Chunk(streams, rowsPerInsert) {
		args := []any{token}
		for _, s := range part {
			args = append(args, s)
		}
		found, err := texts(tx, `SELECT stream FROM blind WHERE token = ? AND stream IN (`+marks(len(part))+`)`, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// countUpTo counts the entries of some tokens, of each up to a limit.
func countUpTo(tx db.Tx, tokens [][]byte, limit int) (sum int, err error) {
	for _, token := range tokens {
		var n int
		err := tx.Row(`SELECT count(*) FROM (SELECT 1 FROM blind WHERE token = ? LIMIT ?) AS few`, token, limit).Scan(&n)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// marks are n placeholders.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// texts reads one column of text.
func texts(tx db.Tx, query string, args ...any) (list []string, err error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}
