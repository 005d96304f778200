package flow

import (
	"errors"
	"maps"
	"slices"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// given takes what whoever acts answers to the fields of an action. What is not
// personal stands in the clear part, and a choice of the form's own corrects
// that answer, also for what this act decides.
func (d *decision) given(step *definition.Step, a *definition.Action, ch *fold.Change, p *Private) error {
	if len(a.Fields) == 0 {
		for id := range d.Command.Given {
			return fault.New(fault.Invalid, "form.unknown_answer").At(id)
		}
		return nil
	}
	asked := d.Form.Action(step.ID, a.ID)
	known := d.known()
	clean, err := asked.Check(d.Command.Given, d.env(known))
	if err != nil {
		return err
	}
	if open := asked.Clear(clean); len(open) > 0 {
		ch.Answers = open
		known = maps.Clone(known)
		for id, v := range open {
			if form.Corrects(d.Service, id) {
				known[id] = v
			}
		}
		d.Answers = known
	}
	if sealed := asked.Sealed(clean); len(sealed) > 0 {
		p.Given = sealed
	}
	if len(asked.Uploads(clean)) > 0 {
		ch.Files = d.Command.Files
	}
	return nil
}

// known are the answers of the case as far as this decision has them: all, or
// only those that are no secret.
func (d *decision) known() form.Answers {
	if d.Answers != nil {
		return d.Answers
	}
	return d.Form.Stored(d.State.Answers)
}

// both are the faults of two checks, so that all are told at once. What is not
// for whoever acts to mend goes before.
func both(a, b error) error {
	var x, y *fault.Fault
	switch {
	case a == nil:
		return b
	case b == nil || !errors.As(a, &x) || x.Kind != fault.Invalid:
		return a
	case !errors.As(b, &y) || y.Kind != fault.Invalid:
		return b
	}
	return fault.Join(slices.Concat(each(x), each(y)))
}

// each are the faults that one may stand for.
func each(f *fault.Fault) []*fault.Fault {
	if len(f.More) > 0 {
		return f.More
	}
	return []*fault.Fault{f}
}
