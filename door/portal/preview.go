package portal

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/kernel/page"
	"pendopo/web/scope"
)

// Preview is the page of a service without its frame, for administrators who
// look at files that nobody has published. It speaks of the service as its own page
// does, whatever the page around it is about.
func (p *Portal) Preview(words *page.Printer, id string) (templ.Component, error) {
	b, err := p.Cases.Catalogue().Live(id)
	if err != nil {
		return nil, err
	}
	words = words.About(caseview.Noun(b.Service))
	body := servicePage(p.serviceView(words, b.Service))
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return body.Render(scope.In(ctx, words), w)
	}), nil
}
