package app_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"pendopo/engine/casework"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// TestPapersBroughtToTheCounterAreInTheCaseAndInTheRecord: one is scanned, one
// is looked at; both outlive a return, which the applicant answers with them.
func TestPapersBroughtToTheCounterAreInTheCaseAndInTheRecord(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		got := w.apply(once("p", "one"))
		id := w.upload(got.Stream, bytes.Repeat([]byte("kartu"), 90_000))
		clerk := fold.Holder{Who: "role", Role: "petugas_layanan", Unit: "kel-sekararum"}
		bring := func(key string, papers form.Answers) (fold.Case, error) {
			c, err := w.Cases.State(ctx, got.Stream)
			w.must(err)
			return w.Cases.Act(ctx, casework.Deed{Stream: got.Stream, Seen: c.Version, Do: flow.DoPapers, Answers: papers, By: clerk, Actor: "sari", Once: once(key, key)})
		}
		c, err := bring("q", form.Answers{"ktp": []string{id}})
		w.must(err)
		if !slices.Equal(c.Pending, []string{"surat_pengantar"}) || len(c.Files) != 1 || c.Files[0].ID != id || c.Step != "review" {
			t.Errorf("after the first: awaited %v, files %v at %s", c.Pending, c.Files, c.Step)
		}
		if c, err = bring("r", form.Answers{"surat_pengantar": []string{form.AtCounter}}); err != nil || len(c.Pending) != 0 || !slices.Equal(c.Seen, []string{"surat_pengantar"}) {
			t.Errorf("after the second: %+v, %v", c, err)
		}
		w.keeps(got.Stream, id)

		_, err = w.Cases.Act(ctx, casework.Deed{Stream: got.Stream, Seen: c.Version, Action: "return", By: clerk, Actor: "sari",
			Checks: map[string]bool{"identity": true, "letter": true, "address": false}, Defects: []flow.Defect{{ID: "address", Words: "Nomor rumah belum ada."}}})
		w.must(err)
		mended, _, err := w.Cases.Own(ctx, got.Stream)
		w.must(err)
		mended["street"] = "Jalan Melati 4A"
		c, err = w.Cases.Act(ctx, casework.Deed{Stream: got.Stream, Action: "submit", Answers: mended, By: fold.Holder{Who: "applicant"}})
		w.must(err)
		if len(c.Pending) != 0 || len(c.Files) != 1 || len(c.Seen) != 1 {
			t.Errorf("after mending: awaited %v, looked at %v, files %v", c.Pending, c.Seen, c.Files)
		}
		w.keeps(got.Stream, id)
		_, err = w.Ledger.Sequence(ctx)
		w.must(err)
		w.whole()
		_, err = w.Rebuild(ctx)
		w.must(err)
		w.whole()
	})
}

// keeps wants the scanned paper among the answers, and no sweeping to take it.
func (w *town) keeps(stream, id string) {
	w.t.Helper()
	a, _, err := w.Cases.Own(context.Background(), stream)
	w.must(err)
	if ids, _ := a["ktp"].([]string); !slices.Equal(ids, []string{id}) || a["name"] != "Sekar Wulandari" {
		w.t.Errorf("the answers hold %v", a["ktp"])
	}
	if _, err := w.Blobs.Sweep(w.clock.now.AddDate(1, 0, 0)); err != nil {
		w.t.Error(err)
	}
	key, err := w.Keys.Get(stream)
	w.must(err)
	if _, err := w.Blobs.Stat(id, key); err != nil {
		w.t.Errorf("the paper was swept: %v", err)
	}
}

func TestPapersComeOnceAndOnlyTheCasesOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		got, other := w.apply(once("s", "one")), w.apply(once("t", "two"))
		clerk := fold.Holder{Who: "role", Role: "petugas_layanan", Unit: "kel-sekararum"}
		deed := casework.Deed{Stream: got.Stream, Seen: got.Version, Do: flow.DoPapers, By: clerk, Once: once("u", "ktp"),
			Answers: form.Answers{"ktp": []string{w.upload(other.Stream, []byte("of another"))}}}
		if _, err := w.Cases.Act(ctx, deed); !fault.Is(err, fault.Invalid) {
			t.Errorf("a file of another case: %v", err)
		}
		deed.Answers = form.Answers{"ktp": []string{w.upload(got.Stream, []byte("its own"))}}
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if _, err := w.Cases.Act(ctx, deed); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		c, err := w.Cases.State(ctx, got.Stream)
		w.must(err)
		if c.Version != 2 || len(c.Files) != 1 {
			t.Errorf("version %d with %d files: it came more than once", c.Version, len(c.Files))
		}
		w.must(w.DB.Read(ctx, func(tx db.Tx) error {
			var clear string
			if err := tx.Row(`SELECT clear FROM event WHERE stream = ? AND version = 2`, got.Stream).Scan(&clear); err != nil {
				return err
			}
			if strings.Contains(clear, "Sekar") || !strings.Contains(clear, `"papers":["ktp"]`) {
				t.Errorf("the clear part: %s", clear)
			}
			return nil
		}))
	})
}
