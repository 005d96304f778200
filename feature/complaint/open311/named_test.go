package open311

import (
	"testing"
	"time"
)

// TestAnUpdateHasOneName: a peer keeps each update once, by its id, so that what
// happens after a reopening must not name it anew.
func TestAnUpdateHasOneName(t *testing.T) {
	name := func(reopened int, updated time.Time) (out string) {
		r := row{code: "C", active: true, reopened: reopened, updated: updated}
		for _, g := range r.stages() {
			out = r.named(g)
		}
		return out
	}
	day := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	if a, b := name(1, day), name(1, day.Add(time.Hour)); a != b {
		t.Errorf("one reopening is %s and %s", a, b)
	}
	if a, b := name(1, day), name(2, day.Add(time.Hour)); a == b {
		t.Errorf("two reopenings are both %s", a)
	}
}
