package casework

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/job"
	"pendopo/law/fold"
	"pendopo/test/testkit"
)

// hot are the questions that are asked all the time, what they are asked with,
// and the index that answers them, named by its start.
func hot() []struct {
	query string
	args  []any
	index string
} {
	return []struct {
		query string
		args  []any
		index string
	}{
		{worklistByRole, []any{"u", "r", 1, "s", 26}, "cases_worklist"},
		{worklistByService, []any{"u", "r", "x", 1, "s", 26}, "cases_service"},
		{branchByRole, []any{"u", "r", 1, "s", 26}, "branch_worklist"},
		{branchByService, []any{"u", "r", "x", 1, "s", 26}, "branch_service"},
		{calledIn, []any{"r@u", 1, "s", 26}, "called_post"},
		{calledByService, []any{"r@u", "x", 1, "s", 26}, "called_service"},
		{countBranches, []any{1, 1, 2}, "branch_open"},
		{nextDefinition, []any{"d"}, "cases_open"},
		{nextUnit, []any{"u"}, "cases_unit"},
		{openOfUnit, []any{"u", "s", "t"}, "cases_unit"},
		{lastOfUnit, []any{"u"}, "cases_unit"},
		{dueAfter, []any{9, 1, "s", "i", 100}, "deadline_due"},
		{newestAnswered, []any{"s", 1, timesOf}, "cases_answered"},
		{`SELECT stream FROM draft WHERE expires <= ? ORDER BY expires LIMIT 500`, []any{1}, "draft_expires"},
	}
}

// TestHotQueriesHaveTheirIndex asks both databases how they would answer. On
// PostgreSQL, which reads small tables whole, that is forbidden first.
func TestHotQueriesHaveTheirIndex(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		for _, m := range []struct {
			name  string
			files fs.FS
		}{{"record", event.Schema()}, {"job", job.Schema()}, {"casework", Schema()}} {
			if err := d.Migrate(context.Background(), m.name, m.files); err != nil {
				t.Fatal(err)
			}
		}
		for _, h := range hot() {
			plan := planOf(t, d, h.query, h.args...)
			if !strings.Contains(plan, h.index) {
				t.Errorf("not answered from %s: %s\n%s", h.index, h.query, plan)
			}
			for _, bad := range []string{"SCAN cases\n", "SCAN branch\n", "SCAN called\n", "SCAN deadline", "SCAN event\n", "SCAN draft", "Seq Scan", "USE TEMP B-TREE", "  Sort"} {
				if strings.Contains(plan+"\n", bad) {
					t.Errorf("%q in the plan of %s\n%s", bad, h.query, plan)
				}
			}
		}
		for _, q := range (Worklist{}).queries(fold.Holder{Role: "r", Unit: "u"}) {
			plan := planOf(t, d, q.statement, append(q.of, 1, "s", 26)...)
			if !strings.Contains(plan, "COVERING INDEX") && !strings.Contains(plan, "Index Only Scan") {
				t.Errorf("a list reads rows that it will not show:\n%s", plan)
			}
		}
		plan := planOf(t, d, countOpen, 1, 1, 2)
		if !strings.Contains(plan, "COVERING INDEX cases_open") && !strings.Contains(plan, "Index Only Scan using cases_open") {
			t.Errorf("counts read rows:\n%s", plan)
		}
	})
}

// TestThePlanShowsAScan plants a question that no index answers.
func TestThePlanShowsAScan(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		if err := d.Migrate(context.Background(), "casework", planted()); err != nil {
			t.Fatal(err)
		}
		plan := planOf(t, d, `SELECT a FROM planted WHERE b = ?`, 1)
		if !strings.Contains(plan, "SCAN planted") && !strings.Contains(plan, "Seq Scan") {
			t.Errorf("a scan is not seen:\n%s", plan)
		}
	})
}

// planOf is what the database says of a query, a line for each step.
func planOf(t *testing.T, d *db.DB, query string, args ...any) string {
	t.Helper()
	var plan []string
	err := d.Write(func(tx db.Tx) error {
		explain, columns := "EXPLAIN QUERY PLAN ", 4
		if d.Dialect() == db.Postgres {
			explain, columns = "EXPLAIN (COSTS OFF) ", 1
			for _, off := range []string{"enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_incremental_sort", "enable_hashagg", "enable_hashjoin"} {
				if _, err := tx.Exec("SET LOCAL " + off + " = off"); err != nil {
					return err
				}
			}
		}
		rows, err := tx.Query(explain+query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			got, err := scanAll(rows, columns)
			if err != nil {
				return err
			}
			plan = append(plan, fmt.Sprint(got[columns-1]))
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return strings.Join(plan, "\n")
}

func planted() fs.FS {
	return fstest.MapFS{"0001_planted.sql": {Data: []byte("-- +goose Up\nCREATE TABLE planted (a BIGINT, b BIGINT);\n")}}
}
