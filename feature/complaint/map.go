package complaint

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

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
			x, y := frame.XY(at)
			v.Labels = append(v.Labels, labelView{decimal(x), decimal(y), n.regions[a.Code]})
		}
	}
}

func touches(a, b place.Box) bool {
	return a.South <= b.North && a.North >= b.South && a.West <= b.East && a.East >= b.West
}

// levelOf is the grid in which reports of a frame are gathered.
func levelOf(frame place.Frame) report.Level {
	if frame.East-frame.West > 0.15 {
		return report.Middle
	}
	return report.Fine
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
	x, y := frame.XY(middle)
	v := spotView{X: decimal(x), Y: decimal(y), Ended: open == 0}
	where := ""
	if areas != nil {
		where = n.area(areas.At(middle))
	}
	if len(s.list) == 1 {
		v.R, v.Hit, v.Href = "6", "16", "/reports/"+s.list[0].Code
		v.Words = strings.Join(slices.DeleteFunc([]string{n.title(s.list[0]), n.state(s.list[0]).Text, where}, func(w string) bool { return w == "" }), ", ")
		return v
	}
	radius := min(22, 8+2*math.Sqrt(float64(len(s.list))))
	v.R, v.Hit, v.Count = decimal(radius), decimal(max(16, radius)), strconv.Itoa(len(s.list))
	v.Href = c.with(func(x *criteria) { x.Square, x.Area, x.Map = &s.square, "", s.square.Level != report.Fine }).path("/reports")
	if where == "" {
		where = n.T("complaint.map_here")
	}
	v.Words = n.T("complaint.map_spot", "where", where, "n", len(s.list), "open", open)
	return v
}

// decimal is a number of a drawing.
func decimal(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }
