package app_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// merges is the deed by which the coordinator joins one report to another.
func (w *town) merges(from, into string) error {
	c := w.now(from)
	_, err := w.Cases.Act(context.Background(), casework.Deed{
		Stream: from, Seen: c.Version, Action: "merge", Into: into, By: c.Holder, Actor: "koordinator", Checks: all("clear", "ours", "decent"),
	})
	return err
}

// twoReportsOfOneMatterGoOnAsOne.
func twoReportsOfOneMatterGoOnAsOne(t *testing.T, w *town) {
	ctx := context.Background()
	one, two, three := w.tells(streetLamp("ya", nil)), w.verified("dishub"), w.tells(streetLamp("tidak", nil))
	other, err := w.Cases.Other(ctx, w.now(one.Stream), two.Code)
	w.must(err)
	w.must(w.merges(one.Stream, other.Stream))
	w.must(w.Jobs.Drain(ctx))
	merged, goesOn := w.now(one.Stream), w.now(two.Stream)
	if merged.Outcome != "closed" || merged.Into != two.Stream || !slices.Equal(goesOn.Merged, []string{one.Stream}) || goesOn.Step != "answer" {
		t.Fatalf("%+v\n%+v", merged, goesOn)
	}
	for _, d := range merged.Deadlines {
		if d.State == fold.Running {
			t.Errorf("a clock of the report that was merged still runs: %+v", d)
		}
	}
	for range 3 {
		w.must(w.Cases.Merge(ctx, one.Stream))
	}
	w.must(w.merges(three.Stream, two.Stream))
	w.must(w.Jobs.Drain(ctx))
	joined, err := w.Cases.Joined(ctx, two.Stream)
	if w.must(err); !slices.Equal(joined, []string{one.Stream, three.Stream}) {
		t.Errorf("joined: %v", joined)
	}
	follows, err := w.Cases.Follows(ctx, merged)
	if w.must(err); follows.Stream != two.Stream {
		t.Errorf("the reporter follows %s", follows.Stream)
	}
}

// whatAReportCannotBeMergedInto.
func whatAReportCannotBeMergedInto(t *testing.T, w *town) {
	ctx := context.Background()
	report, withdrawn, merged := w.tells(streetLamp("ya", nil)), w.tells(streetLamp("ya", nil)), w.tells(streetLamp("ya", nil))
	w.acts(casework.Deed{Stream: withdrawn.Stream, Action: "withdraw", By: applicant()})
	w.must(w.merges(merged.Stream, w.verified("dishub").Stream))
	letter := w.apply(once("m", "letter"))
	for name, into := range map[string]casework.Accepted{
		"itself": report, "a letter": letter, "what was withdrawn": withdrawn, "what was merged": merged, "nothing": {Stream: "0", Code: "00000-00000-0"},
	} {
		if _, err := w.Cases.Other(ctx, w.now(report.Stream), into.Code); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s is found: %v", name, err)
		}
		if err := w.merges(report.Stream, into.Stream); !fault.Is(err, fault.Invalid) {
			t.Errorf("merged into %s: %v", name, err)
		}
	}
	if c := w.now(report.Stream); c.Version != 1 {
		t.Errorf("refused, and yet version %d", c.Version)
	}
}

// nobodyWinsTimeByMerging: a report that a unit has goes on only in one that was
// promised no later, whichever unit has that; the units asked to help are told.
func nobodyWinsTimeByMerging(t *testing.T, w *town) {
	ctx := context.Background()
	early := w.tells(streetLamp("ya", nil))
	w.acts(casework.Deed{Stream: early.Stream, Action: "dispatch", Unit: "dishub", By: w.now(early.Stream).Holder, Actor: "koordinator",
		Checks: all("clear", "ours", "decent"), Given: form.Answers{"kind": "informasi", "category": "lampu"}}) // five working days, not fourteen
	late, waits := w.verified("dpupr"), w.tells(streetLamp("ya", nil))
	for name, into := range map[string]casework.Accepted{"one that was promised later": late, "one that nobody has verified": waits} {
		if _, err := w.Cases.Other(ctx, w.now(early.Stream), into.Code); fault.Of(err) == nil || fault.Of(err).Key != "casework.joined_later" {
			t.Errorf("merged into %s: %v", name, err)
		}
		if err := w.merges(early.Stream, into.Stream); !fault.Is(err, fault.Invalid) {
			t.Errorf("merged into %s: %v", name, err)
		}
	}
	due, _ := w.now(early.Stream).Deadline(fold.CaseDeadline)
	w.must(w.merges(late.Stream, early.Stream))
	w.must(w.Jobs.Drain(ctx))
	merged, goesOn := w.now(late.Stream), w.now(early.Stream)
	still, _ := goesOn.Deadline(fold.CaseDeadline)
	if merged.Into != early.Stream || goesOn.Unit != "dishub" || goesOn.Step != "answer" || !still.Due.Equal(due.Due) || still.State != fold.Running {
		t.Errorf("%+v\n%+v", merged, goesOn)
	}
	if d, _ := merged.Deadline(fold.CaseDeadline); d.State != fold.Dropped {
		t.Errorf("two clocks: %+v", d)
	}
}

// reportsMergedAtOneMomentMakeNoRing: everybody merges everything at once.
// Whatever comes first, one report goes on, and nobody is lost.
func reportsMergedAtOneMomentMakeNoRing(t *testing.T, w *town) {
	ctx := context.Background()
	for range 3 {
		var reports []string
		for range 5 {
			reports = append(reports, w.tells(streetLamp("ya", nil)).Stream)
		}
		var everybody sync.WaitGroup
		for i, from := range reports {
			everybody.Go(func() {
				for j := range reports {
					into := reports[(i+j+1)%len(reports)]
					if w.merges(from, into) == nil {
						return
					}
				}
			})
		}
		everybody.Wait()
		w.must(w.Jobs.Drain(ctx))
		open := slices.DeleteFunc(slices.Clone(reports), func(s string) bool { return !w.now(s).Open() })
		total := len(open)
		for _, s := range open {
			joined, err := w.Cases.Joined(ctx, s)
			w.must(err)
			total += len(joined)
		}
		for _, s := range reports {
			if goesOn, err := w.Cases.Follows(ctx, w.now(s)); err != nil || !goesOn.Open() {
				t.Errorf("%s leads nowhere: %v", s, err)
			}
		}
		if len(open) == 0 || total != len(reports) {
			t.Errorf("%d go on, %d of %d are with them", len(open), total, len(reports))
		}
	}
}
