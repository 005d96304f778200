package definition

import (
	"fmt"
	"strings"

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

// promised checks what lateness does at the promised limit.
func (c *checks) promised() {
	if c.service.Limit.Starts == "told" {
		c.at("limit.starts", "told_of_promise")
	}
	if c.has("limit") {
		c.late("limit", &c.service.Limit, nil)
	}
}

// limits checks that the steps' limits fit into the promised one.
func (c *checks) limits() {
	l := &c.service.Limit
	promise, err := deadline.ParseSpan(l.Within)
	if err != nil || !c.clean("flow") || l.Starts == "told" {
		return
	}
	from := c.service.Flow.Start
	if l.Starts == "complete" {
		if from = c.afterCompleteness(); from == "" {
			return
		}
	}
	c.weigh("limit", from, "", promise)
	for i, x := range l.Cases {
		if promise, err := deadline.ParseSpan(x.Within); err == nil {
			c.weigh(fmt.Sprintf("limit.cases[%d]", i), from, x.When, promise)
		}
	}
}

// weigh compares a promise with the officers' steps from a step on, as they are
// under a condition.
func (c *checks) weigh(at, from, when string, promise deadline.Span) {
	total := (&scale{c, when, map[string]load{}}).longest(from)
	at = c.first(at+".within", at)
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

// scale weighs steps under one condition of the promised limit: a step that has
// a case with the same words uses it.
type scale struct {
	*checks
	when  string
	known map[string]load
}

// longest is the greatest sum of officers' limits on a way forward. There are no
// loops in a flow that is clean, and each step is weighed once.
func (w *scale) longest(id string) load {
	s := w.service.Step(id)
	if s == nil {
		return load{}
	}
	if l, ok := w.known[id]; ok {
		return l
	}
	w.known[id] = load{} // a branch that arrives back here adds nothing
	most := w.onward(s)
	if s.Kind == StepParallel {
		most = most.and(w.longestBranch(s))
	}
	if span, ok := w.own(s); ok {
		most = most.add(span)
	}
	w.known[id] = most
	return most
}

// onward is the longest way from a step, without the step itself.
func (w *scale) onward(s *Step) load {
	var most load
	for _, a := range s.Actions {
		if forward(a) {
			if way := w.longest(a.To); way.weight() > most.weight() {
				most = way
			}
		}
	}
	return most
}

func (w *scale) longestBranch(s *Step) load {
	var most load
	for _, first := range s.Branches {
		if way := w.longest(first); way.weight() > most.weight() {
			most = way
		}
	}
	return most
}

// own is the time of the step itself: its limit, or what the unit that it asks
// has promised.
func (w *scale) own(s *Step) (deadline.Span, bool) {
	l := s.Limit
	if s.Kind == StepConsult && l == nil && s.Consult != nil {
		if other := w.folder.government.Service(s.Consult.Service); other != nil {
			l = &other.Limit
		}
	}
	if l == nil || s.Actor.Who == "applicant" || s.Kind == StepDeliver { // the product is there: the promise is kept
		return deadline.Span{}, false
	}
	within := l.Within
	for _, x := range l.Cases {
		if w.when != "" && strings.TrimSpace(x.When) == strings.TrimSpace(w.when) {
			within = x.Within
		}
	}
	span, err := deadline.ParseSpan(within)
	return span, err == nil
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

// and is both one after the other.
func (l load) and(other load) load {
	return load{l.minutes + other.minutes, l.days + other.days, l.working || other.working, l.clock || other.clock}
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
