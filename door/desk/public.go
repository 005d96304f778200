package desk

import (
	"context"
	"net/http"
	"slices"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/redact"
	"pendopo/web/component/actions"
	"pendopo/web/component/choice"
	"pendopo/web/component/field"
	"pendopo/web/component/papers"
	"pendopo/web/component/tag"
)

// publicView is what everybody reads of a case, and the form by which an officer
// decides it.
type publicView struct {
	State  tag.View
	Kept   bool // the reporter wants it kept from the public
	Action string
	Token  token
	Open   bool
	Title  field.View
	Text   field.View
	Photos []photoView
	Bar    []actions.Action
	Hide   *hideView
}

// photoView is a picture that may go with the words.
type photoView struct {
	ID     string
	Name   string
	File   papers.File
	Chosen bool
}

type hideView struct {
	Action  string
	Token   token
	Open    bool
	Reasons choice.View
	Bar     []actions.Action
}

// public is nil for whoever may not show the case.
func (d *Door) public(ctx context.Context, x *matter, t typed) (*publicView, error) {
	if !d.mayShow(x) {
		return nil, nil
	}
	p := x.me.words
	v := &publicView{State: tag.View{Kind: tag.Done, Text: p.T("desk.public_hidden")}, Action: x.at("/public"), Token: newToken(x.c.Version), Kept: x.confidential(),
		Bar: []actions.Action{{Name: "do", Value: flow.DoPublish, Text: p.T("desk.public_show"), Key: x.keys.take(p.T("desk.public_show"))}}}
	title, text, err := d.publicWords(ctx, x)
	if err != nil {
		return nil, err
	}
	if typedHere := t.values.Get("do") == flow.DoPublish; typedHere {
		v.Open, title, text = true, t.values.Get("title"), t.values.Get("text")
	}
	v.Title = field.View{ID: "title", Label: p.T("desk.public_title"), Value: title, Max: flow.MostTitle, Error: x.wordsAt(t.fault, "title")}
	v.Text = field.View{ID: "text", Label: p.T("desk.public_text"), Hint: p.T("desk.public_text_hint"), Value: text, Rows: 6, Max: flow.MostShown, Error: x.wordsAt(t.fault, "text")}
	v.Photos = d.pictures(x, t)
	if x.c.Public != nil {
		v.State = tag.View{Kind: tag.Good, Text: p.T("desk.public_shown")}
		v.Bar[0].Text = p.T("desk.public_again")
		v.Hide = x.hiding(t)
	}
	return v, nil
}

// mayShow says whether this officer, who has opened the case, may show it.
func (d *Door) mayShow(x *matter) bool {
	return x.b.Service.Public != nil && x.file != nil && !x.c.Shredded && x.c.Outcome != definition.Withdrawn &&
		flow.Publishes(x.b.Service, x.c, capacity(x.me, x.what)) && d.mayAct(x.me, x.what, flow.DoPublish) == nil
}

// confidential says that the case is never shown. A rule that cannot be asked
// says so too.
func (x *matter) confidential() bool {
	if x.b.Service.Public.Unless == "" {
		return false
	}
	kept, err := x.b.Rules.Bool("public.unless", x.env)
	return err != nil || kept
}

// publicWords are what the public reads now, else what is proposed.
func (d *Door) publicWords(ctx context.Context, x *matter) (title, text string, err error) {
	for _, s := range slices.Backward(x.spoken()) {
		if s.Kind == fold.Published && s.Private.Public != nil {
			return s.Private.Public.Title, s.Private.Public.Text, nil
		}
	}
	if d.Redactor != nil {
		return d.Redactor.Redact(ctx, x.c, x.file.Answers)
	}
	words := func(id string) string { s, _ := x.file.Answers[id].(string); return redact.Mask(s) }
	return clean(words(x.b.Service.Public.Title), flow.MostTitle), words(x.b.Service.Public.Text), nil
}

// pictures are those of the case, chosen as they are shown now or as was typed.
func (d *Door) pictures(x *matter, t typed) []photoView {
	var chosen []string
	if x.c.Public != nil {
		chosen = x.c.Public.Photos
	}
	if t.values.Get("do") == flow.DoPublish {
		chosen = t.values["photos"]
	}
	return d.photosOf(x, chosen)
}

// photosOf are the pictures of a case: told with it, and brought as evidence.
func (d *Door) photosOf(x *matter, chosen []string) (out []photoView) {
	ids := caseview.IDs(x.file.Answers[x.b.Service.Public.Photos])
	for _, f := range x.c.Evidence {
		ids = append(ids, f.ID)
	}
	for _, id := range ids {
		f := d.oneKept(x, x.me.words.T("desk.public_photo"), id, len(x.c.Flags) > 0)
		if f.Kind != papers.Picture {
			continue
		}
		out = append(out, photoView{ID: id, Name: x.me.words.T("desk.public_with", "name", f.Name), File: f, Chosen: slices.Contains(chosen, id)})
	}
	return out
}

func (x *matter) hiding(t typed) *hideView {
	p := x.me.words
	v := &hideView{Action: x.at("/public"), Token: newToken(x.c.Version), Open: t.values.Get("do") == flow.DoHide,
		Bar: []actions.Action{{Name: "do", Value: flow.DoHide, Text: p.T("desk.public_hide"), Grave: true}}}
	if !v.Open {
		t = typed{}
	}
	v.Reasons = *x.grounds("hide-reason", p.T("desk.public_reason"), x.b.Service.Public.Reasons, t)
	return v
}

// publish shows a case to the public, or hides it.
func (d *Door) publish(w http.ResponseWriter, r *http.Request, m me) error {
	return d.aside(w, r, m, func(x *matter, in *sent) (casework.Deed, error) {
		v := in.values
		if err := d.mayAct(m, x.what, shown(v.Get("do"))); err != nil {
			return casework.Deed{}, err
		}
		switch v.Get("do") {
		case flow.DoPublish:
			return casework.Deed{Do: flow.DoPublish, Public: &flow.Words{Title: v.Get("title"), Text: v.Get("text")}, Photos: v["photos"]}, nil
		case flow.DoHide:
			return casework.Deed{Do: flow.DoHide, Reason: v.Get("hide-reason")}, nil
		}
		return casework.Deed{}, fault.New(fault.Malformed, "flow.no_such_action")
	})
}

// shown is what the policies are asked about.
func shown(do string) string {
	if do == flow.DoHide {
		return do
	}
	return flow.DoPublish
}
