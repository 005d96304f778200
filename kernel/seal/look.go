package seal

import (
	"context"

	"pendopo/kernel/db"
)

// LookKeys opens a key store that exists, for reading alone: it makes no pairs,
// finishes no rotation and applies no list. Get and Destroyed are all that may
// be asked of it; end it with Leave.
func LookKeys(ctx context.Context, url string, in *Instance) (*Keys, error) {
	d, err := db.Look(ctx, url)
	if err != nil {
		return nil, err
	}
	return &Keys{db: d, in: in, cache: newCache()}, nil
}

// Leave closes what LookKeys opened.
func (k *Keys) Leave() error { return k.db.Close() }
