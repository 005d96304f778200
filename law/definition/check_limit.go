package definition

import (
	"fmt"

	"pendopo/law/deadline"
)

// workday is how many working minutes count as one working day when steps in
// minutes are weighed against a promise in days: on the short side, so that a
// promise that passes can be kept.
const workday = 7 * 60

// load is the time that steps take: minutes and days, in working or in clock time.
type load struct {
	minutes, days int
	working       bool // some step runs in working time
	clock         bool // some step runs in clock time
}

// limits checks the promised limit and that the steps' limits fit into it.
func (c *checks) limits() {
	l := &c.service.Limit
	if c.has("limit") {
		c.late("limit", l, nil)
	}
	promise, err := deadline.ParseSpan(l.Within)
	if err != nil || !c.clean("flow") {
		return
	}
	from := c.service.Flow.Start
	if l.Starts == "complete" {
		if from = c.afterCompleteness(); from == "" {
			return
		}
	}
	total := c.longest(from, map[string]load{})
	at := c.first("limit.within", "limit")
	switch weigh(total, promise) {
	case tooLong:
		c.at(at, "limits_over_promise", "sum", total.String(), "promise", promise.String())
	case notComparable:
		c.at(at, "limits_not_comparable", "sum", total.String(), "promise", promise.String())
	}
}

// afterCompleteness is the step at which the promised clock begins.
func (c *checks) afterCompleteness() string {
	for _, s := range c.service.Flow.Steps {
		if !s.Complete {
			continue
		}
		for _, a := range s.Actions {
			if forward(a) {
				return a.To
			}
		}
	}
	return ""
}

// longest is the greatest sum of officers' limits on a way forward. There are no
// loops in a flow that is clean, and each step is weighed once.
func (c *checks) longest(id string, known map[string]load) load {
	s := c.service.Step(id)
	if s == nil {
		return load{}
	}
	if l, ok := known[id]; ok {
		return l
	}
	known[id] = c.heaviest(s, known)
	return known[id]
}

// heaviest is the longest way on from a step, with the step's own limit.
func (c *checks) heaviest(s *Step, known map[string]load) load {
	var most load
	for _, a := range s.Actions {
		if forward(a) {
			if way := c.longest(a.To, known); way.weight() > most.weight() {
				most = way
			}
		}
	}
	if s.Limit == nil || s.Actor.Who == "applicant" {
		return most
	}
	span, err := deadline.ParseSpan(s.Limit.Within)
	if err != nil {
		return most
	}
	return most.add(span)
}

func (l load) weight() int { return l.days*workday + l.minutes }

func (l load) add(s deadline.Span) load {
	switch {
	case s.Unit.Days():
		l.days += s.N
	case s.Unit == deadline.Hour || s.Unit == deadline.WorkingHour:
		l.minutes += 60 * s.N
	default:
		l.minutes += s.N
	}
	l.working = l.working || s.Unit.Working()
	l.clock = l.clock || !s.Unit.Working()
	return l
}

// String is the sum in words: "2 days and 30 minutes".
func (l load) String() string {
	switch {
	case l.minutes == 0:
		return fmt.Sprintf("%d days", l.days)
	case l.days == 0:
		return fmt.Sprintf("%d minutes", l.minutes)
	}
	return fmt.Sprintf("%d days and %d minutes", l.days, l.minutes)
}

// What weighing a sum against a promise can say.
const (
	fitsIn = iota
	tooLong
	notComparable
)

// weigh compares steps with a promise. Working time never fits surely into clock
// time, because holidays are not bounded; clock time in working time does.
func weigh(sum load, promise deadline.Span) int {
	if sum.working && !promise.Unit.Working() {
		return notComparable
	}
	if promise.Unit.Days() {
		perDay := workday
		if !promise.Unit.Working() {
			perDay = 24 * 60
		}
		return over(sum.days+(sum.minutes+perDay-1)/perDay > promise.N)
	}
	if sum.days > 0 {
		return tooLong
	}
	return over(sum.minutes > load{}.add(promise).minutes)
}

func over(tooMuch bool) int {
	if tooMuch {
		return tooLong
	}
	return fitsIn
}
