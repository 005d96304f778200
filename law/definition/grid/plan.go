package grid

import (
	"cmp"
	"slices"
)

// Node is a symbol. Its rank is its place in the list.
type Node struct {
	Lane int
	// Point says that the symbol has one point on each side, as a diamond has:
	// what leaves by a side leaves no room there for what arrives.
	Point bool
}

// Edge is a line from one rank to another.
type Edge struct {
	From, To int
	Aside    bool // leaves by a side, even to the next rank
}

// Side is where a line meets a symbol.
type Side int

// The sides of a symbol: ahead along the flow, behind, and the two sides that
// look to lower and to higher lanes.
const (
	Ahead Side = iota
	Behind
	Low
	High
)

// track is one place for a line that passes along a border or a gap: its number
// from the middle outwards, or from the first on.
type track struct{ at, slot int }

// route is how one edge runs, before anything is measured.
type route struct {
	leave, enter Side
	out, in      int   // which of the lines at that side of its node
	border       track // runs along the flow; at is -1 for an edge to the next rank
	gap          track // runs across before the target; at is -1 when it arrives at a side
}

// Plan is how all edges run.
type Plan struct {
	nodes   []Node
	edges   []Edge
	routes  []route
	sides   map[port]int // lines at a side of a node
	borders []int        // tracks on each border
	gaps    []int        // tracks in each gap
	lanes   int
}

type port struct {
	node int
	side Side
}

// New plans the lines between nodes in so many lanes.
func New(lanes int, nodes []Node, edges []Edge) *Plan {
	p := &Plan{nodes: nodes, edges: edges, routes: make([]route, len(edges)), lanes: lanes,
		sides: map[port]int{}, borders: make([]int, lanes+1), gaps: make([]int, len(nodes))}
	p.leave()
	p.enter()
	p.tracks()
	p.across()
	return p
}

// leave chooses where each edge leaves its node: ahead for the next rank, else
// by the side that looks to its target, or by the other when that is taken.
func (p *Plan) leave() {
	for i, e := range p.edges {
		r := &p.routes[i]
		r.border.at, r.gap.at = -1, -1
		if e.To == e.From+1 && !e.Aside && p.first(i) {
			continue // ahead
		}
		r.leave = p.sideTowards(e)
		other := Low + High - r.leave
		if p.sides[port{e.From, r.leave}] > p.sides[port{e.From, other}] {
			r.leave = other
		}
		p.sides[port{e.From, r.leave}]++
		r.border.at = p.nodes[e.From].Lane + int(r.leave-Low)
	}
}

// first reports whether an edge is the first of those between its two ranks.
func (p *Plan) first(i int) bool {
	return slices.Index(p.edges, p.edges[i]) == i
}

// sideTowards is the side of an edge's node that looks to its target. In the
// same lane what leads back leaves low, what leads on leaves high.
func (p *Plan) sideTowards(e Edge) Side {
	a, b := p.nodes[e.From].Lane, p.nodes[e.To].Lane
	if b < a || b == a && e.To < e.From {
		return Low
	}
	return High
}

// enter chooses where each edge arrives: at the side that looks to its border,
// or from behind where a line leaves a point on that side.
func (p *Plan) enter() {
	left := map[port]bool{}
	for i, e := range p.edges {
		left[port{e.From, p.routes[i].leave}] = true
	}
	for i, e := range p.edges {
		r := &p.routes[i]
		if r.leave == Ahead {
			r.enter = Behind
			continue
		}
		r.enter = High
		if r.border.at <= p.nodes[e.To].Lane {
			r.enter = Low
		}
		if p.nodes[e.To].Point && left[port{e.To, r.enter}] {
			r.enter = Behind
			continue
		}
		p.sides[port{e.To, r.enter}]++
	}
	p.order()
}

// order numbers the lines at each side of a node: those to earlier ranks first,
// so that they do not cross one another.
func (p *Plan) order() {
	type end struct {
		far int
		at  *int
	}
	ends := map[port][]end{}
	for i, e := range p.edges {
		r := &p.routes[i]
		if r.leave != Ahead {
			ends[port{e.From, r.leave}] = append(ends[port{e.From, r.leave}], end{e.To, &r.out})
		}
		if r.enter != Behind {
			ends[port{e.To, r.enter}] = append(ends[port{e.To, r.enter}], end{e.From, &r.in})
		}
	}
	for _, list := range ends {
		slices.SortStableFunc(list, func(a, b end) int { return cmp.Compare(a.far, b.far) })
		for n, x := range list {
			*x.at = n
		}
	}
}

// tracks gives each edge that runs along a border a track of its own there:
// short ones first, next to the middle.
func (p *Plan) tracks() {
	order := p.sorted(func(i int) int { return abs(p.edges[i].From - p.edges[i].To) })
	busy := map[track][][2]int{}
	for _, i := range order {
		r, e := &p.routes[i], p.edges[i]
		if r.border.at < 0 {
			continue
		}
		reach := [2]int{2 * min(e.From, e.To), 2 * max(e.From, e.To)}
		if r.enter == Behind && e.To < e.From {
			reach[0]--
		}
		for slices.ContainsFunc(busy[r.border], func(o [2]int) bool { return reach[0] <= o[1] && o[0] <= reach[1] }) {
			r.border.slot++
		}
		busy[r.border] = append(busy[r.border], reach)
		p.borders[r.border.at] = max(p.borders[r.border.at], r.border.slot+1)
	}
}

// across gives each line that passes across a gap a track of its own. The line
// from the rank before comes first, so that none crosses it there.
func (p *Plan) across() {
	for _, i := range p.sorted(func(i int) int { return b2i(p.routes[i].leave != Ahead) }) {
		r, e := &p.routes[i], p.edges[i]
		bent := r.leave == Ahead && p.nodes[e.From].Lane != p.nodes[e.To].Lane
		if bent || r.leave != Ahead && r.enter == Behind {
			r.gap = track{e.To, p.gaps[e.To]}
			p.gaps[e.To]++
		}
	}
}

// sorted are the edges in the order of a key.
func (p *Plan) sorted(key func(i int) int) []int {
	order := make([]int, len(p.edges))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(key(a), key(b)) })
	return order
}

func abs(n int) int { return max(n, -n) }

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Gap is how many tracks the gap before a rank needs.
func (p *Plan) Gap(rank int) int { return p.gaps[rank] }

// Border is how many tracks the border before a lane needs; the last one is
// behind all lanes.
func (p *Plan) Border(lane int) int { return p.borders[lane] }

// Leaves tells by which side an edge leaves its node, and as which of how many
// lines there.
func (p *Plan) Leaves(edge int) (side Side, n, of int) {
	r := p.routes[edge]
	return r.leave, r.out, p.sides[port{p.edges[edge].From, r.leave}]
}
