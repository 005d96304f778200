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
		return w.t(key, "step", w.Step(m.Step))
	case fold.Forwarded, fold.Finished:
		return w.t(key, "step", w.Step(m.To))
	case fold.Consulted, fold.Answered, fold.Dispatched, fold.SentBack, fold.Asking, fold.Recalled:
		return w.t(key, "unit", w.Unit(m.Unit))
	case fold.Revoked:
		return w.t(key, "reason", w.Ground(m.Reason))
	case fold.Rejected, fold.Stopped, fold.Hidden:
		return w.t(key, "reason", w.Reason(m.Reason))
	case fold.Told:
		return w.t(key, "means", w.Means(m.Means))
	}
	return w.t(key)
}

// Means is the way by which an applicant was given notice.
func (w Words) Means(means string) string {
	if key := "caseview.means_" + means; w.Printer.Has(key) {
		return w.Printer.T(key)
	}
	return w.Printer.T("caseview.means_page")
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
		out = append(out, w.t("caseview.late_"+l))
	}
	if m.Outcome != "" && m.Kind != fold.Withdrawn && m.Kind != fold.Merged {
		out = append(out, w.t("caseview.outcome_"+m.Outcome))
	}
	return out
}
