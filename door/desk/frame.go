package desk

import (
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/policy"
	"pendopo/web/component/header"
)

// view is one page of this door.
type view struct {
	Title  string
	Body   templ.Component
	Status int
	Narrow bool // a form's column
}

// page shows a page; nobody keeps it.
func (d *Door) page(w http.ResponseWriter, r *http.Request, m me, v view) error {
	out := page.View{Title: v.Title, Body: v.Body, Status: v.Status, Width: "desk", Home: "/desk", Private: true,
		Door: m.words.T("desk.door"), Links: d.links(r, m)}
	if m.ID != "" && !m.Locked {
		out.Body = framed(v.Body, d.bar(m))
	}
	if v.Narrow {
		out.Width = ""
	}
	return d.Site.Show(w, r, out)
}

// links are the places this officer may go.
func (d *Door) links(r *http.Request, m me) []header.Link {
	var out []header.Link
	add := func(may bool, href, key string) {
		if may {
			here := r.URL.Path == href || strings.HasPrefix(r.URL.Path, href+"/") && href != "/desk"
			out = append(out, header.Link{Href: href, Text: m.words.T(key), Current: here})
		}
	}
	if m.ID == "" || m.Locked {
		return nil
	}
	units := unitsOf(m)
	add(d.anywhere(m, policy.List, units), "/desk", "desk.nav_worklist")
	add(d.anywhere(m, policy.Enter, units), "/desk/enter", "desk.nav_counter")
	add(d.anywhere(m, policy.Enter, units), "/desk/find", "desk.nav_find")
	add(d.sendsLetters() && len(d.postUnits(m)) > 0, "/desk/letters", "desk.nav_letters")
	add(len(d.supervised(m)) > 0, "/desk/unit", "desk.nav_unit")
	if d.Links != nil {
		for _, l := range d.Links(m.ctx, m.words, m.Signed) {
			l.Current = r.URL.Path == l.Href || strings.HasPrefix(r.URL.Path, l.Href+"/")
			out = append(out, l)
		}
	}
	add(d.guards(m), "/desk/vault", "desk.nav_vault")
	add(d.may(m, policy.Operate, policy.Government{}), "/admin", "desk.nav_system")
	add(true, "/desk/account", "desk.nav_account")
	return out
}

// anywhere asks about offices until one may.
func (d *Door) anywhere(m me, a policy.Action, units []string) bool {
	for _, u := range units {
		if d.may(m, a, policy.Office{Unit: u}) {
			return true
		}
	}
	return false
}

// unitsOf are the units at which something is held, in order of the posts.
func unitsOf(m me) []string {
	var out []string
	seen := map[string]bool{}
	for _, p := range m.Posts {
		if !seen[p.Unit] {
			seen[p.Unit] = true
			out = append(out, p.Unit)
		}
	}
	return out
}

// zone is that of a unit, or of the government.
func (d *Door) zone(unit string) *time.Location {
	if clock, err := d.Cases.Catalogue().Clock(unit); err == nil {
		return clock.Office.Zone
	}
	return d.Cases.Catalogue().Zone()
}

// about gives the officer, and the page that is made, the words of a service.
func (m me) about(r *http.Request, s *definition.Service) me {
	page.About(r.Context(), caseview.Noun(s))
	m.words = m.words.About(caseview.Noun(s))
	return m
}

// wordsFor puts a case of a service at a unit into words.
func (d *Door) wordsFor(m me, s *definition.Service, unit string) caseview.Words {
	return caseview.Words{Printer: m.words, Government: d.Cases.Government(), Service: s, Zone: d.zone(unit)}
}
