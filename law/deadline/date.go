package deadline

import (
	"time"

	"pendopo/kernel/fault"
)

// Date is a day of the calendar, as days since 1970-01-01, in no zone.
type Date int32

// dateLayout is how a date is written everywhere: 2026-03-17.
const dateLayout = "2006-01-02"

// DayOf is the date of a moment in its own location.
func DayOf(t time.Time) Date {
	y, m, d := t.Date()
	return newDate(y, m, d)
}

func newDate(y int, m time.Month, d int) Date {
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDate reads exactly 2026-03-17.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateLayout, s)
	if err != nil || t.Year() < 1970 || t.Year() > 2200 {
		return 0, fault.New(fault.Invalid, "deadline.date_unreadable")
	}
	return DayOf(t), nil
}

// Time is the first moment of the date in UTC, for formatting.
func (d Date) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Weekday of the date; 1970-01-01 was a Thursday.
func (d Date) Weekday() time.Weekday { return time.Weekday(((int(d)+4)%7 + 7) % 7) }

// Year of the date.
func (d Date) Year() int { return d.Time().Year() }

// String is 2026-03-17.
func (d Date) String() string { return d.Time().Format(dateLayout) }

// MarshalText writes 2026-03-17.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 2026-03-17.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}
