package db_test

import (
	"os"
	"strings"
	"testing"

	"pendopo/kernel/db"
	"pendopo/test/testkit"
)

// TestAfterAHurryEveryCommitIsSyncedAgain: what was written in a hurry is in the
// file and no longer in the log, and the writer waits for the disk as before.
func TestAfterAHurryEveryCommitIsSyncedAgain(t *testing.T) {
	testkit.OnBothURL(t, func(t *testing.T, url string) {
		d := testkit.Open(t, url, db.Options{})
		migrate(t, d)
		before := synchronous(t, d)
		settle, err := d.Hurry()
		if err != nil {
			t.Fatal(err)
		}
		if err := add(d, "made in a hurry"); err != nil {
			t.Fatal(err)
		}
		if d.Path() != "" && synchronous(t, d) != 0 {
			t.Errorf("in a hurry the writer waits for the disk (synchronous = %d)", synchronous(t, d))
		}
		if err := settle(); err != nil {
			t.Fatal(err)
		}
		if now := synchronous(t, d); now != before {
			t.Errorf("synchronous is %d, was %d", now, before)
		}
		if d.Path() == "" {
			return
		}
		raw, err := os.ReadFile(d.Path())
		if err != nil || !strings.Contains(string(raw), "made in a hurry") {
			t.Errorf("what was settled is not in the file: %v", err)
		}
	})
}

// synchronous is SQLite's own number of the setting; 0 on PostgreSQL.
func synchronous(t *testing.T, d *db.DB) (n int64) {
	t.Helper()
	if d.Path() == "" {
		return 0
	}
	if err := d.Write(func(tx db.Tx) error { return tx.Row("PRAGMA synchronous").Scan(&n) }); err != nil {
		t.Fatal(err)
	}
	return n
}
