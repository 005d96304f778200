package intake_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pendopo/kernel/conf"
)

// program hands the n-th report of a flood in at the API, each about another
// place, and gives the status.
func (w *town) program(n int) int {
	w.t.Helper()
	b, err := w.Cases.Catalogue().Live("pengaduan")
	w.must(err)
	raw, err := json.Marshal(map[string]any{"definition": b.Hash, "channel": "api", "answers": map[string]any{
		"what": fmt.Sprintf("Lampu nomor %d mati sejak Senin.", n), "kind": "pengaduan", "category": "lampu", "region": "33.60.01.1001",
		"point": fmt.Sprintf("-7.%05d,110.91234", 5000+n*200), "anonymous": "ya", "confidential": "tidak",
	}})
	w.must(err)
	r, err := http.NewRequest("POST", w.url+"/api/v1/services/pengaduan/cases", strings.NewReader(string(raw)))
	w.must(err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key(n))
	res, err := http.DefaultClient.Do(r)
	w.must(err)
	w.must(res.Body.Close())
	return res.StatusCode
}

// Programs hand in at the API without a key: their connection is counted as that
// of people is, and what comes again is counted once.
func TestAFloodAtTheAPIIsFlaggedAndBounded(t *testing.T) {
	w := newTown(t, conf.Place{})
	for n := range 150 {
		if status := w.program(n); status != http.StatusCreated {
			t.Fatalf("report %d: status %d", n, status)
		}
	}
	flagged := 0
	for _, stream := range w.cases() {
		c, err := w.Cases.State(t.Context(), stream)
		w.must(err)
		if slices.Equal(c.Flags, []string{"flood_address"}) {
			flagged++
		}
	}
	if flagged != 130 {
		t.Errorf("%d of 150 are flagged", flagged)
	}
	if status := w.program(150); status != http.StatusTooManyRequests {
		t.Errorf("report 150: status %d", status)
	}
	if status := w.program(149); status != http.StatusCreated || len(w.cases()) != 150 {
		t.Errorf("again: status %d, %d cases", status, len(w.cases()))
	}
	w.clock.pass(time.Minute)
	if status := w.program(150); status != http.StatusCreated {
		t.Errorf("a minute later: status %d", status)
	}
}
