package flow

import (
	"fmt"
	"slices"
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// What the system does by itself at a step that the case has just come to. It
// carries the case on, and never returns or rejects, whatever a definition says.

// meet begins what the system does at the branches of a step just entered, or
// carries the case on when the last of them has arrived there.
func (d *decision) meet(parallel *definition.Step, at time.Time) error {
	arrives := d.here.branch != "" && d.State.Step == parallel.ID
	d.advance()
	if arrives {
		if slices.ContainsFunc(d.State.Branches, func(b fold.Branch) bool { return !b.Arrived }) {
			return nil
		}
		return d.join(parallel, at)
	}
	for _, id := range parallel.Branches {
		if d.State.Step != parallel.ID || !d.State.At(id) {
			continue // what the system did at another branch has ended this one
		}
		if err := d.follow(id, at); err != nil {
			return err
		}
		d.advance()
	}
	return nil
}

// join carries the case on as one.
func (d *decision) join(parallel *definition.Step, at time.Time) error {
	i := slices.IndexFunc(parallel.Actions, func(a definition.Action) bool { return a.Kind == definition.ActJoin })
	if i < 0 || !d.byItself(parallel.Actions[i].To) {
		return fault.New(fault.Internal, "fault.internal")
	}
	a := parallel.Actions[i]
	d.here = d.whole()
	ch := fold.Change{Step: parallel.ID, Action: a.ID, By: &fold.Holder{Who: "system"}}
	if err := d.goOn(&ch, a.To, at); err != nil {
		return err
	}
	d.emit(fold.Joined, ch, Private{})
	return d.follow(a.To, at)
}

// goOn moves the case and computes anew what its stops hold.
func (d *decision) goOn(ch *fold.Change, to string, at time.Time) error {
	if err := d.enter(ch, to, at); err != nil {
		return err
	}
	return d.clocks.again(ch)
}

// straight takes the first action whose rule holds. A paper that is still to
// come, or a rule that cannot be asked, leaves it to a person.
func (d *decision) straight(step *definition.Step, at time.Time) error {
	if len(step.Straight) == 0 || len(d.result.Drafts) > 2*len(d.Service.Flow.Steps) {
		return nil
	}
	d.advance()
	if len(d.State.Pending) > 0 {
		return nil
	}
	d.here = d.placeAt(step.ID)
	for i, s := range step.Straight {
		a := step.Action(s.Action)
		if a == nil || a.Kind != definition.ActApprove && a.Kind != definition.ActForward || !d.byItself(a.To) {
			continue
		}
		path := fmt.Sprintf("flow.steps[%d].straight[%d].when", d.index(step), i)
		holds, err := d.holdsTrue(path, step, a)
		if err != nil {
			return nil // told in the record; a person decides
		}
		if holds {
			return d.takes(step, a, path, s.Basis, at)
		}
	}
	return nil
}

// holdsTrue asks the rule of a straight action, and that of the action itself.
func (d *decision) holdsTrue(path string, step *definition.Step, a *definition.Action) (bool, error) {
	for _, p := range []string{path, rulePath(d.Service, step.ID, a.ID)} {
		if p != path && a.When == "" {
			continue
		}
		ok, err := d.Rules.Bool(p, d.env(d.Answers))
		if err != nil {
			d.emit(fold.RuleFailed, fold.Change{Rule: p, By: &fold.Holder{Who: "system"}}, Private{})
		}
		if err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// takes carries out an action without a person, and says by which rule and on
// what basis.
func (d *decision) takes(step *definition.Step, a *definition.Action, path, basis string, at time.Time) error {
	ch := fold.Change{
		Step: step.ID, Action: a.ID, Rule: path, Basis: basis, By: &fold.Holder{Who: "system"}, Checks: map[string]bool{},
	}
	for _, c := range step.Checklist {
		if d.applies(step, c) {
			ch.Checks[c.ID] = true
		}
	}
	if err := d.completes(step, a, &ch, at); err != nil {
		return err
	}
	if err := d.goOn(&ch, a.To, at); err != nil {
		return err
	}
	d.emit(eventOf(a.Kind), ch, Private{})
	return d.follow(a.To, at)
}

// index is where a step stands in its definition.
func (d *decision) index(step *definition.Step) int {
	return slices.IndexFunc(d.Service.Flow.Steps, func(s definition.Step) bool { return s.ID == step.ID })
}
