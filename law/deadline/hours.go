package deadline

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"pendopo/kernel/fault"
)

// Interval is a part of a day: minutes since midnight, From included, To not.
type Interval struct{ From, To int }

// fullDay is how long a day is in minutes; an interval may end there (24:00).
const fullDay = 24 * 60

// Hours are the office hours of a week: weekday → intervals in order of time. A
// weekday without intervals is no working day.
type Hours map[time.Weekday][]Interval

// weekdays in the order of the week as offices count it, by their file names.
func weekdays() [7]string { return [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

// weekdaysOf gives the weekdays of a file's key: mon, or mon-thu, from Monday on.
func weekdaysOf(key string) []time.Weekday {
	first, last, ranged := strings.Cut(key, "-")
	if !ranged {
		last = first
	}
	a, b := place7(first), place7(last)
	if a < 0 || b < a {
		return nil
	}
	var out []time.Weekday
	for i := a; i <= b; i++ {
		out = append(out, time.Weekday((i+1)%7))
	}
	return out
}

// place7 is a weekday's place in the week that begins on Monday, -1 for none.
func place7(name string) int {
	for i, w := range weekdays() {
		if w == name {
			return (i + 6) % 7
		}
	}
	return -1
}

// ParseInterval reads "07:30-12:00"; the end may be 24:00.
func ParseInterval(s string) (Interval, error) {
	if len(s) != 11 || s[5] != '-' || !hhmm(s[:5]) || !hhmm(s[6:]) {
		return Interval{}, fault.New(fault.Invalid, "deadline.interval_unreadable")
	}
	v := Interval{From: minutes(s[:5]), To: minutes(s[6:])}
	if v.To > fullDay || v.From >= v.To {
		return Interval{}, fault.New(fault.Invalid, "deadline.interval_reversed")
	}
	return v, nil
}

func hhmm(s string) bool {
	for i, most := range []byte{'2', '9', ':', '5', '9'} {
		if i == 2 && s[i] != ':' || i != 2 && (s[i] < '0' || s[i] > most) {
			return false
		}
	}
	return true
}

func minutes(hhmm string) int {
	digit := func(i int) int { return int(hhmm[i] - '0') }
	return (digit(0)*10+digit(1))*60 + digit(3)*10 + digit(4)
}

// ParseHours reads weekday → intervals as files write them ("mon-thu":
// ["07:30-12:00", "13:00-16:00"]). The faults' Field names the weekday.
func ParseHours(week map[string][]string) (Hours, error) {
	h := Hours{}
	var faults []*fault.Fault
	for _, key := range slices.Sorted(maps.Keys(week)) {
		intervals, err := parseDay(week[key])
		if err == nil {
			err = h.put(key, intervals)
		}
		if err != nil {
			faults = append(faults, fault.Of(err).At(key))
		}
	}
	return h, fault.Join(faults)
}

// put gives the weekdays of a key their intervals.
func (h Hours) put(key string, intervals []Interval) error {
	days := weekdaysOf(key)
	if days == nil {
		return fault.New(fault.Invalid, "deadline.weekday_unknown")
	}
	for _, w := range days {
		if _, had := h[w]; had {
			return fault.New(fault.Invalid, "deadline.weekday_twice")
		}
		h[w] = intervals
	}
	return checkDay(intervals)
}

// open reports whether there is any hour at all.
func (h Hours) open() bool {
	for _, intervals := range h {
		if len(intervals) > 0 {
			return true
		}
	}
	return false
}

func parseDay(texts []string) ([]Interval, error) {
	var out []Interval
	for _, s := range texts {
		v, err := ParseInterval(s)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// checkDay refuses intervals out of order or over one another.
func checkDay(intervals []Interval) error {
	for i, v := range intervals {
		if v.From < 0 || v.To > fullDay || v.From >= v.To {
			return fault.New(fault.Invalid, "deadline.interval_reversed")
		}
		if i > 0 && v.From < intervals[i-1].To {
			return fault.New(fault.Invalid, "deadline.interval_overlap")
		}
	}
	return nil
}

// String is 07:30-12:00.
func (v Interval) String() string {
	b := []byte("00:00-00:00")
	for i, m := range [2]int{v.From, v.To} {
		at := i * 6
		b[at], b[at+1] = byte('0'+m/600), byte('0'+m/60%10)
		b[at+3], b[at+4] = byte('0'+m%60/10), byte('0'+m%10)
	}
	return string(b)
}

// MarshalJSON writes weekday name → list of intervals, as files do.
func (h Hours) MarshalJSON() ([]byte, error) {
	out := map[string][]string{}
	names := weekdays()
	for w, intervals := range h {
		list := make([]string, len(intervals))
		for i, v := range intervals {
			list[i] = v.String()
		}
		out[names[w]] = list
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (h *Hours) UnmarshalJSON(b []byte) error {
	var week map[string][]string
	if err := json.Unmarshal(b, &week); err != nil {
		return err
	}
	hours, err := ParseHours(week)
	*h = hours
	return err
}
