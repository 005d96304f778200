package desk

import (
	"context"
	"net/url"
	"slices"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/web/component/field"
)

// showView lets an officer show a case to the public in the same press as the act
// by which it goes on.
type showView struct {
	On     bool
	Open   bool
	Title  field.View
	Text   field.View
	Photos []photoView
}

// sendsOn are the kinds of action with which a case may be shown at once: those by
// which somebody takes the matter up. What is refused, sent back or joined to
// another is not shown along the way.
func sendsOn(k definition.ActionKind) bool {
	switch k {
	case definition.ActDispatch, definition.ActForward, definition.ActApprove, definition.ActFinish:
		return true
	}
	return false
}

// showing is nil where nothing may be shown with an act: it is shown already, it is
// kept from the public, or the step does not publish.
func (d *Door) showing(ctx context.Context, x *matter, step *definition.Step, offered []definition.Action, t typed) (*showView, error) {
	sends := slices.ContainsFunc(offered, func(a definition.Action) bool { return sendsOn(a.Kind) })
	if !step.Publish || !sends || x.c.Public != nil || !d.mayShow(x) || x.confidential() {
		return nil, nil
	}
	title, text, err := d.publicWords(ctx, x)
	if err != nil {
		return nil, err
	}
	unnamed, err := d.Cases.Anonymous(ctx, x.c)
	if err != nil {
		return nil, err
	}
	v := &showView{On: x.freshAndPlain() && !unnamed} // one's own words give one away: not by a press made in haste
	var chosen []string
	if t.values.Get("action") != "" {
		v.On, title, text, chosen = t.values.Get("show") != "", t.values.Get("show-title"), t.values.Get("show-text"), t.values["show-photos"]
	} else {
		t = typed{}
	}
	p := x.me.words
	v.Open = v.On
	v.Title = field.View{ID: "show-title", Label: p.T("desk.public_title"), Value: title, Max: flow.MostTitle, Error: x.wordsAt(t.fault, "title")}
	v.Text = field.View{ID: "show-text", Label: p.T("desk.public_text"), Hint: p.T("desk.public_text_hint"), Value: text, Rows: 6, Max: flow.MostShown, Error: x.wordsAt(t.fault, "text")}
	v.Photos = d.photosOf(x, chosen)
	return v, nil
}

// freshAndPlain says whether showing is what one expects: nothing about the case is
// suspicious, and no officer has let it go unshown before.
func (x *matter) freshAndPlain() bool {
	return len(x.c.Flags) == 0 && !slices.ContainsFunc(x.c.Marks, func(m fold.Mark) bool { return m.By != nil && m.By.Who == "role" })
}

// shownWith adds to a deed what the officer wants shown with it.
func (d *Door) shownWith(x *matter, step *definition.Step, a definition.Action, v url.Values, deed *casework.Deed) error {
	if v.Get("show") == "" || !sendsOn(a.Kind) || !step.Publish {
		return nil
	}
	if !d.mayShow(x) {
		return fault.New(fault.Forbidden, "flow.not_your_turn")
	}
	deed.Public, deed.Photos = &flow.Words{Title: v.Get("show-title"), Text: v.Get("show-text")}, v["show-photos"]
	return nil
}
