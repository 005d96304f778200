package deadline

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"pendopo/kernel/fault"
)

// Set is all calendars of a government. Hash is the SHA-256 of its canonical
// form: equal for equal law, whatever the files look like. A set is read-only
// and may be shared.
type Set struct {
	Hash      string
	Calendars []Calendar // by id

	days     map[Date][]closing
	covered  []years // in order, disjoint
	patterns map[string]*Pattern
}

// Calendar is one file: the holidays of one decree, or week patterns.
type Calendar struct {
	ID       string    `json:"id"`
	Path     string    `json:"-"`
	Hash     string    `json:"-"` // of this calendar alone
	Version  int       `json:"version"`
	Scope    string    `json:"scope,omitempty"`  // national, region; empty for patterns
	Region   string    `json:"region,omitempty"` // of scope region: 33.60 and all below it
	Covers   []int     `json:"covers,omitempty"` // years for which this calendar is complete
	Amends   string    `json:"amends,omitempty"` // id of the calendar whose days this one changes
	Decree   Decree    `json:"decree,omitzero"`
	Days     []Holiday `json:"days,omitempty"`
	Patterns []Pattern `json:"patterns,omitempty"`

	pos map[string]position
}

// Decree is the norm a calendar stands on, with its date. Source is "demo" for
// one that no government has made.
type Decree struct {
	Number string `json:"number"`
	Date   Date   `json:"date"`
	Source string `json:"source,omitempty"`
}

// Kind says what a calendar makes of a day.
type Kind string

// The kinds of a day in a calendar.
const (
	PublicHoliday Kind = "holiday" // libur nasional or daerah
	Leave         Kind = "leave"   // cuti bersama
	Working       Kind = "working" // an amendment takes the day back
)

// Holiday is one day of a calendar with its name in every language.
type Holiday struct {
	Date Date              `json:"date"`
	Kind Kind              `json:"kind"`
	Name map[string]string `json:"name,omitempty"`

	at position
}

// Pattern is a way to work through the week: office hours, and which kinds of
// day it does not work on. A round-the-clock pattern skips none.
type Pattern struct {
	ID    string            `json:"id"`
	Name  map[string]string `json:"name"`
	Hours Hours             `json:"hours"`
	Skips []Kind            `json:"skips"`
	Basis string            `json:"basis,omitempty"`

	at position
}

// closing is a day of a calendar as the clock needs it.
type closing struct {
	kind   Kind
	region string // empty = everywhere
	name   map[string]string
	decree *Decree
}

// years are whole years, as their first and last date.
type years struct{ first, last Date }

// Covers reports whether a national calendar covers the date's year.
func (s *Set) Covers(d Date) bool {
	for _, y := range s.covered {
		if d >= y.first && d <= y.last {
			return true
		}
	}
	return false
}

// Patterns are the ids of the week patterns, in order.
func (s *Set) Patterns() []string {
	var ids []string
	for id := range s.patterns {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Pattern gives a week pattern by its id.
func (s *Set) Pattern(id string) (Pattern, bool) {
	if p := s.patterns[id]; p != nil {
		return *p, true
	}
	return Pattern{}, false
}

// Office is what the clock must know of a unit. Hours replace those of the
// pattern on the weekdays they name; a region brings in regional holidays.
type Office struct {
	Calendar string // id of a week pattern: five_day, six_day, round_the_clock
	Zone     *time.Location
	Region   string // code of the region the unit lies in: 33.60.01
	Hours    map[time.Weekday][]Interval
}

// UnitSpec is a unit as definition files write it.
type UnitSpec struct {
	Calendar string
	Zone     string
	Region   string
	Hours    map[string][]string
}

// Office reads and checks a unit's calendar, zone and hours against the set.
func (s *Set) Office(u UnitSpec) (Office, error) {
	zone, err := Zone(u.Zone)
	if err != nil {
		return Office{}, fault.Of(err).At("zone")
	}
	hours, err := ParseHours(u.Hours)
	if err != nil {
		return Office{}, fault.Of(err).At("hours")
	}
	o := Office{Calendar: u.Calendar, Zone: zone, Region: u.Region, Hours: hours}
	_, err = Clock{Set: s, Office: o}.rules()
	return o, err
}

// Clock is an office under a set of calendars.
type Clock struct {
	Set    *Set
	Office Office
}

// rules is a clock made ready: the week as an array, the offset of the zone.
type rules struct {
	set    *Set
	week   [7][]Interval
	hours  Hours
	skips  []Kind
	region string
	zone   *time.Location
	offset int64
}

func (c Clock) rules() (*rules, error) {
	if c.Set == nil || c.Office.Zone == nil {
		return nil, fault.New(fault.Internal, "fault.internal").Because(fmt.Errorf("deadline: clock without set or zone"))
	}
	p := c.Set.patterns[c.Office.Calendar]
	if p == nil {
		return nil, fault.New(fault.Invalid, "deadline.pattern_unknown").At("calendar")
	}
	short, offset := zone(c.Office.Zone.String())
	if short == "" {
		return nil, fault.New(fault.Invalid, "deadline.zone_unknown").At("zone")
	}
	r := &rules{set: c.Set, skips: p.Skips, region: c.Office.Region, zone: c.Office.Zone,
		offset: int64(offset) * int64(time.Second), hours: p.Hours}
	if short != c.Office.Zone.String() {
		r.zone = time.FixedZone(short, offset)
	}
	return r, r.setWeek(p.Hours, c.Office.Hours)
}

// setWeek joins the pattern's hours and the unit's own.
func (r *rules) setWeek(pattern, own Hours) error {
	open := false
	for w := range r.week {
		intervals := pattern[time.Weekday(w)]
		if h, ok := own[time.Weekday(w)]; ok {
			if len(h) == 0 || len(intervals) == 0 {
				return fault.New(fault.Invalid, "deadline.hours_not_of_pattern").At("hours." + weekdays()[w])
			}
			if err := checkDay(h); err != nil {
				return fault.Of(err).At("hours." + weekdays()[w])
			}
			intervals = h
		}
		r.week[w] = intervals
		open = open || len(intervals) > 0
	}
	if !open {
		return fault.New(fault.Invalid, "deadline.never_open").At("calendar")
	}
	return nil
}

// look is what the calendar says of a date: why the office is closed (empty
// when it works) and the named day on it, if any.
func (r *rules) look(d Date) (Why, *closing) {
	var named *closing
	for i, c := range r.set.days[d] {
		if c.region != "" && !within(r.region, c.region) {
			continue
		}
		named = &r.set.days[d][i]
		if slices.Contains(r.skips, c.kind) {
			return Why(c.kind), named
		}
	}
	if len(r.week[d.Weekday()]) == 0 {
		return Weekend, named
	}
	return "", named
}

// within reports whether a region is another or lies in it: 33.60.01 in 33.60.
func within(region, in string) bool {
	return region == in || len(region) > len(in) && region[:len(in)] == in && region[len(in)] == '.'
}

// need refuses to count a date whose calendar nobody has entered.
func (r *rules) need(d Date) error {
	if len(r.skips) == 0 || r.set.Covers(d) {
		return nil
	}
	return fault.New(fault.Unavailable, "deadline.year_missing").With("year", strconv.Itoa(d.Year()))
}

// end is the due moment on a working date: the end of its office hours.
func (r *rules) end(d Date) moment {
	list := r.week[d.Weekday()]
	return endAt(d, list[len(list)-1].To)
}

// endAt is a minute of a date; the end of the day is its last second, so that
// the moment still bears the date it is meant for.
func endAt(d Date, minute int) moment {
	if minute == fullDay {
		return (d + 1).midnight() - moment(time.Second)
	}
	return d.at(minute)
}
