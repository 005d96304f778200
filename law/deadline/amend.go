package deadline

import "time"

// Amendment is what an amended calendar makes of one deadline.
type Amendment struct {
	Old     time.Time `json:"old"`
	New     time.Time `json:"new"`
	Changed bool      `json:"changed"`
	Floor   time.Time `json:"floor,omitzero"` // the earliest moment the amendment may bring; set when it did
	Proof   Proof     `json:"proof"`          // under the new calendar, before the floor
}

// Amend applies this clock's calendar to a deadline computed under an older
// one; of the old proof only Due, Stopped, Span, Start and Stops are read.
// takenUp is when the government took the amendment up. A deadline that is due
// by then stays; a changed one is never earlier than the end of the next
// working day after it, and no shortening ever gives a later moment than the
// old one.
func (c Clock) Amend(old Proof, takenUp time.Time) (Amendment, error) {
	a := Amendment{Old: old.Due, New: old.Due, Proof: old}
	if !old.Stopped && !old.Due.After(takenUp) {
		return a, nil
	}
	p, err := c.Due(old.Span, old.Start, old.Stops)
	if err != nil {
		return a, err
	}
	a.Proof = p
	if old.Stopped || p.Stopped || p.Due.Equal(old.Due) {
		return a, nil
	}
	floor, err := c.nextEnd(takenUp)
	if err != nil {
		return a, err
	}
	due := p.Due
	if due.Before(floor) {
		due, a.Floor = floor, floor
	}
	if p.Due.Before(old.Due) && !due.Before(old.Due) {
		a.Floor = time.Time{}
		return a, nil
	}
	a.New, a.Changed = due, true
	return a, nil
}

// NextWorkingDayEnd is the end of office hours of the first working day after
// the day of t; the zero time when the calendar does not reach so far.
func (c Clock) NextWorkingDayEnd(t time.Time) time.Time {
	end, err := c.nextEnd(t)
	if err != nil {
		return time.Time{}
	}
	return end
}

func (c Clock) nextEnd(t time.Time) (time.Time, error) {
	p, err := c.Due(Span{N: 1, Unit: WorkingDay}, t, nil)
	return p.Due, err
}

// WorkingDaysLeft counts the working days after today up to the day of the due
// moment: 0 on the last day, negative by the working days since when it has
// passed. It is for showing: a year without calendar counts by weekday alone,
// an office that cannot be read gives 0.
func (c Clock) WorkingDaysLeft(now, due time.Time) int {
	if due.Before(now) {
		return -c.between(due, now)
	}
	return c.between(now, due)
}

func (c Clock) between(from, to time.Time) int {
	r, err := c.rules()
	if err != nil {
		return 0
	}
	a, err1 := r.local(from)
	b, err2 := r.local(to)
	if err1 != nil || err2 != nil || b-a > mostDays*day {
		return 0
	}
	n := 0
	for d := a.date() + 1; d <= b.date(); d++ {
		if closed, _ := r.look(d); closed == "" {
			n++
		}
	}
	return n
}

// Elapsed is how many whole units ran between two moments, by the same rules as
// Due: days that begin after from and up to to, or exact minutes and hours.
func (c Clock) Elapsed(unit Unit, from, to time.Time) (int, error) {
	span := Span{N: max(unit.most(), 1), Unit: unit}
	if !to.After(from) {
		return 0, span.check()
	}
	p, err := c.Due(span, from, []Stop{{From: to}})
	if err != nil {
		return 0, err
	}
	if unit.Days() {
		return span.N - p.LeftDays, nil
	}
	whole := time.Duration(span.N)*unit.length() - p.LeftTime
	return int(whole / unit.length()), nil
}
