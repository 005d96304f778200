package deadline

import (
	"cmp"
	"slices"
	"time"

	"pendopo/kernel/fault"
)

// Stop is a time for which the clock stands still: after From, up to and with
// To. A zero To means it stands still yet. A Suspension is the standing still
// of a whole unit: it stops the clock alike, and does not count against the
// case's own bound (see Allowance); it may lie over a stop of the case.
type Stop struct {
	From       time.Time `json:"from"`
	To         time.Time `json:"to,omitzero"`
	Reason     string    `json:"reason,omitempty"`
	Suspension bool      `json:"suspension,omitempty"`
}

// held is a stop on the wall clock of the unit; to is never while it stands.
type held struct {
	from, to moment
	reason   string
}

// hold checks the stops and gives the times the clock stands still, in order
// and disjoint. Stops of the case must be in order and must not overlap; so
// must suspensions among themselves. Parts before the start have no effect, a
// stop that ends as it begins is none.
func (r *rules) hold(stops []Stop) ([]held, error) {
	if len(stops) == 0 {
		return nil, nil
	}
	out := make([]held, 0, len(stops))
	last := [2]moment{}
	mixed := false
	for i, s := range stops {
		h, err := r.one(s)
		kind := 0
		if s.Suspension {
			kind, mixed = 1, true
		}
		if err == nil && h.from < last[kind] {
			err = fault.New(fault.Invalid, "deadline.stops_overlap")
		}
		if err != nil {
			return nil, fault.Of(err).With("n", i+1)
		}
		last[kind] = h.to
		if h.from < h.to {
			out = append(out, h)
		}
	}
	if mixed {
		out = union(out)
	}
	return out, nil
}

func (r *rules) one(s Stop) (h held, err error) {
	if h.from, err = r.local(s.From); err != nil {
		return h, err
	}
	h.to, h.reason = never, s.Reason
	if s.To.IsZero() {
		return h, nil
	}
	if h.to, err = r.local(s.To); err != nil {
		return h, err
	}
	if h.to < h.from {
		return h, fault.New(fault.Invalid, "deadline.stop_reversed")
	}
	return h, nil
}

// union joins stops that lie over one another; the earlier one's reason stays.
func union(list []held) []held {
	slices.SortStableFunc(list, func(a, b held) int { return cmp.Compare(a.from, b.from) })
	out := list[:0]
	for _, h := range list {
		if n := len(out); n > 0 && h.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, h.to)
			continue
		}
		out = append(out, h)
	}
	return out
}

// Bound is what a service allows of one reason to stop: how many times in one
// case, and how long in all.
type Bound struct {
	Reason string
	Max    int
	Total  Span
}

// Allowance is what is left of a bound; with Times or Left.N at 0 the clock may
// not be stopped (again).
type Allowance struct {
	Times int
	Left  Span
}

// Allowance tells what the stops of a case leave of a bound at a moment. Stops
// of other reasons and suspensions of the unit do not use it up. A stop uses as
// much as a clock that began with it and ended with it would have run.
func (c Clock) Allowance(b Bound, stops []Stop, now time.Time) (Allowance, error) {
	a := Allowance{Times: b.Max, Left: b.Total}
	for _, s := range stops {
		if s.Suspension || s.Reason != b.Reason {
			continue
		}
		to := s.To
		if to.IsZero() {
			to = now
		}
		used, err := c.Elapsed(b.Total.Unit, s.From, to)
		if err != nil {
			return a, err
		}
		a.Times--
		a.Left.N -= used
	}
	a.Times, a.Left.N = max(a.Times, 0), max(a.Left.N, 0)
	return a, nil
}
