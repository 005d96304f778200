package casework

import (
	"time"

	"pendopo/kernel/fault"
	"pendopo/kernel/pace"
)

// Wrong secrets: a secret has 40 bits, so these leave a guesser nothing, and
// one code cannot be closed to its owner by a single address. Every door
// guesses against the same counts.
var (
	byAddress = pace.Pace{Burst: 30, Every: 10 * time.Second}
	byCode    = pace.Pace{Burst: 100, Every: 30 * time.Second}
)

// guesses paces wrong secrets by address and by code.
type guesses struct{ address, code *pace.Throttle }

func newGuesses(now func() time.Time) guesses {
	return guesses{pace.New(byAddress, now), pace.New(byCode, now)}
}

// take counts a try before it is judged, so that many at once cannot slip by; a
// right secret takes its count back.
func (g guesses) take(address, code string) (right func(), err error) {
	ofAddress, ok := g.address.Take(pace.Network(address))
	if !ok {
		return nil, fault.New(fault.TooMany, "casework.too_many")
	}
	if code == "" { // no code at all: nothing that could be closed to its owner
		return ofAddress, nil
	}
	ofCode, ok := g.code.Take(code)
	if !ok {
		return nil, fault.New(fault.TooMany, "casework.too_many")
	}
	return func() { ofAddress(); ofCode() }, nil
}
