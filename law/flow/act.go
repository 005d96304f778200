package flow

import (
	"fmt"
	"slices"
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// eventOf says which kind of event an action yields.
func eventOf(k definition.ActionKind) string {
	return map[definition.ActionKind]string{
		definition.ActSubmit: fold.Resubmitted, definition.ActApprove: fold.Approved, definition.ActReturn: fold.Returned,
		definition.ActReject: fold.Rejected, definition.ActForward: fold.Forwarded, definition.ActDeliver: fold.Delivered,
		definition.ActWithdraw: fold.Withdrawn, definition.ActMake: fold.Taken, definition.ActObject: fold.Objected,
		definition.ActDispatch: fold.Dispatched, definition.ActSendBack: fold.SentBack, definition.ActAsk: fold.Asking,
		definition.ActFinish: fold.Finished, definition.ActMerge: fold.Merged, definition.ActConfirm: fold.Confirmed,
		definition.ActReopen: fold.Reopened,
	}[k]
}

// act carries out an action of the present step, or of one of several.
func (d *decision) act() error {
	err := d.stand(func(p place) bool { return p.step.Action(d.Command.Action) != nil },
		func(p place) bool { return d.mayAct(p, p.step.Action(d.Command.Action)) })
	if err != nil {
		return err
	}
	step := d.here.step
	a := step.Action(d.Command.Action)
	if err := d.offered(step, a); err != nil {
		return err
	}
	ch := fold.Change{Step: step.ID, Action: a.ID, Checks: judged(step, d.Command.Checks)}
	p := Private{Note: d.Command.Note}
	if err := both(d.given(step, a, &ch, &p), d.demands(step, a, &ch, &p)); err != nil {
		return err
	}
	if err := d.showing(step); err != nil {
		return err
	}
	if a.Kind == definition.ActAsk {
		d.emit(fold.Asking, ch, p)
		return nil
	}
	if err := d.turn(step, a, &ch); err != nil {
		return err
	}
	if a.Kind == definition.ActWithdraw && d.State.Public != nil { // what is taken back is taken back from the public too
		d.emit(fold.Hidden, fold.Change{Reason: fold.HiddenWithdrawn}, Private{})
	}
	d.emit(eventOf(a.Kind), ch, p)
	d.unshow()
	return d.follow(a.To, d.Now)
}

// offered evaluates the action's condition. A rule that fails never counts as
// false: the failure becomes an event, and the person decides.
func (d *decision) offered(step *definition.Step, a *definition.Action) error {
	if a.When == "" {
		return nil
	}
	path := rulePath(d.Service, step.ID, a.ID)
	ok, err := d.Rules.Bool(path, d.env(d.Answers))
	if err != nil {
		d.emit(fold.RuleFailed, fold.Change{Rule: path}, Private{})
		return nil
	}
	if !ok {
		return errNoAction()
	}
	return nil
}

// rulePath names an action's condition as law/rule does.
func rulePath(s *definition.Service, step, action string) string {
	i := slices.IndexFunc(s.Flow.Steps, func(x definition.Step) bool { return x.ID == step })
	j := slices.IndexFunc(s.Flow.Steps[i].Actions, func(x definition.Action) bool { return x.ID == action })
	return fmt.Sprintf("flow.steps[%d].actions[%d].when", i, j)
}

// demands checks what this kind of action must bring along.
func (d *decision) demands(step *definition.Step, a *definition.Action, ch *fold.Change, p *Private) error {
	switch a.Kind {
	case definition.ActApprove:
		return d.passedAll(step)
	case definition.ActForward:
		return fault.Join(d.unjudged(step))
	case definition.ActReturn:
		return d.returns(step, a, ch, p)
	case definition.ActReject:
		ch.Reason = d.Command.Reason
		return listedReason(a, d.Command.Reason)
	case definition.ActSubmit:
		return d.refill(ch, p)
	case definition.ActMake:
		return d.makes(ch, p)
	case definition.ActDeliver:
		return d.delivers(ch, p)
	}
	return d.passes(step, a, ch)
}

// passedAll wants every line of the checklist judged and good.
func (d *decision) passedAll(step *definition.Step) error {
	var open []*fault.Fault
	for _, c := range step.Checklist {
		if ok, judged := d.Command.Checks[c.ID]; !d.applies(step, c) || judged && ok {
			continue
		}
		open = append(open, fault.New(fault.Invalid, "flow.check_open").At(c.ID))
	}
	return fault.Join(open)
}

// applies says whether a line of the checklist concerns this case. A rule that
// fails keeps the line: a person looks.
func (d *decision) applies(step *definition.Step, c definition.CheckLine) bool {
	if c.When == "" {
		return true
	}
	i := slices.IndexFunc(d.Service.Flow.Steps, func(x definition.Step) bool { return x.ID == step.ID })
	j := slices.IndexFunc(step.Checklist, func(x definition.CheckLine) bool { return x.ID == c.ID })
	ok, err := d.Rules.Bool(fmt.Sprintf("flow.steps[%d].checklist[%d].when", i, j), d.env(d.Answers))
	return err != nil || ok
}

// returns holds a send-back to its law: every line judged, every defect named
// at once with words, and no more often than the definition allows unless the
// supervisor does it.
func (d *decision) returns(step *definition.Step, a *definition.Action, ch *fold.Change, p *Private) error {
	faults := d.unjudged(step)
	for _, c := range step.Checklist {
		ok, judged := d.Command.Checks[c.ID]
		if judged && !ok && !d.names(c.ID) {
			faults = append(faults, fault.New(fault.Invalid, "flow.defect_unexplained").At(c.ID))
		}
	}
	if len(d.Command.Defects) == 0 {
		faults = append(faults, fault.New(fault.Invalid, "flow.no_defect_named").At("defects"))
	}
	for _, x := range d.Command.Defects {
		switch {
		case !d.correctable(step, x.ID):
			faults = append(faults, fault.New(fault.Invalid, "flow.defect_unknown").At("defects"))
		case x.Words == "":
			faults = append(faults, fault.New(fault.Invalid, "flow.defect_unexplained").At(x.ID))
		}
		ch.Defects = append(ch.Defects, x.ID)
	}
	if err := fault.Join(faults); err != nil {
		return err
	}
	if d.State.Returns[step.ID] >= a.Most() && !d.here.supervises(d.Command.By, a) {
		return fault.New(fault.Forbidden, "flow.return_needs_supervisor")
	}
	p.Defects = d.Command.Defects
	return nil
}

// correctable reports whether something is a line of the step's checklist or a
// field of the form. The ids of defects stand in the clear part of the event,
// so they are never anybody's own words.
func (d *decision) correctable(step *definition.Step, id string) bool {
	return d.Service.Field(id) != nil || slices.ContainsFunc(step.Checklist, func(c definition.CheckLine) bool { return c.ID == id })
}

// judged keeps of a judgement what the step's checklist has; it stands in the
// clear part too.
func judged(step *definition.Step, checks map[string]bool) map[string]bool {
	out := map[string]bool{}
	for _, c := range step.Checklist {
		if ok, said := checks[c.ID]; said {
			out[c.ID] = ok
		}
	}
	return out
}

// unjudged are the lines of the checklist that nobody has said yes or no to.
func (d *decision) unjudged(step *definition.Step) (faults []*fault.Fault) {
	for _, c := range step.Checklist {
		if _, judged := d.Command.Checks[c.ID]; !judged && d.applies(step, c) {
			faults = append(faults, fault.New(fault.Invalid, "flow.check_unjudged").At(c.ID))
		}
	}
	return faults
}

func (d *decision) names(check string) bool {
	return slices.ContainsFunc(d.Command.Defects, func(x Defect) bool { return x.ID == check })
}

func listedReason(a *definition.Action, reason string) error {
	if !slices.ContainsFunc(a.Reasons, func(r definition.Reason) bool { return r.ID == reason }) {
		return fault.New(fault.Invalid, "flow.reason_not_listed").At("reason")
	}
	return nil
}

// refill takes the form again after a return.
func (d *decision) refill(ch *fold.Change, p *Private) error {
	clean, err := d.check()
	if err != nil {
		return err
	}
	clean, d.result.Vault = d.Form.Vaulted(clean)
	d.Answers = clean
	filed := d.filed(clean)
	if len(d.result.Vault) > 0 {
		ch.Vault = d.Facts.Vault
	}
	for id, v := range d.State.Answers { // what officers answered stays
		if d.Service.Field(id) == nil {
			filed.Answers[id] = v
		}
	}
	ch.Answers, ch.Pending, ch.Seen, ch.Files = filed.Answers, filed.Pending, filed.Seen, filed.Files
	*p = d.private(clean)
	return nil
}

// turn moves the case and its clocks.
func (d *decision) turn(step *definition.Step, a *definition.Action, ch *fold.Change) error {
	switch a.Kind {
	case definition.ActReturn:
		if _, ok := d.State.Deadline(fold.CaseDeadline); ok {
			d.clocks.stand(ch, fold.StopReturned, d.Now)
		}
	case definition.ActSubmit:
		d.clocks.run(ch, fold.StopReturned, d.Now)
	case definition.ActReject, definition.ActMake, definition.ActFinish:
		d.clocks.end(ch, fold.CaseDeadline, d.Now, fold.Met)
	case definition.ActWithdraw:
		d.clocks.settle(ch, definition.Withdrawn, d.Now)
	}
	if err := d.standDown(a); err != nil {
		return err
	}
	if err := d.completes(step, a, ch, d.Now); err != nil {
		return err
	}
	return d.goOn(ch, a.To, d.Now)
}

// standDown refuses to leave a step while the officer's own stop stands: the
// clock resumes first, so that every stop has an end in the record. A stop that
// was called at another branch hinders only what would end that branch.
func (d *decision) standDown(a *definition.Action) error {
	if a.Kind == definition.ActWithdraw {
		return nil
	}
	onBranch := d.here.branch != "" && d.within(a.To)
	for _, s := range d.State.Stops {
		elsewhere := s.Step != "" && s.Step != d.here.id()
		if s.To.IsZero() && s.Reason != fold.StopReturned && s.Reason != fold.StopSuspended && !(onBranch && elsewhere) {
			return fault.New(fault.Conflict, "flow.resume_first")
		}
	}
	return nil
}

// completes starts the promised clock when a completeness review is passed, or
// the matter is handed to the unit that answers it, wherever that happens.
func (d *decision) completes(step *definition.Step, a *definition.Action, ch *fold.Change, at time.Time) error {
	passing := a.Kind == definition.ActApprove || a.Kind == definition.ActForward || a.Kind == definition.ActDispatch
	if !step.Complete && a.Kind != definition.ActDispatch || !passing || !d.State.Complete.IsZero() {
		return nil
	}
	ch.Complete = &at
	if d.Service.Limit.Starts != "complete" {
		return nil
	}
	return d.startPromise(ch, at)
}
