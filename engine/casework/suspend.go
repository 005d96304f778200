package casework

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// SuspendJob is the kind of job that lets the clock of a new case stand while
// its unit does; its payload is the stream.
const SuspendJob = "casework.suspend"

// Suspension is the standing still of a whole unit: the national system is
// down, there are no blank cards, a disaster. It needs evidence and two persons.
type Suspension struct {
	Unit     string    `json:"unit"`
	Evidence string    `json:"evidence,omitempty"` // number of the letter that orders it; not personal
	By       [2]string `json:"by"`                 // opaque ids of two different officers
	End      bool      `json:"end,omitempty"`      // the unit works again
}

// unitStream holds the suspensions of a unit.
func unitStream(unit string) string { return "unit/" + unit }

func (s Suspension) command() flow.Command {
	c := flow.Command{Do: flow.DoSuspend, By: system, Evidence: s.Evidence}
	if s.End {
		c.Do = flow.DoUnsuspend
	}
	return c
}

// check wants two different persons, evidence, and a unit that exists.
func (e *Engine) checkSuspension(s Suspension) error {
	if s.By[0] == "" || s.By[1] == "" || s.By[0] == s.By[1] {
		return fault.New(fault.Invalid, "casework.two_persons").At("by")
	}
	if s.Evidence == "" && !s.End {
		return fault.New(fault.Invalid, "casework.suspension_evidence").At("evidence")
	}
	if e.cat.Government().Unit(s.Unit) == nil {
		return fault.New(fault.Unknown, "casework.unknown_unit").At("unit")
	}
	return nil
}

// Suspend lets every clock of a unit's open cases stand, or run on again. The
// order itself is an event of the unit; each case has one of its own, outside
// its own bound. Cases that come in meanwhile stand too. It says of how many.
func (e *Engine) Suspend(ctx context.Context, s Suspension) (int, error) {
	if err := e.checkSuspension(s); err != nil {
		return 0, err
	}
	if err := e.order(ctx, s); err != nil {
		return 0, err
	}
	n := 0
	err := e.each(ctx, s.Unit, func(c fold.Case) error {
		did, err := e.apply(ctx, c, s)
		if did {
			n++
		}
		return err
	})
	return n, err
}

// apply carries an order out on one case; one that it does not concern is left.
func (e *Engine) apply(ctx context.Context, c fold.Case, s Suspension) (bool, error) {
	_, err := e.command(ctx, c, s.command(), act{actor: s.By[0] + "+" + s.By[1]})
	if fault.Is(err, fault.Conflict) && !isStale(err) {
		return false, nil // suspended before, or not suspended
	}
	return err == nil, err
}

// order writes the order into the unit's stream.
func (e *Engine) order(ctx context.Context, s Suspension) error {
	clear, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return retry(func() error {
		last, standing, err := e.standing(ctx, s.Unit)
		if err != nil {
			return err
		}
		if (standing != nil) == !s.End {
			return fault.New(fault.Conflict, "casework.suspension_stands")
		}
		now := e.now().UTC().Truncate(time.Microsecond)
		if last.Entered.After(now) {
			now = last.Entered
		}
		ev := event.Event{
			ID: event.NewID(), Stream: unitStream(s.Unit), Version: last.Version + 1, Kind: fold.Suspended, Schema: fold.Schema,
			Entered: now, Received: now, Node: e.node, Actor: s.By[0] + "+" + s.By[1], Clear: clear,
		}
		if s.End {
			ev.Kind = fold.Unsuspended
		}
		ev.Finish()
		return e.db.Write(func(tx db.Tx) error { return event.Append(tx, ev) })
	})
}

// standing is the last order of a unit, and the suspension that stands, if any.
func (e *Engine) standing(ctx context.Context, unit string) (last event.Event, s *Suspension, err error) {
	var orders []event.Event
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		orders, err = event.Load(tx, unitStream(unit))
		return err
	})
	if err != nil || len(orders) == 0 {
		return last, nil, err
	}
	last = orders[len(orders)-1]
	if last.Kind == fold.Unsuspended {
		return last, nil, nil
	}
	s = &Suspension{}
	return last, s, json.Unmarshal(last.Clear, s)
}

// standStill queues the suspension of a new case in the transaction that
// accepts it, when its unit stands still.
func standStill(unit, stream string) func(db.Tx) error {
	return func(tx db.Tx) error {
		var kind string
		err := tx.Row(`SELECT kind FROM event WHERE stream = ? ORDER BY version DESC LIMIT 1`, unitStream(unit)).Scan(&kind)
		if errors.Is(err, db.ErrNone) || err == nil && kind != fold.Suspended {
			return nil
		}
		if err != nil {
			return err
		}
		return job.Enqueue(tx, job.Job{Kind: SuspendJob, Payload: []byte(stream)})
	}
}

func (e *Engine) suspendNew(ctx context.Context, j job.Job) error {
	return retry(func() error {
		c, err := e.present(ctx, string(j.Payload))
		if err != nil {
			return err
		}
		_, s, err := e.standing(ctx, c.Unit)
		if err != nil || s == nil || !c.Open() {
			return err
		}
		_, err = e.apply(ctx, c, *s)
		return err
	})
}
