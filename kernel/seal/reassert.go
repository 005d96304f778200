package seal

import (
	"slices"
	"strings"

	"pendopo/kernel/db"
)

// reassert stores again every key that this process holds and the store does not:
// pairs made ahead, and keys used in the last minute. It is done when the
// connection to the store was lost and made anew, because what answers now may be
// a replica that lacks the newest keys, and a case that is being accepted at this
// moment would be sealed under a key that nobody has. What was destroyed stays so.
func (k *Keys) reassert() error {
	held := append(k.pool.held(), k.cache.held()...)
	wraps := k.in.wrapping()
	return k.db.Write(func(tx db.Tx) error {
		mine, err := holdWrap(tx, wraps.current)
		if err != nil || !mine {
			return err // a rotation is under way: it has read the store itself
		}
		for some := range slices.Chunk(held, rowsPerInsert) {
			if err := insertMissing(tx, wrapPairs(wraps, some)); err != nil {
				return err
			}
		}
		return nil
	})
}

// insertMissing inserts keys that the store neither has nor knows as destroyed.
func insertMissing(tx db.Tx, keys []storedKey) error {
	args := make([]any, 0, len(keys))
	for _, key := range keys {
		args = append(args, key.stream)
	}
	marks := strings.TrimSuffix(strings.Repeat("?,", len(keys)), ",")
	known, err := texts(tx, `SELECT stream FROM stream_key WHERE stream IN (`+marks+`)
		UNION ALL SELECT stream FROM shredded WHERE stream IN (`+marks+`)`, append(args, args...)...)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, stream := range known {
		have[stream] = true
	}
	var missing []storedKey
	for _, key := range keys {
		if !have[key.stream] {
			have[key.stream] = true
			missing = append(missing, key)
		}
	}
	return insertKeys(tx, missing)
}

// held are the pairs that are ready.
func (p *pool) held() []pair {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]pair(nil), p.ready...)
}

// held are the keys that are remembered, also those whose time has passed.
func (c *cache) held() []pair {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []pair
	for stream, e := range c.byID {
		all = append(all, pair{stream, e.Value.(cached).key.m.raw})
	}
	return all
}
