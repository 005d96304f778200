package portal

import (
	"net/http"
	"slices"
	"time"

	"pendopo/engine/caseview"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/web/component/breadcrumb"
	"pendopo/web/component/requirements"
	"pendopo/web/component/summary"
)

// serviceView is the published standard of a service in plain words.
type serviceView struct {
	ID           string
	Crumbs       []breadcrumb.Step
	Name         string
	Summary      string
	Facts        summary.View
	Offices      summary.View // by region
	Taken        string       // how long it really took; empty = not known of enough cases
	Requirements requirements.View
	Procedure    []string
	Bring        bool // some papers may be brought to the counter
	Pages        int
	Online       bool
	Start        string // where it begins, when not with a form of this door
	Late         []string
	Folds        []foldView
	Demo         bool // some figures are the demo's own
	Source       string
}

// foldView is one of the 14 components that opens on demand.
type foldView struct {
	Title string
	Text  string
	Items []string
}

func (p *Portal) service(w http.ResponseWriter, r *http.Request) error {
	b, err := p.Cases.Catalogue().Live(r.PathValue("id"))
	if err != nil {
		return err
	}
	if !b.Service.Open() {
		return fault.New(fault.Unknown, "casework.unknown_service")
	}
	page.About(r.Context(), caseview.Noun(b.Service))
	words := page.Words(r.Context())
	v := p.serviceView(words, b.Service)
	if v.Taken, err = p.taken(r.Context(), words, b.Service.ID); err != nil {
		return err
	}
	return p.show(w, r, page.View{Title: v.Name, Body: servicePage(v)})
}

func (p *Portal) serviceView(words *page.Printer, s *definition.Service) serviceView {
	v := serviceView{ID: s.ID, Name: words.Of(s.Name), Summary: words.Of(s.Summary), Pages: len(s.Form.Pages),
		Crumbs: p.crumbs(words), Requirements: needed(words, s), Offices: summary.View{Rows: p.offices(words, s)},
		Facts: p.facts(words, s), Folds: folds(words, s), Late: lateness(words, p.Cases.Government(), s), Source: s.Standard.Source, Online: s.Through("portal"), Start: p.elsewhere(s)}
	if n := p.Cases.Government().Need(s.Need); n != nil {
		v.Crumbs = append(v.Crumbs, breadcrumb.Step{Href: "/needs/" + n.ID, Text: words.Of(n.Name)})
	}
	for _, g := range s.Form.Pages {
		v.Bring = v.Bring || slices.ContainsFunc(g.Fields, brought)
	}
	for _, t := range s.Standard.Procedure {
		v.Procedure = append(v.Procedure, words.Of(t))
	}
	v.Demo = s.Limit.Source == "demo" || s.Standard.Fee.Source == "demo"
	for _, c := range s.Limit.Cases {
		v.Demo = v.Demo || c.Source == "demo"
	}
	for _, step := range s.Flow.Steps {
		v.Demo = v.Demo || step.Limit != nil && step.Limit.Source == "demo"
	}
	return v
}

// brought says that a paper, or one of a group, may be brought to the counter.
func brought(f definition.Field) bool { return f.Counter || slices.ContainsFunc(f.Fields, brought) }

// elsewhere is where a service begins that a feature receives; "" = here.
func (p *Portal) elsewhere(s *definition.Service) string {
	if p.Start == nil {
		return ""
	}
	return p.Start(s)
}

// lateness says what happens by itself when the promise is broken.
func lateness(words *page.Printer, g *definition.Government, s *definition.Service) []string {
	var out []string
	for _, l := range s.Limit.Late {
		u := g.Unit(l.Unit)
		switch {
		case l.Do == "grant":
			out = append(out, words.T("portal.late_grant", "basis", l.Basis))
		case l.Do == "escalate" && u != nil:
			out = append(out, words.T("portal.late_escalate_unit", "unit", words.Of(u.Name)))
		case l.Do == "escalate" || l.Do == "close":
			out = append(out, words.T("portal.late_"+l.Do))
		}
	}
	return out
}

// folds are the remaining components of the standard, in the law's order.
func folds(words *page.Printer, s *definition.Service) []foldView {
	st := s.Standard
	basis := foldView{Title: words.T("portal.std_basis")}
	for _, b := range st.LegalBasis {
		line := b.Norm
		if len(b.Text) > 0 {
			line += ", " + words.Of(b.Text)
		}
		if t, err := time.Parse(time.DateOnly, b.Date); err == nil {
			line += " (" + words.Date(t) + ")"
		}
		basis.Items = append(basis.Items, line)
	}
	out := []foldView{{Title: words.T("portal.std_complaints"), Text: words.Of(st.Complaints)}, basis}
	for _, c := range []struct {
		key  string
		text definition.Text
	}{
		{"portal.std_facilities", st.Facilities}, {"portal.std_competence", st.Competence}, {"portal.std_supervision", st.Supervision},
		{"portal.std_staff", st.Staff}, {"portal.std_guarantee", st.Guarantee}, {"portal.std_safety", st.Safety}, {"portal.std_evaluation", st.Evaluation},
	} {
		if len(c.text) > 0 {
			out = append(out, foldView{Title: words.T(c.key), Text: words.Of(c.text)})
		}
	}
	return out
}
