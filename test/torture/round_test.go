package main

import (
	"os"
	"testing"
	"time"
)

// short is a round of a few seconds, with every look of the long one.
func short(t *testing.T, k kind, kills int, gently bool) {
	t.Helper()
	t.Parallel()
	least := map[string]int{"application": 50, "withdraw": 1, "approved by petugas_layanan": 1, "approved by lurah": 1, "pieces": 10, "proved": 10, "repeated": 1}
	f, err := run(t.Context(), plan{kind: k, kills: kills, gently: gently, seed: uint64(time.Now().UnixNano()), clients: 64, whole: 6, least: least,
		shortest: 50 * time.Millisecond, longest: 300 * time.Millisecond, folder: t.TempDir(), program: os.Getenv(pendopo), out: t.Output()})
	table(t.Output(), []figures{f})
	if err != nil {
		t.Fatal(err)
	}
	for what, n := range least {
		if f.counts[what] < n {
			t.Errorf("only %d of %q: too little to prove anything", f.counts[what], what)
		}
	}
	if f.fired == 0 { // how many depends on how long the round is, and on the officers
		t.Error("no timer fired: that none was lost shows nothing")
	}
	if f.cut == 0 && k != ofDatabase {
		t.Error("no request was cut off: the kills hit nothing")
	}
}

func TestKillingTheServerOnSQLiteLosesNothing(t *testing.T)     { short(t, ofSQLite, 12, false) }
func TestKillingTheServerOnPostgreSQLLosesNothing(t *testing.T) { short(t, ofPostgres, 10, false) }
func TestStoppingPostgreSQLAtOnceLosesNothing(t *testing.T)     { short(t, ofDatabase, 6, false) }
func TestRestartingPostgreSQLUnderLoadLosesNothing(t *testing.T) {
	short(t, ofDatabase, 2, true)
}
