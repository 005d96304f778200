package blob

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
)

// Whole is a small file whose bytes are all at hand, sealed and not stored yet.
type Whole struct {
	Blob
	info, chunk []byte
}

// SealWhole seals a file of at most one chunk, for Put.
func SealWhole(stream string, key seal.StreamKey, o Info, content []byte) (Whole, error) {
	if len(content) == 0 || len(content) > ChunkSize {
		return Whole{}, fault.New(fault.Invalid, "blob.size")
	}
	id := uuid.Must(uuid.NewV7()).String()
	o.Size = int64(len(content))
	info, err := json.Marshal(o)
	w := Whole{
		Blob:  Blob{ID: id, Stream: stream, Info: o, Received: o.Size, Finished: true, Claimed: true},
		info:  key.Seal(info, infoAAD(id, stream)),
		chunk: key.Seal(content, chunkAAD(id, 0, true)),
	}
	h := newSealedHash(id)
	h.add(w.chunk)
	w.SealedHash = h.sum()
	return w, err
}

// Put stores whole files in one commit, finished and claimed.
func (s *Store) Put(files ...Whole) error {
	if len(files) == 0 {
		return nil
	}
	return s.db.Write(func(tx db.Tx) error {
		for _, w := range files {
			if err := insertWhole(tx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

func insertWhole(tx db.Tx, w Whole) error {
	_, err := tx.Exec(`INSERT INTO blob (`+columns+`, touched) VALUES (?, ?, ?, ?, 1, ?, 1, ?)`,
		w.ID, w.Stream, w.info, w.Received, w.SealedHash[:], time.Now())
	if err != nil {
		return err
	}
	return putChunk(tx, w.ID, 0, w.chunk)
}
