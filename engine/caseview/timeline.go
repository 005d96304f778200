package caseview

import (
	"time"

	"pendopo/law/fold"
	"pendopo/web/component/timeline"
)

// Timeline is what happened, newest first.
func (w Words) Timeline(c fold.Case) []timeline.Event {
	out := make([]timeline.Event, 0, len(c.Marks))
	for i := len(c.Marks) - 1; i >= 0; i-- {
		m := c.Marks[i]
		e := timeline.Event{
			When: w.Printer.MomentShort(m.At.In(w.Zone)), Stamp: m.At.UTC().Format(time.RFC3339),
			What: w.what(m), Now: i == len(c.Marks)-1, Detail: w.detail(m),
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
	case fold.Approved:
		return w.Printer.T(key, "step", w.Step(m.Step))
	case fold.Forwarded:
		return w.Printer.T(key, "step", w.Step(m.To))
	case fold.Consulted, fold.Answered:
		return w.Printer.T(key, "unit", w.Unit(m.Unit))
	case fold.Revoked:
		return w.Printer.T(key, "reason", w.Ground(m.Reason))
	case fold.Rejected, fold.Stopped:
		return w.Printer.T(key, "reason", w.Reason(m.Reason))
	}
	return w.Printer.T(key)
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
		out = append(out, w.Printer.T("caseview.late_"+l))
	}
	if m.Outcome != "" && m.Kind != fold.Withdrawn {
		out = append(out, w.Printer.T("caseview.outcome_"+m.Outcome))
	}
	return out
}
