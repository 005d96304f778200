package definition

import (
	"fmt"
	"slices"
)

// passed are the actions of officers by which a matter is passed around.
func passed() []ActionKind {
	return []ActionKind{ActDispatch, ActSendBack, ActAsk, ActFinish, ActMerge}
}

// dispatches reports whether a step hands the case to other units.
func dispatches(s *Step) bool {
	return slices.ContainsFunc(s.Actions, func(a Action) bool { return a.Kind == ActDispatch })
}

// leadsTo says of the kinds by which a matter is passed around whether they may
// lead to a target; true of the others.
func (c *checks) leadsTo(a *Action, to *Step, kind StepKind) bool {
	officers := kind == StepReview || kind == StepDecide
	switch a.Kind {
	case ActDispatch, ActSendBack, ActReopen:
		return officers
	case ActAsk:
		return to != nil && to.Action(a.ID) == a
	case ActFinish:
		return kind == StepWait || a.To == Granted
	case ActMerge:
		return a.To == Closed
	case ActConfirm:
		return a.To == Granted
	}
	return true
}

// passing checks what the kinds by which a matter is passed around need.
func (c *checks) passing(at string, s *Step, a *Action) {
	c.distinct(len(a.Units), at+".units[%d]", func(i int) string { return a.Units[i] })
	for i, id := range a.Units {
		c.knownUnit(fmt.Sprintf("%s.units[%d]", at, i), id)
	}
	if c.has(at+".units") && len(a.Units) == 0 && c.clean(at+".units") {
		c.at(at+".units", "empty_list")
	}
	to := c.service.Step(a.To)
	if slices.Contains(passed(), a.Kind) {
		if p, _ := c.service.Parallel(s.ID); p != nil {
			c.at(at+".kind", "pass_in_branch", "action", string(a.Kind))
			return
		}
	}
	switch a.Kind {
	case ActDispatch:
		if to != nil && to.Actor.Who == "role" && to.Actor.Unit != "" {
			c.at(at+".to", "dispatch_target", "to", a.To)
		}
	case ActSendBack:
		c.sendBack(at, s, a, to)
	case ActFinish:
		c.finish(at, s, a, to)
	case ActConfirm, ActReopen:
		if s.Kind == StepWait && s.Actor.Who == "system" && s.replied() == a {
			c.at(at+".kind", "wait_applicant", "action", string(a.Kind))
		}
	case ActAsk:
		c.ask(at, s, a)
	}
}

// sendBack: to an officer of a certain unit, by whom the case came here.
func (c *checks) sendBack(at string, s *Step, a *Action, to *Step) {
	if to == nil || to.Actor.Who != "role" || !c.clean("flow") {
		return
	}
	if to.Actor.Unit == "" || to.ID == s.ID || !c.leads(to.ID, s.ID, forward) {
		c.at(at+".to", "send_back_target", "to", a.To)
	}
}

// finish: with evidence, and where the applicant then has the word it is the
// applicant's step.
func (c *checks) finish(at string, s *Step, a *Action, to *Step) {
	if to != nil && to.Kind == StepWait && to.Actor.Who == "system" && to.replied() == nil {
		c.at(at+".to", "action_target", "action", string(a.Kind), "to", a.To)
	}
	evidence := slices.ContainsFunc(a.Fields, func(f Field) bool { return (f.Kind == KindFile || f.Kind == KindText) && a.Always(f.ID) })
	if !evidence && c.clean(at) {
		c.at(c.first(at+".fields", at), "finish_without_evidence", "action", a.ID)
	}
}

// replied is the first action by which the applicant says whether it is solved.
func (s *Step) replied() *Action {
	for i := range s.Actions {
		if k := s.Actions[i].Kind; k == ActConfirm || k == ActReopen {
			return &s.Actions[i]
		}
	}
	return nil
}

// ask: another unit helps by a case of its own. Two actions of a step ask
// different services, so that the record tells which was meant.
func (c *checks) ask(at string, s *Step, a *Action) {
	if a.Consult == nil {
		if !c.has(at + ".consult") {
			c.at(at, "action_needs", "action", string(a.Kind), "key", "consult")
		}
		return
	}
	for i := range s.Actions {
		o := &s.Actions[i]
		if o == a {
			break
		}
		if o.Consult != nil && o.Consult.Service == a.Consult.Service && a.Consult.Service != "" {
			c.at(at+".consult.service", "ask_twice", "service", a.Consult.Service, "action", o.ID)
			return
		}
	}
	c.asking(at+".consult", a.Consult, a)
}

// usually checks the unit that a choice suggests.
func (c *checks) usually(at string, u *At) {
	if u == nil {
		return
	}
	switch {
	case u.Unit != "" && u.Region != "":
		c.at(at, "unit_and_region")
	case u.Unit == "" && u.Region == "" && c.clean(at):
		c.at(at, "choice_unit")
	case u.Unit != "":
		c.knownUnit(c.first(at+".unit", at), u.Unit)
	case u.Region != "":
		if f := c.service.Field(u.Region); f == nil {
			c.at(at+".region", "unknown_field", "field", u.Region)
		} else if f.Kind != KindRegion && f.Kind != "" || f.Scope != "" {
			c.at(at+".region", "choice_region", "field", u.Region)
		}
	}
}
