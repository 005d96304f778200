package casework

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"pendopo/kernel/db"
)

// Count is the open work of a unit in a service.
type Count struct {
	Unit, Service    string
	Open, Late, Soon int64 // all; past their due moment; due within the time asked for
}

// countOpen is answered from an index of the open cases alone, in its order: it
// costs the work that is there, and not what was ever done.
const countOpen = `SELECT unit, service, count(*), sum(CASE WHEN due < ? THEN 1 ELSE 0 END), sum(CASE WHEN due >= ? AND due < ? THEN 1 ELSE 0 END)
	FROM cases WHERE outcome = '' GROUP BY definition, unit, service`

// countBranches adds the branches that wait at another unit than the case's own.
const countBranches = `SELECT holder_unit, service, count(*), sum(CASE WHEN due < ? THEN 1 ELSE 0 END), sum(CASE WHEN due >= ? AND due < ? THEN 1 ELSE 0 END)
	FROM branch WHERE holder_unit <> unit GROUP BY holder_unit, service`

// Counts are the open cases of every unit and service, with the branches of other
// units' cases that wait there, those that are late, and those that will be
// within the given time.
func (e *Engine) Counts(ctx context.Context, soon time.Duration) ([]Count, error) {
	now, all := e.now(), map[[2]string]Count{}
	err := e.db.Read(ctx, func(tx db.Tx) error {
		for _, q := range []string{countOpen, countBranches} {
			if err := addCounts(all, tx, q, micros(now), micros(now), micros(now.Add(soon))); err != nil {
				return err
			}
		}
		return nil
	})
	return slices.SortedFunc(maps.Values(all), func(a, b Count) int {
		return cmp.Or(strings.Compare(a.Unit, b.Unit), strings.Compare(a.Service, b.Service))
	}), err
}

// addCounts adds what a query counts, a row for each definition of a service.
func addCounts(all map[[2]string]Count, tx db.Tx, query string, args ...any) error {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c Count
		if err := rows.Scan(&c.Unit, &c.Service, &c.Open, &c.Late, &c.Soon); err != nil {
			return err
		}
		sum := all[[2]string{c.Unit, c.Service}]
		c.Open, c.Late, c.Soon = c.Open+sum.Open, c.Late+sum.Late, c.Soon+sum.Soon
		all[[2]string{c.Unit, c.Service}] = c
	}
	return rows.Err()
}

// Of a column of the open cases, the first value after another one. Asked again
// and again it gives the distinct values, each by one step into the index;
// DISTINCT would read every open case.
const (
	nextDefinition = `SELECT definition FROM cases WHERE outcome = '' AND definition > ? ORDER BY definition LIMIT 1`
	nextUnit       = `SELECT unit FROM cases WHERE outcome = '' AND unit > ? ORDER BY unit LIMIT 1`
)

// distinct gives the values that a query steps through.
func distinct(tx db.Tx, next string) (out []string, err error) {
	for last := ""; ; {
		err := tx.Row(next, last).Scan(&last)
		if errors.Is(err, db.ErrNone) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		out = append(out, last)
	}
}
