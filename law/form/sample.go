package form

import (
	"strings"
	"time"

	"pendopo/law/definition"
)

// Sample is a day that shows how a date is written: one that the field takes, in the
// time that it is about. A birth and the beginning of something long ago are always
// the same day; what lies in a span lies a quarter of it from today's end.
func Sample(d *definition.Field, today time.Time) time.Time {
	from, early := bound(d.After, today)
	to, late := bound(d.Before, today)
	for _, known := range []struct {
		part string
		day  time.Time
	}{{"birth", on(1995, 3, 27)}, {"since", on(2015, 3, 27)}} {
		if strings.Contains(d.ID, known.part) && !(early && known.day.Before(from)) && !(late && known.day.After(to)) {
			return known.day
		}
	}
	y, m, n := today.Date()
	now := on(y, m, n)
	switch {
	case early && late && !now.Before(to):
		return to.Add(-to.Sub(from) / 4).Truncate(24 * time.Hour)
	case early && late:
		return from.Add(to.Sub(from) / 4).Truncate(24 * time.Hour)
	case early:
		return latest(from, now).AddDate(0, 0, 30)
	case late:
		return earliest(to, now).AddDate(0, 0, -12)
	}
	return now
}

func on(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
