package casework

import (
	"context"
	"time"

	"pendopo/kernel/fault"
	"pendopo/kernel/pace"
)

// Wrong secrets: a secret has 40 bits, so these leave a guesser nothing, and
// one code cannot be closed to its owner by a single address. Every door on every
// node guesses against the same counts.
var (
	byAddress = pace.Pace{Burst: 30, Every: 10 * time.Second}
	byCode    = pace.Pace{Burst: 100, Every: 30 * time.Second}
)

// guesses paces wrong secrets by address and by code.
type guesses struct{ address, code *pace.Throttle }

func newGuesses(b *pace.Book, now func() time.Time) guesses {
	return guesses{b.Throttle("secret by address", byAddress, now), b.Throttle("secret by code", byCode, now)}
}

// begin counts a try before it is judged, so that many at once cannot slip by.
func (g guesses) begin(ctx context.Context, address, code string) (*pace.Attempt, error) {
	tries := []pace.Try{{Throttle: g.address, Key: pace.Network(address)}}
	if code != "" { // no code at all: nothing that could be closed to its owner
		tries = append(tries, pace.Try{Throttle: g.code, Key: code})
	}
	a, ok, err := pace.Begin(ctx, tries...)
	if err == nil && !ok {
		err = fault.New(fault.TooMany, "casework.too_many")
	}
	return a, err
}
