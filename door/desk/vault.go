package desk

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/law/policy"
	"pendopo/web/component/actions"
	"pendopo/web/component/choice"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
	"pendopo/web/component/summary"
)

// Who told a matter is kept apart from what was told. Two addresses of this door
// show it, and no other does: identity, where the reporter does not mind, for
// whoever may open the case; and the vault, where two guards together open it.

// tellerView says on the case page whether it may be seen who told it.
type tellerView struct {
	Anonymous bool
	Action    string // shows it; empty = not for this officer
	Bar       []actions.Action
}

// teller is nil where who told it is part of the case, as elsewhere.
func (d *Door) teller(r *http.Request, x *matter) (*tellerView, error) {
	if x.c.Vault == "" || x.c.Shredded {
		return nil, nil
	}
	anonymous, err := d.Cases.Anonymous(r.Context(), x.c)
	if err != nil {
		return nil, err
	}
	v := &tellerView{Anonymous: anonymous}
	if !anonymous && x.file != nil {
		text := x.me.words.T("desk.teller_show")
		v.Action, v.Bar = x.at("/identity"), []actions.Action{{Name: "do", Value: "show", Text: text, Key: x.keys.take(text), Quiet: true}}
	}
	return v, nil
}

// identity shows who told a case, to whoever may open it and presses for it. The
// engine records it first, and refuses where the reporter is anonymous.
func (d *Door) identity(w http.ResponseWriter, r *http.Request, m me) error {
	x, err := d.matter(r, m)
	if err != nil {
		return err
	}
	p := d.purpose(m, x.what)
	if err := d.mayOpen(m, x.what, p); err != nil {
		return err
	}
	told, err := d.Cases.Identity(r.Context(), x.c.Stream, casework.Reader{Actor: m.ID, By: capacity(m, x.what), Purpose: casework.PurposeIdentity})
	if err != nil {
		return err
	}
	return d.page(w, r, m, view{Title: m.words.T("desk.teller_title"), Narrow: true,
		Body: tellerPage(toldView{Code: x.code, Base: x.at(""), Rows: x.told(told)})})
}

// toldView is who told a case: shown once, and kept by no browser.
type toldView struct {
	Code, Base string
	Vault      bool // by two guards
	Rows       summary.View
}

// told are the answers of the vault, in the order of the form.
func (x *matter) told(answers form.Answers) (v summary.View) {
	for _, p := range x.b.Service.Form.Pages {
		for _, f := range definition.Asked(p.Fields) {
			if !f.Vault {
				continue
			}
			row := summary.Row{Label: x.me.words.Of(f.Label)}
			if text := x.b.Form.Show(*f, answers[f.ID], x.me.words.Lang(), x.me.words); text != "" {
				row.Values = []string{text}
			}
			v.Rows = append(v.Rows, row)
		}
	}
	return v
}

// vaultView asks two guards for the reason of an opening.
type vaultView struct {
	Code    string
	Action  string
	Errors  []errorsummary.Item
	Reasons choice.View
	Fields  []field.View
	Bar     []actions.Action
}

// vaultMatter is a case before one of the guards. A guard follows no case: all
// they may know is that there is one with a vault.
func (d *Door) vaultMatter(r *http.Request, m me) (*matter, error) {
	c, err := d.Cases.Track(r.Context(), r.PathValue("code"))
	if err != nil {
		return nil, err
	}
	b, err := d.Cases.Catalogue().At(r.Context(), c.Definition)
	if err != nil {
		return nil, err
	}
	m = m.about(r, b.Service)
	x := &matter{me: m, c: c, b: b, what: resource(c, b.Service), code: d.Cases.Code(c.Stream), now: d.Now(), keys: newKeys()}
	x.words = d.wordsFor(m, b.Service, c.Unit)
	return x, d.guarded(r, x)
}

// guarded refuses whoever does not guard the vault of a case now. Why, and that
// nobody is left to, is for guards alone to know.
func (d *Door) guarded(r *http.Request, x *matter) error {
	lock, err := d.vaultOf(r, x)
	if err != nil && !fault.Is(err, fault.Forbidden) {
		return err
	}
	refused := d.require(x.me, policy.Identify, lock)
	switch {
	case refused != nil && !d.guards(x.me):
		return refused
	case err == nil && fault.Is(refused, fault.Forbidden):
		return fault.New(fault.Forbidden, "casework.not_guard")
	}
	return cmp.Or(err, refused)
}

// vaultOf is the vault of a case, as far as the policies need it. A case without
// one is as unknown as one that is not there.
func (d *Door) vaultOf(r *http.Request, x *matter) (policy.Vault, error) {
	v := x.b.Service.Vault
	if v == nil || x.c.Vault == "" {
		return policy.Vault{}, fault.New(fault.Unknown, "casework.no_vault")
	}
	post, units, err := d.Cases.Guarding(r.Context(), x.c, v)
	return policy.Vault{Case: x.c.Stream, Units: units, Guard: policy.Post{Unit: post.Unit, Role: post.Role}}, err
}

// guards says whether this officer is a guard of some case of any service.
func (d *Door) guards(m me) bool {
	for _, b := range d.Cases.Catalogue().Services() {
		if v := b.Service.Vault; v != nil && slices.ContainsFunc(v.Guard, func(a definition.Actor) bool {
			return d.may(m, policy.Identify, policy.Vault{Guard: policy.Post{Unit: a.Unit, Role: a.Role}})
		}) {
			return true
		}
	}
	return false
}

// vaultDoor asks a guard for the code of a case.
func (d *Door) vaultDoor(w http.ResponseWriter, r *http.Request, m me) error {
	if !d.guards(m) {
		return d.require(m, policy.Identify, policy.Vault{})
	}
	code := r.URL.Query().Get("code")
	if c, err := d.Cases.Track(r.Context(), code); err == nil && c.Vault != "" {
		return redirect(w, r, "/desk/cases/"+d.Cases.Code(c.Stream)+"/vault")
	}
	p := m.words
	box := field.View{ID: "code", Label: p.About("report").T("component.code"), Value: code, Width: "m", Max: 40, Complete: "off"}
	if code != "" {
		box.Error = p.T("casework.no_vault")
	}
	text := p.T("desk.vault_go")
	return d.page(w, r, m, view{Title: p.T("desk.vault_title"), Narrow: true, Body: vaultDoorPage(box, []actions.Action{{Name: "go", Value: "1", Text: text, Key: newKeys().take(text)}})})
}

func (d *Door) vault(w http.ResponseWriter, r *http.Request, m me) error {
	x, err := d.vaultMatter(r, m)
	if err != nil {
		return err
	}
	return d.showVault(w, r, x, url.Values{}, nil)
}

func (d *Door) showVault(w http.ResponseWriter, r *http.Request, x *matter, typed url.Values, f *fault.Fault) error {
	p := x.me.words
	text := p.T("desk.vault_open")
	v := vaultView{Code: x.code, Action: x.base() + "/vault", Bar: []actions.Action{{Name: "do", Value: "open", Text: text, Key: x.keys.take(text), Grave: true}}}
	v.Reasons = choice.View{View: field.View{ID: "reason", Label: p.T("desk.vault_reason"), Error: x.wordsAt(f, "reason")}}
	for _, r := range x.b.Service.Vault.Reasons {
		v.Reasons.Options = append(v.Reasons.Options, choice.Option{ID: r.ID, Text: p.Of(r.Text), Hint: r.Basis, Chosen: typed.Get("reason") == r.ID})
	}
	v.Fields = []field.View{
		{ID: "words", Label: p.T("desk.vault_words"), Hint: p.T("desk.vault_words_hint"), Rows: 4, Max: flow.MostMessage, Value: typed.Get("words"), Error: x.wordsAt(f, "words")},
		{ID: "second", Label: p.T("desk.vault_second"), Value: typed.Get("second"), Complete: "off", Width: "m", Max: 200, Error: x.wordsAt(f, "second")},
		{ID: "second-password", Label: p.T("desk.vault_second_password"), Type: "password", Complete: "off", Width: "m", Max: 800},
	}
	status := 0
	if f != nil {
		status = f.Status()
		for _, one := range spread(f) {
			at := map[string]string{"reason": "reason-1", "words": "words"}[one.Field]
			if at == "" {
				at = "second"
			}
			v.Errors = append(v.Errors, errorsummary.Item{Field: at, Text: p.TMap(one.Key, one.Args)})
		}
	}
	return d.page(w, r, x.me, view{Title: p.T("desk.vault_title"), Body: vaultPage(v), Status: status, Narrow: true})
}

// openVault opens who told a case to two guards: the one who is logged in, and a
// second who shows who they are. Each is asked for by the policies, and again by
// the engine, which writes the event before it opens anything.
func (d *Door) openVault(w http.ResponseWriter, r *http.Request, m me) error {
	x, err := d.vaultMatter(r, m)
	if err != nil {
		return err
	}
	v := r.PostForm
	lock, err := d.vaultOf(r, x)
	if err != nil {
		return err
	}
	post := fold.Holder{Who: "role", Role: lock.Guard.Role, Unit: lock.Guard.Unit}
	second, err := d.secondOf(r, m, policy.Identify, lock, "desk.vault_second_other")
	var told form.Answers
	if err == nil {
		told, err = d.Cases.OpenVault(r.Context(), casework.VaultOpening{Stream: x.c.Stream, Reason: v.Get("reason"), Words: clean(v.Get("words"), flow.MostMessage),
			Guards: [2]casework.Guard{{Officer: m.ID, By: post}, {Officer: second, By: post}}})
	}
	if f := fault.Of(err); f != nil {
		if f.Kind != fault.Invalid && f.Kind != fault.TooMany {
			return err
		}
		v.Del("second-password")
		return d.showVault(w, r, x, v, f)
	}
	return d.page(w, r, m, view{Title: m.words.T("desk.teller_title"), Narrow: true, Body: tellerPage(toldView{Code: x.code, Base: "/desk/vault", Vault: true, Rows: x.told(told)})})
}
