package desk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/law/policy"
	"pendopo/web/component/daystrip"
	"pendopo/web/component/document"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/notice"
	"pendopo/web/component/summary"
	"pendopo/web/component/table"
	"pendopo/web/component/tag"
	"pendopo/web/component/timeline"
)

// matter is one case before this officer: its state, its definition, and what
// the policies are asked about.
type matter struct {
	me
	words caseview.Words
	c     fold.Case
	b     *casework.Bound
	what  policy.Case
	code  string
	now   time.Time
	keys  *keys
	file  *casework.Dossier // nil while nothing sealed was opened
	// of a product made elsewhere, once opened: its number, and whom its file's signatures name
	number  string
	signers []string
	env     form.Env
	advice  *caseview.Advice // once asked for
}

// base is the address of the case.
func (x *matter) base() string { return "/desk/cases/" + x.code }

// matter finds the case of a request and asks whether its state may be seen.
func (d *Door) matter(r *http.Request, m me) (*matter, error) {
	c, err := d.Cases.Track(r.Context(), r.PathValue("code"))
	if err != nil {
		return nil, err
	}
	b, err := d.Cases.Catalogue().At(r.Context(), c.Definition)
	if err != nil {
		return nil, err
	}
	c = seenBy(m, c, askedStep(r))
	m = m.about(r, b.Service)
	x := &matter{me: m, c: c, b: b, what: resource(c, b.Service), code: d.Cases.Code(c.Stream), now: d.Now(), keys: newKeys()}
	x.words = d.wordsFor(m, b.Service, c.Unit)
	return x, d.require(m, policy.State, x.what)
}

// opened opens the sealed part for a purpose that the policies permit; the
// engine records it first, and opens nothing when it cannot.
func (d *Door) opened(ctx context.Context, x *matter, p policy.Purpose) error {
	if err := d.mayOpen(x.me, x.what, p); err != nil {
		return err
	}
	file, err := d.Cases.Open(ctx, x.c.Stream, casework.Reader{Actor: x.ID, By: capacity(x.me, x.what), Purpose: string(p)})
	if err != nil {
		return err
	}
	x.file, x.c = &file, file.Case.In(x.c.Step)
	if err := d.openMade(ctx, x); err != nil {
		return err
	}
	x.env = form.Env{Answers: file.Answers, Today: x.now.In(x.words.Zone), Received: x.c.Received.In(x.words.Zone), Channel: x.c.Channel}
	return nil
}

// show opens the case at once for the officer whose turn it is. Anybody else
// sees its state, and may open it by an act of their own.
func (d *Door) show(w http.ResponseWriter, r *http.Request, m me) error {
	x, err := d.matter(r, m)
	if err != nil {
		return err
	}
	if err := d.handled(r.Context(), x); err != nil {
		return err
	}
	return d.showCase(w, r, x, typed{})
}

// handled opens the case when it is this officer's turn.
func (d *Door) handled(ctx context.Context, x *matter) error {
	if d.purpose(x.me, x.what) != policy.Handle || x.c.Shredded {
		return nil
	}
	return d.opened(ctx, x, policy.Handle)
}

// open is a superior's look.
func (d *Door) open(w http.ResponseWriter, r *http.Request, m me) error {
	x, err := d.matter(r, m)
	if err != nil {
		return err
	}
	p := d.purpose(m, x.what)
	if p == "" {
		p = policy.Supervise // refused, with the policy's reason in the log
	}
	if err := d.opened(r.Context(), x, p); err != nil {
		return err
	}
	return d.showCase(w, r, x, typed{})
}

// typed is a form that has to be shown again: what was typed, and what needs
// correcting.
type typed struct {
	values url.Values
	fault  *fault.Fault
}

// caseView is the case page.
type caseView struct {
	Beside   []row
	Title    string
	Code     string
	Base     string
	Due      dueView
	Step     string
	Facts    summary.View
	Shredded bool
	Open     *openView // how to open what is sealed; nil when it is open or may not be
	Closed   bool      // sealed and not for this officer
	Errors   []errorsummary.Item
	Clocks   []clockView
	Lateness *notice.View // what a limit that passed decided, or that the document was taken back
	Branches table.View
	Revoke   *revokeView
	Pending  []awaited
	Pages    []answerPage
	Work     *workView
	Stop     *stopView
	History  []timeline.Event
	First    bool // what is to be done stands below what it is about
	Help     []helpView
	Thread   *threadView
	Public   *publicView
	Teller   *tellerView
	Panel    templ.Component // what a feature adds; nil = nothing
	Reopened *reopenedView
	Flags    []string   // why to look twice
	Joined   []slipLink // cases that are one with this one
	Openings bool
	Document *document.View
}

// openView is the button of a superior.
type openView struct{ Text, Key string }

// clockView is one legal clock with its proof.
type clockView struct {
	Title string
	Tag   tag.View
	Strip daystrip.View
	Facts summary.View
}

func (d *Door) showCase(w http.ResponseWriter, r *http.Request, x *matter, t typed) error {
	ctx := r.Context()
	v := caseView{
		Title: x.me.words.Of(x.b.Service.Name), Code: x.code, Base: x.base(), Due: d.due(x.words, x.c, x.now),
		Step: x.words.Where(x.c), Facts: x.facts(), Shredded: x.c.Shredded, Pending: d.pending(x, t),
		Openings: d.may(x.me, policy.ReadAccess, policy.Access{Case: x.c.Stream, Unit: x.c.Unit}),
	}
	if late, ok := x.words.ByLateness(x.c); ok {
		v.Lateness = &late
	}
	if back, ok := x.words.TakenBack(x.c); ok {
		v.Lateness = &back
	}
	v.Branches, v.Revoke = x.words.Branches(x.c, x.now), d.revoking(x, t)
	var err error
	if v.Beside, err = d.beside(ctx, x.me, x.c.Stream); err != nil {
		return err
	}
	if v.Clocks, err = d.clocks(ctx, x); err != nil {
		return err
	}
	status := 0
	if t.fault != nil {
		status = t.fault.Status()
		v.Errors = x.errors(t.fault, t.values.Get("action"))
		if f := t.values.Get("field"); slices.Contains(x.c.Pending, f) {
			v.Errors[0].Field = "paper-" + f
		}
	}
	if err := d.fill(ctx, x, t, &v); err != nil {
		return err
	}
	if err := d.panels(r, x, t, &v); err != nil {
		return err
	}
	if err := d.others(ctx, x, &v); err != nil {
		return err
	}
	return d.page(w, r, x.me, view{Title: v.Title + " " + v.Code, Body: casePage(v), Status: status})
}

// fill adds what depends on whether the case was opened.
func (d *Door) fill(ctx context.Context, x *matter, t typed, v *caseView) (err error) {
	v.History, v.Document = x.words.Timeline(x.c), x.product()
	if x.file == nil {
		if d.purpose(x.me, x.what) == policy.Supervise && !x.c.Shredded {
			text := x.me.words.T("desk.open")
			v.Open = &openView{text, x.keys.take(text)}
		}
		v.Closed = v.Open == nil && !x.c.Shredded
		v.Work, err = d.handOver(ctx, x, t)
		return err
	}
	v.History = d.history(ctx, x, v.History)
	v.Pages = d.answers(x)
	if v.Work, err = d.work(ctx, x, t); err != nil {
		return err
	}
	v.Stop, err = d.stopping(x, t)
	return err
}

// panels adds what stands beside the step: help of other units, messages, what
// the public reads, who told it, and the cases that are one with this one.
func (d *Door) panels(r *http.Request, x *matter, t typed, v *caseView) (err error) {
	ctx := r.Context()
	v.First = x.inField()
	for _, flag := range x.c.Flags {
		if key := "desk.flag_" + flag; x.me.words.Has(key) {
			v.Flags = append(v.Flags, x.me.words.T(key))
		}
	}
	if v.Help, err = d.helping(ctx, x); err != nil {
		return err
	}
	v.Reopened = d.reopening(x)
	v.Thread = d.thread(ctx, x, t)
	if v.Public, err = d.public(ctx, x, t); err != nil {
		return err
	}
	if v.Teller, err = d.teller(r, x); err != nil {
		return err
	}
	if v.Panel, err = d.panel(ctx, x, t); err != nil {
		return err
	}
	v.Joined, err = d.joined(ctx, x)
	return err
}

// joined are the cases that are one with this one: the one that goes on for it,
// and those that it goes on for.
func (d *Door) joined(ctx context.Context, x *matter) (out []slipLink, err error) {
	streams := []string{}
	if x.c.Into != "" {
		streams = append(streams, x.c.Into)
	}
	more, err := d.Cases.Joined(ctx, x.c.Stream)
	for _, s := range append(streams, more...) {
		code := d.Cases.Code(s)
		out = append(out, slipLink{Href: "/desk/cases/" + code, Text: code})
	}
	return out, err
}

// others adds what other cases have to do with this one: those by which units
// were asked, the one that asks by this, and, once it is open, those that this
// person filed before at the same unit.
func (d *Door) others(ctx context.Context, x *matter, v *caseView) error {
	c := x.c
	if len(v.Help) > 0 { // those stand in a part of their own
		c.Asked = slices.DeleteFunc(slices.Clone(c.Asked), func(a fold.Asked) bool { return a.ID != "" })
	}
	rows, err := x.words.Questions(c, func(a fold.Asked) (time.Time, error) { return d.Cases.Due(ctx, a) })
	if err != nil {
		return err
	}
	unit, err := d.Cases.AskedBy(ctx, x.c)
	if err != nil {
		return err
	}
	if unit != "" {
		rows = append(rows, summary.Row{Label: x.me.words.T("caseview.asked_by"), Values: []string{x.words.Unit(unit)}})
	}
	if x.file != nil {
		j, err := d.Cases.Journey(ctx, x.c.Stream)
		if err != nil {
			return err
		}
		here := slices.DeleteFunc(j.Cases, func(c fold.Case) bool { return c.Unit != x.c.Unit })
		rows = append(rows, x.words.Before(here, x.c.Stream)...)
	}
	v.Facts.Rows = append(v.Facts.Rows, rows...)
	return nil
}

// handOver is the form of whoever stands at the counter when the product is
// ready: it needs nothing that is sealed.
func (d *Door) handOver(ctx context.Context, x *matter, t typed) (*workView, error) {
	step := x.b.Service.Step(x.c.Step)
	if step == nil || step.Kind != definition.StepDeliver || x.c.Shredded {
		return nil, nil
	}
	return d.work(ctx, x, t)
}

// facts are what anyone at the unit may know.
func (x *matter) facts() summary.View {
	t, c := x.me.words.T, x.c
	received := []string{x.me.words.Moment(c.Received.In(x.words.Zone))}
	if !c.Entered.Equal(c.Received) {
		received = append(received, t("desk.entered_later", "moment", x.me.words.MomentShort(c.Entered.In(x.words.Zone))))
	}
	rows := []summary.Row{
		{Label: t("desk.fact_holder"), Values: []string{x.words.Waits(c)}},
		{Label: t("desk.fact_received"), Values: received},
		{Label: t("desk.fact_channel"), Values: []string{t("desk.channel_" + c.Channel)}},
		{Label: t("desk.fact_unit"), Values: []string{x.words.Unit(c.Unit)}},
	}
	if c.Holder.Who == "none" {
		rows = rows[1:]
	}
	if c.Fee != nil {
		rows = append(rows, summary.Row{Label: t("caseview.fee"), Values: []string{x.words.Fee(c)}})
	}
	if basis, ok := x.words.ByRule(c); ok {
		rows = append(rows, summary.Row{Label: t("caseview.by_rule_title"), Values: []string{basis}})
	}
	if c.Escalated != "" {
		rows = append(rows, summary.Row{Label: t("desk.fact_escalated"), Values: []string{x.words.Called(c.Escalated)}})
	}
	if n := c.Returns[c.Step]; n > 0 {
		rows = append(rows, summary.Row{Label: t("desk.fact_returns"), Values: []string{t("desk.times", "n", n)}})
	}
	if c.Number != "" {
		rows = append(rows, summary.Row{Label: t("component.number"), Values: []string{c.Number}, Numb: true})
	}
	return summary.View{Rows: rows}
}

// clocks are the promised limit and the limit of the present step.
func (d *Door) clocks(ctx context.Context, x *matter) ([]clockView, error) {
	var out []clockView
	for _, dl := range x.c.Deadlines {
		if dl.ID != fold.CaseDeadline && dl.ID != x.c.Step {
			continue
		}
		v, err := d.oneClock(ctx, x, dl)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (d *Door) oneClock(ctx context.Context, x *matter, dl fold.Deadline) (clockView, error) {
	proof, err := d.Cases.Proof(ctx, x.c, dl.ID)
	if err != nil {
		return clockView{}, err
	}
	clock, err := d.Cases.Catalogue().ClockAt(ctx, dl.Unit, dl.Calendar)
	if err != nil {
		return clockView{}, err
	}
	p := x.me.words
	v := clockView{Title: p.T("desk.clock_promise"), Tag: clockTag(p.T, dl, x.now)}
	if dl.ID != fold.CaseDeadline {
		v.Title = p.T("desk.clock_step", "step", x.words.Step(dl.ID))
	}
	if v.Strip, err = x.words.Strip("clock-"+dl.ID, clock, proof, x.now); err != nil {
		return v, err
	}
	if dl.State == fold.Met || dl.State == fold.Dropped {
		// It is over: what would be left of it means nothing now.
		v.Strip.Summary = p.T("desk.clock_over", "due", p.MomentShort(proof.Due.In(clock.Office.Zone)))
	}
	v.Facts.Rows = []summary.Row{
		{Label: p.T("desk.clock_within"), Values: []string{x.words.Span(dl.Within)}},
		{Label: p.T("desk.clock_from"), Values: []string{p.MomentShort(dl.From.In(clock.Office.Zone))}},
	}
	if !dl.Due.IsZero() {
		v.Facts.Rows = append(v.Facts.Rows, summary.Row{Label: p.T("desk.clock_due"), Values: []string{p.MomentShort(dl.Due.In(clock.Office.Zone))}})
	}
	v.Facts.Rows = append(v.Facts.Rows, summary.Row{Label: p.T("desk.clock_calendar"), Values: []string{dl.Calendar[:min(12, len(dl.Calendar))]}, Numb: true})
	return v, nil
}

// clockTag is the state of a deadline in a word, a shape and a colour.
func clockTag(t func(string, ...any) string, dl fold.Deadline, now time.Time) tag.View {
	switch {
	case dl.State == fold.Paused:
		return tag.View{Kind: tag.Pause, Text: t("desk.due_stopped")}
	case dl.State == fold.Missed || dl.State == fold.Running && now.After(dl.Due):
		return tag.View{Kind: tag.Late, Text: t("desk.due_late")}
	case dl.State == fold.Met:
		return tag.View{Kind: tag.Good, Text: t("desk.clock_met")}
	case dl.State == fold.Dropped:
		return tag.View{Kind: tag.Done, Text: t("desk.clock_dropped")}
	}
	return tag.View{Kind: tag.Work, Text: t("desk.clock_running")}
}

// product is the document, once there is one.
func (x *matter) product() *document.View {
	if x.c.Made != nil {
		return x.taken()
	}
	if x.c.Document == nil {
		return nil
	}
	p := x.me.words
	facts := []string{p.Date(x.c.Document.Date.In(x.words.Zone))}
	if !x.c.Document.Until.IsZero() {
		facts = append(facts, p.T("desk.valid_until", "date", p.Date(x.c.Document.Until.In(x.words.Zone))))
	}
	v := document.View{Name: p.Of(x.b.Service.Product.Name), Number: x.c.Number, Facts: facts}
	if x.file != nil {
		v.Href, v.Get = x.base()+"/document", p.T("desk.document_get")
	}
	if x.c.Revoked != "" {
		v.Tag = x.words.Tag(x.c, x.now)
	}
	return &v
}
