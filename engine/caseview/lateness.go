package caseview

import (
	"slices"

	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/web/component/notice"
)

// ByLateness says that a limit which passed decided the case: it was granted,
// under which norm and since when, or closed. Of any other case it says nothing.
func (w Words) ByLateness(c fold.Case) (v notice.View, ok bool) {
	for _, m := range slices.Backward(c.Marks) {
		switch {
		case m.Kind != fold.Lapsed:
		case c.Basis != "" && m.To != "" && slices.Contains(m.Late, "grant"):
			return notice.View{Kind: notice.Good, Title: w.Printer.T("caseview.by_lateness_granted"),
				Text: w.Printer.T("caseview.by_lateness_granted_text", "due", w.passed(c, m), "basis", c.Basis)}, true
		case m.Outcome == definition.Closed:
			text := w.Say("caseview.by_lateness_closed_text", "due", w.passed(c, m))
			if step := w.Step(m.Deadline); step != "" {
				text = w.Say("caseview.by_lateness_closed_step", "step", step, "due", w.passed(c, m))
			}
			return notice.View{Kind: notice.Late, Title: w.Say("caseview.by_lateness_closed"), Text: text}, true
		}
	}
	return v, false
}

// passed is when the limit of a lapse was over, in words.
func (w Words) passed(c fold.Case, m fold.Mark) string {
	at := m.At
	if d, ok := c.Deadline(m.Deadline); ok && !d.Due.IsZero() && d.Due.Before(at) {
		at = d.Due
	}
	return w.Printer.Moment(at.In(w.Zone))
}
