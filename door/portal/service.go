package portal

import (
	"net/http"
	"time"

	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/web/component/breadcrumb"
	"pendopo/web/component/summary"
)

// serviceView is the published standard of a service in plain words.
type serviceView struct {
	ID           string
	Crumbs       []breadcrumb.Step
	Name         string
	Summary      string
	Facts        summary.View
	Requirements []string
	Procedure    []string
	Pages        int
	Online       bool
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
	v := p.serviceView(page.Words(r.Context()), b.Service)
	return p.show(w, r, page.View{Title: v.Name, Body: servicePage(v)})
}

func (p *Portal) serviceView(words *page.Printer, s *definition.Service) serviceView {
	v := serviceView{ID: s.ID, Name: words.Of(s.Name), Summary: words.Of(s.Summary), Pages: len(s.Form.Pages),
		Crumbs: []breadcrumb.Step{{Href: "/", Text: words.T("portal.nav_services")}},
		Facts:  p.facts(words, s), Folds: folds(words, s), Late: lateness(words, s), Source: s.Standard.Source}
	if s.Need != "" {
		v.Crumbs = append(v.Crumbs, breadcrumb.Step{Href: "/?need=" + s.Need, Text: needName(words, s.Need)})
	}
	for _, q := range s.Standard.Requirements {
		v.Requirements = append(v.Requirements, words.Of(q.Text))
	}
	for _, t := range s.Standard.Procedure {
		v.Procedure = append(v.Procedure, words.Of(t))
	}
	for _, c := range s.Channels {
		v.Online = v.Online || c == "portal"
	}
	v.Demo = s.Limit.Source == "demo" || s.Standard.Fee.Source == "demo"
	for _, step := range s.Flow.Steps {
		v.Demo = v.Demo || step.Limit != nil && step.Limit.Source == "demo"
	}
	return v
}

// facts are what everybody asks first.
func (p *Portal) facts(words *page.Printer, s *definition.Service) summary.View {
	limit := span(words, s.Limit.Within)
	if s.Limit.Starts == "complete" {
		limit = words.T("portal.limit_complete", "span", limit)
	}
	fee := []string{words.Fee(s.Standard.Fee.Rupiah)}
	rows := []summary.Row{
		{Label: words.T("portal.fact_time"), Values: []string{limit}},
		{Label: words.T("portal.fact_fee"), Values: fee},
		{Label: words.T("portal.fact_product"), Values: []string{product(words, s)}},
		{Label: words.T("portal.fact_office"), Values: []string{p.office(words, s)}},
	}
	var how []string
	for _, c := range s.Channels {
		if c != "api" {
			how = append(how, words.T("portal.channel_"+c))
		}
	}
	return summary.View{Rows: append(rows, summary.Row{Label: words.T("portal.fact_how"), Values: how})}
}

func product(words *page.Printer, s *definition.Service) string {
	name := words.Of(s.Product.Name)
	if s.Product.Validity == "" {
		return name
	}
	return words.T("portal.product_valid", "name", name, "span", validity(words, s.Product.Validity))
}

// office is the unit that serves; one found by region is said so.
func (p *Portal) office(words *page.Printer, s *definition.Service) string {
	if u := p.Cases.Government().Unit(s.Unit.Unit); u != nil {
		return words.Of(u.Name)
	}
	return words.T("portal.office_by_region")
}

// lateness says what happens by itself when the promise is broken.
func lateness(words *page.Printer, s *definition.Service) []string {
	var out []string
	for _, l := range s.Limit.Late {
		switch l.Do {
		case "grant":
			out = append(out, words.T("portal.late_grant", "basis", l.Basis))
		case "escalate", "close":
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
