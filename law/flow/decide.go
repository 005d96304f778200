package flow

import (
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// decision is one run of Decide: the input and what it has yielded so far.
type decision struct {
	Input
	clocks *clocks
	result Result
}

// Decide says what follows from a command: events and effects, or a fault
// whose words the actor may read. It changes nothing.
func Decide(in Input) (Result, error) {
	d := &decision{Input: in, clocks: newClocks(in)}
	if in.Command.Seen != 0 && in.Command.Seen != in.State.Version {
		return Result{}, errStale()
	}
	if in.State.Shredded {
		return Result{}, fault.New(fault.Gone, "fault.shredded")
	}
	if err := d.route(); err != nil {
		return Result{}, err
	}
	return d.result, nil
}

func (d *decision) route() error {
	switch d.Command.Do {
	case DoSubmit:
		return d.submit()
	case DoShred:
		return d.shred()
	}
	if d.State.Version == 0 {
		return fault.New(fault.Unknown, "fault.unknown_case")
	}
	if !d.State.Open() {
		return errEnded()
	}
	if _, passed := Passed(d.State, d.Now); passed && d.Command.Do != DoLapse {
		return fault.New(fault.Conflict, "flow.lapse_first")
	}
	switch d.Command.Do {
	case DoAct:
		return d.act()
	case DoStop:
		return d.stop()
	case DoResume:
		return d.resume()
	case DoLapse:
		return d.lapse()
	case DoIssued:
		return d.issued()
	case DoSuspend:
		return d.suspend()
	case DoUnsuspend:
		return d.unsuspend()
	case DoAmend:
		return d.amend()
	case DoPapers:
		return d.papers()
	}
	return errNoAction()
}

// Passed finds the deadline that has been over for longest and has not fired.
// What its passing does comes before anything that somebody does later.
func Passed(c fold.Case, now time.Time) (d fold.Deadline, passed bool) {
	for _, x := range c.Deadlines {
		if x.State == fold.Running && now.After(x.Due) && (!passed || x.Due.Before(d.Due)) {
			d, passed = x, true
		}
	}
	return d, passed
}

// emit adds an event. Who acted, and from which step, is the same for all.
func (d *decision) emit(kind string, ch fold.Change, p Private) {
	if ch.By == nil && d.Command.By.Who != "" {
		by := d.Command.By
		ch.By = &by
	}
	if ch.Step == "" {
		ch.Step = d.State.Step
	}
	d.result.Drafts = append(d.result.Drafts, Draft{Kind: kind, Change: ch, Private: p})
}

// enter moves the case to a step or an outcome: whose turn it is, which
// deadline ends and which begins. At is when the new step begins.
func (d *decision) enter(ch *fold.Change, target string, at time.Time) error {
	d.clocks.leave(ch, d.State.Step, at)
	if definition.IsOutcome(target) {
		ch.Outcome = target
		ch.Holder = &fold.Holder{Who: "none"}
		d.clocks.settle(ch, target, at)
		return nil
	}
	step := d.Service.Step(target)
	if step == nil {
		return fault.New(fault.Internal, "fault.internal")
	}
	ch.To = step.ID
	ch.Holder = &fold.Holder{Who: step.Actor.Who, Role: step.Actor.Role, Unit: d.unitOf(step.Actor)}
	if step.Actor.Who != "role" {
		ch.Holder.Role, ch.Holder.Unit = "", ""
	}
	return d.clocks.begin(ch, step, at)
}

// follow queues what the system does by itself at the step just entered.
func (d *decision) follow(target string) {
	step := d.Service.Step(target)
	if step == nil || step.Kind != definition.StepIssue {
		return
	}
	if d.State.Number == "" {
		d.result.Drafts = append(d.result.Drafts, Draft{
			Kind:   fold.Numbered,
			Change: fold.Change{Step: step.ID, Series: d.Service.Product.Numbering, By: &fold.Holder{Who: "system"}},
			Series: d.Service.Product.Numbering,
		})
	}
	d.result.Effects = append(d.result.Effects, EffectRender)
}

// unitOf is the unit of a step's actor: the one it names, or the case's own.
func (d *decision) unitOf(a definition.Actor) string {
	if a.Unit != "" {
		return a.Unit
	}
	if d.State.Version == 0 {
		return d.Facts.Unit
	}
	return d.State.Unit
}

// action finds a named action of the present step.
func (d *decision) action(id string) (*definition.Step, *definition.Action) {
	step := d.Service.Step(d.State.Step)
	if step == nil {
		return nil, nil
	}
	return step, step.Action(id)
}

// mayAct says whether the actor's capacity fits the action: the applicant's
// own actions, the system's, or those of the one whose turn it is.
func (d *decision) mayAct(a *definition.Action) bool {
	by := d.Command.By
	switch a.Kind {
	case definition.ActWithdraw, definition.ActObject:
		return by.Who == "applicant"
	case definition.ActIssue:
		return false // the system's, through DoIssued
	case definition.ActDeliver:
		return by.Who == "applicant" || d.holds(by) || d.atCounter(by)
	case definition.ActSubmit:
		return by.Who == "applicant" && d.State.Holder.Who == "applicant"
	case definition.ActReturn:
		return d.holds(by) || d.supervises(by, a)
	}
	return d.holds(by)
}

// holds reports whether by is the one whose turn it is, or the role that
// lateness called in at the same unit.
func (d *decision) holds(by fold.Holder) bool {
	h := d.State.Holder
	if by.Who != "role" || h.Who != "role" || by.Unit != h.Unit {
		return false
	}
	return by.Role == h.Role || (d.State.Escalated != "" && by.Role == d.State.Escalated)
}

// atCounter reports whether by is somebody of the unit that answers for the
// case, to whose counter the applicant comes.
func (d *decision) atCounter(by fold.Holder) bool {
	return by.Who == "role" && by.Unit == d.State.Unit && d.State.Holder.Who == "applicant"
}

// supervises reports whether by may go over the bound of a return.
func (d *decision) supervises(by fold.Holder, a *definition.Action) bool {
	return by.Who == "role" && a.Over != "" && by.Role == a.Over && by.Unit == d.State.Holder.Unit
}
