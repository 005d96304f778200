package desk

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/form"
)

// mostPhotos bounds one act with its pictures, in bytes.
const mostPhotos = 40 << 20

// sent is the form of an act as it came: what was typed, and files already kept,
// whose ids stand among the values.
type sent struct {
	values url.Values
	x      *matter // found when the first file came; nil while none has
	lost   error   // why it was not found
	fresh  []string
	faults []*fault.Fault
}

// receive reads the form of an act, whole or part by part. A file is kept only
// for whoever may act, and under the key of the case.
func (d *Door) receive(r *http.Request, m me) (in *sent, err error) {
	parts := page.PartsOf(r)
	if parts == nil {
		return &sent{values: r.PostForm}, nil
	}
	in = &sent{values: url.Values{}}
	for {
		part, err := parts.Next()
		if err != nil || part == nil {
			return in, err
		}
		if part.File == "" {
			v, err := part.Value()
			if err != nil {
				return in, err
			}
			if v != "" || part.Name != photo().ID && !strings.HasPrefix(part.Name, "of-") { // a box for files that nothing was put into
				in.values.Add(part.Name, v)
			}
			continue
		}
		if err := d.receiveFile(r, m, in, part); err != nil {
			return in, err
		}
	}
}

// receiveFile keeps one file, or notes why it was not taken and reads it over.
func (d *Door) receiveFile(r *http.Request, m me, in *sent, part *page.Part) error {
	if in.x == nil && in.lost == nil {
		in.x, in.lost = d.matter(r, m)
	}
	if in.lost != nil { // it may have been sent before, which is looked at when all of it is here
		_, err := io.Copy(io.Discard, part)
		return err
	}
	if f := in.x.field(part.Name); f != nil && d.purpose(m, in.x.what) != "" {
		b, err := d.Attachments.Take(in.x.c.Stream, *f, part.File, part)
		flt := fault.Of(err)
		switch {
		case err == nil:
			in.values.Add(part.Name, b.ID)
			in.fresh = append(in.fresh, b.ID)
			return nil
		case flt == nil || flt.Field != f.ID:
			return err
		}
		in.faults = append(in.faults, flt)
	}
	_, err := io.Copy(io.Discard, part)
	return err
}

// photo is what comes with a message.
func photo() definition.Field {
	return definition.Field{ID: "photo", Kind: definition.KindFile, Accept: []string{"image", "pdf"}}
}

// field is the question that a name of an act's form stands for; nil when none
// asks for a file under that name.
func (x *matter) field(name string) *definition.Field {
	if name == photo().ID && x.b.Service.Messages {
		f := photo()
		return &f
	}
	step := x.b.Service.Step(x.c.Step)
	if step == nil {
		return nil
	}
	for _, a := range step.Actions {
		id, mine := strings.CutPrefix(name, prefix(a.ID))
		for _, f := range definition.Asked(a.Fields) {
			if mine && f.ID == id && f.Kind == definition.KindFile {
				return f
			}
		}
	}
	return nil
}

// settle puts together, for every question for files, what came before, what
// came now and what is taken back.
func (d *Door) settle(x *matter, in *sent, a definition.Action) {
	gone := ""
	if _, id, pressed := strings.Cut(in.values.Get("_remove"), ":"); pressed {
		gone = id
	}
	for _, f := range definition.Asked(a.Fields) {
		if f.Kind != definition.KindFile {
			continue
		}
		name := prefix(a.ID) + f.ID
		ids := append(slices.Clone(in.values[name+"-had"]), in.values[name]...)
		if gone != "" && slices.Contains(ids, gone) {
			_ = d.Attachments.Remove(x.c.Stream, gone) // one that nobody names is swept after a day
			ids = slices.DeleteFunc(ids, func(id string) bool { return id == gone })
		}
		in.values[name] = ids
	}
}

// given reads what an action asks of whoever acts. What is wrong with it is told
// with what is wrong with the act itself.
func (x *matter) answersOf(a definition.Action, v url.Values) (form.Answers, error) {
	asked := x.b.Form.Action(x.c.Step, a.ID)
	if asked == nil {
		return nil, nil
	}
	return asked.ParsePage(a.ID, own(v, a.ID), nil, x.env)
}

// typedKey is what was typed, without ids of files that differ between two
// sendings and without what the page carries for itself.
func typedKey(in *sent) url.Values {
	out := plainValues(in.values)
	for name, ids := range out {
		if slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(in.fresh, id) }) {
			delete(out, name)
		}
	}
	return out
}

// act carries out an action of the present step.
func (d *Door) act(w http.ResponseWriter, r *http.Request, m me) error {
	in, err := d.receive(r, m)
	if err != nil {
		return err
	}
	return d.commit(w, r, m, in, func(x *matter, v url.Values) (casework.Deed, error) {
		step := x.b.Service.Step(x.c.Step)
		if step == nil {
			return casework.Deed{}, fault.New(fault.Conflict, "flow.no_such_action")
		}
		a := step.Action(v.Get("action"))
		if a == nil && v.Get("_remove") != "" {
			a = step.Action(actionOf(v.Get("_remove"), step))
		}
		if a == nil {
			return casework.Deed{}, fault.New(fault.Conflict, "flow.no_such_action")
		}
		if err := d.mayDo(x, *a); err != nil {
			return casework.Deed{}, err
		}
		return d.deed(r, x, step, *a, in)
	})
}

// actionOf is the action to whose question a button of a kept file belongs.
func actionOf(remove string, step *definition.Step) string {
	for _, a := range step.Actions {
		if strings.HasPrefix(remove, prefix(a.ID)) {
			return a.ID
		}
	}
	return ""
}

// deed is what the form asks for, with everything that is wrong with what was
// answered.
func (d *Door) deed(r *http.Request, x *matter, step *definition.Step, a definition.Action, in *sent) (casework.Deed, error) {
	in.values.Set("action", a.ID)
	d.settle(x, in, a)
	if in.values.Get("_remove") != "" {
		return casework.Deed{}, again{}
	}
	if err := d.readable(r, x, a); err != nil {
		return casework.Deed{}, err
	}
	out := deedOf(step, a, in.values)
	faults := slices.Clone(in.faults)
	given, err := x.answersOf(a, in.values)
	if err != nil {
		flt := fault.Of(err)
		if flt == nil || flt.Kind != fault.Invalid {
			return out, err
		}
		faults = append(faults, spread(flt)...)
	}
	out.Given = given
	if err := d.shownWith(x, step, a, in.values, &out); err != nil {
		return out, err
	}
	switch a.Kind {
	case definition.ActDispatch, definition.ActAsk:
		if out.Unit = in.values.Get("unit-" + a.ID); out.Unit == "" {
			faults = append(faults, fault.New(fault.Invalid, "flow.unit_missing").At("unit"))
		}
	case definition.ActMerge:
		if out.Into, err = d.other(r, x, a, in.values); err != nil {
			faults = append(faults, spread(fault.Of(err))...)
		}
	}
	if len(a.Fields) > 0 || len(faults) > 0 {
		return out, fault.Join(faults)
	}
	return out, nil
}

// readable opens the case where rules of what is asked may name its answers.
func (d *Door) readable(r *http.Request, x *matter, a definition.Action) error {
	if len(a.Fields) == 0 || x.file != nil {
		return nil
	}
	return d.opened(r.Context(), x, d.purpose(x.me, x.what))
}

// other finds the case that goes on for both, by a code that was chosen or typed.
func (d *Door) other(r *http.Request, x *matter, a definition.Action, v url.Values) (string, error) {
	code := strings.TrimSpace(v.Get("into-" + a.ID))
	if code == "" {
		code = v.Get("same-" + a.ID)
	}
	if code == "" {
		return "", fault.New(fault.Invalid, "flow.into_missing").At("into")
	}
	c, err := d.Cases.Other(r.Context(), x.c, code)
	return c.Stream, err
}

// again shows the form once more, with nothing wrong.
type again struct{}

func (again) Error() string { return "desk: the form is shown once more" }
