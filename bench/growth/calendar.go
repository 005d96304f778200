package main

import (
	"math/rand/v2"
	"time"

	"pendopo/law/deadline"
)

// days are the days of the simulated past and which of them offices work on.
type days struct {
	zone    *time.Location
	first   time.Time // midnight
	working []bool
}

func newDays(office deadline.Clock, from, to time.Time) days {
	zone := office.Office.Zone
	y, m, d := from.In(zone).Date()
	c := days{zone: zone, first: time.Date(y, m, d, 0, 0, 0, 0, zone)}
	for day := c.first; day.Before(to); day = day.AddDate(0, 0, 1) {
		end := office.NextWorkingDayEnd(day.Add(-time.Minute))
		c.working = append(c.working, !end.IsZero() && end.In(zone).YearDay() == day.YearDay())
	}
	return c
}

func (c days) midnight(i int) time.Time { return c.first.AddDate(0, 0, i) }

func (c days) index(t time.Time) int { return int(t.Sub(c.first) / (24 * time.Hour)) }

func (c days) works(i int) bool { return i < 0 || i >= len(c.working) || c.working[i] }

// Office hours as all offices of the demo keep them, in seconds of the day.
const (
	opens  = 8 * 3600
	closes = 15*3600 + 1800
	noon   = 12 * 3600
	one    = 13 * 3600
)

// atWork is the first moment from t on at which an officer sits at the desk.
func (c days) atWork(t time.Time) time.Time {
	for i := c.index(t); ; i++ {
		midnight := c.midnight(i)
		second := int(t.Sub(midnight) / time.Second)
		switch {
		case !c.works(i) || second >= closes:
			t = c.midnight(i + 1)
			continue
		case second < opens:
			return midnight.Add(opens * time.Second)
		case second >= noon && second < one:
			return midnight.Add(one * time.Second)
		}
		return t
	}
}

// weight says how many matters come in on a day, as a share of a working day's:
// on other days only from people at home.
func (c days) weight(i int) float64 {
	if c.works(i) {
		return 0.8 + 0.4*float64(i)/float64(len(c.working))
	}
	return 0.12
}

// arrivals splits n cases over the days.
func (c days) arrivals(n int) []int {
	total := 0.0
	for i := range c.working {
		total += c.weight(i)
	}
	out, sum, given := make([]int, len(c.working)), 0.0, 0
	for i := range out {
		sum += c.weight(i)
		upTo := int(sum / total * float64(n))
		out[i], given = upTo-given, upTo
	}
	out[len(out)-1] += n - given
	return out
}

// moment is when on a day a matter comes in: at the counter in office hours,
// from home also in the evening.
func (c days) moment(i int, home bool, r *rand.Rand) time.Time {
	second := opens + r.IntN(closes-opens)
	if home && (!c.works(i) || r.IntN(3) == 0) {
		second = 6*3600 + r.IntN(17*3600)
	} else if second >= noon && second < one {
		second -= 3600
	}
	return c.midnight(i).Add(time.Duration(second)*time.Second + time.Duration(r.IntN(1_000_000))*time.Microsecond)
}
