package place

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Frame is a box as it is drawn: its west edge at x = 0, its north edge at y = 0,
// so many pixels wide. A degree of longitude is as short as it is at the middle
// of the box, so that shapes look as they do on the ground.
type Frame struct {
	Box
	Width float64 // pixels
}

// Height is how many pixels high the box is drawn.
func (f Frame) Height() float64 {
	_, y := f.XY(Point{f.South, f.West})
	return y
}

// XY is where a point is drawn.
func (f Frame) XY(p Point) (x, y float64) {
	if f.East <= f.West {
		return 0, 0
	}
	scale := f.Width / (f.East - f.West) // pixels a degree of longitude
	return (p.Lon - f.West) * scale, (f.North - p.Lat) * scale / math.Cos(f.Centre().Lat*math.Pi/180)
}

// Path is an area as the d of an SVG path with fill-rule evenodd, without what
// is finer than so many pixels. Borders that areas share stay shared.
func (a *Areas) Path(area Area, f Frame, tolerance float64) string {
	var b strings.Builder
	for _, p := range area.Polygons {
		for i, ring := range p {
			line := a.simplified(ring, f, tolerance)
			if len(line) < 4 && i > 0 {
				continue // a hole too small to be seen
			}
			write(&b, line, f)
		}
	}
	return b.String()
}

func write(b *strings.Builder, line []Point, f Frame) {
	for i, p := range line[:len(line)-1] {
		b.WriteByte("ML"[min(i, 1)])
		x, y := f.XY(p)
		b.WriteString(decimal(x))
		b.WriteByte(' ')
		b.WriteString(decimal(y))
	}
	b.WriteByte('Z')
}

// decimal is a number with at most one decimal.
func decimal(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

// junctions are the points at which more than two borders begin.
func junctions(list []Area) map[Point]bool {
	next := map[Point][]Point{}
	add := func(p, q Point) {
		if p != q && len(next[p]) < 3 && !slices.Contains(next[p], q) {
			next[p] = append(next[p], q)
		}
	}
	for _, area := range list {
		for _, poly := range area.Polygons {
			for _, ring := range poly {
				for i := 0; i+1 < len(ring); i++ {
					add(ring[i], ring[i+1])
					add(ring[i+1], ring[i])
				}
			}
		}
	}
	out := map[Point]bool{}
	for p, list := range next {
		if len(list) > 2 {
			out[p] = true
		}
	}
	return out
}

// simplified cuts a ring at the junctions and simplifies each part by itself,
// always from the same end: so it comes out alike in both areas.
func (a *Areas) simplified(ring Ring, f Frame, tolerance float64) []Point {
	open := ring[:len(ring)-1]
	at := slices.IndexFunc(open, func(p Point) bool { return a.junction[p] })
	if at < 0 {
		at = slices.Index(open, slices.MinFunc(open, compare)) // an island
	}
	turned := append(append(append([]Point{}, open[at:]...), open[:at]...), open[at])
	var out []Point
	from := 0
	for i := 1; i < len(turned); i++ {
		if i == len(turned)-1 || a.junction[turned[i]] {
			out = append(out, arc(turned[from:i+1], f, tolerance)...)
			from = i
		}
	}
	return append(out, turned[0])
}

// arc simplifies a line; its last point is left to the line that follows.
func arc(line []Point, f Frame, tolerance float64) []Point {
	first, last := line[0], line[len(line)-1]
	if compare(first, last) > 0 || first == last && compare(line[1], line[len(line)-2]) > 0 {
		back := slices.Clone(line)
		slices.Reverse(back)
		kept := thin(back, f, tolerance)
		slices.Reverse(kept)
		return kept[:len(kept)-1]
	}
	kept := thin(line, f, tolerance)
	return kept[:len(kept)-1]
}

func compare(p, q Point) int {
	switch {
	case p.Lat != q.Lat && p.Lat < q.Lat, p.Lat == q.Lat && p.Lon < q.Lon:
		return -1
	case p == q:
		return 0
	}
	return 1
}

// thin leaves out the points that lie nearer than the tolerance to the line
// without them (Ramer, Douglas, Peucker). A line that returns to where it began
// keeps at least a triangle.
func thin(line []Point, f Frame, tolerance float64) []Point {
	keep := make([]bool, len(line))
	keep[0], keep[len(line)-1] = true, true
	if line[0] == line[len(line)-1] && len(line) > 3 {
		keep[len(line)/3], keep[2*len(line)/3] = true, true
	}
	from := 0
	for i := 1; i < len(line); i++ {
		if keep[i] {
			mark(line, keep, from, i, f, tolerance)
			from = i
		}
	}
	var out []Point
	for i, k := range keep {
		if k {
			out = append(out, line[i])
		}
	}
	return out
}

// mark keeps the farthest point between two kept ones, and what then is needed.
func mark(line []Point, keep []bool, from, to int, f Frame, tolerance float64) {
	type span struct{ from, to int }
	for todo := []span{{from, to}}; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		far, at := tolerance, -1
		for i := s.from + 1; i < s.to; i++ {
			if d := off(line[i], line[s.from], line[s.to], f); d > far {
				far, at = d, i
			}
		}
		if at > 0 {
			keep[at] = true
			todo = append(todo, span{s.from, at}, span{at, s.to})
		}
	}
}

// off is how many pixels a point lies from the line between two others.
func off(p, a, b Point, f Frame) float64 {
	px, py := f.XY(p)
	ax, ay := f.XY(a)
	bx, by := f.XY(b)
	dx, dy := bx-ax, by-ay
	t := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		t = max(0, min(1, ((px-ax)*dx+(py-ay)*dy)/length))
	}
	return math.Hypot(px-ax-t*dx, py-ay-t*dy)
}
