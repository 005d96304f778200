package bpmn

import (
	"pendopo/law/definition/grid"
)

// Sizes as bpmn-js draws them, in pixels.
const (
	taskW, taskH = 140.0, 80.0
	gateSize     = 50.0
	eventSize    = 36.0
	track        = 22.0
	gapAlong     = 46.0 // between two ranks, without tracks
	laneRoom     = 34.0 // above and below the symbols of a lane
	wordsW       = 84.0 // of the words at a flow
	wordsH       = 14.0 // of one line of them
	poolX, poolY = 160.0, 80.0
	poolHead     = 30.0
	laneHead     = 30.0
)

// bounds is where a shape stands.
type bounds struct{ X, Y, W, H float64 }

func (b bounds) middle() point { return point{b.X + b.W/2, b.Y + b.H/2} }

type point struct{ X, Y float64 }

// layout is the diagram: shapes of pool, lanes, nodes and timers, and lines.
type layout struct {
	pool   bounds
	lanes  []bounds
	nodes  []bounds
	timers []bounds // of each flow; empty without a timer
	lines  [][]point
}

func size(tag string) (w, h float64) {
	switch tag {
	case start, end:
		return eventSize, eventSize
	case choice, parallel:
		return gateSize, gateSize
	}
	return taskW, taskH
}

// lay puts the ranks from left to right and the lanes from top to bottom.
func (g *graph) lay() layout {
	lanes := len(g.plan.Lanes)
	nodes := make([]grid.Node, len(g.nodes))
	for i, n := range g.nodes {
		nodes[i] = grid.Node{Lane: n.lane, Point: n.tag == choice || n.tag == parallel}
	}
	edges := make([]grid.Edge, len(g.flows))
	for i, f := range g.flows {
		edges[i] = grid.Edge{From: f.from, To: f.to, Aside: f.timer != nil}
	}
	plan := grid.New(lanes, nodes, edges)
	m := grid.Measures{Boxes: make([]grid.Box, len(nodes)), Gaps: make([]float64, len(nodes)), Track: track}
	var out layout
	middles := g.lanesOf(plan, &m, &out)
	x := poolX + poolHead + laneHead
	for i, n := range g.nodes {
		w, h := size(n.tag)
		room := gapAlong + track*float64(plan.Gap(i)) + g.wordsBefore(i)
		m.Gaps[i] = x + gapAlong*0.6 + g.wordsBefore(i)
		x += room
		m.Boxes[i] = grid.Box{Middle: grid.Point{Along: x + w/2, Across: middles[n.lane]}, Long: w, Wide: h}
		out.nodes = append(out.nodes, bounds{x, middles[n.lane] - h/2, w, h})
		x += w
	}
	wide := x + gapAlong - poolX
	out.pool = bounds{poolX, poolY, wide, m.Borders[lanes] - poolY}
	for i := range g.plan.Lanes {
		out.lanes = append(out.lanes, bounds{poolX + poolHead, m.Borders[i], wide - poolHead, m.Borders[i+1] - m.Borders[i]})
	}
	for i, l := range plan.Lines(m) {
		out.line(l, g.flows[i])
	}
	return out
}

// wordsBefore is the room that the words of the flow from the rank before need.
func (g *graph) wordsBefore(i int) float64 {
	for _, f := range g.flows {
		if f.to == i && f.from == i-1 && f.name != "" {
			return wordsW
		}
	}
	return 0
}

// lanesOf finds how high each lane is, and where its symbols stand.
func (g *graph) lanesOf(plan *grid.Plan, m *grid.Measures, out *layout) (middles []float64) {
	y := poolY
	for i := range g.plan.Lanes {
		_, above := plan.Room(i, track)
		below, _ := plan.Room(i+1, track)
		m.Borders = append(m.Borders, y)
		middles = append(middles, y+above+laneRoom+taskH/2)
		y += above + below + taskH + 2*laneRoom
	}
	m.Borders = append(m.Borders, y)
	return middles
}

// beside is where the words of an event stand: below it, or above it where a
// line arrives or leaves below.
func (l *layout) beside(b bounds) *bounds {
	middle := b.middle()
	for _, line := range l.lines {
		for _, p := range []point{line[0], line[len(line)-1]} {
			if p.X > b.X && p.X < b.X+b.W && p.Y > middle.Y && p.Y < b.Y+b.H+1 {
				return &bounds{middle.X - 45, b.Y - wordsH - 5, 90, wordsH}
			}
		}
	}
	return &bounds{middle.X - 45, b.Y + b.H + 4, 90, wordsH}
}

// along is where the words of a flow stand: beside a line that leaves to a side;
// below one that goes ahead, or above it where another leaves downwards.
func (g *graph) along(l layout, i int) *bounds {
	h := wordsH * float64(1+len([]rune(g.flows[i].name))*6/int(wordsW))
	a, b := l.lines[i][0], l.lines[i][1]
	switch {
	case b.Y < a.Y:
		return &bounds{a.X - wordsW - 5, a.Y - h - 18, wordsW, h}
	case b.Y > a.Y:
		return &bounds{a.X + 5, a.Y + 4, wordsW, h}
	}
	for k, f := range g.flows {
		if f.from == g.flows[i].from && l.lines[k][1].Y > l.lines[k][0].Y {
			return &bounds{a.X + 3, a.Y - h - 3, wordsW, h}
		}
	}
	return &bounds{a.X + 3, a.Y + 3, wordsW, h}
}

// line takes the way of a flow over; a timer sits where it leaves its task.
func (l *layout) line(corners []grid.Point, f flow) {
	var line []point
	for _, c := range corners {
		line = append(line, point{c.Along, c.Across})
	}
	var at bounds
	if f.timer != nil {
		at = bounds{line[0].X - eventSize/2, line[0].Y - eventSize/2, eventSize, eventSize}
		if line[1].Y > line[0].Y {
			line[0].Y += eventSize / 2
		} else {
			line[0].Y -= eventSize / 2
		}
	}
	l.timers, l.lines = append(l.timers, at), append(l.lines, line)
}
