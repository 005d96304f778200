package casework

import (
	"context"
	"time"

	"pendopo/kernel/db"
	"pendopo/law/fold"
)

// RoleLoad is the open work of a role at a unit in a service: what waits for
// whoever holds the role there. A case that goes several ways at once is counted
// on each way that is under way.
type RoleLoad struct {
	Role, Service    string
	Open, Late, Soon int64 // all; past their due moment; due by the moment asked for
}

// loadOfUnit is answered from the indexes of open cases and of branches in the
// order of the posts: it costs the open work of the unit.
const loadOfUnit = `SELECT holder_role, service, count(*), sum(CASE WHEN due < ? THEN 1 ELSE 0 END), sum(CASE WHEN due >= ? AND due <= ? THEN 1 ELSE 0 END)
	FROM (SELECT holder_role, service, due FROM cases WHERE outcome = '' AND holder_unit = ? AND holder_role <> ''
	UNION ALL SELECT holder_role, service, due FROM branch WHERE holder_unit = ?) AS work
	GROUP BY holder_role, service ORDER BY holder_role, service`

// UnitLoad is the open work of every role of a unit.
func (e *Engine) UnitLoad(ctx context.Context, unit string, soon time.Time) (out []RoleLoad, err error) {
	now := micros(e.now())
	err = e.db.Read(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(loadOfUnit, now, now, micros(soon), unit, unit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var l RoleLoad
			if err := rows.Scan(&l.Role, &l.Service, &l.Open, &l.Late, &l.Soon); err != nil {
				return err
			}
			out = append(out, l)
		}
		return rows.Err()
	})
	return out, err
}

const answeredSince = `SELECT c.service, count(*) FROM event e JOIN cases c ON c.stream = e.stream
	WHERE e.kind IN ('issued', 'rejected', 'finished') AND e.entered >= ? AND c.unit = ? GROUP BY c.service`

// Answered is how many answers a unit has given in each service since a moment.
// It costs the answers of the whole government since then.
func (e *Engine) Answered(ctx context.Context, unit string, since time.Time) (map[string]int64, error) {
	out := map[string]int64{}
	err := e.db.Read(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(answeredSince, micros(since), unit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var service string
			var n int64
			if err := rows.Scan(&service, &n); err != nil {
				return err
			}
			out[service] = n
		}
		return rows.Err()
	})
	return out, err
}

// Standing is the order by which a unit stands still, and since when; nil when
// it does not.
func (e *Engine) Standing(ctx context.Context, unit string) (*Suspension, time.Time, error) {
	last, s, err := e.lastOrder(ctx, unit)
	if err != nil || s == nil || last.Kind != fold.Suspended {
		return nil, time.Time{}, err
	}
	return s, last.Entered, nil
}
