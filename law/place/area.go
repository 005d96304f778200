package place

import (
	"cmp"
	"slices"
)

// Ring is a closed line: its last point is its first.
type Ring []Point

// Polygon is land within its first ring, without what lies within the others.
type Polygon []Ring

// Area is the land of a region.
type Area struct {
	Code     string // of the region: 33.60.01.2001
	Box      Box
	Polygons []Polygon
	boxes    []Box // of each polygon
}

// Areas are the areas of a government.
type Areas struct {
	list     []Area // the innermost first, then by code
	box      Box
	junction map[Point]bool // where three areas meet: a simplified border keeps it
}

// newAreas orders areas and looks where they meet.
func newAreas(list []Area) *Areas {
	a := &Areas{list: list, box: nowhere()}
	slices.SortFunc(a.list, func(x, y Area) int {
		return cmp.Or(len(y.Code)-len(x.Code), cmp.Compare(x.Code, y.Code))
	})
	for i := range a.list {
		area := &a.list[i]
		area.Box = nowhere()
		for _, p := range area.Polygons {
			b := boxOf(p[0])
			area.boxes = append(area.boxes, b)
			area.Box = area.Box.with(b)
		}
		a.box = a.box.with(area.Box)
	}
	a.junction = junctions(a.list)
	return a
}

// All are the areas: villages, then districts, each by code.
func (a *Areas) All() []Area {
	if a == nil {
		return nil
	}
	return a.list
}

// Level are the areas of one level, by code: of a village 10 digits, of a
// district 6.
func (a *Areas) Level(digits int) []Area {
	var out []Area
	for _, area := range a.All() {
		if digitsOf(area.Code) == digits {
			out = append(out, area)
		}
	}
	return out
}

func digitsOf(code string) (n int) {
	for _, c := range code {
		if c != '.' {
			n++
		}
	}
	return n
}

// Of is the area of a region.
func (a *Areas) Of(code string) (Area, bool) {
	for _, area := range a.All() {
		if area.Code == code {
			return area, true
		}
	}
	return Area{}, false
}

// Box is the frame around all areas, and false when there are none.
func (a *Areas) Box() (Box, bool) {
	if a == nil || len(a.list) == 0 {
		return Box{}, false
	}
	return a.box, true
}

// At is the code of the innermost region in which a point lies: of a village
// rather than of its district. "" is outside of all.
func (a *Areas) At(p Point) string {
	if a == nil || !a.box.Has(p) {
		return ""
	}
	for i := range a.list {
		if a.list[i].Has(p) {
			return a.list[i].Code
		}
	}
	return ""
}

// Has reports whether a point lies in the area. Of two areas that share a
// border, a point on it lies in exactly one.
func (a *Area) Has(p Point) bool {
	if !a.Box.Has(p) {
		return false
	}
	for i, poly := range a.Polygons {
		if a.boxes[i].Has(p) && poly.has(p) {
			return true
		}
	}
	return false
}

// has counts how often a line to the east crosses the rings: oddly often from
// within. What a hole cuts out is crossed once more.
func (p Polygon) has(at Point) bool {
	in := false
	for _, ring := range p {
		for i := 0; i+1 < len(ring); i++ {
			if crosses(ring[i], ring[i+1], at) {
				in = !in
			}
		}
	}
	return in
}

// crosses reports whether the line from a to b crosses the line from p to the
// east. It begins at the southern end whichever way the ring runs, so that two
// areas with the same border round alike.
func crosses(a, b, p Point) bool {
	if a.Lat > b.Lat {
		a, b = b, a
	}
	if (a.Lat > p.Lat) == (b.Lat > p.Lat) {
		return false
	}
	return p.Lon < a.Lon+(p.Lat-a.Lat)/(b.Lat-a.Lat)*(b.Lon-a.Lon)
}

// Inside is a point that surely lies in the area, near its middle: for a label,
// or for a report that knows only its village.
func (a *Area) Inside() Point {
	centre := a.Box.Centre()
	if a.Has(centre) {
		return centre
	}
	const steps = 16
	best, least := a.Polygons[0][0][0], 1e18
	for y := 1; y < steps; y++ {
		for x := 1; x < steps; x++ {
			p := Point{a.Box.South + (a.Box.North-a.Box.South)*float64(y)/steps, a.Box.West + (a.Box.East-a.Box.West)*float64(x)/steps}
			if d := Distance(p, centre); d < least && a.Has(p) {
				best, least = p, d
			}
		}
	}
	return best
}
