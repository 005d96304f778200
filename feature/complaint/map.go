package complaint

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pendopo/feature/complaint/report"
	"pendopo/law/place"
)

// mostOnMap is how many reports a map shows, the newest.
const mostOnMap = 500

// mapWidth is the width of the drawing in its own units: that of a small phone,
// so that letters and dots have the size they are drawn with there.
const mapWidth = 340

// mapView is a map as a drawing, and what it says in words.
type mapView struct {
	Width, Height string
	Lands         []string // paths
	Parts         []string // of villages, where the map is near enough
	Labels        []labelView
	Spots         []spotView
	Name          string // of the drawing, for who cannot see it
	Notes         []string
	Live          string // the map that moves, for who wants it
	Out           string // the whole map; empty = this is it
}

// labelView is a name on a map.
type labelView struct{ X, Y, Text string }

// spotView is one report, or several beside each other, on a map.
type spotView struct {
	X, Y, R, Hit string
	Count        string // empty for a single one
	Href         string
	Words        string
	Ended        bool // none of them is open
}

// spot gathers reports of one square.
type spot struct {
	square report.Square
	list   []report.Report
}

// mapOf draws the newest reports that fit.
func (f *Feature) mapOf(ctx context.Context, n named, c criteria) (mapView, error) {
	filter := c.filter(f.Now())
	areas := f.boundaries()
	box := c.box(areas)
	p, err := f.Reports.List(ctx, filter, "", mostOnMap)
	if err != nil {
		return mapView{}, err
	}
	frame, ok := frameOf(areas, box, p.Reports)
	v := mapView{Name: n.T("complaint.map_name", "n", len(p.Reports))}
	if p.Next != "" {
		v.Notes = append(v.Notes, n.T("complaint.map_newest", "n", mostOnMap))
	}
	if box != nil {
		v.Out = c.with(func(x *criteria) { x.Square, x.Area, x.Map = nil, "", true }).path("/reports")
	}
	if lost := placeless(p.Reports); lost > 0 {
		v.Notes = append(v.Notes, n.T("complaint.map_placeless", "n", lost))
	}
	if !ok {
		return v, nil
	}
	v.Width, v.Height = decimal(frame.Width), decimal(frame.Height())
	v.Live = c.with(func(x *criteria) { x.Map = false }).path("/reports/map")
	v.land(n, areas, frame, box != nil)
	v.spots(n, areas, frame, c, p.Reports)
	return v, nil
}

// frameOf is the part of the world that is drawn: what is asked for, or all of
// the government's land, or where the reports are.
func frameOf(areas *place.Areas, box *place.Box, list []report.Report) (place.Frame, bool) {
	if box != nil {
		return place.Frame{Box: *box, Width: mapWidth}, true
	}
	if areas != nil {
		if b, ok := areas.Box(); ok {
			return place.Frame{Box: b.Grown(300), Width: mapWidth}, true
		}
	}
	b := place.Box{South: math.Inf(1), West: math.Inf(1), North: math.Inf(-1), East: math.Inf(-1)}
	for _, r := range list {
		if p := r.Place; p != nil {
			b = place.Box{South: min(b.South, p.Lat), West: min(b.West, p.Lon), North: max(b.North, p.Lat), East: max(b.East, p.Lon)}
		}
	}
	return place.Frame{Box: b.Grown(500), Width: mapWidth}, b.North >= b.South
}

func placeless(list []report.Report) (n int) {
	for _, r := range list {
		if r.Place == nil {
			n++
		}
	}
	return n
}

// land draws boundaries: districts with their names and, from near, villages.
func (v *mapView) land(n named, areas *place.Areas, frame place.Frame, near bool) {
	if areas == nil {
		return
	}
	level := areas.Level(6)
	if len(level) == 0 {
		level = areas.Level(4)
	}
	names := level
	if near {
		names = areas.Level(10)
	}
	for _, a := range level {
		if touches(a.Box, frame.Box) {
			v.Lands = append(v.Lands, areas.Path(a, frame, 1))
		}
	}
	for _, a := range names {
		if near && touches(a.Box, frame.Box) {
			v.Parts = append(v.Parts, areas.Path(a, frame, 1))
		}
		if at := a.Inside(); frame.Has(at) {
			v.label(frame, at, short(n.regions[a.Code]))
		}
	}
}

// Measures of a name on a map: of a letter, and how far above its place it stands.
const (
	letterWidth = 5.8
	labelAbove  = 13
)

// label writes a name above its place, so that it stays readable beside a spot,
// and inside the drawing.
func (v *mapView) label(frame place.Frame, at place.Point, name string) {
	x, y := frame.XY(at)
	half := letterWidth * float64(utf8.RuneCountInString(name)) / 2
	if name == "" || 2*half > frame.Width {
		return
	}
	x = max(half+2, min(frame.Width-half-2, x))
	v.Labels = append(v.Labels, labelView{decimal(x), decimal(max(10, y-labelAbove)), name})
}

// short is the name of a place without the word for what it is.
func short(name string) string {
	for _, word := range []string{"Kecamatan ", "Kelurahan ", "Desa "} {
		name = strings.TrimPrefix(name, word)
	}
	return name
}

func touches(a, b place.Box) bool {
	return a.South <= b.North && a.North >= b.South && a.West <= b.East && a.East >= b.West
}

// leastCell is how wide a square is drawn at least: wide enough for a finger.
const leastCell = 24

// levelOf is the finest grid whose squares are wide enough on a frame.
func levelOf(frame place.Frame) report.Level {
	for _, l := range []report.Level{report.Fine, report.Middle} {
		if widthOf(frame, l) >= leastCell {
			return l
		}
	}
	return report.Coarse
}

// widthOf is how wide a square of a grid is drawn.
func widthOf(frame place.Frame, l report.Level) float64 {
	b := report.SquareOf(l, frame.Centre()).Box()
	return frame.Width * (b.East - b.West) / (frame.East - frame.West)
}

// spots gathers reports by square and draws each as one link.
func (v *mapView) spots(n named, areas *place.Areas, frame place.Frame, c criteria, list []report.Report) {
	level, by := levelOf(frame), map[report.Square]*spot{}
	single := c.Square != nil && c.Square.Level == report.Fine
	var all []*spot
	for _, r := range list {
		if r.Place == nil || !frame.Has(*r.Place) {
			continue
		}
		s := report.SquareOf(level, *r.Place)
		if by[s] == nil || single {
			by[s] = &spot{square: s}
			all = append(all, by[s])
		}
		by[s].list = append(by[s].list, r)
	}
	slices.SortStableFunc(all, func(a, b *spot) int { return cmp.Compare(len(b.list), len(a.list)) })
	for _, s := range all {
		v.Spots = append(v.Spots, s.view(n, areas, frame, c))
	}
}

func (s *spot) view(n named, areas *place.Areas, frame place.Frame, c criteria) spotView {
	middle, open := place.Point{}, 0
	for _, r := range s.list {
		middle.Lat += r.Place.Lat / float64(len(s.list))
		middle.Lon += r.Place.Lon / float64(len(s.list))
		if r.Active {
			open++
		}
	}
	v := spotView{Ended: open == 0}
	where := ""
	if areas != nil {
		where = n.area(areas.At(middle))
	}
	if len(s.list) == 1 {
		v.place(frame, s.square, middle, 6)
		v.Href = "/reports/" + s.list[0].Code
		v.Words = strings.Join(slices.DeleteFunc([]string{n.title(s.list[0]), n.state(s.list[0]).Text, where}, func(w string) bool { return w == "" }), ", ")
		return v
	}
	v.place(frame, s.square, middle, 9+math.Sqrt(float64(len(s.list))))
	v.Count = strconv.Itoa(len(s.list))
	v.Href = c.with(func(x *criteria) { x.Square, x.Area, x.Map = &s.square, "", s.square.Level != report.Fine }).path("/reports")
	if where == "" {
		where = n.T("complaint.map_here")
	}
	v.Words = n.T("complaint.map_spot", "where", where, "n", len(s.list), "open", open)
	return v
}

// place puts a spot where its reports are, but never over the edge of its square,
// so that no two lie upon each other.
func (v *spotView) place(frame place.Frame, square report.Square, at place.Point, radius float64) {
	box := square.Box()
	left, top := frame.XY(place.Point{Lat: box.North, Lon: box.West})
	right, bottom := frame.XY(place.Point{Lat: box.South, Lon: box.East})
	radius = min(radius, 20, (right-left)/2-1)
	x, y := frame.XY(at)
	x, y = max(left+radius, min(right-radius, x)), max(top+radius, min(bottom-radius, y))
	v.X, v.Y, v.R, v.Hit = decimal(x), decimal(y), decimal(radius), decimal(max(radius, leastCell/2))
}

// decimal is a number of a drawing.
func decimal(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }
