package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"pendopo/kernel/db"
)

// Pace is how long the answers of a service took lately: from the moment the
// matter was received to the one at which the product was issued or the matter
// rejected. What the applicant does afterwards is no part of it.
type Pace struct {
	Service string
	Answers int           // how many of the newest answers were this service's
	Median  time.Duration // half of them took no longer
}

// lately is how many answers Paces looks at, of all services together: enough
// for a median, and the same work after a thousand answers and after ten million.
const lately = 500

const newestAnswers = `SELECT c.service, c.received, e.entered FROM event e JOIN cases c ON c.stream = e.stream
	WHERE e.kind IN ('issued', 'rejected') ORDER BY e.entered DESC LIMIT ?`

// Paces are those of every service that has answered lately, by its id.
func (e *Engine) Paces(ctx context.Context) ([]Pace, error) {
	took := map[string][]time.Duration{}
	err := e.db.Read(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(newestAnswers, lately)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var service string
			var received, entered int64
			if err := rows.Scan(&service, &received, &entered); err != nil {
				return err
			}
			took[service] = append(took[service], moment(entered).Sub(moment(received)))
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err
	}
	out := make([]Pace, 0, len(took))
	for service, all := range took {
		slices.Sort(all)
		out = append(out, Pace{service, len(all), all[(len(all)-1)/2]})
	}
	slices.SortFunc(out, func(a, b Pace) int { return strings.Compare(a.Service, b.Service) })
	return out, nil
}
