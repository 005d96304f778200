package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/kernel/fault"
	"pendopo/law/fold"
	"pendopo/law/policy"
	"pendopo/web/component/actions"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
	"pendopo/web/component/table"
)

// What a supervisor looks at: cases due within soonDays working days, and what
// was answered in the last week. mostPressing bounds the lists of cases.
const (
	soonDays     = 2
	week         = 7 * 24 * time.Hour
	mostPressing = 60
)

// unitView is the supervisor's page of a unit.
type unitView struct {
	Unit     string
	Others   []slipLink // further units of the same supervisor
	Standing string     // by which order the unit stands still; empty when it works
	Late     []row
	Soon     []row
	Load     table.View
	Pace     table.View
	People   table.View
	Order    orderView
}

// orderView lets a unit stand still, or work again: the word of two.
type orderView struct {
	Unit, Title, Text string
	Errors            []errorsummary.Item
	Fields            []field.View
	Bar               []actions.Action
	Open              bool
}

// unit shows a unit to whoever answers for it.
func (d *Door) unit(w http.ResponseWriter, r *http.Request, m me) error {
	return d.showUnit(w, r, m, r.URL.Query().Get("unit"), url.Values{}, nil)
}

// supervised are the units of which this officer may see the supervisor's page.
func (d *Door) supervised(m me) []string {
	return slices.DeleteFunc(unitsOf(m), func(u string) bool { return !d.may(m, policy.Oversee, policy.Office{Unit: u}) })
}

func (d *Door) showUnit(w http.ResponseWriter, r *http.Request, m me, unit string, typed url.Values, f *fault.Fault) error {
	all := d.supervised(m)
	if unit == "" && len(all) > 0 {
		unit = all[0]
	}
	if err := d.require(m, policy.Oversee, policy.Office{Unit: unit}); err != nil {
		return err
	}
	ctx, words := r.Context(), caseview.Words{Printer: m.words, Government: d.Cases.Government()}
	v := unitView{Unit: words.Unit(unit)}
	for _, u := range all {
		if u != unit {
			v.Others = append(v.Others, slipLink{Href: "/desk/unit?unit=" + url.QueryEscape(u), Text: words.Unit(u)})
		}
	}
	order, since, err := d.Cases.Standing(ctx, unit)
	if err != nil {
		return err
	}
	if order != nil {
		v.Standing = m.words.T("desk.unit_stands", "moment", m.words.Moment(since.In(d.zone(unit))), "evidence", order.Evidence, "by", d.both(ctx, order.By))
	}
	if err := errors.Join(d.pressingOf(ctx, m, unit, &v), d.loads(ctx, m, unit, &v), d.people(ctx, m, unit, &v)); err != nil {
		return err
	}
	status := 0
	if v.Order = d.orderForm(m, unit, order != nil, typed, f); f != nil {
		status = f.Status()
	}
	return d.page(w, r, m, view{Title: m.words.T("desk.unit_title"), Body: unitPage(v), Status: status})
}

// both names the two of an order.
func (d *Door) both(ctx context.Context, by [2]string) string {
	known := map[string]string{}
	return d.name(ctx, known, by[0]) + ", " + d.name(ctx, known, by[1])
}

// pressingOf are the cases of a unit that are late, and those that soon will be.
func (d *Door) pressingOf(ctx context.Context, m me, unit string, v *unitView) error {
	var posts []fold.Holder
	for _, r := range d.Cases.Government().Roles {
		posts = append(posts, fold.Holder{Who: "role", Unit: unit, Role: r.ID})
	}
	got, err := d.Cases.List(ctx, casework.Worklist{Posts: posts, Limit: mostPressing})
	if err != nil {
		return err
	}
	clock, err := d.Cases.Catalogue().Clock(unit)
	if err != nil {
		return err
	}
	var late, soon []fold.Case
	for _, c := range got.Cases {
		dl, running := pressing(c)
		switch {
		case !running:
		case dl.State == fold.Missed || d.Now().After(dl.Due):
			late = append(late, c)
		case clock.WorkingDaysLeft(d.Now(), dl.Due) <= soonDays:
			soon = append(soon, c)
		}
	}
	if v.Late, err = d.rows(ctx, m, late); err == nil {
		v.Soon, err = d.rows(ctx, m, soon)
	}
	return err
}

// loads are the open work of each role, by how many share it, and how long the
// open work of each service takes at the pace of last week.
func (d *Door) loads(ctx context.Context, m me, unit string, v *unitView) error {
	t, n := m.words.T, func(n int64) table.Cell { return table.Cell{Text: m.words.Number(n)} }
	words := caseview.Words{Printer: m.words, Government: d.Cases.Government()}
	work, err := d.Cases.UnitLoad(ctx, unit, d.soonAt(unit))
	if err != nil {
		return err
	}
	v.Load = table.View{Caption: t("desk.load_title"), Empty: t("desk.load_none"), Columns: []table.Column{{Name: t("desk.load_role")}, {Name: t("desk.counts_service")},
		{Name: t("desk.counts_open"), Number: true}, {Name: t("desk.load_officers"), Number: true}, {Name: t("desk.load_each"), Number: true},
		{Name: t("desk.counts_late"), Number: true}, {Name: t("desk.load_soon"), Number: true}}}
	open := map[string]int64{}
	for _, l := range work {
		held, err := d.Identity.Holders(ctx, unit, l.Role, d.Now())
		if err != nil {
			return err
		}
		each := table.Cell{Text: t("desk.load_nobody")}
		if len(held) > 0 {
			each = n((l.Open + int64(len(held)) - 1) / int64(len(held)))
		}
		v.Load.Rows = append(v.Load.Rows, []table.Cell{{Text: words.Role(l.Role)}, {Text: d.serviceName(m, l.Service)}, n(l.Open), n(int64(len(held))), each, n(l.Late), n(l.Soon)})
		open[l.Service] += l.Open
	}
	answered, err := d.Cases.Answered(ctx, unit, d.Now().Add(-week))
	if err != nil {
		return err
	}
	v.Pace = d.paceOf(m, open, answered)
	return nil
}

// paceOf sets the answers of last week beside what is open.
func (d *Door) paceOf(m me, open, answered map[string]int64) table.View {
	t := m.words.T
	out := table.View{Caption: t("desk.pace_title"), Empty: t("desk.load_none"), Columns: []table.Column{{Name: t("desk.counts_service")},
		{Name: t("desk.pace_week"), Number: true}, {Name: t("desk.counts_open"), Number: true}, {Name: t("desk.pace_ahead"), Number: true}}}
	for _, b := range d.Cases.Catalogue().Services() {
		o, a := open[b.Service.ID], answered[b.Service.ID]
		if o == 0 && a == 0 {
			continue
		}
		ahead := t("desk.pace_unknown")
		if o == 0 {
			ahead = t("desk.pace_done")
		} else if a > 0 {
			ahead = t("desk.days", "n", int((o*7+a-1)/a))
		}
		out.Rows = append(out.Rows, []table.Cell{{Text: m.words.Of(b.Service.Name)}, {Text: m.words.Number(a)}, {Text: m.words.Number(o)}, {Text: ahead}})
	}
	return out
}

// soonAt is the end of the day that is soonDays working days ahead.
func (d *Door) soonAt(unit string) time.Time {
	at := d.Now()
	clock, err := d.Cases.Catalogue().Clock(unit)
	for i := 0; err == nil && i < soonDays; i++ {
		at = clock.NextWorkingDayEnd(at)
	}
	return at
}

// people are who holds what at a unit, with the dates of mandates; those that
// are over are left out.
func (d *Door) people(ctx context.Context, m me, unit string, v *unitView) error {
	t, words := m.words.T, caseview.Words{Printer: m.words, Government: d.Cases.Government()}
	v.People = table.View{Caption: t("desk.people_title"), Empty: t("desk.people_none"), Columns: []table.Column{
		{Name: t("desk.people_who")}, {Name: t("desk.load_role")}, {Name: t("desk.people_kind")}, {Name: t("desk.people_dates")}, {Name: t("desk.people_state")}}}
	officers, err := d.Identity.Officers(ctx)
	if err != nil {
		return err
	}
	names, today := map[string]string{}, d.Now().In(d.zone(unit)).Format(time.DateOnly)
	for _, o := range officers {
		for _, a := range o.Assignments {
			if a.Unit != unit || !a.Ended.IsZero() || a.Until != "" && a.Until < today {
				continue
			}
			dates := t("desk.post_from", "from", m.words.DateOf(a.From))
			if a.Until != "" {
				dates = t("desk.post_dates", "from", m.words.DateOf(a.From), "until", m.words.DateOf(a.Until))
			}
			v.People.Rows = append(v.People.Rows, []table.Cell{{Text: d.name(ctx, names, o.ID)}, {Text: words.Role(a.Role)}, {Text: t("desk.post_" + string(a.Kind))},
				{Text: dates}, {Text: t("desk.people_" + standing(o, a, today))}})
		}
	}
	return nil
}

// standing says how an assignment stands today.
func standing(o identity.Officer, a identity.Assignment, today string) string {
	switch {
	case !o.MayLogIn():
		return "disabled"
	case a.From > today:
		return "coming"
	}
	return "holds"
}

// orderForm is the form by which two let the unit stand still or work again.
func (d *Door) orderForm(m me, unit string, stands bool, typed url.Values, f *fault.Fault) orderView {
	t := m.words.T
	v := orderView{Unit: unit, Title: t("desk.suspend_title"), Text: t("desk.suspend_text"), Open: f != nil}
	do, label := "suspend", t("desk.suspend")
	if stands {
		v.Title, v.Text, do, label = t("desk.unsuspend_title"), t("desk.unsuspend_text"), "unsuspend", t("desk.unsuspend")
	} else {
		v.Fields = append(v.Fields, field.View{ID: "evidence", Label: t("desk.suspend_evidence"), Hint: t("desk.suspend_evidence_hint"), Value: typed.Get("evidence"), Max: 200})
	}
	v.Fields = append(v.Fields,
		field.View{ID: "second", Label: t("desk.second_login"), Value: typed.Get("second"), Complete: "off", Width: "m", Max: 200},
		field.View{ID: "second-password", Label: t("desk.second_password"), Type: "password", Complete: "off", Width: "m", Max: 800})
	v.Bar = []actions.Action{{Name: "do", Value: do, Text: label, Key: newKeys().take(label), Grave: !stands}}
	if f == nil {
		return v
	}
	for _, one := range spread(f) {
		words := m.words.TMap(one.Key, one.Args)
		at := slices.IndexFunc(v.Fields, func(x field.View) bool { return x.ID == one.Field })
		if at < 0 {
			at = len(v.Fields) - 2
		}
		v.Fields[at].Error = words
		v.Errors = append(v.Errors, errorsummary.Item{Field: v.Fields[at].ID, Text: words})
	}
	return v
}

// suspend lets the clocks of a unit stand, or run on again: by the officer who
// is logged in, and a second one of the unit who shows who they are.
func (d *Door) suspend(w http.ResponseWriter, r *http.Request, m me) error {
	v := r.PostForm
	unit := v.Get("unit")
	if err := d.require(m, policy.Oversee, policy.Office{Unit: unit}); err != nil {
		return err
	}
	second, err := d.secondOf(r, m, policy.List, policy.Office{Unit: unit}, "desk.second_other")
	if err == nil {
		_, err = d.Cases.Suspend(r.Context(), casework.Suspension{
			Unit: unit, Evidence: strings.TrimSpace(v.Get("evidence")), By: [2]string{m.ID, second}, End: v.Get("do") == "unsuspend",
		})
	}
	var left *casework.Unfinished
	if errors.As(err, &left) {
		err = nil // the order stands; a job tries those cases again
	}
	f := fault.Of(err)
	if f == nil {
		return redirect(w, r, "/desk/unit?unit="+url.QueryEscape(unit))
	}
	if f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Kind != fault.TooMany {
		return err
	}
	return d.showUnit(w, r, m, unit, v, f)
}

// secondOf is the second officer of an order, by log-in name and password: one
// who may do what is asked about, and somebody else.
func (d *Door) secondOf(r *http.Request, m me, a policy.Action, on policy.Resource, other string) (string, error) {
	in, err := d.Identity.Login(r.Context(), identity.Attempt{Login: r.PostForm.Get("second"), Password: r.PostForm.Get("second-password"), Address: d.Address(r)})
	if fault.Is(err, fault.NoSession) {
		return "", fault.New(fault.Invalid, "desk.second_refused").At("second").Because(err)
	}
	if err != nil {
		return "", err
	}
	who, err := d.Identity.Principal(r.Context(), in.Officer)
	if err != nil {
		return "", err
	}
	if in.Officer == m.ID || in.Temporary || !d.Identity.Allow(m.ctx, policy.Request{Principal: who, Action: a, Resource: on}).Allowed {
		return "", fault.New(fault.Invalid, other).At("second")
	}
	return in.Officer, nil
}

// serviceName is a service's name; one that is no longer offered keeps its id.
func (d *Door) serviceName(m me, id string) string {
	b, err := d.Cases.Catalogue().Live(id)
	if err != nil {
		return id
	}
	return m.words.Of(b.Service.Name)
}
