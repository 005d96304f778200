package desk

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/kernel/page"
	"pendopo/law/fold"
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

// Aside carries out on the case of a request what a form of a feature's panel
// asks for and that moves no step, as far as the policies let this officer do a
// deed of that kind. What needs correcting is shown on the page of the case.
func (d *Door) Aside(w http.ResponseWriter, r *http.Request, who identity.Signed, deed string, read func(fold.Case, url.Values) (casework.Deed, error)) error {
	m := me{who, page.Words(r.Context()), r.Context()}
	return d.aside(w, r, m, func(x *matter, in *sent) (casework.Deed, error) {
		if err := d.mayAct(x.me, x.what, deed); err != nil {
			return casework.Deed{}, err
		}
		return read(x.c, in.values)
	})
}

// panel is what a feature adds to the page of an opened case; nil = nothing.
func (d *Door) panel(ctx context.Context, x *matter, t typed) (templ.Component, error) {
	if d.Panels == nil || x.file == nil || x.c.Shredded {
		return nil, nil
	}
	return d.Panels.Panel(ctx, caseview.Panel{Words: x.words, Case: x.c, Code: x.code, Shows: d.mayShow(x), Once: newKey(), Typed: t.values, Failed: t.fault})
}

// May answers one question to the policies.
func (d *Door) May(ctx context.Context, who identity.Signed, a policy.Action, what policy.Resource) bool {
	return d.may(me{Signed: who, ctx: ctx}, a, what)
}
