package administration

import (
	"context"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
)

// WaitingAssignment is a role at a unit that a second administrator must agree to.
type WaitingAssignment struct {
	ID, Officer, Unit, Role, Kind, From, Until, By string
	At                                             time.Time
}

// Ask keeps an assignment until a second administrator has looked at it.
func (e *Engine) Ask(_ context.Context, a WaitingAssignment) error {
	a.ID, a.At = event.NewID(), e.now()
	return e.db.Write(func(tx db.Tx) error {
		if err := insertWaiting(tx, a); err != nil {
			return err
		}
		return e.note(tx, Deed{Kind: RoleAsked, Actor: a.By, Officer: a.Officer, Unit: a.Unit, Role: a.Role})
	})
}

// Asked lists what waits, oldest first.
func (e *Engine) Asked(ctx context.Context) (list []WaitingAssignment, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		list, err = waiting(tx)
		return err
	})
	return list, err
}

// Settle takes one that waits away, once: whoever agrees gives the role after it.
// Nobody agrees to what they asked for themselves; refusing one may.
func (e *Engine) Settle(_ context.Context, id, actor string, agree bool) (a WaitingAssignment, err error) {
	err = e.db.Write(func(tx db.Tx) (err error) {
		if a, err = takeWaiting(tx, id); err != nil {
			return err
		}
		if !agree {
			return e.note(tx, Deed{Kind: RoleRefused, Actor: actor, Officer: a.Officer, Unit: a.Unit, Role: a.Role})
		}
		if a.By == actor || a.Officer == actor {
			return fault.New(fault.Forbidden, "administration.two_persons")
		}
		return nil
	})
	return a, err
}
