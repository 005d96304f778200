package desk

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"

	"pendopo/engine/identity"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/policy"
)

// me is who is logged in, at one request.
type me struct {
	identity.Signed
	words *page.Printer
	ctx   context.Context // of that request, for the log
}

// may answers one question to the policies.
func (d *Door) may(m me, a policy.Action, what policy.Resource) bool {
	return d.Identity.Allow(m.ctx, policy.Request{Principal: m.Officer, Action: a, Resource: what}).Allowed
}

// require is may as an error.
func (d *Door) require(m me, a policy.Action, what policy.Resource) error {
	return d.Identity.Require(m.ctx, policy.Request{Principal: m.Officer, Action: a, Resource: what})
}

type plain = func(http.ResponseWriter, *http.Request) error

// session gives a request its session.
func (d *Door) session(do plain) plain {
	return func(w http.ResponseWriter, r *http.Request) error {
		var err error
		d.sessions.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			err = do(w, r)
		})).ServeHTTP(w, r)
		return err
	}
}

type signed = func(http.ResponseWriter, *http.Request, me) error

// own admits whoever is logged in, also with a temporary password.
func (d *Door) own(do signed) plain {
	return d.session(func(w http.ResponseWriter, r *http.Request) error {
		who, err := d.sessions.Officer(r.Context())
		if fault.Is(err, fault.NoSession) {
			return redirect(w, r, loginAddress(r))
		}
		if err != nil {
			return err
		}
		if who.Locked && behindLock(r) {
			return redirect(w, r, lockAddress(r))
		}
		page.Private(w)
		return do(w, r, me{who, page.Words(r.Context()), r.Context()})
	})
}

// officer admits whoever is logged in with a password of their own.
func (d *Door) officer(do signed) plain {
	return d.own(func(w http.ResponseWriter, r *http.Request, m me) error {
		if m.Temporary {
			return redirect(w, r, "/desk/account")
		}
		return do(w, r, m)
	})
}

// loginAddress leads to log-in and back. What a form had sent is not done: the
// page says so.
func loginAddress(r *http.Request) string {
	if r.Method != http.MethodGet {
		return "/desk/login?unsent=yes"
	}
	if r.URL.Path == "/desk" {
		return "/desk/login"
	}
	return "/desk/login?next=" + url.QueryEscape(r.URL.Path)
}

// next is where log-in leads: an address of this door or the administrator's, or the worklist.
func next(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/desk/") && u.Path != "/admin" && !strings.HasPrefix(u.Path, "/admin/") || strings.Contains(s, `\`) {
		return "/desk"
	}
	return u.EscapedPath()
}

// remote is the address of the connection.
func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	return host
}
