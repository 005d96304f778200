package georeport

import (
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// Moment is a time as the specification writes it (the W3C's note on dates and
// times), in the zone that it carries. The zero Moment is unknown.
type Moment struct{ time.Time }

// String is 2026-03-16T09:00:00+07:00, or "" when it is unknown.
func (m Moment) String() string {
	if m.IsZero() {
		return ""
	}
	return m.Format(time.RFC3339)
}

// MarshalJSON writes null for an unknown moment.
func (m Moment) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(m.String())
}

// MarshalText is for XML.
func (m Moment) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// ErrMoment says that a text is no moment of the specification.
var ErrMoment = errors.New("no W3C date and time with its zone")

// longestMoment bounds what is looked at, in bytes.
const longestMoment = 40

// ParseMoment reads a moment. A day alone is its beginning in the zone; a time
// without a zone is refused, as the specification says. The plus of an offset
// that came through a form as a space is taken for what it was.
func ParseMoment(s string, zone *time.Location) (time.Time, error) {
	s = strings.TrimSpace(s)
	if len(s) > longestMoment {
		return time.Time{}, ErrMoment
	}
	if i := strings.LastIndexByte(s, ' '); i > len("2006-01-02T15:0") && !strings.Contains(s[i+1:], " ") && strings.Contains(s[:i], "T") {
		s = s[:i] + "+" + s[i+1:]
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700"} {
		if t, err := time.Parse(layout, s); err == nil {
			return sane(t)
		}
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, zone); err == nil {
		return sane(t)
	}
	return time.Time{}, ErrMoment
}

// sane refuses years that no report has and that no column of ours holds.
func sane(t time.Time) (time.Time, error) {
	if t.Year() < 1970 || t.Year() > 9000 {
		return time.Time{}, ErrMoment
	}
	return t, nil
}

// guessMoment reads the moment of another server, which may have left the zone
// out: then it is taken as UTC.
func guessMoment(s string) Moment {
	if t, err := ParseMoment(s, time.UTC); err == nil {
		return Moment{t}
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			if t, err = sane(t); err == nil {
				return Moment{t}
			}
		}
	}
	return Moment{}
}
