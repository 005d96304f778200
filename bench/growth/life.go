package main

import (
	"math/rand/v2"
	"time"

	"pendopo/engine/casework"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// life is one case on its way through the simulated years, and what happens to
// it next.
type life struct {
	held *casework.Held
	r    *rand.Rand
	n    int // number of the case, from 0

	at     time.Time // of what happens next
	do     string    // flow.DoSubmit, flow.DoAct, flow.DoLapse or flow.DoIssued
	action string    // DoAct: id of the action; DoLapse: id of the deadline

	step  string    // for which the plan was made
	plan  time.Time // when somebody acts at it; never when nobody does
	will  string    // which action
	turns int64     // version at which the plan was made
}

// never is after every simulated moment.
const never = 100 * 365 * 24 * time.Hour

// Habits of the people of the simulation, in thousandths.
const (
	neglected = 10  // of officers' turns nobody takes
	late      = 70  // of them are taken after the limit
	looks     = 650 // of officers' turns begin with opening the answers
	returned  = 60
	rejected  = 35
	withdrawn = 8
	against   = 60 // of recommendations
	objected  = 300
	answered  = 850 // of returns are answered
	collected = 600 // of products are confirmed; the others close by themselves
)

func (l *life) chance(thousandths int) bool { return l.r.IntN(1000) < thousandths }

// next settles what happens to the case next, and reports false when nothing
// will: it has ended.
func (l *life) next(s *definition.Service, c days) bool {
	state := l.held.State
	step := s.Step(state.Step)
	if !state.Open() || step == nil {
		return false
	}
	if l.step != step.ID || step.Kind == definition.StepIssue || l.turns == 0 {
		l.decide(step, c)
	}
	l.turns = state.Version
	l.at, l.do, l.action = l.plan, flow.DoAct, l.will
	if step.Kind == definition.StepIssue {
		l.do = flow.DoIssued
	}
	if d, ok := soonest(state); ok && !l.at.Before(d.Due) {
		l.at, l.do, l.action = d.Due.Add(time.Duration(20+l.r.IntN(900))*time.Millisecond), flow.DoLapse, d.ID
	}
	return true
}

// soonest is the running deadline that falls due first.
func soonest(c fold.Case) (d fold.Deadline, any bool) {
	for _, x := range c.Deadlines {
		if x.State == fold.Running && (!any || x.Due.Before(d.Due)) {
			d, any = x, true
		}
	}
	return d, any
}

// decide plans what somebody does at a step, and when.
func (l *life) decide(step *definition.Step, c days) {
	now := l.held.State.Changed
	l.step, l.will, l.plan = step.ID, "", now.Add(never)
	switch step.Kind {
	case definition.StepIssue:
		l.plan = now.Add(time.Duration(2000+l.r.IntN(20_000)) * time.Millisecond)
	case definition.StepFill:
		if l.chance(answered) {
			l.will, l.plan = actionOf(step, definition.ActSubmit), l.within(now, 4*24*time.Hour)
		}
	case definition.StepDeliver:
		if l.chance(collected) {
			l.will, l.plan = actionOf(step, definition.ActDeliver), l.within(now, 2*24*time.Hour)
		}
	case definition.StepWait:
		if l.chance(objected) {
			l.will, l.plan = actionOf(step, definition.ActObject), l.within(now, 9*24*time.Hour)
		}
	default:
		l.officer(step, now, c)
	}
}

func (l *life) within(from time.Time, mean time.Duration) time.Time {
	return from.Add(time.Minute + time.Duration(l.r.ExpFloat64()*float64(mean)))
}

// officer plans an officer's turn at a review or a decision.
func (l *life) officer(step *definition.Step, now time.Time, c days) {
	if l.chance(neglected) {
		return
	}
	l.will = l.verdict(step)
	usual := usualTime(step)
	took := time.Duration((0.15 + 0.8*l.r.Float64()) * float64(usual))
	if l.chance(late) {
		took = usual + time.Duration(l.r.ExpFloat64()*3*float64(usual))
	}
	l.plan = c.atWork(c.atWork(now).Add(took))
}

// usualTime is about as long as a step may take, in hours of the day.
func usualTime(step *definition.Step) time.Duration {
	if step.Limit == nil {
		return time.Hour
	}
	span, err := deadline.ParseSpan(step.Limit.Within)
	if err != nil {
		return time.Hour
	}
	switch span.Unit {
	case deadline.WorkingMinute, deadline.Minute:
		return time.Duration(span.N) * time.Minute
	case deadline.WorkingHour, deadline.Hour:
		return time.Duration(span.N) * time.Hour
	}
	return time.Duration(span.N) * 24 * time.Hour
}

// verdict is which action is taken. Where the applicant withdraws it is the
// applicant's.
func (l *life) verdict(step *definition.Step) string {
	back := l.held.State.Returns[step.ID] == 0 && l.chance(returned)
	switch {
	case l.chance(withdrawn):
		return actionOf(step, definition.ActWithdraw)
	case back && actionOf(step, definition.ActReturn) != "":
		return actionOf(step, definition.ActReturn)
	case actionOf(step, definition.ActReject) != "" && l.chance(rejected):
		return actionOf(step, definition.ActReject)
	case actionOf(step, definition.ActApprove) != "":
		return actionOf(step, definition.ActApprove)
	}
	return l.advice(step)
}

// advice is the first way forward, and now and then the second.
func (l *life) advice(step *definition.Step) string {
	var ways []string
	for _, a := range step.Actions {
		if a.Kind == definition.ActForward {
			ways = append(ways, a.ID)
		}
	}
	if len(ways) > 1 && l.chance(against) {
		return ways[1]
	}
	if len(ways) == 0 {
		return ""
	}
	return ways[0]
}

func actionOf(step *definition.Step, kind definition.ActionKind) string {
	for _, a := range step.Actions {
		if a.Kind == kind {
			return a.ID
		}
	}
	return ""
}

// lives is a heap by moment.
type lives []*life

func (h lives) Len() int           { return len(h) }
func (h lives) Less(i, j int) bool { return h[i].at.Before(h[j].at) }
func (h lives) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *lives) Push(x any) { *h = append(*h, x.(*life)) }

// Pop implements heap.Interface.
func (h *lives) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return last
}
