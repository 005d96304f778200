package app_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"pendopo/engine/casework"
	"pendopo/kernel/event"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// works lets the unit that was asked do it: a photo, and words.
func (w *town) works(child string, photo []byte) {
	w.t.Helper()
	id := w.upload(child, photo)
	w.acts(casework.Deed{Stream: child, Action: "done", By: w.now(child).Holder, Actor: "lapangan",
		Given: form.Answers{"work_words": "Lampu diganti", "before": []string{id}, "after": []string{id}}})
}

// otherUnitsHelpWithAReport: two at once, each by a case of its own at the
// unit that was chosen; what they found comes into the report, under its own key.
func otherUnitsHelpWithAReport(t *testing.T, w *town) {
	ctx := context.Background()
	got := w.verified("dishub")
	w.order(got.Stream, "dpupr")
	w.acts(casework.Deed{Stream: got.Stream, Action: "help", Unit: "dlh", By: w.now(got.Stream).Holder, Actor: "pengelola",
		Given: form.Answers{"help_words": "Pangkas dahannya"}})
	if c := w.now(got.Stream); c.Step != "answer" || len(c.Helping("answer")) != 2 {
		t.Fatalf("at %s, %+v", c.Step, c.Asked)
	}
	w.must(w.Jobs.Drain(ctx))
	c := w.now(got.Stream)
	for i, unit := range []string{"dpupr", "dlh"} {
		child := w.now(c.Asked[i].Case)
		if child.Unit != unit || child.Holder.Unit != unit || child.Parent != got.Stream || child.Channel != "internal" || child.Vault != "" {
			t.Errorf("asked: %+v", child)
		}
	}
	order := c.Asked[0]
	d, err := w.Cases.Open(ctx, order.Case, casework.Reader{Actor: "lapangan", By: w.now(order.Case).Holder, Purpose: casework.PurposeHandle})
	if w.must(err); d.Answers["what"] != "Ganti lampunya" || d.Answers["region"] != "33.60.01.1001" {
		t.Errorf("passed on: %v", d.Answers)
	}
	photo := bytes.Repeat([]byte("lampu"), 60_000)
	w.works(order.Case, photo)
	w.must(w.Jobs.Drain(ctx))

	c = w.now(got.Stream)
	if a, _ := c.Question(order.ID); a.Outcome != "granted" || c.Step != "answer" || len(c.Helping("answer")) != 1 {
		t.Fatalf("after the answer: at %s, %+v", c.Step, c.Asked)
	}
	d, err = w.Cases.Open(ctx, got.Stream, casework.Reader{Actor: "pengelola", By: c.Holder, Purpose: casework.PurposeHandle})
	w.must(err)
	report := d.History[len(d.History)-1]
	if report.Event.Kind != fold.Answered || report.Private.Given["work_words"] != "Lampu diganti" || len(report.Change.Files) == 0 {
		t.Fatalf("what was found: %s, %v, %v", report.Event.Kind, report.Private.Given, report.Change.Files)
	}
	key, err := w.Keys.Get(got.Stream)
	w.must(err)
	r, _, err := w.Blobs.Open(ctx, report.Change.Files[0].ID, key)
	w.must(err)
	if content, err := io.ReadAll(r); err != nil || !bytes.Equal(content, photo) {
		t.Errorf("the photo is another: %d bytes, %v", len(content), err)
	}
	w.must(r.Close())
	if strings.Contains(w.unsealed(order.Case), reporterPhone) {
		t.Error("the unit that was asked knows who told it")
	}
	w.sequenced()
	w.whole()
	_, err = w.Rebuild(ctx)
	w.must(err)
	w.whole()
}

// helpIsAskedForOnce: the jobs may run again after a crash, and side by side.
func helpIsAskedForOnce(t *testing.T, w *town) {
	ctx := context.Background()
	got := w.verified("dishub")
	cases := w.count("cases")
	asked := w.order(got.Stream, "dpupr")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for w.Cases.Ask(ctx, got.Stream, asked.ID) != nil { // somebody was faster: the job comes again
			}
		})
	}
	all.Wait()
	w.must(w.Jobs.Drain(ctx))
	c := w.now(got.Stream)
	if len(c.Asked) != 1 || c.Asked[0].Case == "" || w.count("cases") != cases+1 {
		t.Fatalf("%+v, %d cases more", c.Asked, w.count("cases")-cases)
	}
	w.works(c.Asked[0].Case, []byte("foto"))
	for range 8 {
		all.Go(func() {
			for w.Cases.Answer(ctx, c.Asked[0].Case) != nil {
			}
		})
	}
	all.Wait()
	w.must(w.Jobs.Drain(ctx))
	answers := slices.DeleteFunc(w.events(got.Stream), func(ev event.Event) bool { return ev.Kind != fold.Answered })
	if len(answers) != 1 || w.now(got.Stream).Asked[0].Outcome != "granted" {
		t.Errorf("%d answers, %+v", len(answers), w.now(got.Stream).Asked)
	}
}

// helpThatIsNotWantedIsTakenBack: by an officer, by going on, and in the
// moment before its case is made or becomes known.
func helpThatIsNotWantedIsTakenBack(t *testing.T, w *town) {
	ctx := context.Background()
	got := w.verified("dishub")
	recall := func(id string) {
		w.acts(casework.Deed{Stream: got.Stream, Do: "recall_asked", Asked: id, By: w.now(got.Stream).Holder, Actor: "pengelola", Note: "Sudah menyala"})
	}
	cases := w.count("cases")
	first := w.order(got.Stream, "dpupr")
	recall(first.ID) // before any job ran
	w.must(w.Jobs.Drain(ctx))
	if n := w.count("cases"); n != cases {
		t.Errorf("asked although it was recalled: %d cases more", n-cases)
	}
	second := w.order(got.Stream, "dpupr")
	w.must(w.Jobs.Drain(ctx))
	made, _ := w.now(got.Stream).Question(second.ID)
	recall(second.ID)
	third := w.order(got.Stream, "dlh")
	w.must(w.Jobs.Drain(ctx))
	left, _ := w.now(got.Stream).Question(third.ID)
	w.acts(casework.Deed{Stream: got.Stream, Action: "withdraw", By: applicant()})
	w.must(w.Jobs.Drain(ctx))
	for _, child := range []string{made.Case, left.Case} {
		if c := w.now(child); c.Outcome != fold.Withdrawn {
			t.Errorf("still asked: %+v", c)
		}
	}
}
