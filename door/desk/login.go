package desk

import (
	"net/http"

	"pendopo/engine/identity"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/web/component/field"
)

// loginView is the page of logging in.
type loginView struct {
	Login   string
	Next    string
	Problem string // why it did not work
	Unsent  bool   // a form was sent after the session had ended
}

func (d *Door) loginForm(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if _, err := d.sessions.Officer(r.Context()); err == nil {
		return redirect(w, r, next(q.Get("next")))
	}
	return d.showLogin(w, r, loginView{Next: next(q.Get("next")), Unsent: q.Get("unsent") != ""}, 0)
}

func (d *Door) showLogin(w http.ResponseWriter, r *http.Request, v loginView, status int) error {
	m := me{words: page.Words(r.Context()), ctx: r.Context()}
	return d.page(w, r, m, view{Title: m.words.T("desk.login_title"), Body: loginPage(v), Status: status, Narrow: true})
}

// login answers an unknown name and a wrong password alike.
func (d *Door) login(w http.ResponseWriter, r *http.Request) error {
	in := loginView{Login: r.PostForm.Get("login"), Next: next(r.PostForm.Get("next"))}
	entry, err := d.Identity.Login(r.Context(), identity.Attempt{
		Login: in.Login, Password: r.PostForm.Get("password"), Address: d.Address(r),
	})
	if fault.Is(err, fault.NoSession) || fault.Is(err, fault.TooMany) {
		f := fault.Of(err)
		in.Problem = page.Words(r.Context()).TMap(f.Key, f.Args)
		if f.Kind == fault.TooMany {
			w.Header().Set("Retry-After", f.RetryAfter())
		}
		return d.showLogin(w, r, in, f.Status())
	}
	if err != nil {
		return err
	}
	if err := d.begin(r, entry); err != nil {
		return err
	}
	if entry.Temporary {
		return redirect(w, r, "/desk/account")
	}
	return redirect(w, r, in.Next)
}

// begin turns the browser's session and form cookie over: nothing from before
// log-in is worth anything after.
func (d *Door) begin(r *http.Request, entry identity.Entry) error {
	if err := d.sessions.Begin(r.Context(), entry); err != nil {
		return err
	}
	page.Rebind(r)
	return nil
}

func (d *Door) logout(w http.ResponseWriter, r *http.Request) error {
	if err := d.sessions.End(r.Context()); err != nil {
		return err
	}
	page.Rebind(r)
	return redirect(w, r, "/desk/login")
}

func loginFields(v loginView, label, password string) []field.View {
	return []field.View{
		{ID: "login", Label: label, Value: v.Login, Complete: "username", Width: "m", Max: 200},
		{ID: "password", Label: password, Type: "password", Complete: "current-password", Width: "m", Max: 800},
	}
}
