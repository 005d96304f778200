package flow

import (
	"slices"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// ToAsk are the consult steps at which a case stands and nobody has been asked
// yet: each wants a case of its own at the unit that is asked.
func ToAsk(s *definition.Service, c fold.Case) (steps []string) {
	if !c.Open() {
		return nil
	}
	for _, step := range s.Flow.Steps {
		if step.Kind != definition.StepConsult || !c.At(step.ID) {
			continue
		}
		if _, asked := c.Awaits(step.ID); !asked {
			steps = append(steps, step.ID)
		}
	}
	return steps
}

// Recalled are the questions that a case no longer waits for, and did before:
// the cases by which they were asked are to be taken back.
func Recalled(before, after fold.Case) (gone []fold.Asked) {
	for _, a := range before.Asked {
		if a.Outcome != "" || a.Case == "" {
			continue
		}
		given := slices.ContainsFunc(after.Asked, func(o fold.Asked) bool { return o.Case == a.Case && o.Outcome != fold.Withdrawn })
		if a.ID != "" {
			if !given {
				gone = append(gone, a)
			}
			continue
		}
		if before.At(a.Step) && !after.At(a.Step) && !given {
			gone = append(gone, a)
		}
	}
	return gone
}

// consulted records by which case another unit was asked.
func (d *decision) consulted() error {
	asked := d.Facts.Asked
	if asked != nil && asked.ID != "" {
		return d.helping(asked)
	}
	if asked == nil || !slices.Contains(ToAsk(d.Service, d.State), asked.Step) {
		return fault.New(fault.Conflict, "flow.not_asking")
	}
	d.here = d.placeAt(asked.Step)
	d.emit(fold.Consulted, fold.Change{Asked: asked}, Private{})
	return nil
}

// answered carries the case on by the action for the outcome of the other case.
func (d *decision) answered() error {
	asked := d.Facts.Asked
	if asked == nil || asked.Outcome == "" {
		return errNoAction()
	}
	if asked.ID != "" {
		return d.helped(asked)
	}
	if waits, ok := d.State.Awaits(asked.Step); !ok || waits.Case != asked.Case || !d.State.At(asked.Step) {
		return fault.New(fault.Conflict, "flow.not_asking")
	}
	d.here = d.placeAt(asked.Step)
	a := answerFor(d.here.step, asked.Outcome)
	if a == nil {
		return errNoAction()
	}
	ch := fold.Change{Action: a.ID, Asked: asked}
	if err := d.goOn(&ch, a.To, d.Now); err != nil {
		return err
	}
	d.emit(fold.Answered, ch, Private{})
	return d.follow(a.To, d.Now)
}

// answerFor is the action for an outcome, or the one for any other.
func answerFor(step *definition.Step, outcome string) (found *definition.Action) {
	for i := range step.Actions {
		a := &step.Actions[i]
		switch {
		case a.Kind != definition.ActAnswered:
		case a.Outcome == outcome:
			return a
		case a.Outcome == "":
			found = a
		}
	}
	return found
}

// recall ends a case that was asked for, when the one that asked waits no longer.
func (d *decision) recall() error {
	if d.State.Parent == "" {
		return errNoAction()
	}
	ch := fold.Change{}
	d.clocks.settle(&ch, definition.Withdrawn, d.Now)
	if err := d.enter(&ch, definition.Withdrawn, d.Now); err != nil {
		return err
	}
	d.emit(fold.Withdrawn, ch, Private{})
	return nil
}
