package notify

import (
	"strings"
	"testing"

	"pendopo/kernel/db"
	"pendopo/test/testkit"
)

// TestTraysAreReadFromAnIndex: a unit's list, its count, and the question of every
// commit whether letters of its case wait.
func TestTraysAreReadFromAnIndex(t *testing.T) {
	d := testkit.Open(t, testkit.SQLite(t), db.Options{})
	if err := d.Migrate(t.Context(), "notify", Schema()); err != nil {
		t.Fatal(err)
	}
	for query, index := range map[string]string{
		`SELECT id FROM notice ` + lettersWaiting: "notice_letter", `SELECT id FROM notice ` + lettersPosted: "notice_letter",
		`SELECT id FROM notice ` + lettersOfCase:                              "notice_letter_case",
		`UPDATE notice SET unit = ? WHERE subject = ? AND channel = 'letter'`: "notice_letter_case",
	} {
		plan := ""
		err := d.Read(t.Context(), func(tx db.Tx) error {
			rows, err := tx.Query("EXPLAIN QUERY PLAN "+query, make([]any, strings.Count(query, "?"))...)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var id, parent, unused int
				var step string
				if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
					return err
				}
				plan += step + "\n"
			}
			return rows.Err()
		})
		if err != nil || !strings.Contains(plan, "SEARCH notice USING") || !strings.Contains(plan, "INDEX "+index+" ") {
			t.Errorf("%s is not answered from %s (%v):\n%s", query, index, err, plan)
		}
	}
}
