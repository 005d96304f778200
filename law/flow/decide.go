package flow

import (
	"slices"
	"time"

	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// decision is one run of Decide: the input and what it has yielded so far.
type decision struct {
	Input
	here    place // where the act happens
	clocks  *clocks
	applied int // how many drafts State knows already
	result  Result
}

func begin(in Input) *decision {
	d := &decision{Input: in, clocks: newClocks(in)}
	d.clocks.ask = func(path string) (bool, error) { return d.Rules.Bool(path, d.env(d.Answers)) }
	d.here = d.whole()
	return d
}

// Decide says what follows from a command: events and effects, or a fault
// whose words the actor may read. It changes nothing.
func Decide(in Input) (Result, error) {
	d := begin(in)
	if in.Command.Seen != 0 && Moved(in.State, in.Command.Seen) {
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

// Moved reports whether something has happened since somebody saw a version.
// That notice was given is no news to whoever acts.
func Moved(c fold.Case, seen int64) bool {
	return seen > c.Version || slices.ContainsFunc(c.Marks, func(m fold.Mark) bool { return m.Version > seen && !notified(m.Kind) })
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
	if beside, err := d.beside(); beside {
		return err
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
	case DoConsulted:
		return d.consulted()
	case DoAnswered:
		return d.answered()
	case DoRecall:
		return d.recall()
	case DoRecallAsked:
		return d.recallAsked()
	}
	return errNoAction()
}

// beside carries out what moves no step and may come after the end.
func (d *decision) beside() (bool, error) {
	switch d.Command.Do {
	case DoRevoke:
		return true, d.revoke()
	case DoTold:
		return true, d.told()
	case DoPost:
		return true, d.post()
	case DoWrite:
		return true, d.write()
	case DoPublish:
		return true, d.publish()
	case DoHide:
		return true, d.hide()
	case DoTookIn:
		return true, d.tookIn()
	case DoRelay:
		return true, d.relay()
	}
	return false, nil
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

// emit adds an event. Who acted, and at which step, is the same for all. A rule
// of a limit that could not be asked is an event after the one it belongs to.
func (d *decision) emit(kind string, ch fold.Change, p Private) {
	if ch.By == nil && d.Command.By.Who != "" {
		by := d.Command.By
		ch.By = &by
	}
	if ch.Step == "" {
		ch.Step = d.here.id()
	}
	d.result.Drafts = append(d.result.Drafts, Draft{Kind: kind, Change: ch, Private: p})
	failed := d.clocks.failed
	d.clocks.failed = nil
	for _, path := range failed {
		d.emit(fold.RuleFailed, fold.Change{Rule: path}, Private{})
	}
}

// advance folds what was decided so far, for what the system decides on top of it.
func (d *decision) advance() {
	for ; d.applied < len(d.result.Drafts); d.applied++ {
		ev := event.Event{
			Stream: d.Facts.Stream, Version: d.State.Version + 1, Kind: d.result.Drafts[d.applied].Kind,
			Entered: d.Now, Received: d.Facts.Received,
		}
		d.State = fold.Apply(d.State, ev, d.result.Drafts[d.applied].Change)
	}
	d.clocks.in.State = d.State
}

// enter moves the case, or the branch where it happens, to a step or an outcome:
// whose turn it is, which deadlines end and which begin. At is when the new step
// begins.
func (d *decision) enter(ch *fold.Change, target string, at time.Time) error {
	if d.here.branch != "" && d.within(target) {
		return d.along(ch, target, at)
	}
	d.clocks.leave(ch, d.here.id(), at)
	for _, b := range d.State.Branches {
		d.clocks.end(ch, b.Step, at, fold.Dropped)
	}
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
	holder := d.holderOf(step)
	ch.To, ch.Holder = step.ID, &holder
	if err := d.clocks.begin(ch, step, at); err != nil || step.Kind != definition.StepParallel {
		return err
	}
	return d.part(ch, step, at)
}

// holderOf is whose turn it is at a step.
func (d *decision) holderOf(step *definition.Step) fold.Holder {
	if step.Actor.Who != "role" {
		return fold.Holder{Who: step.Actor.Who}
	}
	return fold.Holder{Who: "role", Role: step.Actor.Role, Unit: d.unitOf(step.Actor)}
}

// follow queues what the system does by itself at the step just entered. At is
// when it was entered.
func (d *decision) follow(target string, at time.Time) error {
	step := d.Service.Step(target)
	if step == nil {
		return nil
	}
	switch step.Kind {
	case definition.StepIssue:
		d.render(step)
	case definition.StepParallel:
		return d.meet(step, at)
	case definition.StepReview, definition.StepDecide:
		return d.straight(step, at)
	}
	return nil
}

// render takes a number, when there is none yet, and asks for the product.
func (d *decision) render(step *definition.Step) {
	if d.State.Number == "" {
		d.result.Drafts = append(d.result.Drafts, Draft{
			Kind:   fold.Numbered,
			Change: fold.Change{Step: step.ID, Series: d.Service.Product.Numbering, By: &fold.Holder{Who: "system"}},
			Series: d.Service.Product.Numbering,
		})
	}
	d.result.Effects = append(d.result.Effects, EffectRender)
}

// byItself reports whether the system may lead a case there: never to a
// rejection that no officer spoke, never back to the applicant, whatever the
// definition says.
func (d *decision) byItself(target string) bool {
	switch target {
	case definition.Withdrawn:
		return false
	case definition.Rejected:
		return d.State.Reason != ""
	}
	step := d.Service.Step(target)
	return definition.IsOutcome(target) || step != nil && step.Kind != definition.StepFill
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

// mayAct says whether the actor's capacity fits an action at a place: the
// applicant's own actions, the system's, or those of the one whose turn it is.
func (d *decision) mayAct(p place, a *definition.Action) bool {
	by := d.Command.By
	switch a.Kind {
	case definition.ActWithdraw, definition.ActObject:
		return by.Who == "applicant"
	case definition.ActIssue, definition.ActJoin, definition.ActAnswered:
		return false // the system's
	case definition.ActDeliver:
		return by.Who == "applicant" || p.holds(by) || d.atCounter(p, by)
	case definition.ActSubmit:
		return by.Who == "applicant" && p.holder.Who == "applicant"
	case definition.ActConfirm, definition.ActReopen:
		return by.Who == "applicant" && p.holder.Who == "applicant"
	case definition.ActReturn, definition.ActSendBack:
		return p.holds(by) || p.supervises(by, a)
	}
	return p.holds(by)
}

// atCounter reports whether by is somebody of the unit that answers for the
// case, to whose counter the applicant comes.
func (d *decision) atCounter(p place, by fold.Holder) bool {
	return by.Who == "role" && by.Unit == d.State.Unit && p.holder.Who == "applicant"
}
