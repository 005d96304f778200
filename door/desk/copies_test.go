package desk_test

import (
	"testing"
	"time"

	"pendopo/kernel/backup"
)

// The system page tells administrators of the copies whatever is known of them.
func TestAdministratorsSeeTheLastRehearsal(t *testing.T) {
	w := newTown(t)
	w.officer("admin", "setda/administrator")
	b := w.as("admin")
	b.get("/desk/system").is(200).shows("Belum ada server yang membuat salinan", "Belum pernah.")
	bad := backup.Report{At: w.clock.Add(-time.Hour), Opened: 7}
	for range 5 {
		bad.Find("sealed: file 7 does not open")
	}
	for _, c := range []struct {
		report backup.Report
		want   string
	}{
		{backup.Report{At: w.clock.Add(-time.Hour), OK: true, Opened: 12345}, "semuanya utuh; 12.345 data tersegel"},
		{bad, "5 hal tidak utuh"},
		{backup.Report{At: w.clock, Trouble: "no finished copy"}, "tidak dapat diselesaikan"},
	} {
		w.must(c.report.Keep(w.Place.Data))
		b.get("/desk/system").is(200).shows(c.want)
	}
	for _, c := range []struct {
		age  time.Duration
		want string
	}{{time.Second, "Lengkap sampai"}, {time.Hour, "Lengkap hanya sampai"}} {
		w.must(backup.Status{Success: w.clock.Add(-c.age)}.Keep(w.Place.Data))
		b.get("/desk/system").is(200).shows(c.want)
	}
}
