package casework

import (
	"context"

	"pendopo/kernel/fault"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// Suspension is the standing still of a whole unit: the national system is
// down, there are no blank cards, a disaster. It needs evidence and two persons.
type Suspension struct {
	Unit     string
	Evidence string    // number of the letter that orders it; not personal
	By       [2]string // opaque ids of two different officers
	End      bool      // the unit works again
}

func (s Suspension) command() flow.Command {
	c := flow.Command{Do: flow.DoSuspend, By: system, Evidence: s.Evidence}
	if s.End {
		c.Do = flow.DoUnsuspend
	}
	return c
}

// Suspend lets every clock of a unit's open cases stand, or run on again; two
// persons order it, and their ids stand in every event. It says of how many.
func (e *Engine) Suspend(ctx context.Context, s Suspension) (int, error) {
	if s.By[0] == "" || s.By[1] == "" || s.By[0] == s.By[1] {
		return 0, fault.New(fault.Invalid, "casework.two_persons").At("by")
	}
	if s.Evidence == "" && !s.End {
		return 0, fault.New(fault.Invalid, "casework.suspension_evidence").At("evidence")
	}
	if e.cat.Government().Unit(s.Unit) == nil {
		return 0, fault.New(fault.Unknown, "casework.unknown_unit").At("unit")
	}
	n := 0
	err := e.each(ctx, s.Unit, func(c fold.Case) error {
		_, err := e.command(ctx, c, s.command(), act{actor: s.By[0] + "+" + s.By[1]})
		if fault.Is(err, fault.Conflict) && !isStale(err) {
			return nil // suspended before, or not suspended
		}
		if err == nil {
			n++
		}
		return err
	})
	return n, err
}
