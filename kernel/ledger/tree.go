package ledger

import (
	"crypto/sha256"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// The shape of the C2SP tlog-tiles format.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	hashSize   = tlog.HashSize
	fullTile   = tileWidth * hashSize // bytes
)

// edge is the right-hand side of a tree: the unfilled tile of each level. It is
// all that is needed to add leaves and to know the root.
type edge struct {
	size   int64
	levels [][]byte // hashes of the unfilled tile, level 0 first; may be empty
}

// putTile receives a tile that was filled, or grew.
type putTile func(level int, number int64, hashes []byte)

func (e *edge) clone() *edge {
	c := &edge{size: e.size, levels: make([][]byte, len(e.levels))}
	for i, level := range e.levels {
		c.levels[i] = slices.Clone(level)
	}
	return c
}

// add appends an entry of the log: 32 bytes whose RFC 6962 hash is the leaf.
func (e *edge) add(entry []byte, put putTile) {
	e.push(0, e.size, tlog.RecordHash(entry), put)
	e.size++
}

// push appends the index-th hash of a level; a tile that is full becomes one
// hash of the level above.
func (e *edge) push(level int, index int64, h tlog.Hash, put putTile) {
	if level == len(e.levels) {
		e.levels = append(e.levels, nil)
	}
	tile := append(e.levels[level], h[:]...)
	if len(tile) < fullTile {
		e.levels[level] = tile
		return
	}
	put(level, index/tileWidth, tile)
	e.levels[level] = nil
	e.push(level+1, index/tileWidth, perfectRoot(tile), put)
}

// partial gives the unfilled tiles.
func (e *edge) partial(put putTile) {
	for level, tile := range e.levels {
		if len(tile) > 0 {
			put(level, e.size>>(tileHeight*(level+1)), tile)
		}
	}
}

// root is the RFC 6962 root of the tree: the perfect subtrees, which get
// smaller to the right, joined from the right.
func (e *edge) root() tlog.Hash {
	if e.size == 0 {
		return sha256.Sum256(nil)
	}
	var subtrees []tlog.Hash
	for _, tile := range slices.Backward(e.levels) {
		for width := tileWidth / 2 * hashSize; width >= hashSize; width /= 2 {
			if len(tile)&width != 0 {
				subtrees = append(subtrees, perfectRoot(tile[:width]))
				tile = tile[width:]
			}
		}
	}
	root := subtrees[len(subtrees)-1]
	for _, left := range slices.Backward(subtrees[:len(subtrees)-1]) {
		root = tlog.NodeHash(left, root)
	}
	return root
}

// perfectRoot joins a number of hashes that is a power of two.
func perfectRoot(hashes []byte) tlog.Hash {
	if len(hashes) == hashSize {
		return tlog.Hash(hashes)
	}
	half := len(hashes) / 2
	return tlog.NodeHash(perfectRoot(hashes[:half]), perfectRoot(hashes[half:]))
}

// edgeTiles are the places of the unfilled tiles of a tree and their widths.
func edgeTiles(size int64) (tiles []tlog.Tile) {
	for level := 0; size>>(tileHeight*level) > 0; level++ {
		count := size >> (tileHeight * level)
		tiles = append(tiles, tlog.Tile{H: tileHeight, L: level, N: count / tileWidth, W: int(count % tileWidth)})
	}
	return tiles
}

// tileSource reads the stored hashes of a tile.
type tileSource func(level int, number int64) ([]byte, error)

// hashReader gives tlog's proofs the hashes they ask for. Many lie in one
// tile, so tiles are kept while it lives.
func hashReader(read tileSource) tlog.HashReader {
	type place struct {
		level  int
		number int64
	}
	held := map[place][]byte{}
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			tile := tlog.TileForIndex(tileHeight, index)
			at := place{tile.L, tile.N}
			if _, known := held[at]; !known {
				data, err := read(tile.L, tile.N)
				if err != nil {
					return nil, err
				}
				held[at] = data
			}
			h, err := tlog.HashFromTile(tile, held[at], index)
			if err != nil {
				return nil, err
			}
			hashes[i] = h
		}
		return hashes, nil
	})
}
