package simulation

import (
	"container/heap"
	"fmt"
	"time"

	"pendopo/kernel/event"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/law/rule"
)

// happening is one thing that will happen at a moment.
type happening struct {
	at  time.Time
	seq int // of things at one moment the one that was planned first
	do  func(now time.Time) error
}

// agenda is all that will happen, the next first.
type agenda []happening

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, k int) bool {
	if !a[i].at.Equal(a[k].at) {
		return a[i].at.Before(a[k].at)
	}
	return a[i].seq < a[k].seq
}
func (a agenda) Swap(i, k int) { a[i], a[k] = a[k], a[i] }

// Push and Pop are for container/heap.
func (a *agenda) Push(x any) { *a = append(*a, x.(happening)) }

// Pop takes the last one off.
func (a *agenda) Pop() any {
	old := *a
	last := old[len(old)-1]
	*a = old[:len(old)-1]
	return last
}

// run is one simulation under way.
type run struct {
	Setup
	bare    *definition.Service
	form    *form.Form
	rules   *rule.Program
	clocks  map[string]deadline.Clock
	offices map[string]*office
	desks   map[fold.Holder]*desk
	order   []*desk
	agenda  agenda
	seq     int
	end     time.Time
	cases   []*matter
	stats   *stats
}

// matter is one case of the run.
type matter struct {
	n       int
	state   fold.Case
	chance  *chance
	tasks   map[string]*task // by step
	lapse   time.Time        // the moment for which a lapse is planned
	decided time.Time        // when the product was there, or the answer no
	ended   time.Time
	late    bool // a limit of an officer, or the promise, has passed
	granted bool // by lateness
}

// Run lets the time of a setup pass.
func Run(s Setup) (*Result, error) {
	r := &run{Setup: s, bare: s.bare(), clocks: map[string]deadline.Clock{}, offices: map[string]*office{}, desks: map[fold.Holder]*desk{}}
	var problems []rule.Problem
	if r.rules, problems = rule.Compile(r.bare); len(problems) > 0 {
		return nil, fmt.Errorf("simulation: rule %s does not stand alone", problems[0].Path)
	}
	r.form = form.New(r.bare, r.rules)
	own, err := r.office(s.Unit)
	if err != nil {
		return nil, err
	}
	r.end = s.horizon(own.clock.Office.Zone)
	r.stats = newStats(r)
	if err := r.arrivals(own); err != nil {
		return nil, err
	}
	for len(r.agenda) > 0 {
		next := heap.Pop(&r.agenda).(happening)
		if !next.at.Before(r.end) {
			break
		}
		if err := next.do(next.at); err != nil {
			return nil, err
		}
	}
	return r.result(), nil
}

// plan puts something on the agenda.
func (r *run) plan(at time.Time, do func(now time.Time) error) {
	r.seq++
	heap.Push(&r.agenda, happening{at, r.seq, do})
}

// tail is how many days after the last one office hours are known.
const tail = 30

func (r *run) office(unit string) (*office, error) {
	if o := r.offices[unit]; o != nil {
		return o, nil
	}
	clock, err := r.clock(unit)
	if err != nil {
		return nil, err
	}
	o, err := newOffice(clock, r.From, r.Days+tail)
	r.offices[unit] = o
	return o, err
}

func (r *run) clock(unit string) (deadline.Clock, error) {
	if c, ok := r.clocks[unit]; ok {
		return c, nil
	}
	c, err := r.Clock(unit)
	if err == nil {
		r.clocks[unit] = c
	}
	return c, err
}

// arrivals plans the cases of every day: at random over its office hours, and
// over the whole day where the office is closed and the counts have some.
func (r *run) arrivals(own *office) error {
	for day := range r.Days {
		date := r.From + deadline.Date(day)
		open, err := own.clock.Open(date, date)
		if err != nil {
			return err
		}
		c := chanceOf(r.Seed, "arrivals", day)
		n := r.Counts[date]
		if r.Counts == nil && len(open) > 0 {
			n = c.count(r.PerDay)
		}
		if len(open) == 0 {
			from := own.midnight(date)
			open = []deadline.Stretch{{From: from, To: from.Add(24 * time.Hour)}}
		}
		for range n {
			r.plan(somewhere(open, c), r.arrive)
		}
	}
	return nil
}

func (o *office) midnight(d deadline.Date) time.Time {
	t := d.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, o.clock.Office.Zone)
}

// somewhere is a moment evenly spread over stretches of time.
func somewhere(open []deadline.Stretch, c *chance) time.Time {
	total := time.Duration(0)
	for _, s := range open {
		total += s.To.Sub(s.From)
	}
	at := time.Duration(c.unit() * float64(total-1))
	for _, s := range open {
		if length := s.To.Sub(s.From); at < length {
			return s.From.Add(at)
		}
		at -= s.To.Sub(s.From)
	}
	return open[0].From
}

// arrive begins a case.
func (r *run) arrive(now time.Time) error {
	m := &matter{n: len(r.cases), chance: chanceOf(r.Seed, "case", len(r.cases)), tasks: map[string]*task{}}
	r.cases = append(r.cases, m)
	return r.decide(m, now, flow.Command{Do: flow.DoSubmit, By: fold.Holder{Who: "applicant"}, Answers: form.Answers{}},
		flow.Facts{Stream: fmt.Sprint(m.n), Channel: r.bare.Channels[0], Lang: "id", Unit: r.Unit, Received: now})
}

// decide asks the law, folds what it says, and plans what follows from it.
func (r *run) decide(m *matter, now time.Time, c flow.Command, f flow.Facts) error {
	res, err := flow.Decide(flow.Input{
		Service: r.bare, Form: r.form, Rules: r.rules, Clock: r.clock, State: m.state, Command: c, Facts: f, Now: now,
	})
	if err != nil {
		return fmt.Errorf("simulation: case %d, %s %s at %s: %w", m.n, c.Do, c.Action, m.state.Step, err)
	}
	for _, d := range res.Drafts {
		if d.Series != "" {
			d.Change.Number = fmt.Sprint(m.n)
		}
		e := event.Event{Stream: m.state.Stream, Version: m.state.Version + 1, Kind: d.Kind, Schema: fold.Schema, Entered: now, Received: now}
		m.state = fold.Apply(m.state, e, d.Change)
	}
	r.stats.marks(m, now, m.state.Marks)
	m.state.Marks = nil // told; a run needs no timeline
	r.planLapse(m)
	return r.turns(m, now)
}

// planLapse plans the deadline that passes first.
func (r *run) planLapse(m *matter) {
	var first fold.Deadline
	for _, d := range m.state.Deadlines {
		if d.State == fold.Running && m.state.Open() && (first.ID == "" || d.Due.Before(first.Due)) {
			first = d
		}
	}
	at := first.Due.Add(time.Microsecond)
	if first.ID == "" || at.Equal(m.lapse) {
		return
	}
	m.lapse = at
	r.plan(at, func(now time.Time) error { return r.lapse(m, now) })
}

// lapse does what the timers do: the deadline that has been over for longest,
// if it still runs.
func (r *run) lapse(m *matter, now time.Time) error {
	m.lapse = time.Time{}
	d, passed := flow.Passed(m.state, now)
	if !passed || !m.state.Open() {
		r.planLapse(m)
		return nil
	}
	return r.decide(m, now, flow.Command{Do: flow.DoLapse, Deadline: d.ID, By: fold.Holder{Who: "system"}}, flow.Facts{})
}
