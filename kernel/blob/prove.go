package blob

import (
	"context"
	"io/fs"

	"pendopo/kernel/db"
	"pendopo/kernel/seal"
)

// Database is the store's own, for whoever copies it away.
func (s *Store) Database() *db.DB { return s.db }

// provePage is how many blobs one snapshot names.
const provePage = 200

// Each names every blob and its stream, also of those still being received, in
// the order of their ids.
func (s *Store) Each(ctx context.Context, each func(id, stream string) error) error {
	for last := ""; ; {
		var page [][2]string
		err := s.db.Read(ctx, func(tx db.Tx) (err error) {
			page, err = streamsAfter(tx, last, provePage)
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, b := range page {
			if err := each(b[0], b[1]); err != nil {
				return err
			}
			last = b[0]
		}
	}
}

// Prove opens everything that is sealed of a blob, its name and every chunk, and
// says how many that was. What does not open is an Internal fault.
func (s *Store) Prove(ctx context.Context, id string, key seal.StreamKey) (opened int64, err error) {
	r, err := s.row(ctx, id)
	if err != nil {
		return 0, err
	}
	b, err := r.blob(key)
	if err != nil {
		return 0, err
	}
	opened = 1
	for n := range r.chunks {
		if _, err := s.open(ctx, id, key, n, b.Finished && n == r.chunks-1); err != nil {
			return opened, err
		}
		opened++
	}
	return opened, nil
}

// Schema is the migrations of the store, which Open runs as the module "blob".
func Schema() fs.FS { return schema() }
