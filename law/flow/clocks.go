package flow

import (
	"fmt"
	"slices"
	"time"

	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// clocks keeps a decision's deadlines: which begin, stand, run on and end.
type clocks struct {
	in     Input
	stops  []fold.Stop                // as they will stand after this decision
	ask    func(string) (bool, error) // asks the rule at a path
	failed []string                   // rules that could not be asked
}

func newClocks(in Input) *clocks {
	return &clocks{in: in, stops: slices.Clone(in.State.Stops)}
}

// start computes a deadline of a limit from a moment, in a unit's office hours.
func (c *clocks) start(id string, l definition.Limit, unit string, from time.Time, pauses bool) (fold.Deadline, error) {
	d := fold.Deadline{ID: id, Within: l.Within, From: from, Unit: unit, State: fold.Running, Pauses: pauses}
	if len(l.Cases) > 0 {
		var err error
		if d.Within, err = c.within(d, l); err != nil {
			return d, err
		}
	}
	return c.compute(d)
}

// within chooses a limit's time: that of the first case whose condition holds
// when the clock starts. When a rule cannot be asked, it is the shortest of all
// times that the limit names, so that nobody waits longer than is sure.
func (c *clocks) within(d fold.Deadline, l definition.Limit) (string, error) {
	at := "limit"
	if d.ID != fold.CaseDeadline {
		at = fmt.Sprintf("flow.steps[%d].limit", slices.IndexFunc(c.in.Service.Flow.Steps, func(s definition.Step) bool { return s.ID == d.ID }))
	}
	for i, x := range l.Cases {
		path := fmt.Sprintf("%s.cases[%d].when", at, i)
		holds, err := c.ask(path)
		if err != nil {
			c.failed = append(c.failed, path)
			return c.shortest(d, l)
		}
		if holds {
			return x.Within, nil
		}
	}
	return l.Within, nil
}

// shortest is the time that ends first when it begins where the deadline does.
func (c *clocks) shortest(d fold.Deadline, l definition.Limit) (string, error) {
	d.Within, d.Pauses = l.Within, false
	first, err := c.compute(d)
	for _, x := range l.Cases {
		if err != nil {
			return "", err
		}
		d.Within = x.Within
		var other fold.Deadline
		if other, err = c.compute(d); err == nil && other.Due.Before(first.Due) {
			first = other
		}
	}
	return first.Within, err
}

// compute fills in due moment and calendar under the stops as they stand.
func (c *clocks) compute(d fold.Deadline) (fold.Deadline, error) {
	span, err := deadline.ParseSpan(d.Within)
	if err != nil {
		return d, err
	}
	clock, err := c.in.Clock(d.Unit)
	if err != nil {
		return d, err
	}
	proof, err := clock.Due(span, d.From, StopsFor(c.stops, d))
	if err != nil {
		return d, err
	}
	d.Calendar, d.Due, d.State = proof.Calendar, proof.Due.UTC(), fold.Running
	if proof.Stopped {
		d.Due, d.State = time.Time{}, fold.Paused
	}
	return d, nil
}

// begin starts the deadline of a step, if it has one that begins with the step.
func (c *clocks) begin(ch *fold.Change, step *definition.Step, at time.Time) error {
	if step.Limit == nil || step.Limit.Starts == "told" {
		return nil
	}
	return c.own(ch, step, at)
}

// own starts the deadline of a step.
func (c *clocks) own(ch *fold.Change, step *definition.Step, at time.Time) error {
	unit := step.Actor.Unit
	if unit == "" {
		unit = c.unit()
	}
	d, err := c.start(step.ID, *step.Limit, unit, at, step.Actor.Who == "role")
	if err != nil {
		return err
	}
	ch.Set = append(ch.Set, d)
	return nil
}

func (c *clocks) unit() string {
	if c.in.State.Version == 0 {
		return c.in.Facts.Unit
	}
	return c.in.State.Unit
}

// leave ends the deadline of the step that is left.
func (c *clocks) leave(ch *fold.Change, step string, at time.Time) {
	c.end(ch, step, at, fold.Met)
}

// end settles one deadline that still runs or stands. One that has passed is
// missed whether or not its timer has come to it yet.
func (c *clocks) end(ch *fold.Change, id string, at time.Time, state string) {
	d, ok := c.in.State.Deadline(id)
	if !ok || (d.State != fold.Running && d.State != fold.Paused) {
		return
	}
	if slices.ContainsFunc(ch.End, func(e fold.End) bool { return e.ID == id }) {
		return
	}
	if d.State == fold.Running && at.After(d.Due) {
		state = fold.Missed
	}
	ch.End = append(ch.End, fold.End{ID: id, State: state})
}

// settle ends every deadline when the case ends.
func (c *clocks) settle(ch *fold.Change, outcome string, at time.Time) {
	state := fold.Dropped
	if outcome == definition.Granted || outcome == definition.Rejected {
		state = fold.Met
	}
	for _, d := range c.in.State.Deadlines {
		c.end(ch, d.ID, at, state)
	}
}

// again computes anew every deadline that is held by stops, after they changed.
// Deadlines that this event ends or sets are left alone.
func (c *clocks) again(ch *fold.Change) error {
	for _, d := range c.in.State.Deadlines {
		if !d.Pauses || (d.State != fold.Running && d.State != fold.Paused) || touched(ch, d.ID) {
			continue
		}
		n, err := c.compute(d)
		if err != nil {
			return err
		}
		ch.Set = append(ch.Set, n)
	}
	return nil
}

func touched(ch *fold.Change, id string) bool {
	return slices.ContainsFunc(ch.End, func(e fold.End) bool { return e.ID == id }) ||
		slices.ContainsFunc(ch.Set, func(d fold.Deadline) bool { return d.ID == id })
}

// stand begins a stop in this event.
func (c *clocks) stand(ch *fold.Change, reason string, at time.Time) {
	s := fold.Stop{Reason: reason, From: at}
	if len(c.in.State.Branches) > 0 && reason != fold.StopReturned && reason != fold.StopSuspended {
		s.Step = ch.Step
	}
	c.stops = append(c.stops, s)
	ch.Stop = &s
}

// run ends the standing stop of a reason in this event; false when none stands.
func (c *clocks) run(ch *fold.Change, reason string, at time.Time) bool {
	for i, s := range c.stops {
		if s.To.IsZero() && s.Reason == reason {
			c.stops[i].To = at
			ended := c.stops[i]
			ch.Stop = &ended
			return true
		}
	}
	return false
}

// StopsFor are the stops that hold a deadline, as the legal clock takes them.
// A suspension of the unit may lie over a stop of the case.
func StopsFor(stops []fold.Stop, d fold.Deadline) []deadline.Stop {
	if !d.Pauses {
		return nil
	}
	var out []deadline.Stop
	for _, s := range stops {
		out = append(out, deadline.Stop{From: s.From, To: s.To, Reason: s.Reason, Suspension: s.Reason == fold.StopSuspended})
	}
	return out
}
