package desk

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/law/policy"
	"pendopo/web/component/actions"
	"pendopo/web/component/choice"
	"pendopo/web/component/date"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
	"pendopo/web/component/search"
)

// sought is the form by which a person without a code is looked for. It reads
// what is typed as every form does.
func sought() *form.Form {
	return form.New(&definition.Service{Form: definition.Form{Pages: []definition.Page{{ID: "person", Fields: []definition.Field{
		{ID: "name", Kind: definition.KindText, Optional: true},
		{ID: "birth_date", Kind: definition.KindDate, Optional: true, Before: "today"},
		{ID: "nik", Kind: definition.KindNIK, Optional: true},
		{ID: "phone", Kind: definition.KindPhone, Optional: true},
	}}}}}, nil)
}

// reasonsToLook are why somebody is looked for; each is a purpose of openings.
func reasonsToLook() []string { return []string{casework.PurposeFind, casework.PurposeMatch} }

// findView is the page of looking for a person, with what was found.
type findView struct {
	Code    search.View
	Unknown bool // the code that was asked for is nobody's
	Errors  []errorsummary.Item
	Fields  []field.View
	Birth   date.View
	Purpose choice.View
	Bar     []actions.Action
	Asked   bool // somebody was looked for
	More    bool
	Rows    []row
}

// find leads to a case by the code on somebody's slip; without one it is the
// page of looking for a person.
func (d *Door) find(w http.ResponseWriter, r *http.Request, m me) error {
	code := r.URL.Query().Get("q")
	c, err := d.Cases.Track(r.Context(), code)
	if err == nil {
		return redirect(w, r, "/desk/cases/"+d.Cases.Code(c.Stream))
	}
	if !fault.Is(err, fault.Unknown) {
		return err
	}
	if err := d.atAnyCounter(m); err != nil {
		return err
	}
	v := d.findForm(m, url.Values{}, nil)
	status := 0
	if v.Unknown = code != ""; v.Unknown {
		status = http.StatusNotFound
	}
	return d.page(w, r, m, view{Title: m.words.T("desk.person_title"), Body: findPage(v), Status: status})
}

// atAnyCounter admits whoever may type in somewhere.
func (d *Door) atAnyCounter(m me) error {
	if d.anywhere(m, policy.Enter, unitsOf(m)) {
		return nil
	}
	return fault.New(fault.Forbidden, "identity.forbidden")
}

// findPerson looks for somebody by what is known of them. What was typed comes
// in the body and is kept nowhere.
func (d *Door) findPerson(w http.ResponseWriter, r *http.Request, m me) error {
	if err := d.atAnyCounter(m); err != nil {
		return err
	}
	search, err := d.readSought(m, r.PostForm)
	var got casework.FoundCases
	if err == nil {
		got, err = d.Cases.Find(r.Context(), search)
	}
	f := fault.Of(err)
	if f != nil && f.Kind != fault.Invalid && f.Kind != fault.TooMany {
		return err
	}
	v, status := d.findForm(m, r.PostForm, f), 0
	if f != nil {
		status = f.Status()
	} else if v.Rows, err = d.rows(r.Context(), m, got.Cases); err != nil {
		return err
	}
	v.Asked, v.More = f == nil, got.More
	return d.page(w, r, m, view{Title: m.words.T("desk.person_title"), Body: findPage(v), Status: status})
}

// readSought reads the form; every fault is located.
func (d *Door) readSought(m me, typed url.Values) (casework.Search, error) {
	got, err := sought().ParsePage("person", typed, form.Answers{}, form.Env{Today: d.today()})
	faults := spreadOf(err)
	purpose := typed.Get("purpose")
	known := false
	for _, p := range reasonsToLook() {
		known = known || p == purpose
	}
	if !known {
		faults = append(faults, fault.New(fault.Invalid, "desk.person_purpose_missing").At("purpose"))
	}
	text := func(id string) string { s, _ := got[id].(string); return s }
	return casework.Search{
		Person:  casework.Person{Name: text("name"), NIK: text("nik"), Phone: text("phone"), Birth: text("birth_date")},
		Officer: m.ID, Purpose: purpose, See: d.seeing(m),
	}, fault.Join(faults)
}

// seeing lets through the cases whose state this officer may see.
func (d *Door) seeing(m me) func(context.Context, fold.Case) (fold.Holder, bool, error) {
	return func(ctx context.Context, c fold.Case) (fold.Holder, bool, error) {
		b, err := d.Cases.Catalogue().At(ctx, c.Definition)
		if err != nil {
			return fold.Holder{}, false, err
		}
		what := resource(c, b.Service)
		return capacity(m, what), d.may(m, policy.State, what), nil
	}
}

// findForm is the form as typed, with what to correct.
func (d *Door) findForm(m me, typed url.Values, f *fault.Fault) findView {
	t, k := m.words.T, newKeys()
	wrong := map[string]string{}
	v := findView{Code: search.View{ID: "code", Action: "/desk/find", Label: t("desk.find_label"), Button: t("desk.find_button")}}
	if f != nil {
		for _, one := range spread(f) {
			wrong[one.Field] = m.words.TMap(one.Key, one.Args)
			v.Errors = append(v.Errors, errorsummary.Item{Field: target(one.Field), Text: wrong[one.Field]})
		}
	}
	box := func(id, mode, width string, max int) field.View {
		return field.View{ID: id, Label: t("desk.person_" + id), Value: typed.Get(id), Error: wrong[id], Mode: mode, Width: width, Max: max, Complete: "off"}
	}
	name := box("name", "", "", 200)
	name.Hint = t("desk.person_name_hint")
	v.Fields = []field.View{name, box("nik", "numeric", "m", 24), box("phone", "tel", "m", 24)}
	v.Birth = date.View{View: field.View{ID: "birth_date", Label: t("desk.person_birth_date"), Error: wrong["birth_date"]},
		Day: typed.Get("birth_date-day"), Month: typed.Get("birth_date-month"), Year: typed.Get("birth_date-year")}
	v.Purpose = choice.View{View: field.View{ID: "purpose", Label: t("desk.person_purpose"), Error: wrong["purpose"]}}
	for _, p := range reasonsToLook() {
		v.Purpose.Options = append(v.Purpose.Options, choice.Option{ID: p, Text: t("desk.person_for_" + p), Chosen: typed.Get("purpose") == p})
	}
	v.Bar = k.button("find", t("desk.person_button"), false)
	return v
}

// target is where the list of what to correct leads to.
func target(id string) string {
	switch id {
	case "":
		return "name"
	case "purpose":
		return "purpose-1"
	case "birth_date":
		return caseview.Target(definition.Field{ID: id, Kind: definition.KindDate})
	}
	return id
}

// today is the day at the government.
func (d *Door) today() time.Time { return d.Now().In(d.Cases.Catalogue().Zone()) }
