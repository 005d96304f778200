package simulation

import (
	"time"

	"pendopo/law/definition"
	"pendopo/law/fold"
)

// stats counts as time passes.
type stats struct {
	r     *run
	steps map[string]*count
}

// count is what was counted at one step.
type count struct {
	entered, begun, left, late, granted, escalated int

	there   int       // cases at the step
	changed time.Time // when there last changed
	area    float64   // there × minutes
	stays   float64   // minutes of every case that has left
	waits   []float64 // working minutes from coming to the beginning of work
	visits  map[int]int
}

func newStats(r *run) *stats {
	s := &stats{r: r, steps: map[string]*count{}}
	for _, step := range r.bare.Flow.Steps {
		s.steps[step.ID] = &count{visits: map[int]int{}}
	}
	return s
}

// entered counts a case in, and says which time it is here.
func (s *stats) entered(m *matter, step *definition.Step, now time.Time) int {
	c := s.steps[step.ID]
	c.move(now, +1)
	c.entered++
	c.visits[m.n]++
	return c.visits[m.n]
}

// move adds to the area under the number of cases.
func (c *count) move(now time.Time, by int) {
	if !c.changed.IsZero() {
		c.area += float64(c.there) * now.Sub(c.changed).Minutes()
	}
	c.changed, c.there = now, c.there+by
}

// began counts how long a task has waited for its first officer.
func (s *stats) began(t *task, now time.Time) {
	if t.seen {
		return
	}
	t.seen = true
	c := s.steps[t.step.ID]
	c.begun++
	c.waits = append(c.waits, t.desk.office.worked(now)-t.desk.office.worked(t.entered))
}

func (s *stats) left(t *task, now time.Time) {
	c := s.steps[t.step.ID]
	c.move(now, -1)
	c.left++
	c.stays += now.Sub(t.entered).Minutes()
}

// marks reads what the record says of a case.
func (s *stats) marks(m *matter, now time.Time, marks []fold.Mark) {
	for _, k := range marks {
		switch k.Kind {
		case fold.Lapsed:
			s.lapsed(m, k)
		case fold.Issued, fold.Rejected, fold.Taken:
			if m.decided.IsZero() {
				m.decided = now
			}
		}
	}
	if !m.state.Open() && m.ended.IsZero() {
		m.ended = now
		if m.decided.IsZero() {
			m.decided = now
		}
	}
}

// lapsed counts what lateness did. A case is late when an officer's limit or the
// promise has passed; an applicant's own time is not the office's lateness.
func (s *stats) lapsed(m *matter, k fold.Mark) {
	step := s.r.bare.Step(k.Deadline)
	m.late = m.late || k.Deadline == fold.CaseDeadline || step != nil && step.Actor.Who == "role"
	c := s.steps[k.Deadline]
	if c == nil {
		c = s.steps[k.Step] // the promise: told where the case was
	} else {
		c.late++
	}
	for _, did := range k.Late {
		switch did {
		case "grant":
			m.granted = true
			if c != nil {
				c.granted++
			}
		case "escalate":
			if c != nil {
				c.escalated++
			}
		}
	}
}
