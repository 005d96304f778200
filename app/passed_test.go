package app_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// TestReportsPassedAround: from unit to unit, to the reporter and back, and to everybody.
func TestReportsPassedAround(t *testing.T) {
	inOneTown(t,
		story{"other units help with a report", otherUnitsHelpWithAReport},
		story{"help is asked for once", helpIsAskedForOnce},
		story{"help that is not wanted is taken back", helpThatIsNotWantedIsTakenBack},
		story{"two reports of one matter go on as one", twoReportsOfOneMatterGoOnAsOne},
		story{"what a report cannot be merged into", whatAReportCannotBeMergedInto},
		story{"nobody wins time by merging", nobodyWinsTimeByMerging},
		story{"reports merged at one moment make no ring", reportsMergedAtOneMomentMakeNoRing},
		story{"a report stands with the unit that has it", aReportStandsWithTheUnitThatHasIt},
		story{"notice begins the reporters time once", noticeBeginsTheReportersTimeOnce},
		story{"messages move nothing", messagesMoveNothing},
		story{"what the public reads is sealed in the record", whatThePublicReadsIsSealedInTheRecord},
		story{"a report is sent to a unit that there is", aReportIsSentToAUnitThatThereIs},
		story{"the unit that takes a report over has it", theUnitThatTakesAReportOverHasIt},
	)
}

// waits says whether a report is on the list of a post.
func (w *town) waits(stream, unit, role string) bool {
	w.t.Helper()
	page, err := w.Cases.List(context.Background(), casework.Worklist{Posts: []fold.Holder{{Who: "role", Unit: unit, Role: role}}})
	w.must(err)
	return slices.ContainsFunc(page.Cases, func(c fold.Case) bool { return c.Stream == stream })
}

// theUnitThatTakesAReportOverHasIt: lists, load and counts follow; so does
// whoever is called in from another unit when it is late.
func theUnitThatTakesAReportOverHasIt(t *testing.T, w *town) {
	ctx := context.Background()
	got := w.tells(streetLamp("ya", nil))
	if !w.waits(got.Stream, "setda", "koordinator_pengaduan") {
		t.Fatal("nobody verifies it")
	}
	w.dispatched(got.Stream, "rsud")
	if w.now(got.Stream).Unit != "rsud" || !w.waits(got.Stream, "rsud", "pengelola_pengaduan") || w.waits(got.Stream, "setda", "koordinator_pengaduan") {
		t.Errorf("after the dispatch: %+v", w.now(got.Stream))
	}
	load, err := w.Cases.UnitLoad(ctx, "rsud", w.clock.now)
	w.must(err)
	counts, err := w.Cases.Counts(ctx, time.Hour)
	w.must(err)
	counts = slices.DeleteFunc(counts, func(c casework.Count) bool { return c.Unit != "rsud" })
	if len(load) != 1 || load[0].Role != "pengelola_pengaduan" || len(counts) != 1 || counts[0].Open != 1 {
		t.Errorf("load %+v, counts %+v", load, counts)
	}
	w.clock.now = w.clock.now.AddDate(0, 1, 0)
	_, err = w.Cases.Lapse(ctx)
	w.must(err)
	if !w.waits(got.Stream, "inspektorat", "inspektur") || !w.waits(got.Stream, "rsud", "atasan_pengaduan") || w.waits(got.Stream, "rsud", "inspektur") || !w.waits(got.Stream, "rsud", "pengelola_pengaduan") {
		t.Errorf("late: %q called in", w.now(got.Stream).Escalated)
	}
	for _, column := range []string{"stream", "branch", "post", "due", "service"} {
		w.mutate("called", column)
		if !w.finds("called", "") {
			t.Errorf("called.%s was changed and not found", column)
		}
		_, err := w.Rebuild(ctx)
		w.must(err)
		w.whole()
	}
}

// aReportStandsWithTheUnitThatHasIt: with one that stands still it stands,
// and runs on with the next.
func aReportStandsWithTheUnitThatHasIt(t *testing.T, w *town) {
	ctx := context.Background()
	_, err := w.Cases.Suspend(ctx, casework.Suspension{Unit: "satpol-pp", Evidence: "SE 12/2026", By: [2]string{"a", "b"}})
	w.must(err)
	got := w.verified("satpol-pp")
	w.must(w.Jobs.Drain(ctx))
	if s, ok := w.now(got.Stream).Standing(); !ok || s.Reason != fold.StopSuspended {
		t.Fatalf("with a unit that stands still: %+v", w.now(got.Stream).Stops)
	}
	w.acts(casework.Deed{Stream: got.Stream, Action: "not_ours", By: w.now(got.Stream).Holder, Actor: "pengelola", Note: "Lampu milik desa"})
	w.must(w.Jobs.Drain(ctx))
	c := w.now(got.Stream)
	if _, stands := c.Standing(); stands || c.Unit != "setda" || c.Step != "verify" {
		t.Errorf("with a unit that works: at %s of %s, %+v", c.Step, c.Unit, c.Stops)
	}
	if d, ok := c.Deadline("verify"); !ok || d.State != fold.Running {
		t.Errorf("its clock: %+v", c.Deadlines)
	}
}

// solved is a report of which the unit says that it is done.
func (w *town) solved() casework.Accepted {
	w.t.Helper()
	got := w.verified("dishub")
	proof := w.upload(got.Stream, []byte("foto sesudah"))
	w.acts(casework.Deed{Stream: got.Stream, Action: "finish", By: w.now(got.Stream).Holder, Actor: "pengelola",
		Given: form.Answers{"done": "Lampu diganti", "proof": []string{proof}}})
	return got
}

// noticeBeginsTheReportersTimeOnce.
func noticeBeginsTheReportersTimeOnce(t *testing.T, w *town) {
	ctx := context.Background()
	got := w.solved()
	c := w.now(got.Stream)
	if d, ok := c.Deadline("reply"); ok && d.State == fold.Running {
		t.Fatalf("the time to reply runs before anybody was told: %+v", d)
	}
	if d, _ := c.Deadline(fold.CaseDeadline); d.State != fold.Met || len(c.Files) != 1 {
		t.Errorf("the promise: %+v, files %+v", d, c.Files)
	}
	told := flow.Told{Notice: "notice-1", Channel: "sms", Step: "reply", At: w.clock.now}
	for range 3 {
		w.must(w.Cases.Told(ctx, got.Stream, told))
	}
	first := w.now(got.Stream)
	d, _ := first.Deadline("reply")
	told.Channel = "page"
	w.must(w.Cases.Told(ctx, got.Stream, told))
	c = w.now(got.Stream)
	if again, _ := c.Deadline("reply"); d.State != fold.Running || again != d || first.Version != got.Version+3 || c.Version != first.Version+1 {
		t.Errorf("versions %d and %d, %+v, %+v", first.Version, c.Version, d, again)
	}
	w.acts(casework.Deed{Stream: got.Stream, Action: "not_solved", By: applicant(), Note: "Masih mati"})
	if c = w.now(got.Stream); c.Step != "handle" || c.Reopened != 1 || c.Unit != "dishub" {
		t.Errorf("reopened: %+v", c)
	}
}

// messagesMoveNothing: with pictures, from both sides, also after the end.
func messagesMoveNothing(t *testing.T, w *town) {
	ctx := context.Background()
	got := w.verified("dishub")
	before := w.now(got.Stream)
	writes := func(by fold.Holder, words string, files ...string) error {
		_, err := w.Cases.Act(ctx, casework.Deed{Stream: got.Stream, Do: flow.DoWrite, By: by, Note: words, Uploads: files})
		return err
	}
	photo := w.upload(got.Stream, []byte("tiang"))
	w.must(writes(applicant(), "Ini tiangnya", photo))
	w.must(writes(before.Holder, "Terima kasih"))
	c := w.now(got.Stream)
	if c.Step != before.Step || c.Version != before.Version+2 || len(c.Files) != 1 || c.Files[0].ID != photo {
		t.Errorf("after two messages: %+v", c)
	}
	stranger := w.upload(w.tells(streetLamp("ya", nil)).Stream, []byte("lain"))
	if err := writes(applicant(), "Bukan milik saya", stranger); !fault.Is(err, fault.Invalid) {
		t.Errorf("a file of another report: %v", err)
	}
	if err := writes(fold.Holder{Who: "role", Unit: "dlh", Role: "pengelola_pengaduan"}, "Halo"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a unit that has nothing to do with it: %v", err)
	}
	w.acts(casework.Deed{Stream: got.Stream, Action: "withdraw", By: applicant()})
	w.must(writes(applicant(), "Sudah menyala, terima kasih"))
	d, err := w.Cases.Open(ctx, got.Stream, casework.Reader{Actor: "o", Purpose: casework.PurposeHandle})
	if w.must(err); d.History[len(d.History)-1].Private.Note != "Sudah menyala, terima kasih" {
		t.Error("the last message is lost")
	}
}

// whatThePublicReadsIsSealedInTheRecord, and can be read again with the key.
func whatThePublicReadsIsSealedInTheRecord(t *testing.T, w *town) {
	ctx := context.Background()
	got := w.tells(streetLamp("ya", nil))
	said := flow.Words{Title: "Lampu jalan mati", Text: "Lampu di depan pasar mati sejak tiga malam."}
	photo := w.upload(got.Stream, []byte("foto yang disamarkan"))
	w.acts(casework.Deed{Stream: got.Stream, Do: flow.DoPublish, Public: &said, Photos: []string{photo}, Uploads: []string{photo},
		By: w.now(got.Stream).Holder, Actor: "koordinator"})
	c := w.now(got.Stream)
	again, err := w.Cases.PublicWords(ctx, c)
	w.must(err)
	if again == nil || again.Words != said || again.Version != c.Version || c.Public.SHA256 != flow.Digest(said) || !slices.Equal(c.Public.Photos, []string{photo}) {
		t.Errorf("%+v, %+v", again, c.Public)
	}
	for _, ev := range w.events(got.Stream) {
		if strings.Contains(string(ev.Clear), "depan pasar") {
			t.Errorf("the clear part of %s holds the public words", ev.Kind)
		}
	}
	w.acts(casework.Deed{Stream: got.Stream, Do: flow.DoHide, Reason: "mistaken", By: w.now(got.Stream).Holder, Actor: "koordinator"})
	if again, err = w.Cases.PublicWords(ctx, w.now(got.Stream)); err != nil || again != nil {
		t.Errorf("hidden: %+v, %v", again, err)
	}
}

// aReportIsSentToAUnitThatThereIs.
func aReportIsSentToAUnitThatThereIs(t *testing.T, w *town) {
	got := w.tells(streetLamp("ya", nil))
	c := w.now(got.Stream)
	for _, unit := range []string{"", "dinas-bulan"} {
		_, err := w.Cases.Act(t.Context(), casework.Deed{Stream: got.Stream, Action: "dispatch", Unit: unit, By: c.Holder, Actor: "koordinator",
			Checks: all("clear", "ours", "decent"), Given: form.Answers{"kind": "pengaduan", "category": "lampu"}})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("to %q: %v", unit, err)
		}
	}
}
