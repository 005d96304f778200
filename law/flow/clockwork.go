package flow

import (
	"slices"
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// stop lets the clock stand for a listed reason, a bounded number of times and
// for a bounded time: when that is used up it runs on by itself.
func (d *decision) stop() error {
	may := func(p place) bool { return p.holds(d.Command.By) }
	if err := d.stand(func(p place) bool { return slices.Contains(p.step.Stops, d.Command.Reason) || may(p) }, may); err != nil {
		if len(d.State.Branches) == 0 && !may(d.whole()) {
			return errNotYours()
		}
		return err
	}
	s, err := d.mayStop()
	if err != nil {
		return err
	}
	ch := fold.Change{Step: d.here.id(), Reason: s.ID}
	d.clocks.stand(&ch, s.ID, d.Now)
	bound, err := d.clocks.start(fold.StopDeadline, definition.Limit{Within: s.Total}, d.clocks.unit(), d.Now, false)
	if err != nil {
		return err
	}
	ch.Set = append(ch.Set, bound)
	if err := d.clocks.again(&ch); err != nil {
		return err
	}
	d.emit(fold.Stopped, ch, Private{Note: d.Command.Note})
	return nil
}

// mayStop finds the listed reason and holds it to its bound; the Total of what
// it gives is what is left.
func (d *decision) mayStop() (definition.Stop, error) {
	listed, step := d.Service.Stop(d.Command.Reason), d.here.step
	if listed == nil || step == nil || !slices.Contains(step.Stops, listed.ID) {
		return definition.Stop{}, fault.New(fault.Invalid, "flow.stop_not_listed").At("reason")
	}
	s := *listed
	if c, ok := d.State.Deadline(fold.CaseDeadline); !ok || c.State != fold.Running {
		return s, fault.New(fault.Conflict, "flow.clock_not_running")
	}
	left, err := d.allowance(s)
	if err != nil {
		return s, err
	}
	if left.Times == 0 || left.Left.N == 0 {
		return s, fault.New(fault.Conflict, "flow.stop_used_up")
	}
	s.Total = left.Left.String()
	return s, nil
}

// allowance is what earlier stops for the same reason have left of its bound.
func (d *decision) allowance(s definition.Stop) (deadline.Allowance, error) {
	span, err := deadline.ParseSpan(s.Total)
	if err != nil {
		return deadline.Allowance{}, err
	}
	clock, err := d.Clock(d.clocks.unit())
	if err != nil {
		return deadline.Allowance{}, err
	}
	bound := deadline.Bound{Reason: s.ID, Max: max(s.Max, 1), Total: span}
	return clock.Allowance(bound, StopsFor(d.State.Stops, fold.Deadline{Pauses: true}), d.Now)
}

// resume lets the clock run on from where it stood.
func (d *decision) resume() error {
	if d.Command.By.Who != "system" && !slices.ContainsFunc(d.places(), func(p place) bool { return p.holds(d.Command.By) }) {
		return errNotYours()
	}
	return d.runOn(d.Now)
}

func (d *decision) runOn(at time.Time) error {
	ch := fold.Change{}
	for _, s := range d.State.Stops {
		if s.To.IsZero() && s.Reason != fold.StopReturned && s.Reason != fold.StopSuspended {
			ch.Reason = s.Reason
		}
	}
	if ch.Reason == "" || !d.clocks.run(&ch, ch.Reason, at) {
		return fault.New(fault.Conflict, "flow.clock_not_stopped")
	}
	d.clocks.end(&ch, fold.StopDeadline, at, fold.Dropped)
	if err := d.clocks.again(&ch); err != nil {
		return err
	}
	d.emit(fold.Resumed, ch, Private{Note: d.Command.Note})
	return nil
}

// lapse is what happens by itself when a deadline passes.
func (d *decision) lapse() error {
	dl, ok := d.State.Deadline(d.Command.Deadline)
	if !ok || dl.State != fold.Running || !d.Now.After(dl.Due) {
		return fault.New(fault.Conflict, "flow.not_due")
	}
	if dl.ID == fold.StopDeadline {
		return d.runOn(dl.Due)
	}
	d.here = d.placeAt(dl.ID)
	ch := fold.Change{Deadline: dl.ID, End: []fold.End{{ID: dl.ID, State: fold.Missed}}}
	late := d.lateness(dl.ID)
	for _, l := range late {
		ch.Late = append(ch.Late, l.Do)
	}
	to, err := d.late(&ch, late, dl.Due)
	if err != nil {
		return err
	}
	d.emit(fold.Lapsed, ch, Private{})
	return d.follow(to, d.Now)
}

// lateness is what the definition says of a deadline that passes.
func (d *decision) lateness(id string) []definition.Late {
	if id == fold.CaseDeadline {
		return d.Service.Limit.Late
	}
	if step := d.Service.Step(id); step != nil && step.Limit != nil {
		return step.Limit.Late
	}
	return nil
}

// late does it: calls in a superior, grants, closes or counts as complete.
// A grant comes too late when the product is already being made.
func (d *decision) late(ch *fold.Change, late []definition.Late, due time.Time) (to string, err error) {
	for _, l := range late {
		switch l.Do {
		case "escalate":
			d.callIn(ch, fold.AtUnit(l.Role, l.Unit))
		case "grant":
			if d.decided() {
				continue
			}
			ch.Basis, to = l.Basis, l.To
		case "close":
			to = closing(l)
		case "complete":
			to = l.To
			if err := d.counts(ch, due); err != nil {
				return "", err
			}
		}
	}
	if to == "" || !d.byItself(to) {
		return "", nil
	}
	ch.Branches = nil // whom a branch calls in no longer matters
	return to, d.enter(ch, to, d.Now)
}

// counts takes the file as complete since a moment, at the step that judges it.
func (d *decision) counts(ch *fold.Change, at time.Time) error {
	if d.here.step == nil || !d.here.step.Complete || !d.State.Complete.IsZero() {
		return nil
	}
	ch.Complete = &at
	return d.startPromise(ch, at)
}

// callIn escalates: at the branch that is late, at each that is still under way
// when it is the whole case.
func (d *decision) callIn(ch *fold.Change, post string) {
	if len(d.State.Branches) == 0 {
		if ch.Escalated != "" {
			ch.Called = append(ch.Called, ch.Escalated)
		}
		ch.Escalated = post
	}
	for _, b := range d.State.Branches {
		if b.Arrived || d.here.branch != "" && d.here.branch != b.ID {
			continue
		}
		if i := slices.IndexFunc(ch.Branches, func(o fold.Branch) bool { return o.ID == b.ID }); i >= 0 {
			ch.Branches[i] = ch.Branches[i].CallIn(post)
		} else {
			ch.Branches = append(ch.Branches, b.CallIn(post))
		}
	}
}

func closing(l definition.Late) string {
	if l.To == "" {
		return definition.Closed
	}
	return l.To
}

// decided reports whether the officers' part is over: the product is being
// made or lies ready.
func (d *decision) decided() bool {
	step := d.here.step
	return d.State.Number != "" || d.State.Made != nil ||
		step != nil && (step.Kind == definition.StepIssue || step.Kind == definition.StepDeliver)
}

// issued takes the product in: the promised clock has done its work.
func (d *decision) issued() error {
	step := d.Service.Step(d.State.Step)
	if step == nil || step.Kind != definition.StepIssue || d.Facts.Document == nil {
		return errNoAction()
	}
	i := slices.IndexFunc(step.Actions, func(a definition.Action) bool { return a.Kind == definition.ActIssue })
	if i < 0 || !d.byItself(step.Actions[i].To) {
		return errNoAction()
	}
	ch := fold.Change{Step: step.ID, Action: step.Actions[i].ID, Document: d.Facts.Document}
	d.clocks.end(&ch, fold.CaseDeadline, d.Now, fold.Met)
	if err := d.enter(&ch, step.Actions[i].To, d.Now); err != nil {
		return err
	}
	d.emit(fold.Issued, ch, Private{Statement: d.Facts.Statement})
	return nil
}

// suspend lets every clock of the case stand with its unit, outside the
// case's own bound: the national system is down, no blank cards, disaster.
func (d *decision) suspend() error {
	for _, s := range d.State.Stops {
		if s.Reason == fold.StopSuspended {
			return fault.New(fault.Conflict, "flow.suspended_before")
		}
	}
	ch := fold.Change{Reason: fold.StopSuspended, Evidence: d.Command.Evidence}
	d.clocks.stand(&ch, fold.StopSuspended, d.Now)
	if err := d.clocks.again(&ch); err != nil {
		return err
	}
	d.emit(fold.Suspended, ch, Private{Note: d.Command.Note})
	return nil
}

func (d *decision) unsuspend() error {
	ch := fold.Change{Reason: fold.StopSuspended}
	if !d.clocks.run(&ch, fold.StopSuspended, d.Now) {
		return fault.New(fault.Conflict, "flow.clock_not_stopped")
	}
	if err := d.clocks.again(&ch); err != nil {
		return err
	}
	d.emit(fold.Unsuspended, ch, Private{})
	return nil
}

// shred is the last event of a case: its key is destroyed after it.
func (d *decision) shred() error {
	if d.State.Version == 0 {
		return fault.New(fault.Unknown, "fault.unknown_case")
	}
	if d.State.Open() {
		return fault.New(fault.Conflict, "flow.shred_open_case")
	}
	d.emit(fold.Shredded, fold.Change{Reason: d.Command.Reason}, Private{})
	return nil
}

// amend applies a calendar that has changed to the deadlines not yet due: one
// event with the old and the new moment of each.
func (d *decision) amend() error {
	ch := fold.Change{}
	for _, dl := range d.State.Deadlines {
		if dl.State != fold.Running {
			continue
		}
		n, changed, err := d.amended(dl)
		if err != nil {
			return err
		}
		if changed {
			ch.Set = append(ch.Set, n)
		}
	}
	if len(ch.Set) == 0 {
		return nil // nothing of this case changes; no event
	}
	d.emit(fold.Amended, ch, Private{})
	return nil
}

func (d *decision) amended(dl fold.Deadline) (fold.Deadline, bool, error) {
	span, err := deadline.ParseSpan(dl.Within)
	if err != nil {
		return dl, false, err
	}
	clock, err := d.Clock(dl.Unit)
	if err != nil || clock.Set.Hash == dl.Calendar {
		return dl, false, err
	}
	old := deadline.Proof{Due: dl.Due, Span: span, Start: dl.From, Stops: StopsFor(d.State.Stops, dl)}
	a, err := clock.Amend(old, d.Now)
	if err != nil || !a.Changed {
		return dl, false, err
	}
	dl.Was, dl.Due, dl.Calendar = dl.Due, a.New.UTC(), clock.Set.Hash
	return dl, true, nil
}
