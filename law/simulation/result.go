package simulation

import (
	"cmp"
	"math"
	"slices"
	"time"

	"pendopo/law/fold"
)

// Result is what a run has shown. Minutes are working minutes of the unit
// concerned, rounded to tenths; shares are of 1.
type Result struct {
	Service  string         `json:"service"`
	Unit     string         `json:"unit"`
	From     string         `json:"from"` // first day
	Days     int            `json:"days"`
	Seed     uint64         `json:"seed"`
	Arrived  int            `json:"arrived"`
	Ended    int            `json:"ended"`
	Open     int            `json:"open"`
	Outcomes map[string]int `json:"outcomes"`
	Granted  int            `json:"granted_by_lateness"`
	Late     int            `json:"late"` // cases with a limit of an officer or the promise passed
	Decided  Spread         `json:"decided_minutes"`
	Promise  Promise        `json:"promise"`
	DayLong  float64        `json:"minutes_of_a_day"` // of the case's unit, on average
	Steps    []Step         `json:"steps"`
	Desks    []Desk         `json:"desks"`
	OpenAt   []int          `json:"open_at_end_of_day"`
}

// Promise is the promised limit, and how it was kept.
type Promise struct {
	Within string `json:"within"`
	Starts string `json:"starts"`
	Begun  int    `json:"begun"` // cases for which its clock has begun
	Missed int    `json:"missed"`
}

// Step is one step of the flow.
type Step struct {
	ID        string  `json:"id"`
	Role      string  `json:"role,omitempty"`
	Unit      string  `json:"unit,omitempty"`
	Work      float64 `json:"work_minutes,omitempty"` // at one case, on average
	Entered   int     `json:"entered"`
	Begun     int     `json:"begun"`
	Left      int     `json:"left"`
	Backlog   int     `json:"backlog"` // at the end
	Late      int     `json:"late"`
	Granted   int     `json:"granted_by_lateness"`
	Escalated int     `json:"escalated"`
	Wait      Spread  `json:"wait_minutes"`
	Area      float64 `json:"-"` // cases × minutes there, by counting heads
	Stays     float64 `json:"-"` // minutes of all cases there, by adding stays
}

// Desk is the officers of one role at one unit.
type Desk struct {
	Role     string  `json:"role"`
	Unit     string  `json:"unit"`
	Officers int     `json:"officers"`
	Load     float64 `json:"utilisation"`
}

// Spread is how something is spread over cases.
type Spread struct {
	N      int     `json:"n"`
	Mean   float64 `json:"mean"`
	Median float64 `json:"median"`
	P90    float64 `json:"p90"`
	Max    float64 `json:"max"`
}

// LateShare is the share of the cases that were late.
func (r *Result) LateShare() float64 {
	if r.Arrived == 0 {
		return 0
	}
	return float64(r.Late) / float64(r.Arrived)
}

func (r *run) result() *Result {
	own := r.offices[r.Unit]
	out := &Result{
		Service: r.Service.ID, Unit: r.Unit, From: r.From.String(), Days: r.Days, Seed: r.Seed, Outcomes: map[string]int{},
		Promise: Promise{Within: r.Service.Limit.Within, Starts: cmp.Or(r.Service.Limit.Starts, "received")}, DayLong: own.dayLong(),
	}
	var decided []float64
	for _, m := range r.cases {
		r.tally(out, m)
		if !m.decided.IsZero() {
			decided = append(decided, own.worked(m.decided)-own.worked(m.state.Received))
		}
	}
	out.Decided = spread(decided)
	for i := range r.bare.Flow.Steps {
		out.Steps = append(out.Steps, r.step(i))
	}
	for _, d := range r.order {
		if d.who.Role == asked {
			continue
		}
		out.Desks = append(out.Desks, Desk{Role: d.who.Role, Unit: d.who.Unit, Officers: d.n, Load: r.load(d)})
	}
	slices.SortFunc(out.Desks, func(a, b Desk) int { return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Role, b.Role)) })
	out.OpenAt = r.openAt(own)
	return out
}

// tally adds one case to the sums.
func (r *run) tally(out *Result, m *matter) {
	out.Arrived++
	if m.state.Open() {
		out.Open++
	} else {
		out.Ended++
		out.Outcomes[m.state.Outcome]++
	}
	out.Late += b2i(m.late)
	out.Granted += b2i(m.granted)
	if d, ok := m.state.Deadline(fold.CaseDeadline); ok {
		out.Promise.Begun++
		out.Promise.Missed += b2i(d.State == fold.Missed)
	}
}

func (r *run) step(i int) Step {
	step := &r.bare.Flow.Steps[i]
	c := r.stats.steps[step.ID]
	s := Step{
		ID: step.ID, Entered: c.entered, Begun: c.begun, Left: c.left, Backlog: c.entered - c.left, Late: c.late,
		Granted: c.granted, Escalated: c.escalated, Wait: spread(c.waits), Stays: c.stays,
	}
	if step.Actor.Who == "role" && step.Actor.Role != asked {
		s.Role, s.Unit = step.Actor.Role, cmp.Or(step.Actor.Unit, r.Unit)
		s.Work, _ = r.WorkAt(step)
	}
	if !c.changed.IsZero() {
		c.move(r.end, 0)
	}
	s.Area = c.area
	for _, m := range r.cases {
		if t := m.tasks[step.ID]; t != nil {
			s.Stays += r.end.Sub(t.entered).Minutes()
		}
	}
	return s
}

// load is the share of their time that a desk's officers worked.
func (r *run) load(d *desk) float64 {
	open := d.office.worked(r.end) * float64(d.n)
	if open == 0 {
		return 0
	}
	minutes := d.minutes
	for _, m := range r.cases {
		for _, step := range r.bare.Flow.Steps {
			if t := m.tasks[step.ID]; t != nil && t.desk == d {
				minutes += d.office.worked(r.end) - d.office.worked(t.began)
			}
		}
	}
	return math.Round(minutes/open*1000) / 1000
}

// openAt is how many cases were open at the end of each day.
func (r *run) openAt(own *office) []int {
	open := make([]int, r.Days)
	first := own.midnight(r.From)
	for _, m := range r.cases {
		last := r.Days
		if !m.ended.IsZero() {
			last = int(m.ended.Sub(first) / (24 * time.Hour))
		}
		for d := int(m.state.Received.Sub(first) / (24 * time.Hour)); d < last && d < r.Days; d++ {
			open[d]++
		}
	}
	return open
}

// dayLong is how many minutes an open day has on average.
func (o *office) dayLong() float64 {
	days := map[string]bool{}
	for _, s := range o.open {
		days[s.From.Format(time.DateOnly)] = true
	}
	if len(days) == 0 {
		return 1
	}
	return o.done[len(o.open)] / float64(len(days))
}

// spread sorts what it is given.
func spread(v []float64) Spread {
	if len(v) == 0 {
		return Spread{}
	}
	slices.Sort(v)
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	at := func(share float64) float64 {
		return tenth(v[min(len(v)-1, max(0, int(math.Ceil(share*float64(len(v))))-1))])
	}
	return Spread{N: len(v), Mean: tenth(sum / float64(len(v))), Median: at(0.5), P90: at(0.9), Max: tenth(v[len(v)-1])}
}

func tenth(x float64) float64 { return math.Round(x*10) / 10 }

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
