package caseview

import (
	"strconv"
	"time"

	"pendopo/law/deadline"
	"pendopo/law/fold"
	"pendopo/web/component/daystrip"
)

// Strip draws the legal clock: the days of its proof as they stand now.
func (w Words) Strip(id string, clock deadline.Clock, p deadline.Proof, now time.Time) (daystrip.View, error) {
	days, err := clock.Strip(p, now)
	if err != nil {
		return daystrip.View{}, err
	}
	today := deadline.DayOf(now.In(clock.Office.Zone))
	v := daystrip.View{ID: id, Summary: w.Left(clock, p, now), Days: make([]daystrip.Day, len(days))}
	for i, d := range days {
		if d.Reason != "" {
			d.Reason = w.Reason(d.Reason)
		}
		date := d.Date.Time()
		v.Days[i] = daystrip.Day{
			Number: strconv.Itoa(date.Day()), Kind: dayKind(d), Ahead: d.Date > today, Today: d.Today, Due: d.Due,
			Week: i > 0 && date.Weekday() == time.Monday, Twin: w.twin(d),
		}
	}
	return v, nil
}

func dayKind(d deadline.Day) daystrip.Kind {
	switch {
	case d.Counted:
		return daystrip.Counted
	case d.Why == deadline.Received:
		return daystrip.Received
	case d.Why == deadline.Standing, d.Why == deadline.Resumed, d.Why == deadline.StoppedLast:
		return daystrip.Stopped
	case d.Due:
		return daystrip.Counted // minutes and hours: the day in which they end
	}
	return daystrip.Free
}

// twin says in words all that a box shows.
func (w Words) twin(d deadline.Day) string {
	p := w.Printer
	words := d.In(p.T, p.Lang())
	if d.N > 0 {
		words = p.T("caseview.day_counted", "n", d.N)
	}
	text := p.T("caseview.day", "day", p.DayShort(d.Date.Time()), "words", words)
	if d.Today {
		text += p.T("caseview.day_today")
	}
	if d.Due {
		text += p.T("caseview.day_due")
	}
	return text
}

// Settled says how a deadline ended; empty while it runs.
func (w Words) Settled(d fold.Deadline) string {
	due := w.Printer.Moment(d.Due.In(w.Zone))
	switch d.State {
	case fold.Met:
		return w.Printer.T("caseview.settled_met", "due", due)
	case fold.Missed:
		return w.Printer.T("caseview.left_over", "due", due)
	}
	return ""
}

// Left says in one sentence how much of the limit is left.
func (w Words) Left(clock deadline.Clock, p deadline.Proof, now time.Time) string {
	words := w.Printer
	if p.Stopped {
		if p.LeftDays > 0 {
			return words.T("caseview.left_stopped_days", "n", p.LeftDays)
		}
		return words.T("caseview.left_stopped")
	}
	due := p.Due.In(clock.Office.Zone)
	if now.After(p.Due) {
		return words.T("caseview.left_over", "due", words.Moment(due))
	}
	left := clock.WorkingDaysLeft(now, p.Due)
	if !p.Span.Unit.Days() {
		return words.T("caseview.left_until", "due", words.Moment(due))
	}
	if left == 0 {
		return words.T("caseview.left_today", "due", words.Moment(due))
	}
	return words.T("caseview.left_days", "n", left, "due", words.Day(due))
}
