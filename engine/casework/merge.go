package casework

import (
	"context"
	"errors"
	"slices"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// Two cases may be about the same matter: an officer merges one into the other,
// which goes on for both. The event of the one says so at once; a job tells the
// other.

// MergeJob is the kind of job that tells a case that another was merged into it;
// its payload is the stream of the one that was merged.
const MergeJob = "casework.merge"

// merges keeps two mergers from passing one another, so that no ring comes of
// them: each sees what the one before it did.
const merges = "casework merges"

// longestChain bounds a walk along merged cases: far above what there is.
const longestChain = 1000

// Other finds, by its code, the case that a case may be merged into.
func (e *Engine) Other(ctx context.Context, c fold.Case, code string) (fold.Case, error) {
	other, err := e.Track(ctx, code)
	if fault.Is(err, fault.Unknown) {
		return other, errNotJoinable()
	}
	if err != nil {
		return other, err
	}
	return e.mayJoin(ctx, c, other.Stream)
}

func errNotJoinable() *fault.Fault {
	return fault.New(fault.Invalid, "casework.not_joinable").At("into")
}

// mayJoin wants another case of the same service that goes on or was brought to
// its end, and was not merged itself.
func (e *Engine) mayJoin(ctx context.Context, c fold.Case, into string) (fold.Case, error) {
	other, err := e.state(ctx, into)
	if fault.Is(err, fault.Unknown) {
		return other, errNotJoinable()
	}
	if err != nil {
		return other, err
	}
	if other.Stream == c.Stream || other.Service != c.Service || other.Parent != "" || !joinable(other) {
		return other, errNotJoinable()
	}
	if !promisedBy(other, c) {
		return other, fault.New(fault.Invalid, "casework.joined_later").At("into")
	}
	return other, nil
}

// promisedBy reports whether another case was promised no later than this one,
// whose promise runs: there is one clock for both, and nobody wins time by joining.
func promisedBy(other, c fold.Case) bool {
	mine, runs := c.Deadline(fold.CaseDeadline)
	if !runs {
		return true
	}
	theirs, runs := other.Deadline(fold.CaseDeadline)
	if mine.Due.IsZero() || theirs.Due.IsZero() { // one of them stands: what counts is which began first
		return runs && !theirs.From.After(mine.From)
	}
	return runs && !theirs.Due.After(mine.Due)
}

func joinable(c fold.Case) bool {
	ended := c.Outcome == definition.Withdrawn || c.Outcome == definition.Rejected
	return c.Into == "" && !c.Shredded && !ended
}

// staysWhole looks, in the transaction of a merger, whether the case that goes on
// still does: it may be merged itself at this moment.
func staysWhole(into string) func(db.Tx) error {
	return func(tx db.Tx) error {
		if err := db.Alone(tx, merges); err != nil {
			return err
		}
		other, err := getState(tx, into)
		if err == nil && !joinable(other) {
			return errNotJoinable()
		}
		return err
	}
}

func (e *Engine) mergeJob(ctx context.Context, j job.Job) error {
	return e.Merge(ctx, string(j.Payload))
}

// Merge tells the case that goes on for a merged one, which may be another by
// now than the one it was merged into. Again, it does nothing.
func (e *Engine) Merge(ctx context.Context, stream string) error {
	return retry(func() error {
		c, err := e.state(ctx, stream)
		if err != nil || c.Into == "" {
			return err
		}
		into, err := e.Follows(ctx, c)
		if err != nil || into.Shredded {
			return err
		}
		joined, err := e.Joined(ctx, into.Stream)
		if err != nil || slices.Contains(joined, stream) {
			return err
		}
		if into, err = e.present(ctx, into.Stream); err != nil {
			return err
		}
		_, err = e.command(ctx, into, flow.Command{Do: flow.DoTookIn, By: system}, act{actor: "system", facts: flow.Facts{From: stream}})
		return err
	})
}

// Follows is the case that goes on for a case: the one that it was merged into,
// or that one's, and so on; the case itself when it was never merged.
func (e *Engine) Follows(ctx context.Context, c fold.Case) (fold.Case, error) {
	for range longestChain {
		if c.Into == "" {
			return c, nil
		}
		next, err := e.state(ctx, c.Into)
		if err != nil {
			return c, err
		}
		c = next
	}
	return c, errors.New("casework: cases merged in a ring")
}

// Joined lists the cases that were merged into a case, and into those.
func (e *Engine) Joined(ctx context.Context, stream string) (all []string, err error) {
	for next := []string{stream}; len(next) > 0; next = next[1:] {
		c, err := e.state(ctx, next[0])
		if err != nil {
			return nil, err
		}
		for _, s := range c.Merged {
			if s != stream && !slices.Contains(all, s) {
				all, next = append(all, s), append(next, s)
			}
		}
	}
	return all, nil
}
