package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pendopo/kernel/page"
	"pendopo/law/definition"
)

type needList struct {
	Needs  []needView `json:"needs" doc:"What people need, as they think of it."`
	Events []needView `json:"events" doc:"Events of life that lead to services."`
}

type needView struct {
	named
	Services []string `json:"services" doc:"Ids of the services that belong to it."`
}

// needs lists the groups in which people look for services.
func (d *Door) needs(w http.ResponseWriter, r *http.Request) error {
	g, words := d.Cases.Government(), page.Words(r.Context())
	out := needList{Needs: []needView{}, Events: []needView{}}
	for _, n := range g.Needs {
		out.Needs = append(out.Needs, d.needOf(words, n, func(s *definition.Service) bool { return s.Need == n.ID }))
	}
	for _, n := range g.Events {
		out.Events = append(out.Events, d.needOf(words, n, func(s *definition.Service) bool { return slices.Contains(s.Events, n.ID) }))
	}
	return send(w, r, answer{body: out, cache: briefly})
}

func (d *Door) needOf(words *page.Printer, n definition.Need, in func(*definition.Service) bool) needView {
	v := needView{named: named{ID: n.ID, Name: words.Of(n.Name), Help: words.Of(n.Help)}, Services: []string{}}
	for _, b := range d.offered() {
		if in(b.Service) {
			v.Services = append(v.Services, b.Service.ID)
		}
	}
	return v
}

// pointOf reads a place on the map; nil for none.
func pointOf(s string) *point {
	lat, long, ok := strings.Cut(s, ",")
	north, err := strconv.ParseFloat(lat, 64)
	east, err2 := strconv.ParseFloat(strings.TrimSpace(long), 64)
	if !ok || err != nil || err2 != nil {
		return nil
	}
	return &point{north, east}
}
