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
	"pendopo/web/component/actions"
	"pendopo/web/component/field"
	"pendopo/web/component/papers"
	"pendopo/web/component/summary"
	"pendopo/web/component/tag"
	"pendopo/web/component/thread"
	"pendopo/web/component/upload"
)

// spoken are the events of an opened case with their words.
func (x *matter) spoken() []caseview.Spoken {
	out := make([]caseview.Spoken, len(x.file.History))
	for i, h := range x.file.History {
		out[i] = caseview.Spoken{Version: h.Event.Version, Kind: h.Event.Kind, At: h.Event.Entered, Change: h.Change, Private: h.Private}
	}
	return out
}

// reader is an officer who has opened the case.
func (d *Door) reader(x *matter) caseview.Reader {
	other := func(id string) *definition.Service {
		if b, err := d.Cases.Catalogue().Live(id); err == nil {
			return b.Service
		}
		return nil
	}
	return caseview.Reader{Officer: true, Form: x.b.Form, Other: other, File: func(label, id string) papers.File {
		p := d.oneKept(x, label, id, false)
		p.Alt = label
		return p
	}}
}

// threadView is what applicant and officers wrote to each other, and the box for
// one more message.
type threadView struct {
	Thread thread.View
	Action string
	Token  token
	Text   field.View
	File   upload.View
	Bar    []actions.Action
	Open   bool
}

// thread is nil where the service has no messages, or nothing was opened.
func (d *Door) thread(ctx context.Context, x *matter, t typed) *threadView {
	if !x.b.Service.Messages || x.file == nil || x.c.Shredded {
		return nil
	}
	names, p := map[string]string{}, x.me.words
	actors := map[int64]string{}
	for _, h := range x.file.History {
		actors[h.Event.Version] = h.Event.Actor
	}
	who := func(s caseview.Spoken) string {
		office := x.words.Holder(*s.Change.By)
		if n := d.name(ctx, names, actors[s.Version]); n != "" {
			return n + ", " + office
		}
		return office
	}
	v := &threadView{Thread: x.words.Thread(d.reader(x), x.spoken(), who), Action: x.at("/messages"), Token: newToken(x.c.Version),
		Text: field.View{ID: "message", Label: p.T("desk.message"), Hint: p.T("desk.message_hint"), Rows: 3, Max: flow.MostMessage},
		File: upload.View{View: field.View{ID: photo().ID, Label: p.T("desk.message_photo"), Optional: true}, Many: true, Accept: caseview.Accept(photo())},
		Bar:  []actions.Action{{Name: "do", Value: flow.DoWrite, Text: p.T("desk.message_send"), Key: x.keys.take(p.T("desk.message_send")), Quiet: true}}}
	if t.values.Get("do") == flow.DoWrite {
		v.Open, v.Text.Value = true, t.values.Get("message")
		v.Text.Error, v.File.Error = x.wordsAt(t.fault, "note"), x.wordsAt(t.fault, photo().ID)
	}
	return v
}

// write sends a message to the applicant.
func (d *Door) write(w http.ResponseWriter, r *http.Request, m me) error {
	return d.aside(w, r, m, func(x *matter, in *sent) (casework.Deed, error) {
		deed := casework.Deed{Do: flow.DoWrite, Note: clean(in.values.Get("message"), flow.MostMessage+1), Uploads: in.values[photo().ID]}
		if err := d.mayAct(m, x.what, flow.DoWrite); err != nil {
			return deed, err
		}
		return deed, fault.Join(in.faults)
	})
}

// aside is what happens beside the step: the officer goes on with the case.
func (d *Door) aside(w http.ResponseWriter, r *http.Request, m me, read func(*matter, *sent) (casework.Deed, error)) error {
	in, err := d.receive(r, m)
	if err != nil {
		return err
	}
	once, err := onceOf(m, "aside", in.values.Get("once"), []any{r.PathValue("code"), r.URL.Path, typedKey(in)})
	if err != nil {
		return err
	}
	if done, err := d.repeated(r.Context(), once); err != nil || done {
		d.forget(r.Context(), in)
		return orDone(w, r, err)
	}
	x, err := in.x, in.lost
	if x == nil && err == nil {
		x, err = d.matter(r, m)
	}
	if err != nil {
		return err
	}
	deed, err := read(x, in)
	if err == nil {
		deed.Stream, deed.Seen, deed.Actor, deed.By, deed.Once = x.c.Stream, x.c.Version, m.ID, capacity(m, x.what), once
		_, err = d.Cases.Act(r.Context(), deed)
	}
	f := fault.Of(err)
	switch {
	case f == nil:
		return redirect(w, r, x.at(""))
	case f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Kind != fault.TooLarge && f.Kind != fault.WrongType:
		return err
	}
	return d.reopened(w, r, x, typed{in.values, f})
}

// reopenedView is why the applicant says that it is not solved, with pictures of
// how it is now: what whoever handles it looks at first.
type reopenedView struct {
	When  string
	Words string
	Files []papers.File
}

// reopening is nil where the applicant has not said so, or the work was done since.
func (d *Door) reopening(x *matter) *reopenedView {
	if x.file == nil || x.c.Reopened == 0 || x.c.Shredded {
		return nil
	}
	for _, s := range slices.Backward(x.spoken()) {
		switch s.Kind {
		case fold.Finished, fold.Confirmed, fold.Merged:
			return nil
		case fold.Reopened:
			_, files := x.words.Said(d.reader(x), s)
			return &reopenedView{x.me.words.MomentShort(s.At.In(x.words.Zone)), s.Private.Note, files}
		}
	}
	return nil
}

// helpView is one unit that was asked to help.
type helpView struct {
	ID     string
	Unit   string
	Tag    tag.View
	When   string
	Asked  []summary.Row
	Said   []summary.Row
	Files  []papers.File
	Recall []actions.Action // while it has not answered, for whoever may
	Action string
	Token  token
}

// helping are the units that were asked to help, the last first: what they were
// asked, how it stands, what they found.
func (d *Door) helping(ctx context.Context, x *matter) ([]helpView, error) {
	var out []helpView
	if x.file == nil {
		return nil, nil
	}
	for i := len(x.c.Asked) - 1; i >= 0; i-- {
		q := x.c.Asked[i]
		if q.ID == "" {
			continue
		}
		v, err := d.help(ctx, x, q)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (d *Door) help(ctx context.Context, x *matter, q fold.Asked) (helpView, error) {
	p := x.me.words
	v := helpView{ID: q.ID, Unit: x.words.Unit(q.Unit), Tag: tag.View{Kind: tag.Work, Text: p.T("desk.help_open")}, Action: x.at("/recall"), Token: newToken(x.c.Version)}
	for _, s := range x.spoken() {
		if s.Change.Asked == nil || s.Change.Asked.ID != q.ID {
			continue
		}
		rows, files := x.words.Said(d.reader(x), s)
		switch s.Kind {
		case fold.Asking:
			v.Asked = rows
		case fold.Answered:
			v.Said, v.Files = rows, files
		}
	}
	switch q.Outcome {
	case "":
		due, err := d.Cases.Due(ctx, q)
		if err != nil {
			return v, err
		}
		if !due.IsZero() {
			v.When = p.T("desk.due_until", "moment", p.MomentShort(due.In(x.words.Zone)))
			if x.now.After(due) {
				v.Tag = tag.View{Kind: tag.Late, Text: p.T("desk.due_late")}
			}
		}
		if d.mayAct(x.me, x.what, flow.DoRecallAsked) == nil && x.c.At(q.Step) {
			text := p.T("desk.help_recall")
			v.Recall = []actions.Action{{Name: "asked", Value: q.ID, Text: text, Quiet: true}}
		}
	case fold.Withdrawn:
		v.Tag = tag.View{Kind: tag.Done, Text: p.T("desk.help_recalled")}
	case definition.Rejected:
		v.Tag = tag.View{Kind: tag.Bad, Text: p.T("desk.help_refused")}
	default:
		v.Tag = tag.View{Kind: tag.Good, Text: p.T("desk.help_answered")}
	}
	return v, nil
}

// recall says that a unit need not help any more.
func (d *Door) recall(w http.ResponseWriter, r *http.Request, m me) error {
	return d.aside(w, r, m, func(x *matter, in *sent) (casework.Deed, error) {
		return casework.Deed{Do: flow.DoRecallAsked, Asked: in.values.Get("asked"), Note: clean(in.values.Get("note"), mostNote)},
			d.mayAct(m, x.what, flow.DoRecallAsked)
	})
}
