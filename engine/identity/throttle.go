package identity

import (
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/pace"
)

// How often log-in may fail before it must wait, and how long: half a minute,
// doubled with every further failure, up to a quarter of an hour. An address is
// given more, because an office has one address. Counts end after a day.
const (
	freeOfLogin   = 5
	freeOfAddress = 30
	firstWait     = 30 * time.Second
	longestWait   = 15 * time.Minute
	forgotten     = 24 * time.Hour
)

// try is one way of counting: by login name or by address, as an HMAC.
type try struct {
	token []byte
	free  int
}

// tries are the two counts of an attempt.
func (e *Engine) tries(login, address string) [2]try {
	return [2]try{
		{e.index("officer login", login), freeOfLogin},
		{e.index("log-in address", pace.Network(address)), freeOfAddress},
	}
}

// wait is how long after its last failure a count must wait.
func (t try) wait(failures int64) time.Duration {
	over := failures - int64(t.free)
	switch {
	case over < 0:
		return 0
	case over > 5: // 30 s doubled five times is past the longest
		return longestWait
	}
	return min(firstWait<<over, longestWait)
}

// admit counts an attempt before it is judged, so that many at once cannot all
// see a low count; a right password takes its count back (forgive). When one of
// the two must wait, nothing is counted and the answer is TooMany.
func admit(tx db.Tx, tries [2]try, now time.Time) error {
	for _, t := range tries {
		failures, last, err := failuresOf(tx, t.token)
		if err != nil {
			return err
		}
		if until := last.Add(t.wait(failures)); now.Before(until) {
			return fault.New(fault.TooMany, "identity.wait").With("n", int(until.Sub(now)/time.Minute)+1).After(until.Sub(now))
		}
	}
	for _, t := range tries {
		if err := countFailure(tx, t.token, now); err != nil {
			return err
		}
	}
	return nil
}

// forgive clears the login's count and takes this attempt off the address's.
func forgive(tx db.Tx, tries [2]try) error {
	if err := clearFailures(tx, tries[0].token); err != nil {
		return err
	}
	return uncountFailure(tx, tries[1].token)
}
