package app_test

import (
	"context"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/law/fold"
)

// asks has a person apply for a certificate, in the order of their number.
func (w *town) asks(nik, name string) casework.Accepted {
	w.t.Helper()
	a := domicile()
	a["nik"], a["name"] = nik, name
	got, err := w.Cases.Submit(context.Background(), casework.Submission{Service: "surat-keterangan-domisili", Channel: "portal", Answers: a})
	w.must(err)
	w.must(w.Jobs.Drain(context.Background()))
	return got
}

// withdraws has the applicant take a case back.
func (w *town) withdraws(stream string) {
	w.t.Helper()
	_, err := w.Cases.Act(context.Background(), casework.Deed{Stream: stream, Action: "withdraw", By: fold.Holder{Who: "applicant"}})
	w.must(err)
}

// granted has both officers approve, the letter made, and the applicant fetch it a day later.
func (w *town) granted(clerk, head, stream string) {
	w.t.Helper()
	ctx := context.Background()
	for _, who := range []string{clerk, head} {
		c, err := w.Cases.State(ctx, stream)
		w.must(err)
		_, err = w.Cases.Act(ctx, casework.Deed{
			Stream: stream, Seen: c.Version, Action: "approve", Actor: who, By: c.Holder,
			Checks: map[string]bool{"identity": true, "letter": true, "address": true},
		})
		w.must(err)
	}
	w.must(w.Jobs.Drain(ctx))
	w.clock.now = w.clock.now.Add(24 * time.Hour)
	_, err := w.Cases.Act(ctx, casework.Deed{Stream: stream, Action: "received", By: fold.Holder{Who: "applicant"}})
	w.must(err)
}

const anna, budi = "3360015704950001", "3360011203880002"

// Who takes a matter back and files it again has waited since the first time.
func TestAJourneyLinksWhatOnePersonFiledAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		clerk := w.officer("sari", "Sari Rahmawati", "kel-sekararum", "petugas_layanan")
		head := w.officer("joko", "Joko Prasetyo", "kel-sekararum", "lurah")
		began := w.clock.now
		first := w.asks(anna, "Anna Prihatin")
		w.withdraws(first.Stream)
		w.clock.now = w.clock.now.Add(2 * time.Minute)
		other := w.asks(budi, "Budi Prasojo")
		again := w.asks(anna, "Anna Prihatin")
		w.granted(clerk, head, again.Stream)
		later := w.asks(anna, "Anna Prihatin")

		for stream, want := range map[string][]string{
			first.Stream: {first.Stream, again.Stream}, again.Stream: {first.Stream, again.Stream},
			other.Stream: {other.Stream}, later.Stream: {later.Stream},
		} {
			j, err := w.Cases.Journey(ctx, stream)
			w.must(err)
			if len(j.Cases) != len(want) || j.Cases[0].Stream != want[0] || j.Cases[len(want)-1].Stream != want[len(want)-1] {
				t.Errorf("journey of %s: %d cases, want %v", stream, len(j.Cases), want)
			}
		}
		j, err := w.Cases.Journey(ctx, again.Stream)
		w.must(err)
		if at, ended := j.Answered(); !ended || !j.Began().Equal(began) || at.Sub(began) != 2*time.Minute {
			t.Errorf("began %v, answered %v %v: the letter was there after two minutes, whenever it was fetched", j.Began(), at, ended)
		}
		open, err := w.Cases.Journey(ctx, other.Stream)
		w.must(err)
		if at, ended := open.Answered(); ended {
			t.Errorf("an open matter was answered at %v", at)
		}

		times := casework.NewTimes(w.Cases)
		w.must(times.Renew(ctx, "surat-keterangan-domisili"))
		if n, median, p90, err := times.Times(ctx, "surat-keterangan-domisili"); err != nil || n != 1 || median != 2*time.Minute || p90 != median {
			t.Errorf("times: %d, %v, %v, %v", n, median, p90, err)
		}

		// A key that is destroyed takes the link along, and the figures stand.
		w.must(w.Shred(ctx, first.Stream, "retention", "test"))
		j, err = w.Cases.Journey(ctx, again.Stream)
		w.must(err)
		if len(j.Cases) != 1 {
			t.Errorf("what was destroyed is still linked: %d cases", len(j.Cases))
		}
		w.must(w.Shred(ctx, again.Stream, "retention", "test"))
		w.must(times.Renew(ctx, "surat-keterangan-domisili"))
		if n, _, _, err := times.Times(ctx, "surat-keterangan-domisili"); err != nil || n != 1 {
			t.Errorf("times after shredding: %d, %v", n, err)
		}
	})
}

// Half of the answers come within the median, nine of ten within the other.
func TestTimesAreThoseOfTheAnswers(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		clerk := w.officer("sari", "Sari Rahmawati", "kel-sekararum", "petugas_layanan")
		head := w.officer("joko", "Joko Prasetyo", "kel-sekararum", "lurah")
		for i := range 10 {
			got := w.asks(anna[:12]+"00"+string(rune('1'+i/9))+string(rune('0'+i%9)), "Orang Rekaan")
			w.clock.now = w.clock.now.Add(time.Duration(i+1) * 10 * time.Second)
			w.granted(clerk, head, got.Stream)
		}
		times := casework.NewTimes(w.Cases)
		w.must(times.Renew(t.Context(), "surat-keterangan-domisili"))
		n, median, p90, err := times.Times(t.Context(), "surat-keterangan-domisili")
		if err != nil || n != 10 || median != 50*time.Second || p90 != 90*time.Second {
			t.Errorf("%d, %v, %v, %v; want 10, 50s, 90s", n, median, p90, err)
		}
		if n, _, _, err := times.Times(t.Context(), "sip-bidan"); err != nil || n != 0 {
			t.Errorf("a service without answers: %d, %v", n, err)
		}
	})
}
