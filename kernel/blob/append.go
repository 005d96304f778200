package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
)

// Append adds the bytes of r to a blob that is being received. Offset is how
// many bytes the caller believes are there: another number is a Conflict, and
// Stat tells the right one. It returns the offset reached, also when r fails
// in the middle: everything up to there is kept and durable, and the next
// Append goes on from it. More bytes than declared are TooLarge.
func (s *Store) Append(id string, key seal.StreamKey, offset int64, r io.Reader) (newOffset int64, err error) {
	u, err := s.receive(id, key, offset)
	if err != nil {
		return 0, err
	}
	for {
		n, readErr := io.ReadFull(r, u.buffer[len(u.buffer):cap(u.buffer)])
		u.buffer = u.buffer[:len(u.buffer)+n]
		if u.blob.Size > 0 && u.stored+int64(n) > u.blob.Size {
			return u.stored, fault.New(fault.TooLarge, "blob.longer_than_declared")
		}
		if err := s.store(u, n); err != nil {
			return u.stored, err
		}
		switch {
		case errors.Is(readErr, io.EOF), errors.Is(readErr, io.ErrUnexpectedEOF):
			return u.stored, nil
		case readErr != nil:
			return u.stored, readErr
		}
	}
}

// upload is a blob being received.
type upload struct {
	blob   Blob
	key    seal.StreamKey
	stored int64  // bytes in the store
	n      int64  // number of the chunk that is being filled
	buffer []byte // its plain bytes; capacity ChunkSize
}

// receive finds the place to go on from, and opens the chunk that is not full.
func (s *Store) receive(id string, key seal.StreamKey, offset int64) (*upload, error) {
	b, err := s.Stat(id, key)
	if err != nil {
		return nil, err
	}
	if b.Finished {
		return nil, fault.New(fault.Conflict, "blob.finished")
	}
	if b.Received != offset {
		return nil, wrongOffset()
	}
	u := &upload{blob: b, key: key, stored: offset, n: offset / ChunkSize, buffer: make([]byte, 0, ChunkSize)}
	if offset%ChunkSize == 0 {
		return u, nil
	}
	plain, err := s.open(context.Background(), id, key, u.n, false)
	if err != nil {
		return nil, err
	}
	if int64(len(plain)) != offset%ChunkSize {
		return nil, damaged(id)
	}
	u.buffer = append(u.buffer, plain...)
	return u, nil
}

func wrongOffset() *fault.Fault { return fault.New(fault.Conflict, "blob.offset") }

// store writes the chunk that the last added bytes belong to.
func (s *Store) store(u *upload, added int) error {
	if added == 0 {
		return nil
	}
	sealed := u.key.Seal(u.buffer, chunkAAD(u.blob.ID, u.n, false))
	before, after := u.stored, u.stored+int64(added)
	err := s.db.Write(func(tx db.Tx) error {
		if moved, err := moveOffset(tx, u.blob.ID, before, after); err != nil || !moved {
			return errors.Join(err, wrongOffsetUnless(moved))
		}
		return putChunk(tx, u.blob.ID, u.n, sealed)
	})
	if err != nil {
		return err
	}
	u.stored = after
	if len(u.buffer) == ChunkSize {
		u.n, u.buffer = u.n+1, u.buffer[:0]
	}
	return nil
}

func wrongOffsetUnless(moved bool) error {
	if moved {
		return nil
	}
	return wrongOffset()
}

// Finish ends a blob: it seals the last chunk as the last one, reads all of it
// back, and returns when that is durable. Fewer bytes than declared, or none,
// are Invalid. Finishing twice gives the same answer.
func (s *Store) Finish(id string, key seal.StreamKey) (Blob, error) {
	b, err := s.Stat(id, key)
	if err != nil {
		return Blob{}, err
	}
	if b.Received == 0 {
		return Blob{}, fault.New(fault.Invalid, "blob.empty")
	}
	if b.Size > 0 && b.Size != b.Received {
		return Blob{}, fault.New(fault.Invalid, "blob.incomplete")
	}
	ctx, last := context.Background(), (b.Received-1)/ChunkSize
	tail, sealedTail, err := s.sealTail(ctx, b, key)
	if err != nil {
		return Blob{}, err
	}
	plain, sealed := sha256.New(), newSealedHash(id)
	for n := range last {
		data, err := s.chunk(ctx, id, n)
		if err != nil {
			return Blob{}, err
		}
		text, err := key.Open(data, chunkAAD(id, n, false))
		if err != nil || len(text) != ChunkSize {
			return Blob{}, damaged(id).Because(err)
		}
		plain.Write(text)
		sealed.add(data)
	}
	plain.Write(tail)
	sealed.add(sealedTail)
	b.SHA256, b.SealedHash = [32]byte(plain.Sum(nil)), sealed.sum()
	return s.end(b, last, sealedTail)
}

// sealTail opens the last chunk and seals it anew as the last. A finished
// blob's is taken as it is.
func (s *Store) sealTail(ctx context.Context, b Blob, key seal.StreamKey) (plain, sealed []byte, err error) {
	n := (b.Received - 1) / ChunkSize
	if sealed, err = s.chunk(ctx, b.ID, n); err != nil {
		return nil, nil, err
	}
	plain, err = key.Open(sealed, chunkAAD(b.ID, n, b.Finished))
	if err != nil || int64(len(plain)) != (b.Received-1)%ChunkSize+1 {
		return nil, nil, damaged(b.ID).Because(err)
	}
	if !b.Finished {
		sealed = key.Seal(plain, chunkAAD(b.ID, n, true))
	}
	return plain, sealed, nil
}

// end stores the end of a blob; of a finished one it compares the hash.
func (s *Store) end(b Blob, last int64, tail []byte) (Blob, error) {
	if b.Finished {
		return b, s.Check(context.Background(), b.ID, b.SealedHash)
	}
	err := s.db.Write(func(tx db.Tx) error {
		ended, err := endBlob(tx, b.ID, b.Received, b.SealedHash[:])
		if err != nil {
			return err
		}
		if !ended {
			return fault.New(fault.Conflict, "blob.offset")
		}
		return putChunk(tx, b.ID, last, tail)
	})
	b.Finished, b.Size = true, b.Received
	return b, err
}
