package deadline

import (
	"strconv"
	"strings"
	"time"

	"pendopo/kernel/fault"
)

// Unit is what a span counts.
type Unit string

// The units of the legal clock.
const (
	Minute        Unit = "minute"         // clock time
	Hour          Unit = "hour"           // clock time
	WorkingMinute Unit = "working_minute" // minutes of office hours
	WorkingHour   Unit = "working_hour"   // hours of office hours
	WorkingDay    Unit = "working_day"    // days on which the office works
	CalendarDay   Unit = "calendar_day"   // every day
)

// longest is the longest span, in days; a longer promise is a slip of the pen.
const longest = 3660

// Working reports whether the unit runs only while the office works.
func (u Unit) Working() bool { return u == WorkingMinute || u == WorkingHour || u == WorkingDay }

// Days reports whether the unit counts whole days.
func (u Unit) Days() bool { return u == WorkingDay || u == CalendarDay }

// most is the greatest number of this unit in a span; 0 for no unit at all.
func (u Unit) most() int {
	switch u {
	case Minute, WorkingMinute:
		return longest * 24 * 60
	case Hour, WorkingHour:
		return longest * 24
	case WorkingDay, CalendarDay:
		return longest
	}
	return 0
}

// length is the exact length of a minute or an hour.
func (u Unit) length() time.Duration {
	if u == Minute || u == WorkingMinute {
		return time.Minute
	}
	return time.Hour
}

// Span is a time limit: so many units.
type Span struct {
	N    int
	Unit Unit
}

// ParseSpan reads "5 working days", "10 working minutes", "3 calendar days",
// "72 hours". The number is 1 or more, without leading zero; singular and
// plural are both taken. The fault never repeats what was written.
func ParseSpan(s string) (Span, error) {
	number, words, ok := strings.Cut(s, " ")
	unit := Unit(strings.ReplaceAll(strings.TrimSuffix(words, "s"), " ", "_"))
	if !ok || unit.most() == 0 || strings.Contains(words, "_") {
		return Span{}, fault.New(fault.Invalid, "deadline.span_unreadable")
	}
	n, err := strconv.Atoi(number)
	if err != nil || strconv.Itoa(n) != number {
		if tooLong(number) {
			return Span{}, fault.New(fault.Invalid, "deadline.span_too_long").With("most", unit.most())
		}
		return Span{}, fault.New(fault.Invalid, "deadline.span_unreadable")
	}
	span := Span{N: n, Unit: unit}
	return span, span.check()
}

// tooLong reports a number of digits alone that no int holds.
func tooLong(number string) bool {
	return len(number) > 9 && number[0] != '0' && strings.Trim(number, "0123456789") == ""
}

// check refuses an empty, negative or huge span and an unknown unit.
func (s Span) check() error {
	most := s.Unit.most()
	switch {
	case most == 0:
		return fault.New(fault.Invalid, "deadline.span_unreadable")
	case s.N < 1:
		return fault.New(fault.Invalid, "deadline.span_empty")
	case s.N > most:
		return fault.New(fault.Invalid, "deadline.span_too_long").With("most", most)
	}
	return nil
}

// String is the canonical form, which ParseSpan reads: "1 working day".
func (s Span) String() string {
	words := strconv.Itoa(s.N) + " " + strings.ReplaceAll(string(s.Unit), "_", " ")
	if s.N != 1 {
		words += "s"
	}
	return words
}

// Key is the locale key of the span's words; their only placeholder is {n}.
func (s Span) Key() string { return "deadline.span." + string(s.Unit) }

// In gives the span in words of a language through its texts.
func (s Span) In(text Text) string { return text(s.Key(), "n", s.N) }

// Text gives the words of a locale key; args are pairs of placeholder and value.
type Text func(key string, args ...any) string

// MarshalText writes the canonical form.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the canonical form.
func (s *Span) UnmarshalText(b []byte) (err error) {
	*s, err = ParseSpan(string(b))
	return err
}
