package simulation

import (
	"sort"
	"time"

	"pendopo/law/deadline"
)

// office turns moments of a unit into working minutes since the first day, and
// back.
type office struct {
	clock deadline.Clock
	open  []deadline.Stretch
	done  []float64 // working minutes before each stretch
}

// newOffice knows the office hours from a day on, and for so long after the last
// one that work which was begun comes to its end.
func newOffice(clock deadline.Clock, from deadline.Date, days int) (*office, error) {
	open, err := clock.Open(from, from+deadline.Date(days))
	if err != nil {
		return nil, err
	}
	o := &office{clock: clock, open: open}
	sum := 0.0
	for _, s := range open {
		o.done = append(o.done, sum)
		sum += s.To.Sub(s.From).Minutes()
	}
	o.done = append(o.done, sum)
	return o, nil
}

// worked is how many minutes the office had been open at a moment.
func (o *office) worked(t time.Time) float64 {
	i := sort.Search(len(o.open), func(i int) bool { return o.open[i].To.After(t) })
	if i == len(o.open) || !t.After(o.open[i].From) {
		return o.done[i]
	}
	return o.done[i] + t.Sub(o.open[i].From).Minutes()
}

// after is the moment at which the office will have been open so many minutes;
// false when that lies behind what is known.
func (o *office) after(minutes float64) (time.Time, bool) {
	i := sort.Search(len(o.open), func(i int) bool { return o.done[i+1] >= minutes })
	if i == len(o.open) {
		return time.Time{}, false
	}
	return o.open[i].From.Add(time.Duration((minutes - o.done[i]) * float64(time.Minute))), true
}

// from is the moment, or the next one at which the office is open.
func (o *office) from(t time.Time) (time.Time, bool) {
	i := sort.Search(len(o.open), func(i int) bool { return o.open[i].To.After(t) })
	if i == len(o.open) {
		return time.Time{}, false
	}
	if t.Before(o.open[i].From) {
		return o.open[i].From, true
	}
	return t, true
}
