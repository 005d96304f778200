package open311_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"pendopo/kernel/conf"
)

// Masses that a program files are taken and flagged, and bounded by the pace of
// its key; masses of one telephone behind it are bounded before that.
func TestAFloodByAProgramIsFlaggedAndBounded(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		_, key, err := w.keys.Make("paced", "", 70)
		w.must(err)
		flagged, taken := 0, 0
		for n := range 75 {
			r := w.ask("POST", "requests.json", w.report("api_key", key, "description", fmt.Sprintf("Lampu nomor %d mati sejak Senin.", n),
				"lat", fmt.Sprintf("-7.06%02d", n), "phone", fmt.Sprintf("0812 0000 %04d", n)))
			if n < 70 {
				if id := w.receipt(r); slices.Contains(w.state(id).Flags, "flood_address") {
					flagged++
				}
				taken++
				continue
			}
			if r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") == "" {
				t.Fatalf("%d: status %d: %s", n, r.status, r.body)
			}
		}
		if taken != 70 || flagged != 10 {
			t.Errorf("%d taken, %d flagged", taken, flagged)
		}
	})
}

func TestAFloodOfOneDeviceIsFlaggedAndBounded(t *testing.T) {
	w := newTown(t, conf.Place{})
	file := func(n int, device string) reply {
		return w.ask("POST", "requests.json", w.report("device_id", device, "description", fmt.Sprintf("Lampu nomor %d mati sejak Senin.", n), "lat", fmt.Sprintf("-7.06%02d", n)))
	}
	for n := range 25 {
		c := w.state(w.receipt(file(n, "one")))
		if flagged := slices.Contains(c.Flags, "flood_address"); flagged != (n >= 5) {
			t.Errorf("report %d: %v", n, c.Flags)
		}
	}
	if r := file(25, "one"); r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") != "300" {
		t.Errorf("status %d, Retry-After %q: %s", r.status, r.header.Get("Retry-After"), r.body)
	}
	again := w.receipt(file(24, "one")) // what was filed is answered, and counted once
	if other := w.state(w.receipt(file(26, "other"))); len(other.Flags) != 0 || again == "" {
		t.Errorf("another device: %v", other.Flags)
	}
	w.clock.add(5 * time.Minute)
	w.receipt(file(27, "one"))
}

// A telephone number, a place and words are looked at as those of our own pages.
func TestWhatAProgramFilesIsFlaggedAsWhatPeopleTell(t *testing.T) {
	w := newTown(t, conf.Place{})
	if got := w.state(w.file("description", "Dasar g0bl0k, jalan ini rusak setahun!")).Flags; !slices.Equal(got, []string{"words"}) {
		t.Errorf("%v", got)
	}
	var last string
	for n := range 7 {
		last = w.file("description", fmt.Sprintf("Lampu nomor %d mati sejak Senin.", n), "phone", "0812 0000 0009")
	}
	if got := w.state(last).Flags; !slices.Equal(got, []string{"flood_phone", "flood_place"}) {
		t.Errorf("%v", got)
	}
}
