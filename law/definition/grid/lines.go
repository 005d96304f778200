package grid

// Point is a place: along the flow, and across it.
type Point struct{ Along, Across float64 }

// Box is where a node stands: its middle and its size.
type Box struct {
	Middle Point
	Long   float64 // along the flow
	Wide   float64 // across
}

// Measures are where everything stands.
type Measures struct {
	Boxes   []Box     // of each node
	Borders []float64 // of each lane's beginning, and the end of the last
	Gaps    []float64 // where the first track of each gap lies
	Track   float64   // between two tracks
}

// Lines are the corners of every edge's line, from edge to edge of its nodes.
func (p *Plan) Lines(m Measures) [][]Point {
	out := make([][]Point, len(p.edges))
	for i := range p.edges {
		out[i] = p.line(i, m)
	}
	return out
}

func (p *Plan) line(i int, m Measures) []Point {
	e, r := p.edges[i], p.routes[i]
	from := p.meet(port{e.From, r.leave}, r.out, m)
	to := p.meet(port{e.To, r.enter}, r.in, m)
	line := []Point{from}
	if r.border.at >= 0 {
		across := m.Borders[r.border.at] + p.offset(r.border, m.Track)
		line = append(line, Point{from.Along, across})
		level := to.Along
		if r.gap.at >= 0 {
			level = m.Gaps[e.To] + float64(r.gap.slot)*m.Track
		}
		line = append(line, Point{level, across})
		if r.gap.at >= 0 {
			line = append(line, Point{level, to.Across})
		}
	} else if r.gap.at >= 0 {
		level := m.Gaps[e.To] + float64(r.gap.slot)*m.Track
		line = append(line, Point{level, from.Across}, Point{level, to.Across})
	}
	return append(line, to)
}

// offset of a track from its border: one track to each side in turn, none upon
// the border itself; inwards only at the first and the last border.
func (p *Plan) offset(t track, wide float64) float64 {
	switch t.at {
	case 0:
		return wide * (float64(t.slot) + 1)
	case p.lanes:
		return -wide * (float64(t.slot) + 1)
	}
	step := wide * (float64(t.slot/2) + 0.8)
	if t.slot%2 == 0 {
		return -step
	}
	return step
}

// Room is how far the tracks of the border before a lane reach to lower lanes
// and to higher ones, with one track left free.
func (p *Plan) Room(border int, wide float64) (low, high float64) {
	for slot := range p.borders[border] {
		at := p.offset(track{border, slot}, wide)
		low, high = max(low, wide-at), max(high, at+wide)
	}
	return low, high
}

// meet is where a line meets its node.
func (p *Plan) meet(at port, n int, m Measures) Point {
	b := m.Boxes[at.node]
	switch at.side {
	case Ahead:
		return Point{b.Middle.Along + b.Long/2, b.Middle.Across}
	case Behind:
		return Point{b.Middle.Along - b.Long/2, b.Middle.Across}
	}
	share := float64(n+1)/float64(p.sides[at]+1) - 0.5 // of the side, from its middle
	half := b.Wide / 2
	if p.nodes[at.node].Point {
		half *= 1 - 2*max(share, -share)
	}
	if at.side == Low {
		half = -half
	}
	return Point{b.Middle.Along + share*b.Long, b.Middle.Across + half}
}
