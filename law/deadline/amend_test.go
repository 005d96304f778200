package deadline_test

import (
	"strings"
	"testing"
	"time"

	"pendopo/law/deadline"
)

// before and after are clocks of the same office under a calendar and its
// amendment: the 16th is taken back, the 8th becomes joint leave.
func before(t *testing.T) (old, amended deadline.Clock) {
	t.Helper()
	one, err := parse(daysFile, weekFile)
	if err != nil {
		t.Fatal(err)
	}
	two, err := parse(daysFile, weekFile, `calendar: more
version: 1
scope: national
amends: days
decree: {number: SKB 2, date: 2026-01-04}
days:
  - {date: 2026-01-16, kind: working}
  - {date: 2026-01-08, kind: leave, name: {id: Cuti bersama}}
`)
	if err != nil {
		t.Fatal(err)
	}
	o, err := one.Office(deadline.UnitSpec{Calendar: "five_day", Zone: "WIB"})
	if err != nil {
		t.Fatal(err)
	}
	return deadline.Clock{Set: one, Office: o}, deadline.Clock{Set: two, Office: o}
}

func TestAmendedCalendarMovesOnlyWhatIsNotYetDue(t *testing.T) {
	old, amended := before(t)
	for _, c := range []struct {
		name, within, start, stops, takenUp string
		want                                string
		changed, floored                    bool
	}{
		{"a new leave day moves it later", "3 working days", "2026-01-05T10:00", "", "2026-01-06T10:00", "2026-01-09T16:00", true, false},
		{"a day taken back moves it earlier", "3 working days", "2026-01-13T10:00", "", "2026-01-13T12:00", "2026-01-16T16:00", true, false},
		{"never earlier than the next working day's end", "2 working days", "2026-01-14T10:00", "", "2026-01-15T17:00", "2026-01-16T16:00", true, false},
		{"taken up on the very day: the next working day", "5 working days", "2026-01-12T10:00", "", "2026-01-16T09:00", "2026-01-19T16:00", true, false},
		{"a floor at the old moment changes nothing", "4 working days", "2026-01-12T10:00", "2026-01-12T11:00..2026-01-13T09:00", "2026-01-19T09:00", "2026-01-20T16:00", false, false},
		{"the floor holds", "12 working hours", "2026-01-07T10:00", "", "2026-01-08T09:00", "2026-01-09T16:00", true, true},
		{"already due stays", "3 working days", "2026-01-05T10:00", "", "2026-01-08T16:00", "2026-01-08T16:00", false, false},
		{"hours do not care", "72 hours", "2026-01-06T10:00", "", "2026-01-07T10:00", "2026-01-09T10:00", false, false},
		{"untouched deadline stays", "1 working day", "2026-01-19T10:00", "", "2026-01-19T11:00", "2026-01-20T16:00", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := due(t, old, c.within, c.start, c.stops)
			a, err := amended.Amend(p, at(t, c.takenUp))
			if err != nil {
				t.Fatal(err)
			}
			if !a.New.Equal(at(t, c.want)) || a.Changed != c.changed || !a.Old.Equal(p.Due) || a.Floor.IsZero() == c.floored {
				t.Errorf("old %s new %s changed %t floor %s, want %s", a.Old, a.New, a.Changed, a.Floor, c.want)
			}
		})
	}
}

// TestAmendmentNeverComesEarlierThanTheNextWorkingDay tries every deadline of
// two weeks, taken up at every hour.
func TestAmendmentNeverComesEarlierThanTheNextWorkingDay(t *testing.T) {
	old, amended := before(t)
	floors, changes := 0, 0
	for start := at(t, "2026-01-05T10:00"); start.Before(at(t, "2026-01-17T00:00")); start = start.Add(24 * time.Hour) {
		for n := 1; n <= 8; n++ {
			for _, unit := range []deadline.Unit{deadline.WorkingDay, deadline.WorkingHour} {
				p, err := old.Due(deadline.Span{N: n, Unit: unit}, start, nil)
				if err != nil {
					t.Fatal(err)
				}
				for up := start; up.Before(p.Due.Add(3 * time.Hour)); up = up.Add(time.Hour) {
					a, err := amended.Amend(p, up)
					if err != nil {
						t.Fatal(err)
					}
					floor := amended.NextWorkingDayEnd(up)
					later := a.Proof.Due.After(a.Old)
					if a.Changed && a.New.Before(floor) || !a.Changed && !a.New.Equal(a.Old) || !later && a.New.After(a.Old) {
						t.Fatalf("%d %s from %s taken up %s: %+v", n, unit, start, up, a)
					}
					if a.Changed {
						changes++
					}
					if !a.Floor.IsZero() {
						floors++
					}
				}
			}
		}
	}
	if changes < 100 || floors < 10 {
		t.Errorf("%d changes, %d by the floor: the test looks away", changes, floors)
	}
}

func TestAmendmentOfAStandingClockHasNoMoment(t *testing.T) {
	old, amended := before(t)
	p := due(t, old, "3 working days", "2026-01-05T10:00", "2026-01-07T10:00..")
	a, err := amended.Amend(p, at(t, "2026-01-08T10:00"))
	if err != nil || a.Changed || !a.New.IsZero() || !a.Proof.Stopped || a.Proof.Calendar == p.Calendar {
		t.Errorf("%+v %v", a, err)
	}
}

func TestAmendmentBeyondTheCalendarIsAFault(t *testing.T) {
	old, amended := before(t)
	p := due(t, old, "3 working days", "2026-12-28T10:00", "")
	p.Span.N = 9
	if _, err := amended.Amend(p, at(t, "2026-12-28T11:00")); err == nil || !strings.Contains(err.Error(), "year_missing") {
		t.Errorf("%v", err)
	}
}
