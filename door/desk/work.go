package desk

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pendopo/kernel/fault"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/policy"
	"pendopo/web/component/actions"
	"pendopo/web/component/checklist"
	"pendopo/web/component/choice"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
)

// token is what every form of a case carries: the version that was seen, and a
// key of its own.
type token struct {
	Seen int64
	Once string
}

func newToken(seen int64) token { return token{seen, newKey()} }

// newKey is 128 bits as the engine takes them.
func newKey() string {
	var b [16]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// workView is what may be done at the present step.
type workView struct {
	Action     string
	Token      token
	Help       string
	Again      bool // sends back once more than the service allows: a superior's word
	Items      []checklist.Item
	Other      []otherView
	Parts      []partView
	Files      bool      // some of it are files
	PartsFirst bool      // what is mostly done stands in a part
	Show       *showView // what may be shown to the public with it
	Note       field.View
	Bar        []actions.Action
	Taker      *takerView // who takes the product
	Sheet      []sheetRow // what is typed into that system
	Made       *madeView  // takes a product of another system in, in a form of its own
}

// otherView is one more thing to correct that no line of the list is about.
type otherView struct {
	Field choice.View
	Words field.View
}

// others is how many further things to correct can be named at once.
const others = 3

// work is the form of the present step; nil when there is nothing to do here
// for this officer.
func (d *Door) work(ctx context.Context, x *matter, t typed) (*workView, error) {
	offered, err := d.offered(ctx, x)
	if err != nil || len(offered) == 0 {
		return nil, err
	}
	step := x.b.Service.Step(x.c.Step)
	w := &workView{Action: x.at("/act"), Token: newToken(x.c.Version)}
	if x.stoppedByUs() {
		w.Help = x.me.words.T("flow.resume_first")
	}
	returns := false
	for _, a := range offered {
		label := x.me.words.Of(a.Label)
		button := actions.Action{Name: "action", Value: a.ID, Text: label, Key: x.keys.take(label), Quiet: len(w.Bar) > 0, Off: x.stoppedByUs()}
		switch {
		case a.Kind == definition.ActMake:
			w.Made = x.making(button, t)
			if x.file != nil {
				w.Sheet = x.sheet()
			}
			continue
		case rich(a):
			button.Grave, button.Quiet = a.Kind == definition.ActReject, false
			part, err := d.part(ctx, x, a, button, t)
			if err != nil {
				return nil, err
			}
			w.Parts = append(w.Parts, part)
			w.Files = w.Files || asksFiles(a)
			continue
		case a.Kind == definition.ActDeliver:
			w.Taker = x.taker(t)
		case a.Kind == definition.ActReturn:
			returns, w.Again, button.Quiet = true, used(x.c, a), true
		}
		w.Bar = append(w.Bar, button)
	}
	if w.PartsFirst = rich(offered[0]); w.PartsFirst && t.values.Get("action") == "" {
		w.Parts[0].Open = true
	}
	if w.Show, err = d.showing(ctx, x, step, offered, t); err != nil {
		return nil, err
	}
	w.Items = d.items(x, step, t)
	if returns {
		w.Other = x.others(t)
	}
	w.Note = field.View{ID: "note", Label: x.me.words.T("desk.note"), Hint: x.me.words.T("desk.note_hint"), Optional: true, Rows: 2, Max: mostNote, Value: t.values.Get("note")}
	w.Parts = alone(w.Parts, w.Bar, w.Note)
	return w, nil
}

// mostNote is the longest note, in characters.
const mostNote = 2000

// offered are the actions that an officer in this capacity could do, and that
// the policies let this one do.
func (d *Door) offered(ctx context.Context, x *matter) ([]definition.Action, error) {
	all, err := d.Cases.Offers(ctx, x.c, capacity(x.me, x.what))
	return slices.DeleteFunc(all, func(a definition.Action) bool { return d.mayDo(x, a) != nil }), err
}

// mayDo asks the policies about an action of the present step.
func (d *Door) mayDo(x *matter, a definition.Action) error {
	if (a.Kind == definition.ActReturn || a.Kind == definition.ActSendBack) && used(x.c, a) {
		return d.require(x.me, policy.ReturnAgain, x.what)
	}
	return d.mayAct(x.me, x.what, string(a.Kind))
}

// applies asks whether a line of the checklist concerns this case.
func (x *matter) applies(step *definition.Step, j int) bool {
	if step.Checklist[j].When == "" {
		return true
	}
	i := slices.IndexFunc(x.b.Service.Flow.Steps, func(s definition.Step) bool { return s.ID == step.ID })
	ok, err := x.b.Rules.Bool(fmt.Sprintf("flow.steps[%d].checklist[%d].when", i, j), x.env)
	return err != nil || ok
}

// items are the lines of the checklist, each with what was answered about it.
func (d *Door) items(x *matter, step *definition.Step, t typed) []checklist.Item {
	var out []checklist.Item
	for j, line := range step.Checklist {
		if !x.applies(step, j) {
			continue
		}
		name := "check-" + line.ID
		item := checklist.Item{
			Name: name, Text: x.me.words.Of(line.Text), Why: t.values.Get(name + "-why"),
			OK: t.values.Get(name) == "ok", No: t.values.Get(name) == "no", Error: x.wordsAt(t.fault, line.ID),
		}
		for _, id := range line.Fields {
			f := x.b.Service.Field(id)
			if f == nil || !x.b.Form.Shown(id, x.env) {
				continue
			}
			d.fact(x, *f, &item)
		}
		out = append(out, item)
	}
	return out
}

// fact puts one answer, or its papers, beside a line.
func (d *Door) fact(x *matter, f definition.Field, item *checklist.Item) {
	a := d.answer(x, f)
	for _, p := range a.Papers {
		item.Links = append(item.Links, checklist.Link{Href: p.Href, Text: a.Label + " (" + p.Size + ")"})
	}
	switch {
	case a.Pending:
		item.Facts = append(item.Facts, a.Label+": "+x.me.words.T("desk.pending_one"))
	case f.Kind != definition.KindFile && a.Text == "":
		item.Facts = append(item.Facts, a.Label+": "+x.me.words.T("component.not_filled"))
	case a.Text != "":
		item.Facts = append(item.Facts, a.Label+": "+a.Text)
	}
}

// others are further fields that can be sent back, each with words.
func (x *matter) others(t typed) []otherView {
	var options []choice.Option
	for _, p := range x.b.Service.Form.Pages {
		for _, f := range p.Fields {
			if x.b.Form.Shown(f.ID, x.env) && f.Kind != definition.KindDeclaration && !f.Vault {
				options = append(options, choice.Option{ID: f.ID, Text: x.me.words.Of(f.Label)})
			}
		}
	}
	var out []otherView
	for i := 1; i <= others; i++ {
		n := strconv.Itoa(i)
		id := t.values.Get("other-" + n)
		v := otherView{
			Field: choice.View{View: field.View{ID: "other-" + n, Label: x.me.words.T("desk.other_field", "n", i)}, Blank: x.me.words.T("desk.other_none")},
			Words: field.View{ID: "other-" + n + "-why", Label: x.me.words.T("desk.other_why"), Value: t.values.Get("other-" + n + "-why"), Max: 500},
		}
		for _, o := range options {
			o.Chosen = o.ID == id
			v.Field.Options = append(v.Field.Options, o)
		}
		if id != "" {
			v.Words.Error = x.wordsAt(t.fault, id)
		}
		out = append(out, v)
	}
	return out
}

// wordsAt is what has to be corrected at one field.
func (x *matter) wordsAt(f *fault.Fault, at string) string {
	if f == nil {
		return ""
	}
	for _, m := range append([]*fault.Fault{f}, f.More...) {
		if m.Field == at {
			return x.me.words.TMap(m.Key, m.Args)
		}
	}
	return ""
}

// errors is the list at the top of a form that has to be shown again.
func (x *matter) errors(f *fault.Fault, action string) []errorsummary.Item {
	all := f.More
	if len(all) == 0 {
		all = []*fault.Fault{f}
	}
	var out []errorsummary.Item
	step := x.b.Service.Step(x.c.Step)
	for _, m := range all {
		item := errorsummary.Item{Text: x.me.words.TMap(m.Key, m.Args), Field: x.leads(action, m)}
		if step != nil {
			for _, line := range step.Checklist {
				if line.ID == m.Field {
					item.Field, item.Text = "check-"+line.ID, x.me.words.Of(line.Text)+": "+item.Text
				}
			}
		}
		out = append(out, item)
	}
	return out
}

// stopView lets the clock stand, or run on.
type stopView struct {
	Action  string
	Token   token
	Title   string
	Text    string
	Open    bool
	Reasons choice.View // empty when the clock stands
	Note    field.View
	Bar     []actions.Action
}

// stopping is what may be done to the clock; nil when nothing may.
func (d *Door) stopping(x *matter, t typed) (*stopView, error) {
	step := x.b.Service.Step(x.c.Step)
	if step == nil || len(step.Stops) == 0 && !x.stoppedByUs() {
		return nil, nil
	}
	if x.stoppedByUs() {
		if d.mayAct(x.me, x.what, flow.DoResume) != nil {
			return nil, nil
		}
		return x.resuming(), nil
	}
	promise, ok := x.c.Deadline(fold.CaseDeadline)
	if !ok || promise.State != fold.Running || d.mayAct(x.me, x.what, flow.DoStop) != nil {
		return nil, nil
	}
	return d.reasons(x, step, t)
}

// stoppedByUs says whether a stop stands that an officer may end.
func (x *matter) stoppedByUs() bool {
	return slices.ContainsFunc(x.c.Stops, func(s fold.Stop) bool {
		return s.To.IsZero() && s.Reason != fold.StopReturned && s.Reason != fold.StopSuspended
	})
}

func (x *matter) resuming() *stopView {
	p := x.me.words
	label := p.T("desk.resume")
	v := &stopView{Action: x.at("/clock"), Token: newToken(x.c.Version), Title: p.T("desk.resume_title"), Open: true, Note: x.note(typed{}, "resume-note"),
		Bar: []actions.Action{{Name: "do", Value: flow.DoResume, Text: label, Key: x.keys.take(label)}}}
	if bound, ok := x.c.Deadline(fold.StopDeadline); ok && !bound.Due.IsZero() {
		v.Text = p.T("desk.resume_text", "moment", p.Moment(bound.Due.In(x.words.Zone)))
	}
	return v
}

func (x *matter) note(t typed, id string) field.View {
	return field.View{ID: id, Name: "note", Label: x.me.words.T("desk.note"), Optional: true, Rows: 2, Max: mostNote, Value: t.values.Get("note")}
}

// reasons are the listed stops of the step with what is left of each bound.
func (d *Door) reasons(x *matter, step *definition.Step, t typed) (*stopView, error) {
	p := x.me.words
	label := p.T("desk.stop")
	v := &stopView{Action: x.at("/clock"), Token: newToken(x.c.Version), Title: p.T("desk.stop_title"), Text: p.T("desk.stop_text"),
		Note: x.note(t, "stop-note"), Open: t.values.Get("do") == flow.DoStop,
		Bar: []actions.Action{{Name: "do", Value: flow.DoStop, Text: label, Key: x.keys.take(label), Quiet: true}}}
	v.Reasons = choice.View{View: field.View{ID: "reason", Label: p.T("desk.stop_reason")}}
	if v.Open {
		v.Reasons.Error = x.wordsAt(t.fault, "reason")
	}
	clock, err := d.Cases.Catalogue().Clock(x.c.Unit)
	if err != nil {
		return nil, err
	}
	for _, id := range step.Stops {
		o, err := x.stopOption(clock, id)
		if err != nil {
			return nil, err
		}
		o.Chosen = t.values.Get("reason") == id
		v.Reasons.Options = append(v.Reasons.Options, o)
	}
	return v, nil
}

func (x *matter) stopOption(clock deadline.Clock, id string) (choice.Option, error) {
	s := x.b.Service.Stop(id)
	if s == nil {
		return choice.Option{}, fault.New(fault.Internal, "fault.internal")
	}
	total, err := deadline.ParseSpan(s.Total)
	if err != nil {
		return choice.Option{}, err
	}
	bound := deadline.Bound{Reason: id, Max: max(s.Max, 1), Total: total}
	left, err := clock.Allowance(bound, flow.StopsFor(x.c.Stops, fold.Deadline{Pauses: true}), x.now)
	if err != nil {
		return choice.Option{}, err
	}
	hint := x.me.words.T("desk.stop_left", "n", left.Times, "span", left.Left.In(x.me.words.T))
	if left.Times == 0 || left.Left.N == 0 {
		hint = x.me.words.T("desk.stop_used")
	}
	return choice.Option{ID: id, Text: x.me.words.Of(s.Text), Hint: hint}, nil
}

// clean is a free text as it is kept: bounded, with ends trimmed.
func clean(s string, most int) string {
	runes := []rune(strings.ToValidUTF8(strings.TrimSpace(s), ""))
	return string(runes[:min(len(runes), most)])
}

// otherOpen keeps the further fields in sight once something was written there.
func otherOpen(all []otherView) bool {
	return slices.ContainsFunc(all, func(o otherView) bool { return o.Words.Value != "" || o.Words.Error != "" })
}
