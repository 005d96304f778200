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

// Codes that are nobody's: a code has 50 bits and shows a state only, and a
// village behind one address mistypes now and then. Counted in memory, for a
// look at a code must cost no write.
var byCodes = pace.Pace{Burst: 300, Every: time.Second}

// guesses paces wrong secrets by address and by code, and unknown codes by address.
type guesses struct{ address, code, codes *pace.Throttle }

func newGuesses(b *pace.Book, now func() time.Time) guesses {
	var here *pace.Book
	return guesses{b.Throttle("secret by address", byAddress, now), b.Throttle("secret by code", byCode, now), here.Throttle("codes by address", byCodes, now)}
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

// look says whether somebody at an address may look codes up. Over the pace every
// code is refused alike, so that no answer tells a good one.
func (g guesses) look(address string) error {
	if g.codes.Spent(pace.Network(address)) {
		return fault.New(fault.TooMany, "casework.too_many")
	}
	return nil
}

// missed counts a code that is nobody's.
func (g guesses) missed(address string) error {
	_, err := g.codes.Take(pace.Network(address))
	return err
}
