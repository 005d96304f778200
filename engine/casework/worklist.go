package casework

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/fold"
)

// Worklist asks for the cases that wait for somebody, the most urgent first.
type Worklist struct {
	Posts   []fold.Holder // roles at units; a case shows when one of them must act
	Service string        // only cases of this service; empty = of all
	After   string        // cursor of the page before; empty = from the beginning
	Limit   int           // 1 to 200; 0 = 50
}

// Listed is one page of a worklist. Rows hold no sealed value.
type Listed struct {
	Cases []fold.Case
	Next  string // cursor of the next page; empty when this is the last
}

// place is where a page ends: due moment and stream.
type place struct {
	due    int64
	stream string
}

// List gives one page of a worklist by deadline.
func (e *Engine) List(ctx context.Context, w Worklist) (Listed, error) {
	after, err := parseCursor(w.After)
	if err != nil {
		return Listed{}, err
	}
	if w.Limit <= 0 || w.Limit > 200 {
		w.Limit = 50
	}
	var all []listed
	err = e.db.Read(ctx, func(tx db.Tx) error {
		for _, p := range w.Posts {
			for _, q := range w.queries() {
				args := []any{p.Unit, p.Role}
				if w.Service != "" {
					args = append(args, w.Service)
				}
				if all, err = appendListed(all, tx, q, append(args, after.due, after.stream, w.Limit+1)...); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return Listed{}, err
	}
	return pageOf(all, w.Limit), nil
}

// Each of these has an index of its own in the order of its answer, so a page
// costs its rows, however long the list is and however deep the page lies.
const (
	worklistByRole = `SELECT due, state FROM cases WHERE outcome = '' AND holder_unit = ? AND holder_role = ?
	AND (due, stream) > (?, ?) ORDER BY due, stream LIMIT ?`
	worklistByService = `SELECT due, state FROM cases WHERE outcome = '' AND holder_unit = ? AND holder_role = ? AND service = ?
	AND (due, stream) > (?, ?) ORDER BY due, stream LIMIT ?`
	escalatedTo = `SELECT due, state FROM cases WHERE escalated <> '' AND holder_unit = ? AND escalated = ?
	AND (due, stream) > (?, ?) ORDER BY due, stream LIMIT ?`
	escalatedByService = `SELECT due, state FROM cases WHERE escalated <> '' AND holder_unit = ? AND escalated = ? AND service = ?
	AND (due, stream) > (?, ?) ORDER BY due, stream LIMIT ?`
)

// queries are those for a post: whose turn it is, and what lateness called it in for.
func (w Worklist) queries() []string {
	if w.Service == "" {
		return []string{worklistByRole, escalatedTo}
	}
	return []string{worklistByService, escalatedByService}
}

type listed struct {
	due int64
	c   fold.Case
}

func appendListed(all []listed, tx db.Tx, q string, args ...any) ([]listed, error) {
	rows, err := tx.Query(q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var l listed
		var state string
		if err := rows.Scan(&l.due, &state); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(state), &l.c); err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, rows.Err()
}

// pageOf merges the lists of several posts into one page in order.
func pageOf(all []listed, limit int) Listed {
	slices.SortFunc(all, func(a, b listed) int {
		return cmp.Or(cmp.Compare(a.due, b.due), strings.Compare(a.c.Stream, b.c.Stream))
	})
	all = slices.CompactFunc(all, func(a, b listed) bool { return a.c.Stream == b.c.Stream })
	var out Listed
	if len(all) > limit {
		last := all[limit-1]
		out.Next = strconv.FormatInt(last.due, 36) + "." + last.c.Stream
		all = all[:limit]
	}
	for _, l := range all {
		out.Cases = append(out.Cases, l.c)
	}
	return out
}

func parseCursor(s string) (place, error) {
	if s == "" {
		return place{due: -1}, nil
	}
	due, stream, ok := strings.Cut(s, ".")
	n, err := strconv.ParseInt(due, 36, 64)
	if !ok || err != nil || len(s) > 100 {
		return place{}, fault.New(fault.Malformed, "casework.cursor")
	}
	return place{n, stream}, nil
}
