package blob

import (
	"embed"
	"errors"
	"io/fs"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

// All SQL of the blob store.

//go:embed schema/*.sql
var schemaFiles embed.FS

func schema() fs.FS {
	sub, err := fs.Sub(schemaFiles, "schema")
	if err != nil {
		panic("blob: schema: " + err.Error()) // cannot happen: embedded above
	}
	return sub
}

// sweepPage is how many orphans one transaction deletes.
const sweepPage = 50

// row is one row of the table blob.
type row struct {
	id, stream string
	info       []byte
	received   int64
	chunks     int64
	sealedHash []byte
	claimed    bool
}

const columns = `id, stream, info, received, chunks, sealed_hash, claimed`

func (r *row) dest() []any {
	return []any{&r.id, &r.stream, &r.info, &r.received, &r.chunks, &r.sealedHash, &r.claimed}
}

func insertBlob(tx db.Tx, id, stream string, info []byte) error {
	_, err := tx.Exec(`INSERT INTO blob (`+columns+`, touched) VALUES (?, ?, ?, 0, 0, ?, 0, ?)`,
		id, stream, info, []byte{}, time.Now())
	return err
}

func rowOf(tx db.Tx, id string) (r row, err error) {
	err = tx.Row(`SELECT `+columns+` FROM blob WHERE id = ?`, id).Scan(r.dest()...)
	if errors.Is(err, db.ErrNone) {
		return r, fault.New(fault.Unknown, "blob.unknown")
	}
	return r, err
}

func rowsOf(tx db.Tx, stream string) (list []row, err error) {
	rows, err := tx.Query(`SELECT `+columns+` FROM blob WHERE stream = ? ORDER BY id`, stream)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r row
		if err := rows.Scan(r.dest()...); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// moveOffset says whether the blob was still at before.
func moveOffset(tx db.Tx, id string, before, after int64) (bool, error) {
	n, err := tx.Exec(`UPDATE blob SET received = ?, chunks = ?, touched = ? WHERE id = ? AND received = ?
		AND length(sealed_hash) = 0`, after, (after+ChunkSize-1)/ChunkSize, time.Now(), id, before)
	return n == 1, err
}

func endBlob(tx db.Tx, id string, received int64, sealedHash []byte) (bool, error) {
	n, err := tx.Exec(`UPDATE blob SET sealed_hash = ?, touched = ? WHERE id = ? AND received = ?
		AND length(sealed_hash) = 0`, sealedHash, time.Now(), id, received)
	return n == 1, err
}

func putChunk(tx db.Tx, id string, n int64, data []byte) error {
	_, err := tx.Exec(`INSERT INTO blob_chunk (blob, n, data) VALUES (?, ?, ?)
		ON CONFLICT (blob, n) DO UPDATE SET data = excluded.data`, id, n, data)
	return err
}

func chunkOf(tx db.Tx, id string, n int64) (data []byte, err error) {
	err = tx.Row(`SELECT data FROM blob_chunk WHERE blob = ? AND n = ?`, id, n).Scan(&data)
	if errors.Is(err, db.ErrNone) {
		return nil, damaged(id)
	}
	return data, err
}

func claim(tx db.Tx, id string) error {
	n, err := tx.Exec(`UPDATE blob SET claimed = 1 WHERE id = ? AND length(sealed_hash) > 0`, id)
	if err == nil && n == 0 {
		return fault.New(fault.Unknown, "blob.unknown")
	}
	return err
}

func release(tx db.Tx, id string) error {
	_, err := tx.Exec(`UPDATE blob SET claimed = 0 WHERE id = ?`, id)
	return err
}

func deleteBlob(tx db.Tx, id string) error {
	if _, err := tx.Exec(`DELETE FROM blob_chunk WHERE blob = ?`, id); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM blob WHERE id = ?`, id)
	return err
}

func orphans(tx db.Tx, before time.Time, limit int) (ids []string, err error) {
	rows, err := tx.Query(`SELECT id FROM blob WHERE claimed = 0 AND touched < ? ORDER BY touched LIMIT ?`, before, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// streamsAfter reads ids and streams in the order of ids.
func streamsAfter(tx db.Tx, id string, limit int) (page [][2]string, err error) {
	rows, err := tx.Query(`SELECT id, stream FROM blob WHERE id > ? ORDER BY id LIMIT ?`, id, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var b [2]string
		if err := rows.Scan(&b[0], &b[1]); err != nil {
			return nil, err
		}
		page = append(page, b)
	}
	return page, rows.Err()
}
