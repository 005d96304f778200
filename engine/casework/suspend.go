package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// SuspendJob is the kind of job that lets the clock of a case that is new at a
// unit stand while the unit does; its payload is the stream.
const SuspendJob = "casework.suspend"

// UnitJob is the kind of job that carries an order for a unit out on every case
// that has not seen it; its payload is the unit. It begins unitJobAfter the order,
// when whoever gave it is done.
const (
	UnitJob      = "casework.unit"
	unitJobAfter = time.Minute
)

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
// its own bound. Cases that come in meanwhile stand too. It says of how many. An
// Unfinished names the cases that it could not be carried out on; a job that is
// queued with the order tries them again, and does it all should this node end.
func (e *Engine) Suspend(ctx context.Context, s Suspension) (n int, err error) {
	if err := e.checkSuspension(s); err != nil {
		return 0, err
	}
	if err := e.order(ctx, s); err != nil {
		return 0, err
	}
	return e.carryOut(ctx, s.Unit)
}

// carryOut brings every open case of a unit to what was ordered last.
func (e *Engine) carryOut(ctx context.Context, unit string) (n int, err error) {
	_, s, err := e.lastOrder(ctx, unit)
	if err != nil {
		return 0, err
	}
	stand := s != nil && !s.End
	differs := func(c fold.Case) bool { return suspended(c) != stand }
	err = e.each(ctx, unit, differs, func(c fold.Case) error {
		did, err := e.obey(ctx, c)
		if did {
			n++
		}
		return err
	})
	return n, err
}

// obey carries out on one case what was ordered last for its unit; a case that
// it does not concern is left. A case that stands with a unit which it has left
// runs on where nothing was ever ordered. An order that is given meanwhile is a
// collision.
func (e *Engine) obey(ctx context.Context, c fold.Case) (bool, error) {
	last, s, err := e.lastOrder(ctx, c.Unit)
	if err != nil {
		return false, err
	}
	if s == nil {
		last.Stream, s = unitStream(c.Unit), &Suspension{By: [2]string{"system", "system"}, End: true}
	}
	if stands := suspended(c); stands == !s.End {
		return false, nil
	}
	_, err = e.command(ctx, c, s.command(), act{actor: s.By[0] + "+" + s.By[1], extra: []func(db.Tx) error{isLast(last)}})
	if fault.Is(err, fault.Conflict) && !isStale(err) {
		return false, nil // suspended before, or not suspended
	}
	return err == nil, err
}

// suspended says whether a case stands with a unit.
func suspended(c fold.Case) bool {
	return slices.ContainsFunc(c.Stops, func(s fold.Stop) bool { return s.Reason == fold.StopSuspended && s.To.IsZero() })
}

// order writes the order into the unit's stream, when every case that did not
// see it is there to be found.
func (e *Engine) order(ctx context.Context, s Suspension) error {
	clear, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return retry(func() error {
		last, before, err := e.lastOrder(ctx, s.Unit)
		if err != nil {
			return err
		}
		if stands := before != nil && !before.End; stands == !s.End {
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
		return e.db.Write(func(tx db.Tx) error {
			if err := db.Alone(tx, orders); err != nil {
				return err
			}
			if err := event.Append(tx, ev); err != nil {
				return err
			}
			return job.Enqueue(tx, job.Job{Kind: UnitJob, Key: fmt.Sprintf("%s/%s/%d", UnitJob, s.Unit, ev.Version),
				Payload: []byte(s.Unit), RunAt: now.Add(unitJobAfter)})
		})
	})
}

// lastOrder is what was ordered last for a unit; nil when nothing ever was.
func (e *Engine) lastOrder(ctx context.Context, unit string) (last event.Event, s *Suspension, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		last, err = event.Last(tx, unitStream(unit), fold.Suspended, fold.Unsuspended)
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return last, nil, nil
	}
	if err != nil {
		return last, nil, err
	}
	s = &Suspension{}
	return last, s, json.Unmarshal(last.Clear, s)
}

// isLast makes sure, in the transaction that carries an order out, that no
// other was given since.
func isLast(order event.Event) func(db.Tx) error {
	return func(tx db.Tx) error {
		newest, err := event.Last(tx, order.Stream, fold.Suspended, fold.Unsuspended)
		if errors.Is(err, db.ErrNone) && order.ID == "" {
			return nil
		}
		if err == nil && newest.ID != order.ID {
			return outdated()
		}
		return err
	}
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
	err := e.one(ctx, string(j.Payload), func(c fold.Case) error {
		_, err := e.obey(ctx, c)
		return err
	})
	if err != nil {
		return err
	}
	return e.one(ctx, string(j.Payload), func(c fold.Case) error { return e.amend(ctx, c) })
}

// obeyAll does again what Suspend did, for cases on which it failed.
func (e *Engine) obeyAll(ctx context.Context, j job.Job) error {
	_, err := e.carryOut(ctx, string(j.Payload))
	return err
}
