package caseview

import (
	"slices"
	"time"

	"pendopo/law/fold"
	"pendopo/web/component/timeline"
)

// Told are the marks of a timeline, newest first: all that happened but for the
// messages, which stand in a thread of their own.
func Told(c fold.Case) (out []fold.Mark) {
	for i := len(c.Marks) - 1; i >= 0; i-- {
		if c.Marks[i].Kind != fold.Wrote {
			out = append(out, c.Marks[i])
		}
	}
	return out
}

// Openly is a case as whoever has only its code may read it: without what passed
// between the applicant and the office. The code of a shown report is known to
// everybody, and when and how somebody was written to is nobody else's business.
func Openly(c fold.Case) fold.Case {
	marks := slices.DeleteFunc(slices.Clone(c.Marks), func(m fold.Mark) bool {
		return slices.Contains([]string{fold.Told, fold.Posted, fold.CameBack, fold.Wrote}, m.Kind) || m.Kind == fold.Relayed && !m.Word.Public()
	})
	if n := len(marks); n > 0 && n < len(c.Marks) {
		c.Changed = marks[n-1].At
	}
	c.Marks = marks
	return c
}

// Timeline is what happened, newest first: an event for each mark of Told.
func (w Words) Timeline(c fold.Case) []timeline.Event {
	marks := Told(c)
	out := make([]timeline.Event, 0, len(marks))
	for i, m := range marks {
		e := timeline.Event{
			When: w.Printer.MomentShort(m.At.In(w.Zone)), Stamp: m.At.UTC().Format(time.RFC3339),
			What: w.what(m), Now: i == 0, Detail: w.detail(m),
		}
		if m.By != nil {
			e.Who = w.Holder(*m.By)
		}
		out = append(out, e)
	}
	return out
}

// what is one line for one kind of event.
func (w Words) what(m fold.Mark) string {
	key := "caseview.mark_" + m.Kind
	switch m.Kind {
	case fold.Consulted:
		if m.Asked != "" { // help that was asked for has come there
			key = "caseview.mark_helping"
		}
		return w.Say(key, "unit", w.Unit(m.Unit))
	case fold.Approved:
		return w.Say(key, "step", w.Step(m.Step))
	case fold.Forwarded, fold.Finished:
		return w.Say(key, "step", w.Step(m.To))
	case fold.Answered, fold.Dispatched, fold.SentBack, fold.Asking, fold.Recalled:
		return w.Say(key, "unit", w.Unit(m.Unit))
	case fold.Revoked:
		return w.Say(key, "reason", w.Ground(m.Reason))
	case fold.Rejected, fold.Stopped, fold.Hidden:
		return w.Say(key, "reason", w.Reason(m.Reason))
	case fold.Told:
		return w.Say(key, "means", w.Means(m.Means))
	case fold.Posted:
		return w.Say(key, "day", w.Printer.DateOf(m.Day))
	case fold.CameBack:
		return w.Say(key, "why", w.Back(m.Reason))
	case fold.Relayed:
		return w.relayed(key, m)
	}
	return w.Say(key)
}

// relayed is what became of the word of another government.
func (w Words) relayed(key string, m fold.Mark) string {
	if m.Word == nil {
		return w.Say(key+"_"+fold.WordAside, "from", "")
	}
	return w.Say(key+"_"+m.Word.As, "from", m.Word.From)
}

// Means is the way by which an applicant was given notice.
func (w Words) Means(means string) string {
	if key := "caseview.means_" + means; w.Printer.Has(key) {
		return w.Printer.T(key)
	}
	return w.Printer.T("caseview.means_page")
}

// Back is why the post returned a letter.
func (w Words) Back(reason string) string {
	if key := "caseview.back_" + reason; w.Printer.Has(key) {
		return w.Printer.T(key)
	}
	return w.Printer.T("caseview.back_unknown")
}

func (w Words) detail(m fold.Mark) []string {
	var out []string
	if !m.Received.IsZero() {
		out = append(out, w.Printer.T("caseview.received_before", "moment", w.Printer.Moment(m.Received.In(w.Zone))))
	}
	if m.Basis != "" {
		out = append(out, w.Printer.T("caseview.by_rule", "basis", m.Basis))
	}
	if m.Relation != "" {
		out = append(out, w.Printer.T("caseview.taken_by_"+m.Relation))
	}
	for _, id := range m.Papers {
		if f := w.Service.Field(id); f != nil {
			out = append(out, w.Printer.Of(f.Label))
		}
	}
	for _, l := range m.Late {
		if l != "escalate" || len(m.Called) == 0 {
			out = append(out, w.Say("caseview.late_"+l))
		}
	}
	for _, post := range m.Called {
		out = append(out, w.Say("caseview.late_escalate_to", "who", w.Called(post)))
	}
	if m.Outcome != "" && m.Kind != fold.Withdrawn && m.Kind != fold.Merged {
		out = append(out, w.Say("caseview.outcome_"+m.Outcome))
	}
	return out
}
