package intake_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/kernel/conf"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// key is the key of the n-th report of a test.
func key(n int) string { return fmt.Sprintf("%040d", n) }

// Many reports from one telephone, about one place, by one browser are taken and
// flagged; masses from one browser must wait, in words that say how long.
func TestFloodsAreFlaggedBeforeTheyAreRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		flags := map[string]int{}
		refused := 0
		b := w.browser()
		for n := range 40 {
			s := b.script(key(n))
			if r := s.tell(told("what", fmt.Sprintf("Lampu nomor %d mati sejak Senin.", n), "phone", fmt.Sprintf("0812 0000 %04d", n), "point", fmt.Sprintf("-7.1%02d45,110.40112", n))); r.Code == "" {
				refused++
				if s.status != http.StatusTooManyRequests || !strings.Contains(s.body, "5 menit") || s.header.Get("Retry-After") != "300" {
					t.Fatalf("%d %v %s", s.status, s.header.Get("Retry-After"), s.body)
				}
				continue
			}
		}
		if b.get(page).send(nil, told("what", "Lampu di ujung gang mati sejak Senin.")...); b.status != http.StatusTooManyRequests || b.header.Get("Retry-After") != "300" {
			t.Errorf("a form without the script: %d, Retry-After %q", b.status, b.header.Get("Retry-After"))
		}
		for _, stream := range w.cases() {
			c, err := w.Cases.State(t.Context(), stream)
			w.must(err)
			for _, f := range c.Flags {
				flags[f]++
			}
		}
		if refused != 15 || len(w.cases()) != 25 || flags["flood_address"] != 20 || len(flags) != 1 {
			t.Errorf("%d refused, %d cases, %v", refused, len(w.cases()), flags)
		}
	})
}

// One telephone from many browsers, and one place from many telephones: all are
// taken, the later ones flagged. Nobody learns from the answer whose number it is.
func TestATelephoneAndAPlaceAreCounted(t *testing.T) {
	w := newTown(t, conf.Place{})
	var last string
	for n := range 8 {
		s := w.browser().script(key(n))
		if r := s.tell(told("point", fmt.Sprintf("-7.1%02d45,110.40112", n))); r.Code == "" {
			t.Fatalf("%d: %d %s", n, s.status, s.body)
		}
		last = s.body
	}
	if strings.Contains(last, "flood") {
		t.Errorf("the reporter is told of a flag: %s", last)
	}
	for n := range 8 {
		s := w.browser().script(key(100 + n))
		if r := s.tell(told("phone", fmt.Sprintf("0812 0000 1%03d", n))); r.Code == "" {
			t.Fatalf("%d: %d %s", n, s.status, s.body)
		}
	}
	count := map[string]int{}
	for _, stream := range w.cases() {
		c, err := w.Cases.State(t.Context(), stream)
		w.must(err)
		for _, f := range c.Flags {
			count[f]++
		}
	}
	if count["flood_phone"] != 3 || count["flood_place"] < 2 || len(w.cases()) != 16 {
		t.Errorf("%v of %d", count, len(w.cases()))
	}
}

// A report that was flagged is looked at by an officer, who refuses it for a listed
// reason; whoever told it objects with one press, and a superior takes it up again.
func TestWhatWasRefusedIsObjectedTo(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		b := w.browser()
		b.get(page).send(nil, told("what", "Dasar g0bl0k, jalan ini rusak setahun!")...)
		track := strings.TrimSuffix(b.path, "/receipt")
		c := w.only()
		if !slices.Equal(c.Flags, []string{"words"}) || c.Step != "verify" {
			t.Fatalf("%v at %s", c.Flags, c.Step)
		}
		w.clock.pass(time.Hour)
		by := fold.Holder{Who: "role", Role: c.Holder.Role, Unit: c.Holder.Unit}
		deed := casework.Deed{Stream: c.Stream, Seen: c.Version, Action: "reject", Reason: "obscene", Note: "Kata-katanya kasar.", Actor: "officer/test", By: by,
			Checks: map[string]bool{"clear": true, "ours": true, "decent": false}}
		if _, err := w.Cases.Act(t.Context(), casework.Deed{Stream: c.Stream, Seen: c.Version, Action: "reject", Reason: "no such reason", Actor: "officer/test", By: by, Checks: deed.Checks}); err == nil {
			t.Error("refused for a reason that is not listed")
		}
		c, err := w.Cases.Act(t.Context(), deed)
		w.must(err)
		if c.Step != "objection" {
			t.Fatalf("at %s", c.Step)
		}
		b.get(track).says("Sampaikan keberatan", "kesusilaan")
		b.get(track + "/actions/object")
		to, v, ok := b.page().Form(track + "/actions/object")
		if !ok {
			t.Fatal(b.page().Text())
		}
		v.Set("note", "Maaf atas kata-katanya. Jalannya memang rusak.")
		r, err := http.NewRequest("POST", w.url+to, strings.NewReader(v.Encode()))
		w.must(err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		b.take(r)
		c = w.only()
		if c.Step != "reconsider" || c.Holder.Role != "atasan_pengaduan" {
			t.Fatalf("at %s, with %+v: %s", c.Step, c.Holder, b.page().Text())
		}
		w.clock.pass(time.Hour)
		c, err = w.Cases.Act(t.Context(), casework.Deed{Stream: c.Stream, Seen: c.Version, Action: "dispatch", Unit: "dpupr", Actor: "officer/other", Given: form.Answers{"kind": "pengaduan", "category": "jalan"},
			By: fold.Holder{Who: "role", Role: "atasan_pengaduan", Unit: "setda"}})
		w.must(err)
		if c.Step != "answer" || c.Unit != "dpupr" {
			t.Errorf("at %s of %s", c.Step, c.Unit)
		}
	})
}

func TestRoughWordsAreFlaggedAndTaken(t *testing.T) {
	w := newTown(t, conf.Place{})
	if r := w.browser().script(key(1)).tell(told("what", "Dasar g0bl0k, jalan ini rusak setahun!")); r.Code == "" {
		t.Fatal("refused")
	}
	if c := w.only(); !slices.Equal(c.Flags, []string{"words"}) {
		t.Errorf("%v", c.Flags)
	}
}
