package casework

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"pendopo/kernel/db"
	"pendopo/law/fold"
)

// A case that goes several ways at once waits at several desks. Each branch that
// is under way has a row: who holds it, and by when.

const branchColumns = `stream, id, step, holder_role, holder_unit, escalated, due, service, unit`

const insertBranch = `INSERT INTO branch (` + branchColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

// branchRows are the rows of a case's branches, in the order of branchColumns.
func branchRows(c fold.Case) (rows [][]any) {
	for _, b := range c.Branches {
		if b.Arrived || b.Holder.Who != "role" {
			continue
		}
		rows = append(rows, []any{c.Stream, b.ID, b.Step, b.Holder.Role, b.Holder.Unit, calledAt(b.Escalated, b.Holder.Unit), dueAt(c, b.Step), c.Service, c.Unit})
	}
	return rows
}

// dueAt is the moment by which the work at one branch is ordered: its own
// deadline or that of the whole case, whichever comes first.
func dueAt(c fold.Case, step string) int64 {
	due := int64(math.MaxInt64)
	for _, d := range c.Deadlines {
		if (d.ID == step || d.ID == fold.CaseDeadline) && (d.State == fold.Running || d.State == fold.Missed) {
			due = min(due, micros(d.Due))
		}
	}
	return due
}

// putBranches writes the rows of a case's branches anew, when they differ. Of a
// case without any, before and after, it asks nothing.
func putBranches(tx db.Tx, before, after fold.Case) error {
	old, rows := branchRows(before), branchRows(after)
	if slices.EqualFunc(old, rows, func(a, b []any) bool { return slices.Equal(a, b) }) {
		return nil
	}
	if len(old) > 0 {
		if _, err := tx.Exec(`DELETE FROM branch WHERE stream = ?`, after.Stream); err != nil {
			return err
		}
	}
	for _, row := range rows {
		if _, err := tx.Exec(insertBranch, row...); err != nil {
			return err
		}
	}
	return nil
}

// verifyBranches compares every column of every branch row.
func verifyBranches(tx db.Tx, b batch, report func(Difference)) error {
	names := strings.Split(strings.Join(strings.Fields(branchColumns), ""), ",")
	want := map[string][]any{}
	for _, c := range b.cases {
		for _, row := range branchRows(c) {
			want[fmt.Sprint(row[0], " ", row[1])] = row
		}
	}
	err := b.each(tx, `SELECT `+branchColumns+` FROM branch`, func(rows *db.Rows) error {
		got, err := scanAll(rows, len(names))
		if err != nil {
			return err
		}
		stream, key := fmt.Sprint(got[0]), fmt.Sprint(got[0], " ", got[1])
		row, ok := want[key]
		if !ok {
			report(Difference{"branch", stream, "id", "there is no such branch in the record"})
			return nil
		}
		delete(want, key)
		for i, name := range names {
			if !same(got[i], row[i]) {
				report(Difference{"branch", stream, name, "is not what the events say"})
			}
		}
		return nil
	})
	for _, key := range missing(want, err) {
		stream, id, _ := strings.Cut(key, " ")
		report(Difference{"branch", stream, id, "the row is missing"})
	}
	return err
}
