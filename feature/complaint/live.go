package complaint

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"net/url"

	"pendopo/kernel/page"
	"pendopo/law/place"
	"pendopo/web/scope"
)

//go:embed leaflet.css
var leafletCSS string

// leaflet is the library of the map that moves, and liveMap what uses it: both
// come with no page but the one that somebody opens for it.
var (
	leaflet = scope.Sheet{Name: "leaflet", CSS: leafletCSS, Script: "leaflet.js"}
	liveMap = scope.Sheet{Name: "reportsmap", Script: "reports.js"}
)

// liveView is the page of the map that moves, with the drawing for who has no
// scripts.
type liveView struct {
	Title string
	Src   string
	Back  string
	Map   mapView
}

// live is the page of the map that moves.
func (f *Feature) live(w http.ResponseWriter, r *http.Request) error {
	c, n := parseCriteria(r.URL.Query()), f.named(page.Words(r.Context()))
	c.Map = false
	m, err := f.mapOf(r.Context(), n, c)
	if err != nil {
		return err
	}
	v := liveView{Title: n.T("complaint.live_title"), Src: c.path("/reports/map.json"), Back: c.with(func(x *criteria) { x.Map = true }).path("/reports"), Map: m}
	v.Map.Live = ""
	return f.show(w, r, page.View{Title: v.Title, Body: livePage(v), Width: "broad", Images: f.tileHost()})
}

// tileHost is where pictures of streets come from, as the policy of the page
// names it; empty = from nowhere.
func (f *Feature) tileHost() string {
	u, err := url.Parse(f.Cases.Government().Profile.Tiles)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return "https://" + u.Host
}

// liveData is what the script draws.
type liveData struct {
	Box    [2][2]float64    `json:"box"`
	Lands  [][][][2]float64 `json:"lands"` // areas, polygons as rings, points
	Spots  []liveSpot       `json:"spots"`
	Tiles  string           `json:"tiles,omitempty"`
	Credit string           `json:"credit,omitempty"`
}

type liveSpot struct {
	At     [2]float64 `json:"at"`
	Href   string     `json:"href"`
	Title  string     `json:"title"`
	State  string     `json:"state"`
	Active bool       `json:"active"`
}

// liveFile is the same reports as on the drawing, for the script.
func (f *Feature) liveFile(w http.ResponseWriter, r *http.Request) error {
	c, n := parseCriteria(r.URL.Query()), f.named(page.Words(r.Context()))
	p, err := f.Reports.List(r.Context(), c.filter(f.Now()), "", mostOnMap)
	if err != nil {
		return err
	}
	areas := f.boundaries()
	out := liveData{Lands: [][][][2]float64{}, Spots: []liveSpot{}}
	if f.tileHost() != "" {
		out.Tiles, out.Credit = f.Cases.Government().Profile.Tiles, f.Cases.Government().Profile.TilesCredit
	}
	if frame, ok := frameOf(areas, c.box(areas), p.Reports); ok {
		out.Box = [2][2]float64{{frame.South, frame.West}, {frame.North, frame.East}}
	}
	for _, a := range areas.Level(6) {
		for _, polygon := range a.Polygons {
			out.Lands = append(out.Lands, rings(polygon))
		}
	}
	for _, x := range p.Reports {
		if x.Place != nil {
			out.Spots = append(out.Spots, liveSpot{At: [2]float64{x.Place.Lat, x.Place.Lon}, Href: "/reports/" + x.Code, Title: n.title(x), State: n.state(x).Text, Active: x.Active})
		}
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	return json.NewEncoder(w).Encode(out)
}

// rings are the lines of a polygon, the outer one first.
func rings(polygon place.Polygon) [][][2]float64 {
	out := make([][][2]float64, len(polygon))
	for i, ring := range polygon {
		for _, p := range ring {
			out[i] = append(out[i], [2]float64{p.Lat, p.Lon})
		}
	}
	return out
}
