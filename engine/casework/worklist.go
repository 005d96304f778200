package casework

import (
	"cmp"
	"context"
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
	var out Listed
	err = e.db.Read(ctx, func(tx db.Tx) error {
		var all []place
		for _, p := range w.Posts {
			for _, q := range w.queries(p) {
				if w.Service != "" {
					q.of = append(q.of, w.Service)
				}
				if all, err = appendPlaces(all, tx, q.statement, append(q.of, after.due, after.stream, w.Limit+1)...); err != nil {
					return err
				}
			}
		}
		out, err = pageOf(tx, all, w.Limit)
		return err
	})
	return out, err
}

// Each of these has an index of its own in the order of its answer, and is
// answered from it alone: a page costs its rows, however long the list is, however
// deep the page lies, and of however many posts it is.
const (
	worklistByRole = `SELECT due, stream FROM cases WHERE outcome = '' AND holder_unit = ? AND holder_role = ?
	AND (due, stream) > (?, ?) ORDER BY due, stream LIMIT ?`
	worklistByService = `SELECT due, stream FROM cases WHERE outcome = '' AND holder_unit = ? AND holder_role = ? AND service = ?
	AND (due, stream) > (?, ?) ORDER BY due, stream LIMIT ?`
	branchByRole = `SELECT due, stream FROM branch WHERE holder_unit = ? AND holder_role = ?
	AND (due, stream) > (?, ?) ORDER BY due, stream LIMIT ?`
	branchByService = `SELECT due, stream FROM branch WHERE holder_unit = ? AND holder_role = ? AND service = ?
	AND (due, stream) > (?, ?) ORDER BY due, stream LIMIT ?`
	calledIn = `SELECT due, stream FROM called WHERE post = ?
	AND (due, stream) > (?, ?) ORDER BY due, stream LIMIT ?`
	calledByService = `SELECT due, stream FROM called WHERE post = ? AND service = ?
	AND (due, stream) > (?, ?) ORDER BY due, stream LIMIT ?`
)

// query is a list and whose it is.
type query struct {
	statement string
	of        []any
}

// queries are those for a post: whose turn it is, of whole cases and of branches,
// and what lateness called it in for.
func (w Worklist) queries(p fold.Holder) []query {
	turn, called := []any{p.Unit, p.Role}, []any{calledAt(p.Role, p.Unit)}
	if w.Service == "" {
		return []query{{worklistByRole, turn}, {branchByRole, turn}, {calledIn, called}}
	}
	return []query{{worklistByService, turn}, {branchByService, turn}, {calledByService, called}}
}

func appendPlaces(all []place, tx db.Tx, q string, args ...any) ([]place, error) {
	rows, err := tx.Query(q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p place
		if err := rows.Scan(&p.due, &p.stream); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, rows.Err()
}

// pageOf merges the lists of several posts into one page in order, and reads
// the cases of that page.
func pageOf(tx db.Tx, all []place, limit int) (out Listed, err error) {
	slices.SortFunc(all, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.due, b.due), strings.Compare(a.stream, b.stream))
	})
	all = once(all)
	if len(all) > limit {
		last := all[limit-1]
		out.Next = strconv.FormatInt(last.due, 36) + "." + last.stream
		all = all[:limit]
	}
	for _, p := range all {
		c, err := getState(tx, p.stream)
		if err != nil {
			return Listed{}, err
		}
		out.Cases = append(out.Cases, c)
	}
	return out, nil
}

// once leaves of several pieces of work in one case the most urgent.
func once(all []place) []place {
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(p place) bool {
		again := seen[p.stream]
		seen[p.stream] = true
		return again
	})
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
