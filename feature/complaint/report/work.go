package report

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"pendopo/kernel/db"
)

// Work is what of the open reports of some units an officer looks through.
type Work struct {
	Units   []string
	State   State // empty = every one
	Late    bool  // only those over their promise
	Flagged bool  // only those that an officer should look at twice
}

// Oldest are such reports, shown or not: those that have waited longest first, at
// most so many. However many reports have ended, an index finds the open ones.
func (t *Table) Oldest(ctx context.Context, w Work, most int) (out []Report, err error) {
	if len(w.Units) == 0 {
		return nil, nil
	}
	err = t.db.Read(ctx, func(tx db.Tx) error {
		out = nil
		for _, shown := range []bool{false, true} {
			sql, args := joined(w.parts(shown))
			some, err := all(tx.Query(`SELECT `+selected+` FROM report WHERE `+sql+` ORDER BY received, stream LIMIT ?`, append(args, most)...))
			if err != nil {
				return err
			}
			out = append(out, some...)
		}
		return nil
	})
	slices.SortFunc(out, func(a, b Report) int {
		return cmp.Or(a.Received.Compare(b.Received), strings.Compare(a.Stream, b.Stream))
	})
	return out[:min(len(out), most)], err
}

func (w Work) parts(shown bool) []part {
	units := make([]any, len(w.Units))
	for i, u := range w.Units {
		units[i] = u
	}
	out := []part{{"shown = ?", []any{shown}}, {"active = ?", []any{true}}, {"unit IN (?" + strings.Repeat(", ?", len(units)-1) + ")", units}}
	if w.State != "" {
		out = append(out, part{"state = ?", []any{string(w.State)}})
	}
	if w.Late {
		out = append(out, part{"late = ?", []any{true}})
	}
	if w.Flagged {
		out = append(out, part{"flags NOT IN ('null', '[]')", nil})
	}
	return out
}
