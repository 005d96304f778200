package portal

import (
	"net/http"
	"time"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/web/component"
	"pendopo/web/component/header"
)

// Show is a page in this door's frame, for features.
func (p *Portal) Show(w http.ResponseWriter, r *http.Request, v page.View) error {
	return p.show(w, r, v)
}

// show is a page of this door: its name, its links, its foot.
func (p *Portal) show(w http.ResponseWriter, r *http.Request, v page.View) error {
	words := page.Words(r.Context())
	v.Door = words.T("portal.door")
	path := r.URL.Path
	v.Links = []header.Link{
		{Href: "/", Text: words.T("portal.nav_services"), Current: path == "/"},
		{Href: "/track", Text: words.T("portal.nav_track_short"), Current: path == "/track"},
		{Href: "/verify", Text: words.T("portal.nav_verify_short"), Current: path == "/verify"},
	}
	if p.Links != nil {
		for _, l := range p.Links(words) {
			l.Current = path == l.Href
			v.Links = append(v.Links, l)
		}
	}
	v.Foot = []header.Link{
		{Href: "/draft", Text: words.T("portal.foot_draft")},
		{Href: "/track", Text: words.T("portal.nav_track")},
		{Href: "/verify", Text: words.T("portal.nav_verify")},
		{Href: "/offices", Text: words.T("portal.foot_offices")},
		{Href: "/log/checkpoint", Text: words.T("portal.foot_log")},
	}
	return p.Site.Show(w, r, v)
}

// private is a page that nobody keeps.
func (p *Portal) private(w http.ResponseWriter, r *http.Request, title string, body templ.Component) error {
	return p.show(w, r, page.View{Title: title, Body: body, Private: true})
}

// wrong is a page shown again with what needs correcting.
func (p *Portal) wrong(w http.ResponseWriter, r *http.Request, title string, body templ.Component) error {
	title = page.Text(r.Context(), "portal.correct_title", "title", title)
	return p.show(w, r, page.View{Title: title, Body: body, Private: true, Status: http.StatusUnprocessableEntity})
}

// words puts a service and its cases into words, in the zone of a unit.
func (p *Portal) words(r *http.Request, s *definition.Service, unit string) caseview.Words {
	zone := p.Cases.Catalogue().Zone()
	if clock, err := p.Cases.Catalogue().Clock(unit); err == nil {
		zone = clock.Office.Zone
	}
	return caseview.Words{Printer: page.Words(r.Context()), Government: p.Cases.Government(), Service: s, Zone: zone}
}

// today is now in the government's zone.
func (p *Portal) today() time.Time { return p.Now().In(p.Cases.Catalogue().Zone()) }

// components shows every component in every state.
func (p *Portal) components(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, page.View{Title: "Components", Body: component.Gallery(component.All(), r.URL.Query().Get("only"))})
}
