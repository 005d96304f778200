package desk

import (
	"context"
	"io"
	"net/http"

	"github.com/a-h/templ"

	"pendopo/engine/identity"
	"pendopo/kernel/page"
	"pendopo/law/policy"
	"pendopo/web/scope"
)

// Officer admits to a page of a feature whoever is logged in with a password of
// their own, as to every page of this door.
func (d *Door) Officer(do func(http.ResponseWriter, *http.Request, identity.Signed) error) func(http.ResponseWriter, *http.Request) error {
	return d.officer(func(w http.ResponseWriter, r *http.Request, m me) error { return do(w, r, m.Signed) })
}

// Show shows a page of a feature in this door's frame, with its style.
func (d *Door) Show(w http.ResponseWriter, r *http.Request, who identity.Signed, v page.View) error {
	body := templ.Join(styled(), v.Body)
	return d.page(w, r, me{who, page.Words(r.Context()), r.Context()}, view{Title: v.Title, Body: body, Status: v.Status, Narrow: v.Width == ""})
}

// styled brings the style of the desk onto a page.
func styled() templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, _ io.Writer) error {
		scope.Use(ctx, &sheet)
		return nil
	})
}

// May answers one question to the policies.
func (d *Door) May(ctx context.Context, who identity.Signed, a policy.Action, what policy.Resource) bool {
	return d.may(me{Signed: who, ctx: ctx}, a, what)
}
