package admin

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"pendopo/engine/identity"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/policy"
	"pendopo/web/component/header"
)

// me is who is logged in, at one request.
type me struct {
	identity.Signed
	words *page.Printer
	ctx   context.Context // of that request
}

// t is a text in the reader's language.
func (m me) t(key string, args ...any) string { return m.words.T("admin."+key, args...) }

type signed = func(http.ResponseWriter, *http.Request, me) error

// officer admits whoever is logged in with a password of their own; what they
// may do, each page asks.
func (d *Door) officer(do signed) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) (err error) {
		d.sessions.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			err = d.admitted(w, r, do)
		})).ServeHTTP(w, r)
		return err
	}
}

func (d *Door) admitted(w http.ResponseWriter, r *http.Request, do signed) error {
	who, err := d.sessions.Officer(r.Context())
	switch {
	case fault.Is(err, fault.NoSession) && r.Method == http.MethodGet:
		return redirect(w, r, "/desk/login?next="+url.QueryEscape(r.URL.Path))
	case fault.Is(err, fault.NoSession):
		return redirect(w, r, "/desk/login?unsent=yes")
	case err != nil:
		return err
	case who.Locked:
		return redirect(w, r, "/desk/lock")
	case who.Temporary:
		return redirect(w, r, "/desk/account")
	}
	page.Private(w)
	return do(w, r, me{who, page.Words(r.Context()), r.Context()})
}

// may answers one question to the policies.
func (d *Door) may(m me, a policy.Action, what policy.Resource) bool {
	return d.Identity.Allow(m.ctx, policy.Request{Principal: m.Officer, Action: a, Resource: what}).Allowed
}

// require is may as an error.
func (d *Door) require(m me, a policy.Action, what policy.Resource) error {
	return d.Identity.Require(m.ctx, policy.Request{Principal: m.Officer, Action: a, Resource: what})
}

// any asks for one of several actions on the government.
func (d *Door) any(m me, actions ...policy.Action) error {
	if slices.ContainsFunc(actions, func(a policy.Action) bool { return d.may(m, a, policy.Government{}) }) {
		return nil
	}
	return d.require(m, actions[0], policy.Government{})
}

// confirm asks for the password once more, before something grave.
func (d *Door) confirm(r *http.Request, m me) error {
	return d.Identity.Confirm(m.ctx, m.ID, identity.Attempt{Password: r.PostForm.Get("confirm"), Address: d.Address(r)})
}

// view is one page of this door.
type view struct {
	Title  string
	Body   templ.Component
	Status int
	Narrow bool
}

func (d *Door) page(w http.ResponseWriter, r *http.Request, m me, v view) error {
	out := page.View{Title: v.Title, Body: framed(v.Body), Status: v.Status, Width: "broad", Home: "/admin", Private: true, Door: m.t("door"), Links: d.links(r, m)}
	if v.Narrow {
		out.Width = ""
	}
	return d.Site.Show(w, r, out)
}

// links are the places this officer may go.
func (d *Door) links(r *http.Request, m me) (out []header.Link) {
	for _, l := range []struct {
		href, key string
		action    policy.Action
	}{
		{"/admin/government", "nav_government", policy.Propose}, {"/admin/proposals", "nav_proposals", policy.Propose},
		{"/admin/officers", "nav_officers", policy.Manage}, {"/admin/system", "nav_system", policy.Operate}, {"/admin/record", "nav_record", policy.Operate},
	} {
		if d.may(m, l.action, policy.Government{}) {
			out = append(out, header.Link{Href: l.href, Text: m.t(l.key), Current: strings.HasPrefix(r.URL.Path, l.href)})
		}
	}
	return append(out, header.Link{Href: "/desk/account", Text: m.t("nav_account")})
}

// fails are faults that a page shows in place, by field; others are the caller's.
type fails map[string]string

// refused tells a fault that a person can mend on the page from every other.
func refused(m me, err error) (fails, int, error) {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Kind != fault.TooMany && f.Kind != fault.TooLarge {
		return nil, 0, err
	}
	out := fails{}
	if len(f.More) == 0 {
		out[f.Field] = m.words.TMap(f.Key, f.Args)
	}
	for _, more := range f.More {
		out[more.Field] = m.words.TMap(more.Key, more.Args)
	}
	return out, f.Status(), nil
}

// shortID is how many letters are shown of an id.
const shortID = 8

// short is a long id or hash as people can compare it.
func short(id string) string {
	if len(id) > shortID {
		return id[len(id)-shortID:]
	}
	return id
}
