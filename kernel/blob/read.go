package blob

import (
	"context"
	"io"

	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
)

// Open gives the bytes of a finished blob. Nothing is given out that was not
// authenticated: a damaged chunk ends the reading with an Internal fault, never
// with io.EOF. One that is still being received is a Conflict.
func (s *Store) Open(ctx context.Context, id string, key seal.StreamKey) (io.ReadCloser, Blob, error) {
	r, err := s.row(ctx, id)
	if err != nil {
		return nil, Blob{}, err
	}
	b, err := r.blob(key)
	if err != nil {
		return nil, Blob{}, err
	}
	if !b.Finished {
		return nil, Blob{}, fault.New(fault.Conflict, "blob.unfinished")
	}
	return &reader{ctx: ctx, store: s, blob: b, key: key}, b, nil
}

// reader opens one chunk after the other. It keeps the context of the request
// that reads, for io.Reader has no place for it.
type reader struct {
	ctx   context.Context
	store *Store
	blob  Blob
	key   seal.StreamKey
	n     int64  // next chunk
	rest  []byte // opened and not read yet
}

// Read implements io.Reader.
func (r *reader) Read(p []byte) (int, error) {
	last := (r.blob.Received - 1) / ChunkSize
	if len(r.rest) == 0 {
		if r.n > last {
			return 0, io.EOF
		}
		plain, err := r.store.open(r.ctx, r.blob.ID, r.key, r.n, r.n == last)
		if err != nil {
			return 0, err
		}
		if want := min(ChunkSize, r.blob.Received-r.n*ChunkSize); int64(len(plain)) != want {
			return 0, damaged(r.blob.ID)
		}
		r.rest, r.n = plain, r.n+1
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// Close implements io.Closer.
func (r *reader) Close() error {
	r.rest, r.n = nil, 1<<62/ChunkSize
	return nil
}

// open reads and opens one chunk.
func (s *Store) open(ctx context.Context, id string, key seal.StreamKey, n int64, last bool) ([]byte, error) {
	data, err := s.chunk(ctx, id, n)
	if err != nil {
		return nil, err
	}
	plain, err := key.Open(data, chunkAAD(id, n, last))
	if err != nil {
		return nil, damaged(id).Because(err)
	}
	return plain, nil
}
