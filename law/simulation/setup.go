package simulation

import (
	"time"

	"pendopo/law/deadline"
	"pendopo/law/definition"
)

// Setup is everything that a run depends on.
type Setup struct {
	Service *definition.Service
	Asked   func(service string) *definition.Service  // the service of a consultation; nil when there is none
	Clock   func(unit string) (deadline.Clock, error) // the legal clock of a unit
	Unit    string                                    // handles the cases
	From    deadline.Date                             // first day
	Days    int                                       // how many, closed ones included

	PerDay float64               // arrivals on an open day, on average
	Counts map[deadline.Date]int // or the arrivals of each day, as they were

	Officers map[string]int     // by role
	Each     int                // officers of a role that Officers does not name
	Work     map[string]float64 // by step: working minutes at one case, on average
	Shape    int                // how evenly work is spread: 1 exponential, more is more even, 0 always the mean

	Return  float64 // share of reviews that send a file back
	Reject  float64 // share of decisions that reject
	Object  float64 // share of rejections that are objected to, and of work said to be done that the applicant opens again
	Abandon float64 // share of returned files that are never answered, and of work said to be done on which nobody says a word
	Answer  float64 // calendar days until an applicant answers or fetches, on average

	Seed uint64
}

// Defaults are the shares and times that nobody has said otherwise.
func Defaults() Setup {
	return Setup{Days: 90, Each: 1, Shape: 4, Return: 0.15, Reject: 0.05, Object: 0.1, Abandon: 0.05, Answer: 2, Seed: 1}
}

// longestWork is the most working minutes that a step takes where nobody has
// said how long it takes.
const longestWork = 30

// WorkAt is how many working minutes a step takes on average: as given, else a third
// of its limit and half an hour at most. A product made elsewhere takes the same.
func (s Setup) WorkAt(step *definition.Step) (minutes float64, given bool) {
	if m, ok := s.Work[step.ID]; ok {
		return m, true
	}
	if step.Limit == nil {
		return longestWork / 3, false
	}
	span, err := deadline.ParseSpan(step.Limit.Within)
	if err != nil {
		return longestWork, false
	}
	third := float64(span.N) * minutesOf(span.Unit) / 3
	if step.Actor.Role == asked {
		return third, false
	}
	return min(longestWork, third), false
}

// minutesOf is about how many working minutes a unit of time has.
func minutesOf(u deadline.Unit) float64 {
	switch u {
	case deadline.Minute, deadline.WorkingMinute:
		return 1
	case deadline.Hour, deadline.WorkingHour:
		return 60
	}
	return 420
}

// officers are how many sit at a role's desk.
func (s Setup) officers(role string) int {
	if role == asked {
		return 1 << 20
	}
	if n, ok := s.Officers[role]; ok {
		return max(1, n)
	}
	return max(1, s.Each)
}

// asked is the role of those who answer a consultation. They are another unit's
// matter: each question has somebody who answers it, in a third of that unit's
// promised time.
const asked = "asked"

// answering is a consultation as a step of those who are asked.
func (s Setup) answering(step definition.Step) definition.Step {
	within, unit := "10 working days", ""
	if s.Asked != nil && step.Consult != nil {
		if other := s.Asked(step.Consult.Service); other != nil {
			within, unit = other.Limit.Within, other.Unit.Unit
		}
	}
	step.Kind, step.Consult = definition.StepReview, nil
	step.Actor = definition.Actor{Who: "role", Role: asked, Unit: unit}
	step.Limit = &definition.Limit{Within: within, Late: []definition.Late{{Do: "remind"}}}
	actions := step.Actions
	step.Actions = nil
	for _, a := range actions {
		if a.Kind == definition.ActAnswered {
			a.Kind = definition.ActForward
		}
		step.Actions = append(step.Actions, a)
	}
	return step
}

// bare is the service without anything that asks for an answer. One optional
// field is left, which a return can name as its defect.
func (s Setup) bare() *definition.Service {
	c := *s.Service
	c.Form.Pages = []definition.Page{{ID: defect, Fields: []definition.Field{{ID: defect, Kind: definition.KindText, Personal: true, Optional: true}}}}
	c.Channels = []string{"counter"} // one is like another, and internal ones take nobody
	c.Vault, c.Public = nil, nil
	c.Variants, c.Proxy, c.Standard.Requirements, c.Standard.Fee.Cases, c.Limit.Cases = "", false, nil, nil, nil
	c.Flow.Steps = make([]definition.Step, len(s.Service.Flow.Steps))
	for i, step := range s.Service.Flow.Steps {
		if step.Kind == definition.StepConsult {
			step = s.answering(step)
		}
		step.Checklist, step.Straight, step.Sees, step.Stops = nil, nil, nil, nil
		if step.Limit != nil {
			l := *step.Limit
			l.Cases = nil
			step.Limit = &l
		}
		step.Publish, step.Actions = false, plain(step.Actions)
		c.Flow.Steps[i] = step
	}
	return &c
}

// plain are actions that ask nothing. Help of another unit is left out: the case
// stays where it is, whoever helps.
func plain(actions []definition.Action) (out []definition.Action) {
	for _, a := range actions {
		if a.Kind != definition.ActAsk {
			a.When, a.Fields = "", nil
			out = append(out, a)
		}
	}
	return out
}

// defect is what every returned file of a run lacks.
const defect = "simulated"

// horizon is the last moment of a run in a unit's zone.
func (s Setup) horizon(zone *time.Location) time.Time {
	d := (s.From + deadline.Date(s.Days)).Time()
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone)
}
