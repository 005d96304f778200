package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"pendopo/kernel/ledger"
)

// logReader reads the public log as a stranger does and remembers every signed
// head that anybody was ever given.
type logReader struct {
	verifier note.Verifier

	mu    sync.Mutex
	heads map[int64][]byte // size → root
}

// newLogReader trusts the key that the log names at the first reading.
func newLogReader(ctx context.Context, c *client) (*logReader, error) {
	got, err := c.get(ctx, "/log/key")
	if err != nil {
		return nil, err
	}
	v, err := note.NewVerifier(strings.TrimSpace(string(got.body)))
	return &logReader{verifier: v, heads: map[int64][]byte{}}, err
}

// head reads a signed head and remembers it. Another root at a size that was
// seen before is a log that was rewritten.
func (l *logReader) head(signed []byte) (size int64, root []byte, err error) {
	opened, err := note.Open(signed, note.VerifierList(l.verifier))
	if err != nil {
		return 0, nil, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 3 || lines[0] != l.verifier.Name() {
		return 0, nil, fmt.Errorf("a head of another log: %q", opened.Text)
	}
	size, err1 := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	if err := errors.Join(err1, err2); err != nil {
		return 0, nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if before, ok := l.heads[size]; ok && !bytes.Equal(before, root) {
		return 0, nil, fmt.Errorf("two heads of size %d: %x and %x", size, before, root)
	}
	l.heads[size] = root
	return size, root, nil
}

// checkInclusion follows a proof from a receipt's leaf to the head it names.
func (l *logReader) checkInclusion(r ledger.Receipt, p ledger.InclusionProof) error {
	size, root, err := l.head([]byte(p.Checkpoint))
	if err != nil {
		return err
	}
	leaf, err := hex.DecodeString(r.Leaf)
	if err != nil {
		return err
	}
	hash := rfc6962.DefaultHasher.HashLeaf(leaf)
	if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(p.Index), uint64(size), hash, p.Hashes, root); err != nil {
		return fmt.Errorf("the proof of %s: %w", r.Event.ID, err)
	}
	return nil
}

// tileWidth is how many hashes a full tile of the log has.
const tileWidth = 256

// whole reads every leaf of the log, and finds in them every head that was ever
// given out. It gives the hashes of the leaves with their places.
func (l *logReader) whole(ctx context.Context, c *client) (places map[string]int64, heads int, err error) {
	largest := l.largest()
	got, err := c.get(ctx, "/log/checkpoint")
	if err != nil {
		return nil, 0, err
	}
	size, _, err := l.head(got.body)
	if err != nil {
		return nil, 0, err
	}
	if size < largest {
		return nil, 0, fmt.Errorf("the log has %d leaves, and a head of %d was given out", size, largest)
	}
	tree := (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewEmptyRange(0)
	places = make(map[string]int64, size)
	for n := int64(0); n*tileWidth < size; n++ {
		hashes, err := c.tile(ctx, n, int(min(tileWidth, size-n*tileWidth)))
		if err != nil {
			return nil, 0, err
		}
		for _, h := range hashes {
			places[string(h)] = int64(tree.End())
			if err := tree.Append(h, nil); err != nil {
				return nil, 0, err
			}
			found, err := l.compare(tree)
			if err != nil {
				return nil, 0, err
			}
			heads += found
		}
	}
	if len(places) != int(size) {
		return nil, 0, fmt.Errorf("the log has %d leaves, %d of them different", size, len(places))
	}
	return places, heads, nil
}

// compare holds the tree so far to the head of its size, if one was given out.
func (l *logReader) compare(tree *compact.Range) (found int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	want, ok := l.heads[int64(tree.End())]
	if !ok {
		return 0, nil
	}
	root, err := tree.GetRootHash(nil)
	if err == nil && !bytes.Equal(root, want) {
		err = fmt.Errorf("the log no longer begins with the head of size %d that it gave out", tree.End())
	}
	return 1, err
}

// largest is the size of the newest head that was given out so far.
func (l *logReader) largest() (size int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for other := range l.heads {
		size = max(size, other)
	}
	return size
}

// tile reads the hashes of leaves from the n-th tile.
func (c *client) tile(ctx context.Context, n int64, width int) ([][]byte, error) {
	path := "/log/tile/" + strings.TrimPrefix(tlog.Tile{H: 8, L: 0, N: n, W: width}.Path(), "tile/8/")
	got, err := c.get(ctx, path)
	if err != nil {
		return nil, err
	}
	if got.status != http.StatusOK || len(got.body) != width*rfc6962.DefaultHasher.Size() {
		return nil, wrong(request{method: http.MethodGet, path: path}, got, "a tile")
	}
	hashes := make([][]byte, 0, width)
	for h := range slices.Chunk(got.body, rfc6962.DefaultHasher.Size()) {
		hashes = append(hashes, h)
	}
	return hashes, nil
}

// leafHash is the hash of a leaf as the tree has it.
func leafHash(leaf []byte) string { return string(rfc6962.DefaultHasher.HashLeaf(leaf)) }
