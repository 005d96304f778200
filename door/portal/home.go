package portal

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/web/component/breadcrumb"
	"pendopo/web/component/eventlist"
	"pendopo/web/component/needtile"
	"pendopo/web/component/search"
	"pendopo/web/component/servicecard"
)

// homeView is the first page: search, what happens in life, needs.
type homeView struct {
	Title  string
	Search search.View
	Lead   templ.Component // of a feature; nil = none
	Events []eventlist.Event
	Needs  []needtile.View
	Cards  []servicecard.View // instead of needs, where a government has none
}

func (p *Portal) home(w http.ResponseWriter, r *http.Request) error {
	words := page.Words(r.Context())
	v := homeView{Title: words.T("portal.home_title"), Search: p.searchBox(words, ""), Lead: p.Lead, Events: p.events(words), Needs: p.needs(words)}
	if len(v.Needs) == 0 {
		v.Cards = cards(words, p.Cases.Catalogue().Offered())
	}
	return p.show(w, r, page.View{Title: v.Title, Body: homePage(v), Width: "broad"})
}

// searchBox is the same on every page that has it.
func (p *Portal) searchBox(words *page.Printer, query string) search.View {
	return search.View{Action: "/search", Label: words.T("portal.search_label"), Hint: words.T("portal.search_hint"), Value: query, Button: words.T("portal.search_button")}
}

// card is one service of a list.
func card(words *page.Printer, s *definition.Service) servicecard.View {
	fee := words.Fee(s.Standard.Fee.Rupiah)
	if len(s.Standard.Fee.Cases) > 0 {
		fee = words.T("portal.fee_from", "fee", fee)
	}
	return servicecard.View{Href: "/services/" + s.ID, Name: words.Of(s.Name), Summary: words.Of(s.Summary), Facts: []string{span(words, s.Limit.Within), fee}}
}

func cards(words *page.Printer, list []*casework.Bound) []servicecard.View {
	out := make([]servicecard.View, len(list))
	for i, b := range list {
		out[i] = card(words, b.Service)
	}
	return out
}

// span is a limit in words; one that cannot be read is shown as written.
func span(words *page.Printer, within string) string {
	s, err := deadline.ParseSpan(within)
	if err != nil {
		return within
	}
	return s.In(words.T)
}

// of are the services of a need, or of an event of life.
func (p *Portal) of(fits func(*definition.Service) bool) []*casework.Bound {
	return slices.DeleteFunc(p.Cases.Catalogue().Offered(), func(b *casework.Bound) bool { return !fits(b.Service) })
}

func ofNeed(id string) func(*definition.Service) bool {
	return func(s *definition.Service) bool { return s.Need == id }
}

func ofEvent(id string) func(*definition.Service) bool {
	return func(s *definition.Service) bool { return slices.Contains(s.Events, id) }
}

// needs are the groups that have a service, in the government's order.
func (p *Portal) needs(words *page.Printer) []needtile.View {
	var out []needtile.View
	for _, n := range p.Cases.Government().Needs {
		count := len(p.of(ofNeed(n.ID)))
		if count == 0 {
			continue
		}
		help := words.Of(n.Help)
		if help == "" {
			help = words.T("portal.need_count", "n", count)
		}
		out = append(out, needtile.View{Href: "/needs/" + n.ID, Name: words.Of(n.Name), Words: help})
	}
	return out
}

// events are the events of life that lead to a service.
func (p *Portal) events(words *page.Printer) []eventlist.Event {
	var out []eventlist.Event
	for _, e := range p.Cases.Government().Events {
		if len(p.of(ofEvent(e.ID))) > 0 {
			out = append(out, eventlist.Event{Href: "/events/" + e.ID, Name: words.Of(e.Name)})
		}
	}
	return out
}

// listView is services under a heading.
type listView struct {
	Crumbs []breadcrumb.Step
	Title  string
	Help   string
	Groups []listGroup
}

type listGroup struct {
	Name  string // empty = no heading
	Cards []servicecard.View
}

func (p *Portal) needPage(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	return p.group(w, r, p.Cases.Government().Need(id), p.of(ofNeed(id)))
}

func (p *Portal) eventPage(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	return p.group(w, r, p.Cases.Government().Event(id), p.of(ofEvent(id)))
}

// group shows the services of a need or an event.
func (p *Portal) group(w http.ResponseWriter, r *http.Request, n *definition.Need, list []*casework.Bound) error {
	if n == nil || len(list) == 0 {
		return fault.New(fault.Unknown, "fault.page_unknown")
	}
	words := page.Words(r.Context())
	v := listView{Crumbs: p.crumbs(words), Title: words.Of(n.Name), Help: words.Of(n.Help), Groups: []listGroup{{Cards: cards(words, list)}}}
	return p.show(w, r, page.View{Title: v.Title, Body: listPage(v), Width: "broad"})
}

// crumbs lead home.
func (p *Portal) crumbs(words *page.Printer) []breadcrumb.Step {
	return []breadcrumb.Step{{Href: "/", Text: words.T("portal.nav_services")}}
}

// all lists every service by need; those of none come last.
func (p *Portal) all(w http.ResponseWriter, r *http.Request) error {
	words := page.Words(r.Context())
	v := listView{Crumbs: p.crumbs(words), Title: words.T("portal.all_services")}
	g := p.Cases.Government()
	for _, n := range g.Needs {
		if list := p.of(ofNeed(n.ID)); len(list) > 0 {
			v.Groups = append(v.Groups, listGroup{words.Of(n.Name), cards(words, list)})
		}
	}
	rest := listGroup{Cards: cards(words, p.of(func(s *definition.Service) bool { return g.Need(s.Need) == nil }))}
	if len(v.Groups) > 0 {
		rest.Name = words.T("portal.other_services")
	}
	if len(rest.Cards) > 0 {
		v.Groups = append(v.Groups, rest)
	}
	return p.show(w, r, page.View{Title: v.Title, Body: listPage(v), Width: "broad"})
}
