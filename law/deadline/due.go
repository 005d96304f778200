package deadline

import (
	"time"

	"pendopo/kernel/fault"
)

// mostDays is how far a clock is followed, stops included: some 20 years.
const mostDays = 7400

// Due computes when a span that began at start ends, through the stops, and
// proves it. While the last stop stands (zero To) and the span had not ended
// before it, the proof is Stopped and says what is left.
//
// Faults: Invalid for a span or stops that cannot be (key deadline.span_…,
// deadline.stop…, with n = which stop); Unavailable deadline.year_missing, with
// the year, when the calendar does not reach.
func (c Clock) Due(span Span, start time.Time, stops []Stop) (Proof, error) {
	if err := span.check(); err != nil {
		return Proof{}, err
	}
	r, err := c.rules()
	if err != nil {
		return Proof{}, err
	}
	w := walk{rules: r, span: span}
	if w.start, err = r.local(start); err != nil {
		return Proof{}, err
	}
	if w.held, err = r.hold(stops); err != nil {
		return Proof{}, err
	}
	w.proof = Proof{Zone: r.zone.String(), Calendar: c.Set.Hash, Pattern: c.Office.Calendar, Region: c.Office.Region,
		Hours: c.Office.Hours, Span: span, Start: start.In(r.zone), Stops: stops, Days: make([]Day, 0, w.room())}
	if err := w.run(); err != nil {
		return Proof{}, err
	}
	return w.proof, nil
}

// walk follows one clock day by day.
type walk struct {
	*rules
	span  Span
	start moment
	held  []held // those not yet over
	proof Proof
	n     int           // counted days
	ran   time.Duration // of minutes and hours
}

// room guesses how many days the proof will have.
func (w *walk) room() int {
	switch {
	case w.span.Unit == CalendarDay:
		return min(w.span.N+1, 128)
	case w.span.Unit == WorkingDay:
		return min(w.span.N+w.span.N/2+6, 128)
	}
	return 4
}

// run walks until the due moment or a stop that still stands.
func (w *walk) run() error {
	step := w.timeStep
	if w.span.Unit.Days() {
		step = w.dayStep
	}
	for d := w.start.date(); ; d++ {
		if len(w.proof.Days) >= mostDays {
			return fault.New(fault.Invalid, "deadline.too_far")
		}
		m := d.midnight()
		for len(w.held) > 0 && w.held[0].to < m {
			w.held = w.held[1:]
		}
		if m > w.start && w.stoodAt(m) && w.held[0].to == never {
			w.stand()
			return nil
		}
		w.proof.Days = append(w.proof.Days, w.box(d))
		box := &w.proof.Days[len(w.proof.Days)-1]
		w.mark(box, m)
		due, err := step(box, m)
		if err != nil {
			return err
		}
		if due != 0 {
			box.Due, w.proof.Due = true, w.time(due)
			return nil
		}
	}
}

// stoodAt reports whether the clock stood still at a moment after its start.
func (w *walk) stoodAt(m moment) bool {
	return len(w.held) > 0 && w.held[0].from < m && m <= w.held[0].to
}

// stand ends the proof at a stop that still stands.
func (w *walk) stand() {
	w.proof.Stopped = true
	if w.span.Unit.Days() {
		w.proof.LeftDays = w.span.N - w.n
		return
	}
	w.proof.LeftTime = w.need()
}

// mark notes the first stop that touches the day after the clock's start.
func (w *walk) mark(box *Day, m moment) {
	for _, h := range w.held {
		if h.from >= m+day {
			return
		}
		if h.to > m && h.to > w.start {
			box.Stop, box.Reason = true, h.reason
			return
		}
	}
}

// dayStep counts one day or says why not; it gives the due moment on the last.
func (w *walk) dayStep(box *Day, m moment) (moment, error) {
	switch {
	case m <= w.start:
		box.Why = Received
		return 0, nil
	case w.stoodAt(m):
		box.Why = Standing
		if w.held[0].to < m+day {
			box.Why = Resumed
		}
		return 0, nil
	case w.span.Unit == WorkingDay && box.Closed != "":
		box.Why = box.Closed
		if box.Closed == Weekend {
			return 0, nil
		}
		return 0, w.rules.need(box.Date)
	}
	return w.count(box)
}

// count takes a day on which the clock ran at its first moment.
func (w *walk) count(box *Day) (moment, error) {
	end := endAt(box.Date, fullDay)
	if w.span.Unit == WorkingDay {
		if err := w.rules.need(box.Date); err != nil {
			return 0, err
		}
		end = w.end(box.Date)
	}
	last := w.n+1 == w.span.N
	if last && len(w.held) > 0 && w.held[0].from < end {
		box.Why = StoppedLast
		return 0, nil
	}
	w.n++
	box.Counted, box.N, box.Why = true, w.n, Counted
	if last {
		return end, nil
	}
	return 0, nil
}

// need is how long a clock of minutes or hours still has to run.
func (w *walk) need() time.Duration {
	return time.Duration(w.span.N)*w.span.Unit.length() - w.ran
}

// timeStep lets the clock run through one day; it gives the due moment when the
// span ends in it.
func (w *walk) timeStep(box *Day, m moment) (moment, error) {
	var due moment
	before := w.ran
	switch {
	case !w.span.Unit.Working():
		due = w.through(max(m, w.start), m+day)
	case box.Closed == "":
		if err := w.rules.need(box.Date); err != nil && !w.stoodAll(m) {
			return 0, err
		}
		for _, v := range w.week[box.Date.Weekday()] {
			if due == 0 {
				due = w.through(max(box.Date.at(v.From), w.start), box.Date.at(v.To))
			}
		}
	}
	box.Ran = w.ran - before
	box.Counted = box.Ran > 0
	box.Why = w.whyOfTime(box, m)
	return due, nil
}

func (w *walk) whyOfTime(box *Day, m moment) Why {
	switch {
	case box.Counted:
		return Counted
	case w.span.Unit.Working() && box.Closed != "":
		return box.Closed
	case box.Stop:
		return Standing
	case m <= w.start:
		return Received
	}
	return Closed
}

// stoodAll reports whether the clock stood still the whole day long.
func (w *walk) stoodAll(m moment) bool { return w.stoodAt(m) && w.held[0].to >= m+day }

// through lets the clock run from one moment to another, less the stops; it
// gives the due moment when the span ends in between, else 0.
func (w *walk) through(from, to moment) moment {
	for i := 0; from < to; i++ {
		end, next := to, to
		if i < len(w.held) && w.held[i].from < to {
			end, next = w.held[i].from, w.held[i].to
		}
		if end > from {
			if need := moment(w.need()); need <= end-from {
				w.ran += time.Duration(need)
				return from + need
			}
			w.ran += time.Duration(end - from)
		}
		from = max(from, next)
	}
	return 0
}
