package flow

import (
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// ToHelp are the questions for help of which no case has been made yet.
func ToHelp(c fold.Case) (open []fold.Asked) {
	if !c.Open() {
		return nil
	}
	for _, q := range c.Helping("") {
		if q.Case == "" {
			open = append(open, q)
		}
	}
	return open
}

// AskedBy is the action by which help was asked for: no two of a step ask the
// same service.
func AskedBy(s *definition.Service, q fold.Asked) *definition.Action {
	step := s.Step(q.Step)
	if step == nil {
		return nil
	}
	for i := range step.Actions {
		if a := &step.Actions[i]; a.Kind == definition.ActAsk && a.Consult != nil && a.Consult.Service == q.Service {
			return a
		}
	}
	return nil
}

// helping records by which case another unit helps.
func (d *decision) helping(asked *fold.Asked) error {
	q, ok := d.State.Question(asked.ID)
	if !ok || q.Outcome != "" || q.Case != "" || asked.Case == "" {
		return fault.New(fault.Conflict, "flow.not_asking")
	}
	q.Case = asked.Case
	d.here = d.placeAt(q.Step)
	d.emit(fold.Consulted, fold.Change{Step: q.Step, Asked: &q}, Private{})
	return nil
}

// helped records how that case ended, and what it found. This one stays where it is.
func (d *decision) helped(asked *fold.Asked) error {
	q, ok := d.State.Question(asked.ID)
	if !ok || q.Outcome != "" || q.Case != asked.Case {
		return fault.New(fault.Conflict, "flow.not_asking")
	}
	q.Outcome, q.Number = asked.Outcome, asked.Number
	d.here = d.placeAt(q.Step)
	d.emit(fold.Answered, fold.Change{Step: q.Step, Asked: &q, Files: d.Facts.Files}, d.Facts.Report)
	return nil
}

// recallAsked says that help is wanted no longer.
func (d *decision) recallAsked() error {
	q, ok := d.State.Question(d.Command.Asked)
	if !ok || q.Outcome != "" {
		return fault.New(fault.Conflict, "flow.not_asking")
	}
	d.here = d.placeAt(q.Step)
	if !d.here.holds(d.Command.By) {
		return errNotYours()
	}
	q.Outcome = fold.Withdrawn
	d.emit(fold.Recalled, fold.Change{Step: q.Step, Asked: &q}, Private{Note: d.Command.Note})
	return nil
}
