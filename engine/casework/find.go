package casework

import (
	"context"
	"errors"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/pace"
	"pendopo/kernel/seal"
	"pendopo/law/fold"
)

// Why somebody without a code was looked for; the officer has then seen that
// this person has this case.
const (
	PurposeFind  = "find"  // the person is at the counter or calls
	PurposeMatch = "match" // a paper or a letter came in that belongs to some case
)

// MostFound is how many cases one search shows.
const MostFound = 20

// finding paces searches of one officer: a counter asks now and then, and a
// list of names is not to be tried out.
var finding = pace.Pace{Burst: 30, Every: 20 * time.Second}

// Person is what is known of somebody; what is empty is not known. A case is
// found when all of it is true of persons of the case.
type Person struct {
	Name  string // any words of it, in old or new spelling, each with one typo at most
	NIK   string // 16 digits
	Phone string // E.164
	Birth string // 2006-01-02
}

// wanted are the tokens of what is known.
func (p Person) wanted(in *seal.Instance) []seal.Wanted {
	out := in.Named(p.Name)
	for _, k := range []struct{ kind, value string }{{"nik", p.NIK}, {"phone", p.Phone}, {birthToken, p.Birth}} {
		if k.value != "" {
			out = append(out, in.Known(k.kind, k.value))
		}
	}
	return out
}

// FoundCases are those of a search: the newest first, and whether there may be more.
type FoundCases struct {
	Cases []fold.Case
	More  bool
}

// Search is one search of an officer. See says in which capacity the officer
// may see the state of a case; a case that it does not let through is not found.
type Search struct {
	Person
	Officer string
	Purpose string // PurposeFind or PurposeMatch
	See     func(context.Context, fold.Case) (by fold.Holder, ok bool, err error)
}

// Find looks for the cases of a person over sealed data, at the pace of one
// officer. That a case was found says something of a person: it is recorded
// before it is shown, and when that fails nothing is shown.
func (e *Engine) Find(ctx context.Context, s Search) (FoundCases, error) {
	wanted := s.wanted(e.codes.in)
	if len(wanted) == 0 {
		return FoundCases{}, fault.New(fault.Invalid, "casework.find_nothing")
	}
	if ok, err := e.finds.Take(s.Officer); err != nil || !ok {
		return FoundCases{}, orTooMany(err)
	}
	var out FoundCases
	whole, err := e.keys.Search(ctx, wanted, func(streams []string) (bool, error) {
		for _, stream := range streams {
			if len(out.Cases) == MostFound {
				return false, nil
			}
			c, ok, err := e.sees(ctx, s, stream)
			if err != nil {
				return false, err
			}
			if ok {
				out.Cases = append(out.Cases, c)
			}
		}
		return true, nil
	})
	out.More = !whole
	return out, err
}

func orTooMany(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.TooMany, "casework.find_too_many")
}

// sees reads a case and records that it was found, when it may be seen.
func (e *Engine) sees(ctx context.Context, s Search, stream string) (c fold.Case, ok bool, err error) {
	c, err = e.state(ctx, stream)
	if fault.Is(err, fault.Unknown) || errors.Is(err, db.ErrNone) {
		return c, false, nil // an entry that outlived its case, as after a restore
	}
	if err != nil || c.Shredded {
		return c, false, err
	}
	if hidden, err := e.Anonymous(ctx, c); hidden || err != nil {
		return c, false, err // whatever it was found by
	}
	by, ok, err := s.See(ctx, c)
	if err != nil || !ok {
		return c, false, err
	}
	return c, true, e.note(ctx, stream, Reader{Actor: s.Officer, By: by, Purpose: s.Purpose})
}
