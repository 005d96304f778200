package deadline

import (
	"encoding/json"
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

// weekdayOf gives the weekday of a file name: mon … sun.
func weekdayOf(name string) (time.Weekday, bool) {
	for i, w := range weekdays() {
		if w == name {
			return time.Weekday(i), true
		}
	}
	return 0, false
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

// ParseHours reads weekday → intervals as files write them ("mon":
// ["07:30-12:00", "13:00-16:00"]). The fault's Field names the weekday.
func ParseHours(week map[string][]string) (Hours, error) {
	h := Hours{}
	var faults []*fault.Fault
	for name, texts := range week {
		w, ok := weekdayOf(name)
		if !ok {
			faults = append(faults, fault.New(fault.Invalid, "deadline.weekday_unknown").At(name))
			continue
		}
		intervals, err := parseDay(texts)
		if err != nil {
			faults = append(faults, fault.Of(err).At(name))
		}
		h[w] = intervals
	}
	return h, fault.Join(faults)
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
	return out, checkDay(out)
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
