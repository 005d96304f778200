package caseview

import (
	"time"

	"pendopo/law/fold"
	"pendopo/web/component/summary"
)

// Questions are the units that a case has asked, each with its answer or by when
// it is due; due gives that moment, zero where nothing is promised just now. No
// row when nobody was asked.
func (w Words) Questions(c fold.Case, due func(fold.Asked) (time.Time, error)) ([]summary.Row, error) {
	var asked, helping []string
	for _, a := range c.Asked {
		by, err := due(a)
		if err != nil {
			return nil, err
		}
		if a.ID == "" {
			asked = append(asked, w.question(a, by, "caseview.outcome_"+a.Outcome))
		} else {
			helping = append(helping, w.question(a, by, "caseview.help_"+a.Outcome))
		}
	}
	return append(rowOf(w.Printer.T("caseview.questions"), asked), rowOf(w.Printer.T("caseview.helping"), helping)...), nil
}

func (w Words) question(a fold.Asked, due time.Time, outcome string) string {
	unit := w.Unit(a.Unit)
	switch {
	case a.Outcome != "":
		return w.Printer.T("caseview.question_answered", "unit", unit, "outcome", w.Printer.T(outcome))
	case due.IsZero():
		return unit
	}
	return w.Printer.T("caseview.question_open", "unit", unit, "moment", w.Printer.Moment(due.In(w.Zone)))
}

// Before are the other cases of the same journey: when each was received, and
// how it stands. No row when there is none.
func (w Words) Before(journey []fold.Case, self string) []summary.Row {
	var lines []string
	for _, c := range journey {
		if c.Stream == self {
			continue
		}
		state := w.Printer.T("caseview.journey_open")
		if !c.Open() {
			state = w.Printer.T("caseview.outcome_" + c.Outcome)
		}
		lines = append(lines, w.Printer.T("caseview.journey_line", "moment", w.Printer.Moment(c.Received.In(w.Zone)), "state", state))
	}
	return rowOf(w.Printer.T("caseview.journey"), lines)
}

func rowOf(label string, lines []string) []summary.Row {
	if len(lines) == 0 {
		return nil
	}
	return []summary.Row{{Label: label, Values: lines}}
}
