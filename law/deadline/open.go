package deadline

import "time"

// Stretch is a time in which an office is open: From included, To not.
type Stretch struct{ From, To time.Time }

// Open are the times in which the office works on the dates from one up to
// another, in order. An office that works through midnight has one stretch a day.
func (c Clock) Open(from, to Date) ([]Stretch, error) {
	r, err := c.rules()
	if err != nil {
		return nil, err
	}
	var out []Stretch
	for d := from; d <= to; d++ {
		if err := r.need(d); err != nil {
			return nil, err
		}
		if why, _ := r.look(d); why != "" {
			continue
		}
		for _, v := range r.week[d.Weekday()] {
			out = append(out, Stretch{r.time(d.at(v.From)), r.time(d.at(v.To))})
		}
	}
	return out, nil
}
