package casework

import (
	"fmt"
	"slices"
	"strings"

	"pendopo/kernel/db"
	"pendopo/law/fold"
)

// Each post that lateness has called in to a case, or to a branch of it, has a
// row while it may act there.

const calledColumns = `stream, branch, post, due, service`

const insertCalled = `INSERT INTO called (` + calledColumns + `) VALUES (?, ?, ?, ?, ?)`

// calledRows are the rows of a case, in the order of calledColumns.
func calledRows(c fold.Case) (rows [][]any) {
	add := func(branch, unit string, due int64, posts []string) {
		for _, called := range posts {
			row := []any{c.Stream, branch, calledAt(called, unit), due, c.Service}
			if !slices.ContainsFunc(rows, func(o []any) bool { return slices.Equal(o, row) }) {
				rows = append(rows, row)
			}
		}
	}
	add("", c.Holder.Unit, earliest(c), c.CalledIn())
	for _, b := range c.Branches {
		if !b.Arrived && b.Holder.Who == "role" {
			add(b.ID, b.Holder.Unit, dueAt(c, b.Step), b.CalledIn())
		}
	}
	return rows
}

// putCalled writes the rows of a case anew, when they differ. Of a case without
// any, before and after, it asks nothing.
func putCalled(tx db.Tx, before, after fold.Case) error {
	old, rows := calledRows(before), calledRows(after)
	if slices.EqualFunc(old, rows, func(a, b []any) bool { return slices.Equal(a, b) }) {
		return nil
	}
	if len(old) > 0 {
		if _, err := tx.Exec(`DELETE FROM called WHERE stream = ?`, after.Stream); err != nil {
			return err
		}
	}
	for _, row := range rows {
		if _, err := tx.Exec(insertCalled, row...); err != nil {
			return err
		}
	}
	return nil
}

// verifyCalled compares every row with whom the events called in.
func verifyCalled(tx db.Tx, b batch, report func(Difference)) error {
	want := map[string]string{} // row → stream
	for stream, c := range b.cases {
		for _, row := range calledRows(c) {
			want[fmt.Sprint(row...)] = stream
		}
	}
	err := b.each(tx, `SELECT `+calledColumns+` FROM called`, func(rows *db.Rows) error {
		got, err := scanAll(rows, strings.Count(calledColumns, ",")+1)
		if err != nil {
			return err
		}
		if want[fmt.Sprint(got...)] == "" {
			report(Difference{"called", fmt.Sprint(got[0]), "post", "is not what the events say"})
		}
		delete(want, fmt.Sprint(got...))
		return nil
	})
	for _, row := range missing(want, err) {
		report(Difference{"called", want[row], "post", "the row is missing"})
	}
	return err
}
