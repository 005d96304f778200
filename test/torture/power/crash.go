package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
)

// kind is which of the disks that a power cut could leave is built.
type kind string

const (
	synced  kind = "synced"  // only what was synced
	mixed   kind = "mixed"   // that, and some of the rest in any order
	written kind = "written" // everything, as after the death of the process alone
)

// lot draws what of the uncertain reached the disk.
type lot struct {
	kind   kind
	rand   *rand.Rand
	sector int64 // bytes that are written whole or not at all
	odds   float64
}

// newLot draws the temper of one state: how large a sector is, and how much
// of what was not synced made it.
func newLot(k kind, r *rand.Rand) *lot {
	odds := []float64{0.03, 0.2, 0.5, 0.8, 0.97}
	return &lot{kind: k, rand: r, sector: []int64{512, 4096}[r.IntN(2)], odds: odds[r.IntN(len(odds))]}
}

func (l *lot) likely() bool { return l.rand.Float64() < l.odds }

// names is what a folder holds. Strict POSIX gives no order among changes that
// were not synced, in one folder or between folders; of one name the last that
// reached the disk counts.
func (l *lot) names(n *node) map[string]*node {
	names := map[string]*node{}
	for name, child := range n.durable {
		names[name] = child
	}
	if l.kind == synced {
		return names
	}
	all := l.kind == written || l.rand.IntN(3) == 0
	chosen := map[*call]bool{}
	for _, m := range n.moves {
		taken, drawn := chosen[m.by]
		if !drawn {
			taken = all || l.likely()
			chosen[m.by] = taken
		}
		if taken {
			apply(names, m)
		}
	}
	return names
}

// bytes is what a file holds.
func (l *lot) bytes(n *node) []byte {
	switch {
	case l.kind == written:
		return n.now()
	case l.kind == synced || len(n.pending) == 0:
		return slices.Clone(n.content)
	}
	switch l.rand.IntN(4) {
	case 0:
		return l.prefix(n)
	case 1:
		return l.scattered(n, l.some(n))
	case 2:
		return l.scattered(n, nil)
	}
	return slices.Clone(n.content)
}

// prefix takes edits in their order up to one of them, which may be torn.
func (l *lot) prefix(n *node) []byte {
	content := slices.Clone(n.content)
	last := l.rand.IntN(len(n.pending) + 1)
	for _, e := range n.pending[:last] {
		content = e.apply(content)
	}
	if last == len(n.pending) || n.pending[last].cut {
		return content
	}
	torn := *n.pending[last]
	first := torn.offset / l.sector * l.sector
	for at := first; at < torn.offset+int64(len(torn.data)); at += l.sector {
		from, to := max(at, torn.offset), min(at+l.sector, torn.offset+int64(len(torn.data)))
		if l.rand.IntN(2) == 0 {
			part := edit{offset: from, data: torn.data[from-torn.offset : to-torn.offset]}
			content = part.apply(content)
		}
	}
	return content
}

// some draws whole edits: a sector then is as the last of those left it.
func (l *lot) some(n *node) []bool {
	taken := make([]bool, len(n.pending))
	for i := range taken {
		taken[i] = l.likely()
	}
	return taken
}

// scattered gives every sector a version of its own: what it held when last
// synced, or after any one of the edits that touched it since. The length is
// that after any one edit. What lies within the length and was never written
// there is zeros, or whatever the disk held before.
func (l *lot) scattered(n *node, taken []bool) []byte {
	lengths := []int64{int64(len(n.content))}
	touched := map[int64][]int{}
	extent := lengths[0]
	for i, e := range n.pending {
		extent = max(extent, e.offset+int64(len(e.data)))
		end, length := e.offset+int64(len(e.data)), lengths[i]
		if e.cut {
			end, length = extent, e.offset
		} else {
			length = max(length, end)
		}
		lengths = append(lengths, length)
		for s := e.offset / l.sector; s*l.sector < end; s++ {
			touched[s] = append(touched[s], i)
		}
	}
	content := resize(slices.Clone(n.content), extent)
	if l.rand.IntN(3) == 0 {
		junk(l.rand, content[len(n.content):])
	}
	for _, s := range sorted(touched) {
		l.version(n, content, s, touched[s], taken)
	}
	return resize(content, lengths[l.rand.IntN(len(lengths))])
}

func sorted(touched map[int64][]int) []int64 {
	var list []int64
	for s := range touched {
		list = append(list, s)
	}
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	return list
}

// version brings one sector to the version that is drawn for it. A sector goes
// to the disk whole, with all that was written to it until then.
func (l *lot) version(n *node, content []byte, s int64, by []int, taken []bool) {
	last := -1
	for k, i := range by {
		if taken != nil && taken[i] {
			last = k
		}
	}
	if taken == nil {
		last = l.rand.IntN(len(by)+1) - 1
	}
	if last < 0 {
		return
	}
	from, to := s*l.sector, min((s+1)*l.sector, int64(len(content)))
	if held := max(from, int64(len(n.content))); held < to {
		clear(content[held:to]) // written to at last: no longer what the disk held before
	}
	for _, i := range by[:last+1] {
		e := n.pending[i]
		if e.cut {
			if at := max(from, e.offset); at < to {
				clear(content[at:to])
			}
			continue
		}
		if at := max(from, e.offset); at < to && at < e.offset+int64(len(e.data)) {
			copy(content[at:to], e.data[at-e.offset:])
		}
	}
}

func junk(r *rand.Rand, b []byte) {
	for i := range b {
		b[i] = byte(r.Uint32())
	}
}

// shadowSize is how much a -shm file holds at first.
const shadowSize = 32 << 10

// build writes the state to a fresh folder.
func (l *lot) build(n *node, to string) error {
	if err := os.Mkdir(to, 0o700); err != nil {
		return err
	}
	names := l.names(n)
	var order []string
	for name := range names {
		order = append(order, name)
	}
	slices.Sort(order)
	for _, name := range order {
		if err := l.place(names[name], filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return nil
}

func (l *lot) place(n *node, to string) error {
	switch {
	case n.folder:
		return l.build(n, to)
	case !n.shadow:
		return os.WriteFile(to, l.bytes(n), 0o600)
	case l.kind == mixed && l.rand.IntN(2) == 0:
		b := make([]byte, shadowSize)
		junk(l.rand, b)
		return os.WriteFile(to, b, 0o600)
	}
	return nil // not there, as it was never synced
}
