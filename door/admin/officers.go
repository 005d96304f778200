package admin

import (
	"cmp"
	"net/http"
	"strings"

	"pendopo/engine/administration"
	"pendopo/engine/identity"
	"pendopo/kernel/fault"
	"pendopo/law/policy"
	"pendopo/web/component/choice"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
	"pendopo/web/component/table"
	"pendopo/web/component/tag"
)

// officersView lists the officers, asks for a new one, and what waits for a
// second administrator.
type officersView struct {
	List    table.View
	Asked   []requestView
	Fields  []field.View
	Errors  []errorsummary.Item
	Confirm field.View
	Made    *madeView
}

// madeView is a password that is shown once.
type madeView struct{ Name, Login, Password, Href string }

// requestView is a role that a second administrator must agree to.
type requestView struct {
	Action, Words, By string
	MayAgree          bool
	Confirm           field.View
}

func (d *Door) officers(w http.ResponseWriter, r *http.Request, m me) error {
	return d.showOfficers(w, r, m, nil, nil, 0)
}

func (d *Door) showOfficers(w http.ResponseWriter, r *http.Request, m me, problem fails, made *madeView, status int) error {
	if err := d.require(m, policy.Manage, policy.Government{}); err != nil {
		return err
	}
	all, err := d.Identity.Officers(m.ctx)
	if err != nil {
		return err
	}
	v := officersView{Made: made, Confirm: confirmField(m, problem["confirm"]), List: table.View{Caption: m.t("officers_list"), Empty: m.t("officers_none"),
		Columns: []table.Column{{Name: m.t("col_name")}, {Name: m.t("col_posts")}, {Name: m.t("col_state")}}}}
	names := d.people(m)
	for _, o := range all {
		var posts []string
		for _, p := range d.held(m, o) {
			posts = append(posts, d.post(m, p.Unit, p.Role))
		}
		said := strings.Join(posts, "; ")
		if said == "" {
			said = m.t("no_post")
		}
		v.List.Rows = append(v.List.Rows, []table.Cell{{Text: names.of(o.ID), Href: "/admin/officers/" + o.ID}, {Text: said}, {Show: tag.Tag(officerTag(m, o))}})
	}
	value := func(id string) string {
		if made != nil {
			return ""
		}
		return r.PostForm.Get(id)
	}
	for _, id := range []string{"name", "nip", "login"} {
		f := field.View{ID: id, Label: m.t("officer_" + id), Value: value(id), Error: problem[id], Optional: id == "nip", Max: 200}
		if id != "name" {
			f.Width = "m"
		}
		if id == "login" {
			f.Hint = m.t("officer_login_hint")
		}
		v.Fields = append(v.Fields, f)
	}
	for at, words := range problem {
		v.Errors = append(v.Errors, errorsummary.Item{Field: at, Text: words})
	}
	if v.Asked, err = d.asked(m, names); err != nil {
		return err
	}
	return d.page(w, r, m, view{Title: m.t("officers_title"), Body: officersPage(v), Status: status})
}

func officerTag(m me, o identity.Officer) tag.View {
	switch {
	case o.Disabled:
		return tag.View{Kind: tag.Bad, Text: m.t("officer_disabled")}
	case o.Temporary:
		return tag.View{Kind: tag.Wait, Text: m.t("officer_temporary")}
	}
	return tag.View{Kind: tag.Good, Text: m.t("officer_active")}
}

// post is a role at a unit in words.
func (d *Door) post(m me, unit, role string) string {
	g := d.Cases.Government()
	if u := g.Unit(unit); u != nil {
		unit = m.words.Of(u.Name)
	}
	if r := g.Role(role); r != nil {
		role = m.words.Of(r.Name)
	}
	return role + ", " + unit
}

func (d *Door) asked(m me, names people) (out []requestView, err error) {
	list, err := d.Admin.Asked(m.ctx)
	for _, a := range list {
		words := m.t("request_words", "who", names.of(a.Officer), "post", d.post(m, a.Unit, a.Role), "from", m.words.DateOf(a.From))
		out = append(out, requestView{"/admin/requests/" + a.ID, words, m.t("request_by", "who", names.of(a.By), "at", d.moment(m, a.At)),
			a.By != m.ID && a.Officer != m.ID, field.View{ID: "confirm-" + a.ID, Name: "confirm", Label: m.t("confirm"), Type: "password", Complete: "current-password", Width: "m", Max: 800}})
	}
	return out, err
}

// addOfficer adds one and shows the password, once.
func (d *Door) addOfficer(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Manage, policy.Government{}); err != nil {
		return err
	}
	n := identity.NewOfficer{Name: identity.Name{Full: strings.TrimSpace(r.PostForm.Get("name")), NIP: strings.TrimSpace(r.PostForm.Get("nip"))},
		Login: r.PostForm.Get("login"), Password: identity.NewPassword(), Actor: m.ID}
	err := d.confirm(r, m)
	var id string
	if err == nil {
		id, err = d.Identity.Create(m.ctx, n)
	}
	if err != nil {
		words, status, err := refused(m, err)
		if err != nil {
			return err
		}
		return d.showOfficers(w, r, m, words, nil, status)
	}
	return d.showOfficers(w, r, m, nil, &madeView{n.Name.Full, strings.ToLower(strings.TrimSpace(n.Login)), n.Password, "/admin/officers/" + id}, 0)
}

// personView is one officer.
type personView struct {
	ID, Action, Name, NIP, Login string
	State                        []string
	Tag                          tag.View
	Posts                        []postView
	Past                         table.View
	History                      table.View
	Unit, Role, Kind             choice.View
	Dates                        []field.View
	Rename                       []field.View
	Email                        field.View
	Confirm                      func(id string) field.View
	Errors                       []errorsummary.Item
	Broken                       string // the form that something is wrong with: what it does, or the post it ends
	Disabled, Own                bool
	Made                         *madeView
	Done                         string
}

// postView is one assignment.
type postView struct{ ID, Words, Facts string }

func (d *Door) person(w http.ResponseWriter, r *http.Request, m me) error {
	return d.showPerson(w, r, m, nil, nil, 0)
}

func (d *Door) showPerson(w http.ResponseWriter, r *http.Request, m me, problem fails, made *madeView, status int) error {
	id := r.PathValue("id")
	if err := d.require(m, policy.Manage, policy.Government{}); err != nil {
		return err
	}
	o, err := d.Identity.Officer(m.ctx, id)
	if err != nil {
		return err
	}
	who, err := d.Identity.Name(m.ctx, id)
	if err != nil {
		return err
	}
	login, err := d.Identity.LoginName(m.ctx, id)
	if err != nil {
		return err
	}
	v := personView{ID: id, Action: "/admin/officers/" + id, Name: who.Full, NIP: who.NIP, Login: login, Tag: officerTag(m, o), Disabled: o.Disabled,
		Own: id == m.ID, Made: made}
	if k := r.URL.Query().Get("done"); m.words.Has("admin.done_" + k) {
		v.Done = m.t("done_" + k)
	}
	if problem != nil {
		v.Broken = cmp.Or(r.PostForm.Get("assignment"), r.PostForm.Get("do"))
	}
	v.Confirm = func(form string) field.View {
		f := confirmField(m, "")
		if f.ID, f.Name = "confirm-"+form, "confirm"; v.Broken == form {
			f.Error = problem["confirm"]
		}
		return f
	}
	d.posts(m, &v, o)
	d.questions(r, m, &v, problem)
	if v.Email, err = d.emailField(r, m, id, problem["email"]); err != nil {
		return err
	}
	for at, words := range problem {
		if at == "confirm" {
			at += "-" + v.Broken
		}
		v.Errors = append(v.Errors, errorsummary.Item{Field: at, Text: words})
	}
	if err := d.history(m, &v); err != nil {
		return err
	}
	return d.page(w, r, m, view{Title: v.Name, Body: personPage(v), Status: status})
}

// posts are the assignments that stand, and those that ended.
func (d *Door) posts(m me, v *personView, o identity.Officer) {
	v.Past = table.View{Caption: m.t("posts_past"), Columns: []table.Column{{Name: m.t("col_post")}, {Name: m.t("col_days")}}}
	for _, a := range o.Assignments {
		facts := m.t("kind_"+string(a.Kind)) + ", " + m.t("post_from", "from", m.words.DateOf(a.From))
		if a.Until != "" {
			facts = m.t("kind_"+string(a.Kind)) + ", " + m.t("post_dates", "from", m.words.DateOf(a.From), "until", m.words.DateOf(a.Until))
		}
		if a.Ended.IsZero() {
			v.Posts = append(v.Posts, postView{a.ID, d.post(m, a.Unit, a.Role), facts})
			continue
		}
		v.Past.Rows = append(v.Past.Rows, []table.Cell{{Text: d.post(m, a.Unit, a.Role)}, {Text: facts + ", " + m.t("post_ended", "at", d.moment(m, a.Ended))}})
	}
}

// questions are the forms of an officer's page, with what was typed.
func (d *Door) questions(r *http.Request, m me, v *personView, problem fails) {
	g := d.Cases.Government()
	typed := func(id, usual string) string {
		if r.PostForm.Has(id) {
			return r.PostForm.Get(id)
		}
		return usual
	}
	pick := func(id, label string) choice.View {
		return choice.View{View: field.View{ID: id, Label: m.t(label), Error: problem[id]}, Blank: m.t("none")}
	}
	v.Unit, v.Role, v.Kind = pick("unit", "f_unit"), pick("role", "f_role"), pick("kind", "f_kind")
	for _, u := range g.Units {
		v.Unit.Options = append(v.Unit.Options, choice.Option{ID: u.ID, Text: m.words.Of(u.Name), Chosen: u.ID == typed("unit", "")})
	}
	for _, role := range g.Roles {
		v.Role.Options = append(v.Role.Options, choice.Option{ID: role.ID, Text: m.words.Of(role.Name), Chosen: role.ID == typed("role", "")})
	}
	for _, k := range []identity.Kind{identity.Definitive, identity.Plt, identity.Plh} {
		v.Kind.Options = append(v.Kind.Options, choice.Option{ID: string(k), Text: m.t("kind_" + string(k)), Chosen: string(k) == typed("kind", "definitive")})
	}
	today := d.Now().In(d.Cases.Catalogue().Zone()).Format("2006-01-02")
	v.Dates = []field.View{
		{ID: "from", Label: m.t("f_from"), Hint: m.t("h_date"), Value: typed("from", today), Width: "m", Max: 10, Error: problem["from"]},
		{ID: "until", Label: m.t("f_until"), Hint: m.t("h_until"), Value: typed("until", ""), Width: "m", Max: 10, Optional: true, Error: problem["until"]},
		{ID: "mandate", Label: m.t("f_mandate"), Hint: m.t("h_mandate"), Value: typed("mandate", ""), Max: 300, Optional: true, Error: problem["mandate"]},
	}
	v.Rename = []field.View{
		{ID: "name", Label: m.t("officer_name"), Value: typed("name", v.Name), Max: 200, Error: problem["name"]},
		{ID: "nip", Label: m.t("officer_nip"), Value: typed("nip", v.NIP), Width: "m", Max: 18, Optional: true, Error: problem["nip"]},
	}
}

// emailField asks where an officer is told each working morning what waits. The
// address that is known is not shown: only how it begins, and its domain.
func (d *Door) emailField(r *http.Request, m me, id, problem string) (field.View, error) {
	address, err := d.Identity.Email(m.ctx, id)
	hint := m.t("email_none")
	if address != "" {
		hint = m.t("email_known", "address", masked(address))
	}
	return field.View{ID: "email", Label: m.t("f_email"), Hint: hint, Value: r.PostForm.Get("email"), Type: "email", Complete: "off", Optional: true, Max: 254, Error: problem}, err
}

// masked is an e-mail address of which its owner knows that it is theirs, and
// nobody else can write to.
func masked(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	if len(local) < 3 {
		local = ""
	}
	return local[:min(1, len(local))] + "•••@" + domain
}

// history are an officer's own events.
func (d *Door) history(m me, v *personView) error {
	all, err := d.Identity.Deeds(m.ctx, mostDeeds)
	if err != nil {
		return err
	}
	names := d.people(m)
	v.History = table.View{Caption: m.t("history"), Columns: []table.Column{{Name: m.t("col_when")}, {Name: m.t("col_what")}, {Name: m.t("col_who")}}}
	for _, e := range all {
		if e.Officer == v.ID {
			v.History.Rows = append(v.History.Rows, []table.Cell{{Text: d.moment(m, e.At)}, {Text: d.officerDeed(m, e)}, {Text: names.of(e.Actor)}})
		}
	}
	return nil
}

func (d *Door) officerDeed(m me, e identity.Deed) string {
	if e.Unit == "" {
		return m.t(e.Kind)
	}
	return m.t(e.Kind) + ": " + d.post(m, e.Unit, e.Role)
}

// changePerson does one thing to an officer, after the password.
func (d *Door) changePerson(w http.ResponseWriter, r *http.Request, m me) error {
	id, do := r.PathValue("id"), r.PostForm.Get("do")
	if err := d.require(m, policy.Manage, policy.Person{ID: id}); err != nil {
		return err
	}
	made, err := d.doPerson(r, m, id, do)
	if err != nil {
		words, status, err := refused(m, err)
		if err != nil {
			return err
		}
		return d.showPerson(w, r, m, words, nil, status)
	}
	if made != nil {
		return d.showPerson(w, r, m, nil, made, 0)
	}
	if do == "assign" && !d.may(m, policy.AssignAlone, policy.Duty{Role: r.PostForm.Get("role")}) {
		do = "asked"
	}
	return redirect(w, r, "/admin/officers/"+id+"?done="+do)
}

func (d *Door) doPerson(r *http.Request, m me, id, do string) (*madeView, error) {
	form := r.PostForm
	if err := d.confirm(r, m); err != nil {
		return nil, err
	}
	switch do {
	case "password":
		return d.newPassword(m, id)
	case "disable":
		return nil, d.Identity.Disable(m.ctx, id, m.ID)
	case "enable":
		return nil, d.Identity.Enable(m.ctx, id, m.ID)
	case "rename":
		return nil, d.Identity.Rename(m.ctx, id, identity.Name{Full: strings.TrimSpace(form.Get("name")), NIP: strings.TrimSpace(form.Get("nip"))}, m.ID)
	case "email":
		return nil, d.Identity.SetEmail(m.ctx, id, form.Get("email"), m.ID)
	case "unassign":
		return nil, d.Identity.Unassign(m.ctx, id, form.Get("assignment"), m.ID)
	case "assign":
		return nil, d.assign(r, m, id)
	}
	return nil, fault.New(fault.Invalid, "admin.choose")
}

// newPassword gives an officer a new password. Whoever sets it can log in with
// it: that of somebody whose role takes two persons to give is not one
// administrator's to set, or one would be two.
func (d *Door) newPassword(m me, id string) (*madeView, error) {
	o, err := d.Identity.Officer(m.ctx, id)
	if err != nil {
		return nil, err
	}
	for _, a := range o.Assignments {
		if a.Ended.IsZero() && !d.may(m, policy.AssignAlone, policy.Duty{Role: a.Role}) {
			return nil, fault.New(fault.Conflict, "admin.password_of_two")
		}
	}
	password := identity.NewPassword()
	if err := d.Identity.SetPassword(m.ctx, id, password, m.ID); err != nil {
		return nil, err
	}
	login, err := d.Identity.LoginName(m.ctx, id)
	return &madeView{Login: login, Password: password}, err
}

// assign gives a role, or asks for a second administrator where the policies
// want two.
func (d *Door) assign(r *http.Request, m me, id string) error {
	form := r.PostForm
	a := identity.Assignment{Unit: form.Get("unit"), Role: form.Get("role"), Kind: identity.Kind(form.Get("kind")),
		From: strings.TrimSpace(form.Get("from")), Until: strings.TrimSpace(form.Get("until"))}
	if d.Cases.Government().Role(a.Role) == nil || d.may(m, policy.AssignAlone, policy.Duty{Role: a.Role}) {
		_, err := d.Identity.Assign(m.ctx, id, a, strings.TrimSpace(form.Get("mandate")), m.ID)
		return err
	}
	if err := d.Identity.CheckAssignment(a); err != nil {
		return err
	}
	return d.Admin.Ask(m.ctx, administration.WaitingAssignment{Officer: id, Unit: a.Unit, Role: a.Role, Kind: string(a.Kind), From: a.From, Until: a.Until, By: m.ID})
}

// settle agrees to a role that another administrator asked for, or refuses it.
func (d *Door) settle(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.require(m, policy.Manage, policy.Government{}); err != nil {
		return err
	}
	agree := r.PostForm.Get("do") == "agree"
	err := d.confirm(r, m)
	if err == nil {
		err = d.doSettle(r, m, agree)
	}
	if err != nil {
		words, status, err := refused(m, err)
		if err != nil {
			return err
		}
		return d.showOfficers(w, r, m, words, nil, status)
	}
	return redirect(w, r, "/admin/officers")
}

func (d *Door) doSettle(r *http.Request, m me, agree bool) error {
	a, err := d.Admin.Settle(m.ctx, r.PathValue("id"), m.ID, agree)
	if err != nil || !agree {
		return err
	}
	_, err = d.Identity.Assign(m.ctx, a.Officer, identity.Assignment{Unit: a.Unit, Role: a.Role, Kind: identity.Kind(a.Kind), From: a.From, Until: a.Until}, "", a.By+"+"+m.ID)
	return err
}

// held are the posts of an officer today.
func (d *Door) held(m me, o identity.Officer) []policy.Post {
	who, err := d.Identity.Principal(m.ctx, o.ID)
	if err != nil {
		return nil
	}
	return who.Posts
}
