package desk

import (
	"net/http"

	"pendopo/engine/caseview"
	"pendopo/engine/identity"
	"pendopo/kernel/fault"
	"pendopo/web/component/actions"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
	"pendopo/web/component/summary"
)

// accountView is an officer's own page: who, which posts, and the password.
type accountView struct {
	Name      string
	Temporary bool
	Posts     summary.View
	Errors    []errorsummary.Item
	Fields    []field.View
	Save      []actions.Action
	Email     field.View
	Reach     []actions.Action
	Reached   bool // the address has just been saved
	Leave     []actions.Action
	Sessions  []sessionView
}

// sessionView is one machine at which the officer is logged in.
type sessionView struct {
	ID, Text string
	This     bool
}

// openSessions are the officer's, by when they began and were last used.
func (d *Door) openSessions(r *http.Request, m me) ([]sessionView, error) {
	open, err := d.sessions.List(r.Context())
	zone := d.Cases.Catalogue().Zone()
	var out []sessionView
	for _, s := range open {
		text := m.words.T("desk.session_facts", "begun", m.words.MomentShort(s.Begun.In(zone)), "seen", m.words.MomentShort(s.Seen.In(zone)))
		out = append(out, sessionView{s.ID, text, s.This})
	}
	return out, err
}

func (d *Door) account(w http.ResponseWriter, r *http.Request, m me) error {
	return d.showAccount(w, r, m, nil)
}

func (d *Door) showAccount(w http.ResponseWriter, r *http.Request, m me, problem *fault.Fault) error {
	name, err := d.Identity.Name(r.Context(), m.ID)
	if err != nil {
		return err
	}
	k := newKeys()
	v := accountView{
		Name: name.Full, Temporary: m.Temporary, Fields: passwordFields(m),
		Save: k.button("password", m.words.T("desk.password_button"), false), Reach: k.button("email", m.words.T("desk.email_button"), true), Leave: k.button("logout", m.words.T("desk.logout"), true),
	}
	if v.Posts, err = d.posts(r, m); err != nil {
		return err
	}
	if v.Sessions, err = d.openSessions(r, m); err != nil {
		return err
	}
	if v.Email, err = d.emailField(r, m); err != nil {
		return err
	}
	v.Reached = r.Method == http.MethodGet && r.URL.Query().Get("saved") == "email"
	status := 0
	if problem != nil {
		status = problem.Status()
		v.mark(m, problem)
	}
	return d.page(w, r, m, view{Title: m.words.T("desk.account_title"), Body: accountPage(v), Status: status, Narrow: true})
}

// mark shows a fault at its field and at the top.
func (v *accountView) mark(m me, f *fault.Fault) {
	words := m.words.TMap(f.Key, f.Args)
	v.Errors = []errorsummary.Item{{Field: f.Field, Text: words}}
	if v.Email.ID == f.Field {
		v.Email.Error = words
	}
	for i := range v.Fields {
		if v.Fields[i].ID == f.Field {
			v.Fields[i].Error = words
		}
	}
}

// emailField asks where the officer is told what waits; what was typed stays.
func (d *Door) emailField(r *http.Request, m me) (field.View, error) {
	address, err := d.Identity.Email(r.Context(), m.ID)
	if r.PostForm.Has("email") {
		address = r.PostForm.Get("email")
	}
	return field.View{ID: "email", Label: m.words.T("desk.email"), Hint: m.words.T("desk.email_hint"), Value: address, Type: "email", Complete: "email", Optional: true, Max: 254}, err
}

// email sets that address.
func (d *Door) email(w http.ResponseWriter, r *http.Request, m me) error {
	err := d.Identity.SetEmail(r.Context(), m.ID, r.PostForm.Get("email"), m.ID)
	if fault.Is(err, fault.Invalid) {
		return d.showAccount(w, r, m, fault.Of(err))
	}
	if err != nil {
		return err
	}
	return redirect(w, r, "/desk/account?saved=email")
}

func passwordFields(m me) []field.View {
	t := m.words.T
	return []field.View{
		{ID: "old", Label: t("desk.password_old"), Type: "password", Complete: "current-password", Width: "m", Max: 800},
		{ID: "password", Label: t("desk.password_new"), Hint: t("desk.password_hint"), Type: "password", Complete: "new-password", Width: "m", Max: 800},
		{ID: "again", Label: t("desk.password_again"), Type: "password", Complete: "new-password", Width: "m", Max: 800},
	}
}

// posts are what is held now, with kind and dates.
func (d *Door) posts(r *http.Request, m me) (summary.View, error) {
	var out summary.View
	words := caseview.Words{Printer: m.words, Government: d.Cases.Government()}
	o, err := d.Identity.Officer(r.Context(), m.ID)
	if err != nil {
		return out, err
	}
	held := map[string]bool{}
	for _, p := range m.Posts {
		held[p.Unit+" "+p.Role] = true
	}
	for _, a := range o.Assignments {
		if !held[a.Unit+" "+a.Role] || !a.Ended.IsZero() {
			continue
		}
		facts := []string{m.words.T("desk.post_" + string(a.Kind)), m.words.T("desk.post_from", "from", m.words.DateOf(a.From))}
		if a.Until != "" {
			facts[1] = m.words.T("desk.post_dates", "from", m.words.DateOf(a.From), "until", m.words.DateOf(a.Until))
		}
		out.Rows = append(out.Rows, summary.Row{Label: words.Role(a.Role), Values: append([]string{words.Unit(a.Unit)}, facts...)})
	}
	return out, nil
}

// password changes the officer's own password and goes on under a new session.
func (d *Door) password(w http.ResponseWriter, r *http.Request, m me) error {
	if r.PostForm.Get("password") != r.PostForm.Get("again") {
		return d.showAccount(w, r, m, fault.New(fault.Invalid, "desk.password_differs").At("again"))
	}
	entry, err := d.Identity.ChangePassword(r.Context(), identity.NewPasswordOf{
		Officer: m.ID, Old: r.PostForm.Get("old"), New: r.PostForm.Get("password"), Address: d.Address(r),
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooMany) {
		return d.showAccount(w, r, m, fault.Of(err))
	}
	if err != nil {
		return err
	}
	if err := d.begin(r, entry); err != nil {
		return err
	}
	return redirect(w, r, "/desk")
}
