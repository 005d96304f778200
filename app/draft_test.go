package app_test

import (
	"bytes"
	"context"
	"io/fs"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/government"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/fold"
)

func TestAFileTakenBackFromADraftIsSwept(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		d, _, _, err := w.Cases.Begin("surat-keterangan-domisili", "portal", "id")
		w.must(err)
		first, second := w.upload(d.Stream, []byte("first")), w.upload(d.Stream, []byte("second"))
		d.Answers = domicile()
		d.Answers["ktp"] = []string{first}
		w.must(w.Cases.SaveDraft(d))
		d.Answers["ktp"] = []string{second}
		w.must(w.Cases.SaveDraft(d))
		if n, err := w.Blobs.Sweep(time.Now().Add(48 * time.Hour)); n != 1 || err != nil {
			t.Errorf("swept %d, %v", n, err)
		}
		key, err := w.Keys.Get(d.Stream)
		w.must(err)
		if _, err := w.Blobs.Stat(first, key); !fault.Is(err, fault.Unknown) {
			t.Errorf("the file that was taken back: %v", err)
		}
		if _, err := w.Blobs.Stat(second, key); err != nil {
			t.Errorf("the file in its place: %v", err)
		}
	})
}

func TestADraftNamesNoFileOfAnother(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		d, _, _, err := w.Cases.Begin("surat-keterangan-domisili", "portal", "id")
		w.must(err)
		other, _, _, err := w.Cases.Begin("surat-keterangan-domisili", "portal", "id")
		w.must(err)
		foreign := w.upload(other.Stream, bytes.Repeat([]byte("x"), 10))
		for _, id := range []string{foreign, "0192f0c4-0000-7000-8000-000000000000"} {
			d.Answers = domicile()
			d.Answers["ktp"] = []string{id}
			if err := w.Cases.SaveDraft(d); !fault.Is(err, fault.Invalid) {
				t.Errorf("kept: %v", err)
			}
		}
		if n, err := w.Blobs.Sweep(time.Now().Add(48 * time.Hour)); n != 1 || err != nil {
			t.Errorf("somebody else's draft keeps a file from being swept: %d, %v", n, err)
		}
	})
}

func TestADraftFollowsTheFormThatIsLive(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		d, _, _, err := w.Cases.Begin("surat-keterangan-domisili", "portal", "id")
		w.must(err)
		d.Answers = domicile()
		w.must(w.Cases.SaveDraft(d))
		text, err := fs.ReadFile(government.FS, "services/surat-keterangan-domisili.yaml")
		w.must(err)
		changed := strings.Replace(string(text), "id: phone", "id: mobile", 1)
		_, err = w.Publish(ctx, overlay(t, map[string]string{"services/surat-keterangan-domisili.yaml": changed}))
		w.must(err)
		d, err = w.Cases.LoadDraft(ctx, d.Stream)
		w.must(err)
		live, err := w.Cases.Catalogue().Live(d.Service)
		w.must(err)
		if _, kept := d.Answers["phone"]; kept || d.Definition != live.Hash || d.Answers["name"] == nil {
			t.Errorf("%s with %v", d.Definition, d.Answers)
		}
		d.Answers["mobile"] = "+6281200000001"
		w.must(w.Cases.SaveDraft(d))
		d, err = w.Cases.LoadDraft(ctx, d.Stream)
		w.must(err)
		_, err = w.Cases.Submit(ctx, casework.Submission{
			Service: d.Service, Definition: d.Definition, Channel: "portal", Draft: d.Stream, Answers: d.Answers,
		})
		w.must(err)
	})
}

// A process may end between the row of a draft and its key.
func TestADraftThatEndsLeavesItsDestructionInTheRecord(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		d, _, _, err := w.Cases.Begin("surat-keterangan-domisili", "portal", "id")
		w.must(err)
		w.must(w.Cases.DiscardDraft(d.Stream))
		var waiting int
		w.must(w.DB.Read(ctx, func(tx db.Tx) error {
			return tx.Row(`SELECT count(*) FROM job WHERE kind = ?`, casework.ShredJob).Scan(&waiting)
		}))
		if waiting != 1 {
			t.Fatalf("%d jobs wait to destroy it", waiting)
		}
		w.clock.now = w.clock.now.Add(2 * time.Hour)
		w.must(w.Jobs.Drain(ctx))
		w.must(w.DB.Read(ctx, func(tx db.Tx) error {
			dead, err := job.Dead(tx)
			if len(dead) > 0 {
				t.Errorf("destroying twice: %s", dead[0].Cause)
			}
			return err
		}))
	})
}

func TestAnOfficerOpensCasesAlsoWhenTheClockWasSetBack(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		got := w.apply(once("k", "one"))
		r := casework.Reader{Actor: "officer-1", Purpose: casework.PurposeHandle, By: fold.Holder{Who: "role", Role: "petugas_layanan"}}
		_, err := w.Cases.Open(ctx, got.Stream, r)
		w.must(err)
		w.clock.now = w.clock.now.Add(-3 * time.Hour)
		r.Actor = "officer-2"
		for range 2 {
			_, err = w.Cases.Open(ctx, got.Stream, r)
			w.must(err)
		}
		seen, err := w.Cases.Openings(ctx, got.Stream)
		w.must(err)
		if len(seen) != 2 || seen[0].At.Before(seen[1].At) {
			t.Errorf("openings: %+v", seen)
		}
		_, err = w.Ledger.Sequence(ctx)
		w.must(err)
		w.whole()
	})
}
