package desk

import (
	"context"
	"time"

	"pendopo/engine/caseview"
	"pendopo/law/deadline"
	"pendopo/law/fold"
	"pendopo/web/component/daystrip"
	"pendopo/web/component/tag"
)

// dueView says how urgent a case is: a word with its shape and colour, and the
// moment behind it.
type dueView struct {
	Tag  tag.View
	When string
}

// pressing is the deadline that presses first: of the officer's step and of the
// promise, the one that was missed or falls due earliest.
func pressing(c fold.Case) (fold.Deadline, bool) {
	var out fold.Deadline
	found := false
	for _, d := range c.Deadlines {
		ours := d.ID == c.Step || d.ID == fold.CaseDeadline
		if !c.Open() || !ours || d.State != fold.Running && d.State != fold.Missed {
			continue
		}
		if !found || d.Due.Before(out.Due) {
			out, found = d, true
		}
	}
	return out, found
}

// due puts urgency into words: late, today, so many working days left, standing.
func (d *Door) due(w caseview.Words, c fold.Case, now time.Time) dueView {
	stop, standing := c.Standing()
	if !c.Open() || c.Document != nil {
		return dueView{Tag: w.Tag(c, now)}
	}
	dl, found := pressing(c)
	if standing && (!found || dl.State == fold.Running) {
		return dueView{tag.View{Kind: tag.Pause, Text: w.Printer.T("desk.due_stopped")}, w.Reason(stop.Reason)}
	}
	if !found {
		return dueView{Tag: tag.View{Kind: tag.Done, Text: w.Printer.T("desk.due_none")}}
	}
	clock, err := d.Cases.Catalogue().Clock(dl.Unit)
	if err != nil {
		return dueView{Tag: w.Tag(c, now)}
	}
	return dueWords(w, dl, clock.WorkingDaysLeft(now, dl.Due), now)
}

func dueWords(w caseview.Words, dl fold.Deadline, left int, now time.Time) dueView {
	t, moment := w.Printer.T, w.Printer.MomentShort(dl.Due.In(w.Zone))
	late := dl.State == fold.Missed || now.After(dl.Due)
	switch {
	case late && left < 0:
		return dueView{tag.View{Kind: tag.Late, Text: t("desk.due_late_days", "n", -left)}, t("desk.due_since", "moment", moment)}
	case late:
		return dueView{tag.View{Kind: tag.Late, Text: t("desk.due_late")}, t("desk.due_since", "moment", moment)}
	case left == 0:
		return dueView{tag.View{Kind: tag.Wait, Text: t("desk.due_today")}, t("desk.due_until", "moment", moment)}
	}
	return dueView{tag.View{Kind: tag.Work, Text: t("desk.due_days", "n", left)}, t("desk.due_until", "moment", moment)}
}

// strip draws the clock that everybody watches; a case without one has none.
func (d *Door) strip(ctx context.Context, w caseview.Words, c fold.Case, now time.Time) (daystrip.View, deadline.Proof, error) {
	dl, ok := caseview.Clock(c)
	if !ok {
		return daystrip.View{}, deadline.Proof{}, nil
	}
	proof, err := d.Cases.Proof(ctx, c, dl.ID)
	if err != nil {
		return daystrip.View{}, proof, err
	}
	clock, err := d.Cases.Catalogue().ClockAt(ctx, dl.Unit, dl.Calendar)
	if err != nil {
		return daystrip.View{}, proof, err
	}
	v, err := w.Strip("clock", clock, proof, now)
	return v, proof, err
}
