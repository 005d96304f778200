package portal

import (
	"github.com/a-h/templ"

	"pendopo/kernel/page"
)

// Preview is the page of a service without its frame, for administrators who
// look at files that nobody has published.
func (p *Portal) Preview(words *page.Printer, id string) (templ.Component, error) {
	b, err := p.Cases.Catalogue().Live(id)
	if err != nil {
		return nil, err
	}
	return servicePage(p.serviceView(words, b.Service)), nil
}
