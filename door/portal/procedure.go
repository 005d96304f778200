package portal

import (
	_ "embed"
	"net/http"

	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/definition/chart"
	"pendopo/web/component/breadcrumb"
	"pendopo/web/scope"
)

//go:embed procedure.css
var procedureCSS string

// procedureSheet is the style of the chart on its page.
var procedureSheet = scope.Sheet{Name: "procedure", CSS: procedureCSS}

// procedureView is the official chart of a service, drawn and in words.
type procedureView struct {
	Crumbs []breadcrumb.Step
	Title  string
	Chart  string // SVG
	Lines  []chart.Line
}

// procedure shows the chart on a page of its own: it is as large as the flow is
// long, and the page of the service is not.
func (p *Portal) procedure(w http.ResponseWriter, r *http.Request) error {
	b, err := p.Cases.Catalogue().Live(r.PathValue("id"))
	if err != nil {
		return err
	}
	if !b.Service.Open() {
		return fault.New(fault.Unknown, "casework.unknown_service")
	}
	words := page.Words(r.Context())
	c := chart.New(p.whole(), b.Service, words.Lang(), words.T, chart.Head{})
	name := words.Of(b.Service.Name)
	v := procedureView{Title: words.T("portal.procedure_title", "service", name), Chart: string(c.Inline("sop")), Lines: c.Twin(),
		Crumbs: append(p.crumbs(words), breadcrumb.Step{Href: "/services/" + b.Service.ID, Text: name})}
	return p.show(w, r, page.View{Title: v.Title, Body: procedurePage(v), Width: "broad"})
}

// whole is the government with all its services, by whose names a chart calls
// those that are asked.
func (p *Portal) whole() *definition.Government {
	g := *p.Cases.Government()
	g.Services = nil
	for _, b := range p.Cases.Catalogue().Services() {
		g.Services = append(g.Services, b.Service)
	}
	return &g
}
