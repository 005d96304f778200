package report_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pendopo/feature/complaint/report"
	"pendopo/law/fold"
)

// TestWhatHasWaitedLongestIsAboveHoweverManyCameAfter: an officer's lists hold the
// oldest open reports of the officer's units and of no others.
func TestWhatHasWaitedLongestIsAboveHoweverManyCameAfter(t *testing.T) {
	onBoth(t, func(w world) {
		var all []report.Report
		for i := range 60 {
			c := told(fmt.Sprintf("w%03d", i), i%13)
			c.Unit = []string{"dlh", "dpupr", "dishub"}[i%3]
			if i%4 == 0 {
				c.Flags = []string{"words"}
			}
			if i%5 == 0 {
				c = and(c, fold.Dispatched, "role")
			}
			if i%7 == 0 {
				c.Deadlines = []fold.Deadline{{ID: fold.CaseDeadline, Due: monday, State: fold.Missed}}
			}
			if i%6 == 0 {
				c = and(c, fold.Withdrawn, "applicant")
				c.Outcome = "withdrawn"
			}
			w.write(c, nil)
			all = append(all, w.row(c.Stream))
		}
		slices.SortFunc(all, func(a, b report.Report) int {
			if c := a.Received.Compare(b.Received); c != 0 {
				return c
			}
			return slices.Compare([]byte(a.Stream), []byte(b.Stream))
		})
		for _, work := range []report.Work{{Units: []string{"dlh"}}, {Units: []string{"dlh", "dishub"}, State: report.Waiting},
			{Units: []string{"dpupr", "dishub"}, Late: true}, {Units: []string{"dlh", "dpupr"}, State: report.Waiting, Flagged: true}, {}} {
			var want []string
			for _, r := range all {
				if r.Active && slices.Contains(work.Units, r.Unit) && (work.State == "" || r.State == work.State) && (!work.Late || r.Late) && (!work.Flagged || len(r.Flags) > 0) {
					want = append(want, r.Stream)
				}
			}
			if (len(want) < 3) != (work.Units == nil) {
				t.Errorf("%+v: only %d reports are looked for", work, len(want))
			}
			for _, most := range []int{2, 100} {
				got, err := w.Oldest(context.Background(), work, most)
				if err != nil || !slices.Equal(streams(got), want[:min(most, len(want))]) {
					t.Errorf("%+v, at most %d: %q, %v, want %q", work, most, streams(got), err, want)
				}
			}
		}
	})
}
