package api

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/region"
)

// placeSource names where the list of places comes from, as its licence asks.
const placeSource = "idn-area-data, ODbL 1.0"

// Bounds of a question for places.
const (
	usualPlaces   = 20
	mostPlaces    = 50
	longestSearch = 100
)

type placeList struct {
	Places []placeView `json:"places"`
	Source string      `json:"source" doc:"Where the national list comes from, and its licence."`
}

type placeView struct {
	Code   string      `json:"code" doc:"Code with 2, 4, 6 or 10 digits: 33.74.01.1001."`
	Name   string      `json:"name"`
	Level  string      `json:"level" doc:"province, regency, district or village."`
	Path   []namedCode `json:"path" doc:"The places it lies in, from the province down."`
	Served bool        `json:"served" doc:"Whether this government serves it."`
	Former bool        `json:"former,omitempty" doc:"The code is one of the past."`
	Now    *placeView  `json:"now,omitempty" doc:"What stands in the place of a former code today."`
}

type namedCode struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// regions lists the places below one, or those that a question finds.
func (d *Door) regions(w http.ResponseWriter, r *http.Request) error {
	q, err := d.placeQuestion(r)
	if err != nil {
		return err
	}
	out := placeList{Places: []placeView{}, Source: placeSource}
	if q.Text == "" {
		out.Places = append(out.Places, d.below(q.Below)...)
	} else {
		for _, p := range region.National().Find(q) {
			out.Places = append(out.Places, d.placeOf(p.Code))
		}
	}
	return send(w, r, answer{body: out, cache: briefly})
}

// placeQuestion reads parent, q, level and limit.
func (d *Door) placeQuestion(r *http.Request) (region.Question, error) {
	v := r.URL.Query()
	q := region.Question{Text: strings.TrimSpace(v.Get("q")), Below: v.Get("parent"), Level: region.Village, Limit: usualPlaces}
	if len(q.Text) > longestSearch || !utf8.ValidString(q.Text) {
		return q, fault.New(fault.Invalid, "api.query_long").With("most", longestSearch)
	}
	if q.Below != "" && !d.knows(q.Below) {
		return q, fault.New(fault.Invalid, "api.unknown_region")
	}
	if level := v.Get("level"); level != "" {
		levels := []string{"province", "regency", "district", "village"}
		if q.Level = region.Level(slices.Index(levels, level)); q.Level < 0 {
			return q, fault.New(fault.Invalid, "api.level")
		}
	}
	var err error
	q.Limit, err = limitOf(r, usualPlaces, mostPlaces)
	return q, err
}

func (d *Door) knows(code string) bool {
	return region.National().Has(code) || d.Cases.Catalogue().Regions().Has(code)
}

// below are the places directly below a code: those of the nation, and those
// that only this government's list has.
func (d *Door) below(code string) []placeView {
	var codes []string
	for _, p := range region.National().Below(code) {
		codes = append(codes, p.Code)
	}
	for _, g := range d.Cases.Government().Regions {
		if region.Parent(g.Code) == code && !slices.Contains(codes, g.Code) {
			codes = append(codes, g.Code)
		}
	}
	slices.Sort(codes)
	var out []placeView
	for _, c := range codes {
		out = append(out, d.placeOf(c))
	}
	return out
}

// placeOf is one place of today. The name that the government gives it comes
// before that of the national list.
func (d *Door) placeOf(code string) placeView {
	own := d.Cases.Catalogue().Regions()
	name := func(c string) string {
		if n := own[c]; n != "" {
			return n
		}
		return region.National().Name(c)
	}
	v := placeView{Code: code, Name: name(code), Level: definition.LevelOf(code), Path: []namedCode{}, Served: own.Has(code)}
	for c := region.Parent(code); c != ""; c = region.Parent(c) {
		if n := name(c); n != "" {
			v.Path = append(v.Path, namedCode{c, n})
		}
	}
	slices.Reverse(v.Path)
	return v
}

// region shows one place, or what became of a code of the past.
func (d *Door) region(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("code")
	if d.knows(code) {
		return send(w, r, answer{body: d.placeOf(code), cache: briefly})
	}
	f, old := region.National().Formerly(code)
	if !old {
		return fault.New(fault.Unknown, "api.unknown_region")
	}
	v := placeView{Code: code, Name: f.Name, Level: definition.LevelOf(code), Path: []namedCode{}, Former: true}
	if f.Now != "" {
		now := d.placeOf(f.Now)
		v.Now = &now
	}
	return send(w, r, answer{body: v, cache: briefly})
}

type officeList struct {
	Offices []office `json:"offices"`
}

type office struct {
	named
	Parent   string              `json:"parent,omitempty" doc:"Id of the office above it."`
	Address  string              `json:"address"`
	Phone    string              `json:"phone,omitempty"`
	Place    *point              `json:"place,omitempty" doc:"Where it stands on the map."`
	Zone     string              `json:"zone" doc:"Its time zone."`
	Hours    map[string][]string `json:"hours" doc:"Office hours by weekday, mon to sun."`
	Region   string              `json:"region,omitempty" doc:"Code of the one region it serves."`
	Services []string            `json:"services" doc:"Ids of the services that it alone handles."`
}

type point struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// offices lists where people can go.
func (d *Door) offices(w http.ResponseWriter, r *http.Request) error {
	g, words := d.Cases.Government(), page.Words(r.Context())
	out := officeList{Offices: []office{}}
	for _, u := range g.Units {
		o := office{named: named{ID: u.ID, Name: words.Of(u.Name)}, Parent: u.Parent, Address: u.Address, Phone: u.Phone,
			Place: pointOf(u.Place), Zone: u.Zone, Hours: u.Hours, Region: u.Region, Services: []string{}}
		if o.Zone == "" {
			o.Zone = g.Profile.Zone
		}
		if o.Hours == nil {
			o.Hours = map[string][]string{}
		}
		for _, b := range d.offered() {
			if b.Service.Unit.Unit == u.ID {
				o.Services = append(o.Services, b.Service.ID)
			}
		}
		out.Offices = append(out.Offices, o)
	}
	return send(w, r, answer{body: out, cache: briefly})
}
