package casework

import (
	"context"
	"time"

	"pendopo/kernel/db"
	"pendopo/law/fold"
)

// Ahead is how much work lies before somebody. Each case counts once among Late,
// Today and Soon.
type Ahead struct{ Late, Today, Soon, New int }

// Morning is the moments by which Ahead counts, in this order.
type Morning struct {
	Since time.Time // what came to a post from here on is new
	Now   time.Time // what was due before is late
	Today time.Time // end of the day
	Soon  time.Time // end of the last day that is soon
}

// newAtPost are the cases at a post that changed from a moment on: those that came
// there are among them.
const newAtPost = `SELECT stream FROM cases WHERE outcome = '' AND holder_unit = ? AND holder_role = ? AND changed >= ?`

// Ahead counts the work of posts. It costs what is due by then and what is new,
// not what waits.
func (e *Engine) Ahead(ctx context.Context, posts []fold.Holder, m Morning) (a Ahead, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) error {
		a = Ahead{}
		var due []place
		fresh := map[string]bool{}
		for _, p := range posts {
			for _, q := range (Worklist{}).queries(p) {
				if due, err = placesUntil(due, tx, q, micros(m.Soon)); err != nil {
					return err
				}
			}
			if err := addNew(fresh, tx, p, m.Since); err != nil {
				return err
			}
		}
		a.New = len(fresh)
		a.count(due, m)
		return nil
	})
	return a, err
}

// count puts each case where its most urgent deadline belongs.
func (a *Ahead) count(due []place, m Morning) {
	first := map[string]int64{}
	for _, p := range due {
		if old, had := first[p.stream]; !had || p.due < old {
			first[p.stream] = p.due
		}
	}
	for _, at := range first {
		switch {
		case at < micros(m.Now):
			a.Late++
		case at < micros(m.Today):
			a.Today++
		default:
			a.Soon++
		}
	}
}

// placesUntil reads a worklist page by page up to a due moment.
func placesUntil(all []place, tx db.Tx, q query, until int64) ([]place, error) {
	const most = 200
	for after := (place{due: -1}); ; {
		list, err := appendPlaces(nil, tx, q.statement, append(append([]any{}, q.of...), after.due, after.stream, most)...)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			if p.due >= until {
				return all, nil
			}
			all = append(all, p)
		}
		if len(list) < most {
			return all, nil
		}
		after = list[len(list)-1]
	}
}

// addNew adds the cases that came to a post from a moment on.
func addNew(fresh map[string]bool, tx db.Tx, p fold.Holder, since time.Time) error {
	rows, err := tx.Query(newAtPost, p.Unit, p.Role, since)
	if err != nil {
		return err
	}
	var streams []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			rows.Close()
			return err
		}
		streams = append(streams, s)
	}
	if err := rows.Close(); err != nil {
		return err
	}
	for _, s := range streams {
		c, err := getState(tx, s)
		if err != nil {
			return err
		}
		if !c.Entered.Before(since) {
			fresh[s] = true
		}
	}
	return nil
}
