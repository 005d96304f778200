package desk

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/web/component/actions"
	"pendopo/web/component/choice"
	"pendopo/web/component/field"
	"pendopo/web/component/upload"
)

// partView is an action that asks something of whoever acts: a part of the form
// of its own, which opens when it is wanted.
type partView struct {
	Title   string
	Text    string
	Open    bool
	Lone    bool // the only thing that can be done: nothing to open
	Advice  templ.Component
	Same    choice.View // cases that may be the same; none when it has no options
	Into    *field.View
	Unit    *choice.View
	Reasons *choice.View
	Fields  []templ.Component
	Note    *field.View
	Bar     []actions.Action
}

// rich says whether an action asks for more than a press and the checklist.
func rich(a definition.Action) bool {
	switch a.Kind {
	case definition.ActReject, definition.ActDispatch, definition.ActSendBack, definition.ActAsk, definition.ActMerge, definition.ActFinish:
		return true
	}
	return len(a.Fields) > 0
}

// prefix stands before the names of what an action asks: two actions of a step
// may ask the same.
func prefix(action string) string { return "of-" + action + "-" }

// part is the part of the form for one action.
func (d *Door) part(ctx context.Context, x *matter, a definition.Action, button actions.Action, t typed) (partView, error) {
	v := partView{Title: button.Text, Open: t.values.Get("action") == a.ID, Bar: []actions.Action{button}}
	if key := "desk.part_" + string(a.Kind); x.me.words.Has(key) && !x.inField() {
		v.Text = x.me.words.T(key)
	}
	if !v.Open {
		t = typed{}
	}
	advice, err := d.advice(ctx, x, a.Kind)
	if err != nil {
		return v, err
	}
	v.Advice = advice.Show
	switch a.Kind {
	case definition.ActReject:
		v.Reasons = x.grounds("reason-"+a.ID, x.me.words.T("desk.reject_reason"), a.Reasons, t)
	case definition.ActDispatch, definition.ActAsk:
		v.Unit = x.units(a, advice, t)
	case definition.ActMerge:
		x.into(a, advice, t, &v)
	case definition.ActSendBack:
		v.Note = x.why(a, t)
	}
	v.Fields, err = d.fields(x, a, advice, t)
	return v, err
}

// advice is asked for where it helps to choose.
func (d *Door) advice(ctx context.Context, x *matter, kind definition.ActionKind) (caseview.Advice, error) {
	wanted := kind == definition.ActDispatch || kind == definition.ActMerge
	if d.Adviser == nil || x.file == nil || !wanted {
		return caseview.Advice{}, nil
	}
	if x.advice == nil {
		got, err := d.Adviser.Advise(ctx, x.c, x.file.Answers)
		if err != nil {
			return got, err
		}
		x.advice = &got
	}
	out := *x.advice
	if kind == definition.ActMerge {
		out.Show = nil // said once, where the case is sent on
	}
	return out, nil
}

// grounds are listed reasons to choose from.
func (x *matter) grounds(id, label string, all []definition.Reason, t typed) *choice.View {
	v := &choice.View{View: field.View{ID: id, Label: label, Error: x.wordsAt(t.fault, "reason")}}
	for _, r := range all {
		v.Options = append(v.Options, choice.Option{ID: r.ID, Text: x.me.words.Of(r.Text), Hint: r.Basis, Chosen: t.values.Get(id) == r.ID})
	}
	return v
}

// units are those that may be chosen: the likeliest first, then by name.
func (x *matter) units(a definition.Action, advice caseview.Advice, t typed) *choice.View {
	likely := append(slices.Clone(advice.Units), x.usual()...)
	if a.Kind == definition.ActAsk {
		likely = append([]string{x.c.Holder.Unit}, likely...)
	}
	name := "unit-" + a.ID
	v := &choice.View{View: field.View{ID: name, Label: x.me.words.T("desk.part_unit"), Error: x.wordsAt(t.fault, "unit")}, Blank: x.me.words.T("component.choose")}
	var rest []choice.Option
	for _, u := range x.words.Government.Units {
		if len(a.Units) > 0 && !slices.Contains(a.Units, u.ID) {
			continue
		}
		o := choice.Option{ID: u.ID, Text: x.words.Unit(u.ID), Chosen: t.values.Get(name) == u.ID}
		if slices.Contains(likely, u.ID) {
			o.Text = x.me.words.T("desk.part_unit_likely", "unit", o.Text)
			v.Options = append(v.Options, o)
		} else {
			rest = append(rest, o)
		}
	}
	slices.SortStableFunc(v.Options, func(a, b choice.Option) int { return slices.Index(likely, a.ID) - slices.Index(likely, b.ID) })
	slices.SortStableFunc(rest, func(a, b choice.Option) int { return cmp.Compare(a.Text, b.Text) })
	v.Options = append(v.Options, rest...)
	return v
}

// usual are the units that usually handle what has these answers, as the
// definition says.
func (x *matter) usual() (out []string) {
	if x.file == nil {
		return nil
	}
	for _, p := range x.b.Service.Form.Pages {
		for _, f := range definition.Asked(p.Fields) {
			for _, c := range f.Choices {
				if c.Unit == nil || c.ID != x.file.Answers[f.ID] {
					continue
				}
				if unit, err := x.words.Government.UnitFor(*c.Unit, x.file.Answers); err == nil {
					out = append(out, unit)
				}
			}
		}
	}
	return out
}

// into asks for the case that goes on for both.
func (x *matter) into(a definition.Action, advice caseview.Advice, t typed, v *partView) {
	wrong := x.wordsAt(t.fault, "into")
	v.Same = choice.View{View: field.View{ID: "same-" + a.ID, Label: x.me.words.T("desk.part_same")}}
	for _, s := range advice.Same {
		v.Same.Options = append(v.Same.Options, choice.Option{ID: s.Code, Text: s.Code, Hint: s.Text, Chosen: t.values.Get(v.Same.ID) == s.Code})
	}
	v.Into = &field.View{ID: "into-" + a.ID, Label: x.me.words.T("desk.part_into"), Hint: x.me.words.T("desk.part_into_hint"), Value: t.values.Get("into-" + a.ID),
		Error: wrong, Width: "m", Max: 40, Complete: "off"}
}

// why are words that must come with an act.
func (x *matter) why(a definition.Action, t typed) *field.View {
	return &field.View{ID: "note-" + a.ID, Label: x.me.words.T("desk.part_why"), Rows: 3, Max: mostNote, Value: t.values.Get("note-" + a.ID), Error: x.wordsAt(t.fault, "note")}
}

func asksFiles(a definition.Action) bool {
	return slices.ContainsFunc(definition.Asked(a.Fields), func(f *definition.Field) bool { return f.Kind == definition.KindFile })
}

// fields are the questions of an action, as a form asks them.
func (d *Door) fields(x *matter, a definition.Action, advice caseview.Advice, t typed) ([]templ.Component, error) {
	asked := x.b.Form.Action(x.c.Step, a.ID)
	if asked == nil {
		return nil, nil
	}
	env := x.env
	show := caseview.Fields{Words: x.words, Form: asked, Env: env, Faults: map[string]string{}, Carry: true,
		Prefix: prefix(a.ID), Limit: func(f definition.Field) string { return takes(x.me.words, f) }, Camera: x.inField()}
	if t.values != nil {
		show.Typed = own(t.values, a.ID)
	}
	for _, f := range definition.Asked(a.Fields) {
		if words := x.wordsAt(t.fault, f.ID); words != "" {
			show.Faults[f.ID] = words
		}
	}
	show.Files = d.held(x, a, show.Typed)
	env.Answers = maps.Clone(x.env.Answers)
	if env.Answers == nil {
		env.Answers = form.Answers{}
	}
	maps.Copy(env.Answers, x.given(asked, a, advice))
	for _, f := range definition.Asked(a.Fields) {
		switch typed := show.Typed[f.ID]; {
		case f.Kind == definition.KindFile && len(typed) > 0:
			env.Answers[f.ID] = typed
		case f.Kind == definition.KindChoice && show.Typed != nil:
			env.Answers[f.ID] = show.Typed.Get(f.ID) // what is asked next may depend on it
		}
	}
	return show.Nodes(asked.Tree(a.ID, env, show.Typed)), nil
}

// given are answers that stand in the questions from the start: of one that
// corrects an answer of the form, that answer, or what is advised.
func (x *matter) given(asked *form.Form, a definition.Action, advice caseview.Advice) form.Answers {
	out := form.Answers{}
	for _, f := range definition.Asked(a.Fields) {
		if form.Corrects(x.b.Service, f.ID) && x.file != nil {
			out[f.ID] = x.file.Answers[f.ID]
		}
		if pick := advice.Picks[f.ID]; pick != "" && out[f.ID] == nil {
			out[f.ID] = pick
		}
	}
	return out
}

// held are the files that came with a form which has to be shown again.
func (d *Door) held(x *matter, a definition.Action, typed url.Values) map[string]upload.File {
	out := map[string]upload.File{}
	for _, f := range definition.Asked(a.Fields) {
		if f.Kind != definition.KindFile {
			continue
		}
		for _, id := range typed[f.ID] {
			if b, err := d.Attachments.File(x.c.Stream, id); err == nil {
				out[id] = upload.File{ID: id, Name: b.Name, Size: x.me.words.Size(b.Size)}
			}
		}
	}
	return out
}

// own are the values of one action, under the names of its questions.
func own(v url.Values, action string) url.Values {
	out := url.Values{}
	for name, values := range v {
		if id, mine := strings.CutPrefix(name, prefix(action)); mine {
			out[id] = values
		}
	}
	return out
}

// inField says whether the case is a piece of work between units: whoever does
// it stands outside with a telephone.
func (x *matter) inField() bool {
	return len(x.b.Service.Channels) == 1 && x.b.Service.Channels[0] == "internal"
}

// alone opens the only thing that can be done.
func alone(parts []partView, bar []actions.Action, note field.View) []partView {
	if len(parts) == 1 && len(bar) == 0 {
		parts[0].Open, parts[0].Lone = true, true
		if parts[0].Note == nil {
			parts[0].Note = &note
		}
	}
	return parts
}

// leads are where the errors of an action's questions lead to.
func (x *matter) leads(action string, m *fault.Fault) string {
	step := x.b.Service.Step(x.c.Step)
	if step == nil {
		return ""
	}
	a := step.Action(action)
	if a == nil {
		return ""
	}
	for _, f := range definition.Asked(a.Fields) {
		if f.ID == m.Field {
			named := *f
			named.ID = prefix(action) + f.ID
			return caseview.Target(named)
		}
	}
	switch m.Field {
	case "title", "text":
		return "show-" + m.Field
	case "unit", "into":
		return m.Field + "-" + action
	case "reason":
		return "reason-" + action + "-1"
	case "note":
		if a.Kind == definition.ActSendBack {
			return "note-" + action
		}
		return "note"
	}
	return ""
}
