package flow

import (
	"fmt"
	"slices"
	"strings"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// passes checks what the actions must bring along by which a matter is passed
// around: to another unit, back, into another case, to the applicant and back.
func (d *decision) passes(step *definition.Step, a *definition.Action, ch *fold.Change) error {
	switch a.Kind {
	case definition.ActDispatch:
		return both(fault.Join(d.unjudged(step)), d.dispatches(a, ch))
	case definition.ActSendBack:
		return d.sendsBack(step, a, ch)
	case definition.ActAsk:
		return d.asks(step, a, ch)
	case definition.ActFinish:
		if len(d.State.Helping(step.ID)) > 0 {
			return fault.New(fault.Conflict, "flow.answers_first")
		}
	case definition.ActMerge:
		return d.merges(ch)
	case definition.ActReopen:
		return d.reopens(a)
	}
	return nil
}

// dispatches hands the case to another unit, whose office hours count from now on.
func (d *decision) dispatches(a *definition.Action, ch *fold.Change) error {
	if err := d.chooses(a); err != nil {
		return err
	}
	d.handOver(ch, d.Command.Unit)
	return nil
}

// handOver makes another unit the one that has the case. That the former one
// stood still no longer holds it; whether the new one does, the engine knows.
func (d *decision) handOver(ch *fold.Change, unit string) {
	if unit != d.State.Unit {
		d.clocks.run(ch, fold.StopSuspended, d.Now)
	}
	ch.Unit = unit
	d.State.Unit = unit
	d.clocks.in.State.Unit = unit
}

// chooses checks the unit that an officer chose: one that the action allows, and
// that there is.
func (d *decision) chooses(a *definition.Action) error {
	unit := d.Command.Unit
	if unit == "" {
		return fault.New(fault.Invalid, "flow.unit_missing").At("unit")
	}
	if len(a.Units) > 0 && !slices.Contains(a.Units, unit) {
		return fault.New(fault.Invalid, "flow.unit_unknown").At("unit")
	}
	if _, err := d.Clock(unit); err != nil { // there is no such unit: every unit has its hours
		return fault.New(fault.Invalid, "flow.unit_unknown").At("unit").Because(err)
	}
	return nil
}

// sendsBack says that the matter is not this unit's: in words, and no more often
// than the definition allows unless the supervisor does it.
func (d *decision) sendsBack(step *definition.Step, a *definition.Action, ch *fold.Change) error {
	if err := d.inWords(); err != nil {
		return err
	}
	if d.State.Returns[step.ID] >= a.Most() && !d.here.supervises(d.Command.By, a) {
		return fault.New(fault.Forbidden, "flow.send_back_needs_supervisor")
	}
	if to := d.Service.Step(a.To); to != nil && to.Actor.Unit != "" {
		d.handOver(ch, to.Actor.Unit)
	}
	return nil
}

// inWords wants words with an act.
func (d *decision) inWords() error {
	if strings.TrimSpace(d.Command.Note) == "" {
		return fault.New(fault.Invalid, "flow.words_missing").At("note")
	}
	return nil
}

// merges says of which case this one is the same matter. Whether there is such a
// case, and whether it goes on for itself, the engine knows.
func (d *decision) merges(ch *fold.Change) error {
	if d.Command.Into == "" || d.Command.Into == d.State.Stream {
		return fault.New(fault.Invalid, "flow.into_missing").At("into")
	}
	if slices.Contains(d.State.Merged, d.Command.Into) {
		return fault.New(fault.Conflict, "flow.into_merged").At("into")
	}
	ch.Into = d.Command.Into
	return nil
}

// tookIn notes on the case that goes on that another was merged into it.
func (d *decision) tookIn() error {
	from := d.Facts.From
	if from == "" || from == d.State.Stream || slices.Contains(d.State.Merged, from) {
		return errNoAction()
	}
	d.emit(fold.TookIn, fold.Change{From: from}, Private{})
	return nil
}

// reopens is the applicant's word that the matter is not solved, a bounded
// number of times.
func (d *decision) reopens(a *definition.Action) error {
	if err := d.inWords(); err != nil {
		return err
	}
	if d.State.Reopened >= a.Most() {
		return fault.New(fault.Conflict, "flow.reopened_enough")
	}
	return nil
}

// mostHelp is how many questions for help may be open at once: more would be
// nobody's work any longer.
const mostHelp = 10

// asks wants the help of another unit, by a case of its own that is made after
// this decision. The case stays where it is.
func (d *decision) asks(step *definition.Step, a *definition.Action, ch *fold.Change) error {
	if err := d.chooses(a); err != nil {
		return err
	}
	if len(d.State.Helping("")) >= mostHelp {
		return fault.New(fault.Conflict, "flow.asked_enough").With("n", int64(mostHelp))
	}
	n := 1
	for _, q := range d.State.Asked {
		if q.ID != "" && q.Step == step.ID {
			n++
		}
	}
	ch.Asked = &fold.Asked{ID: fmt.Sprintf("%s/%d", step.ID, n), Step: step.ID, Service: a.Consult.Service, Unit: d.Command.Unit}
	return nil
}
