package deadline

import (
	"math"
	"time"

	"pendopo/kernel/fault"
)

// Zone gives one of the three zones of Indonesia (Keppres 41/1987) by its
// abbreviation or its tz name. They are fixed offsets: no file is read, and
// there is no summer time that a day could be lost in.
func Zone(name string) (*time.Location, error) {
	short, offset := zone(name)
	if short == "" {
		return nil, fault.New(fault.Invalid, "deadline.zone_unknown")
	}
	return time.FixedZone(short, offset), nil
}

// zone gives the abbreviation and the offset in seconds; empty when unknown.
func zone(name string) (string, int) {
	switch name {
	case "WIB", "Asia/Jakarta", "Asia/Pontianak":
		return "WIB", 7 * 3600
	case "WITA", "Asia/Makassar":
		return "WITA", 8 * 3600
	case "WIT", "Asia/Jayapura":
		return "WIT", 9 * 3600
	}
	return "", 0
}

// moment is nanoseconds since 1970-01-01 00:00 on the wall clock of a zone.
type moment int64

const (
	day   = moment(24 * time.Hour)
	never = moment(math.MaxInt64)
)

func (m moment) date() Date      { return Date(m / day) }
func (d Date) midnight() moment  { return moment(d) * day }
func (d Date) at(min int) moment { return d.midnight() + moment(min)*moment(time.Minute) }
func (r *rules) local(t time.Time) (moment, error) {
	if y := t.Year(); y < 1971 || y > 2199 {
		return 0, fault.New(fault.Invalid, "deadline.moment_range")
	}
	return moment(t.UnixNano() + r.offset), nil
}

func (r *rules) time(m moment) time.Time { return time.Unix(0, int64(m)-r.offset).In(r.zone) }
