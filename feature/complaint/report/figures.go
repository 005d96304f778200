package report

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"pendopo/kernel/db"
)

// Figures are what became of the reports of one unit, shown or not.
type Figures struct {
	Unit     string
	Received int
	Active   int
	Late     int // over the promise, ended or not
	Reopened int // said at least once to be not solved
	Solved   int
	Silence  int // closed because nobody said anything: never counted as solved
	Rejected int
	First    Spread // from receipt to the first answer
	Finish   Spread // from receipt to the work being done
}

// Spread is how long something took: half within the median, nine of ten within
// the last.
type Spread struct {
	Count       int
	Median, P90 time.Duration
}

// spreadOf sorts what it is given.
func spreadOf(took []time.Duration) Spread {
	s := Spread{Count: len(took)}
	if s.Count > 0 {
		slices.Sort(took)
		s.Median, s.P90 = rank(took, 0.5), rank(took, 0.9)
	}
	return s
}

// rank is the smallest value that so much of all is within (nearest rank).
func rank(sorted []time.Duration, share float64) time.Duration {
	return sorted[max(0, int(math.Ceil(share*float64(len(sorted))))-1)]
}

// tally gathers the figures of one unit.
type tally struct {
	Figures
	first, finish []time.Duration
}

// Figures are those of every unit that was sent a report received in a time, by
// unit; last come those of all together, with Unit "". Merged and withdrawn ones
// are not counted: the one goes on elsewhere, the other was nobody's to answer.
// Nor are those of an archive: this instance did not handle them, and their other
// system tells no answer, no silence and no second time.
func (t *Table) Figures(ctx context.Context, since, until time.Time) ([]Figures, error) {
	by, all := map[string]*tally{}, &tally{}
	err := t.db.Read(ctx, func(tx db.Tx) error {
		for _, shown := range []bool{false, true} {
			if err := eachFact(tx, shown, since, until, func(f fact) {
				if by[f.unit] == nil {
					by[f.unit] = &tally{Figures: Figures{Unit: f.unit}}
				}
				by[f.unit].add(f)
				all.add(f)
			}); err != nil {
				return err
			}
		}
		return nil
	})
	var out []Figures
	for _, one := range by {
		out = append(out, one.done())
	}
	slices.SortFunc(out, func(a, b Figures) int {
		return cmp.Or(cmp.Compare(b.Received, a.Received), strings.Compare(a.Unit, b.Unit))
	})
	return append(out, all.done()), err
}

// fact is what figures are made of.
type fact struct {
	unit                         string
	state                        State
	received, answered, finished time.Time
	late                         bool
	active                       bool
	reopened                     int
}

// eachFact reads what figures need from an index in the order of receipt.
func eachFact(tx db.Tx, shown bool, since, until time.Time, each func(fact)) error {
	rows, err := tx.Query(`SELECT unit, state, received, answered, finished, late, active, reopened FROM report
		WHERE source <> '`+Archived+`' AND shown = ? AND received >= ? AND received < ?`, shown, since, until)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var f fact
		var state string
		if err := rows.Scan(&f.unit, &state, &f.received, &f.answered, &f.finished, &f.late, &f.active, &f.reopened); err != nil {
			return err
		}
		if f.state = State(state); f.state != Merged && f.state != Withdrawn {
			each(f)
		}
	}
	return rows.Err()
}

func (t *tally) add(f fact) {
	t.Received++
	count := func(n *int, when bool) {
		if when {
			*n++
		}
	}
	count(&t.Active, f.active)
	count(&t.Late, f.late)
	count(&t.Reopened, f.reopened > 0)
	count(&t.Solved, f.state == Solved)
	count(&t.Silence, f.state == Silence)
	count(&t.Rejected, f.state == Rejected)
	if !f.answered.IsZero() {
		t.first = append(t.first, f.answered.Sub(f.received))
	}
	if !f.finished.IsZero() {
		t.finish = append(t.finish, f.finished.Sub(f.received))
	}
}

func (t *tally) done() Figures {
	f := t.Figures
	f.First, f.Finish = spreadOf(t.first), spreadOf(t.finish)
	return f
}
