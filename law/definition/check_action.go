package definition

import (
	"fmt"
	"slices"
)

// action checks one action: whether it fits its step, where it leads, and what
// its kind in law asks of it.
func (c *checks) action(at string, s *Step, a *Action) {
	if a.Kind == "" {
		return
	}
	switch {
	case a.Kind == ActReject && s.Actor.Who != "role" && s.Actor.Who != "":
		c.at(at+".kind", "automatic_rejection", "step", s.ID)
		return
	case s.Kind != "" && s.Actor.Who != "" && !fits(s, a):
		c.at(at+".kind", "action_kind", "action", string(a.Kind), "kind", string(s.Kind))
		return
	}
	c.target(at, a)
	c.reasons(at, a)
	c.returns(at, a)
	c.passing(at, s, a)
	c.given(at, s, a)
}

// fits reports whether an action of this kind can stand at a step.
func fits(s *Step, a *Action) bool {
	kinds := map[StepKind][]ActionKind{
		StepFill:    {ActSubmit, ActWithdraw},
		StepReview:  append(passed(), ActApprove, ActReturn, ActReject, ActForward, ActWithdraw),
		StepDecide:  append(passed(), ActApprove, ActReturn, ActReject, ActForward, ActWithdraw),
		StepIssue:   {ActIssue},
		StepDeliver: {ActDeliver, ActWithdraw},
		StepWait:    {ActObject, ActWithdraw, ActConfirm, ActReopen},

		StepParallel: {ActJoin},
		StepConsult:  {ActAnswered, ActWithdraw},
		StepMake:     {ActMake, ActReturn, ActReject, ActWithdraw},
	}[s.Kind]
	return slices.Contains(kinds, a.Kind)
}

// target checks that an action leads somewhere, and to where its kind may lead.
func (c *checks) target(at string, a *Action) {
	if a.To == "" {
		return
	}
	step := c.service.Step(a.To)
	if step == nil && !IsOutcome(a.To) {
		c.at(at+".to", "unknown_target", "to", a.To)
		return
	}
	kind := StepKind("")
	if step != nil {
		if kind = step.Kind; kind == "" {
			return
		}
	}
	ok := c.leadsTo(a, step, kind)
	switch a.Kind {
	case ActSubmit, ActForward:
		ok = step != nil
	case ActAnswered:
		if a.To == Rejected {
			c.at(at+".to", "automatic_rejection", "step", c.stepOf(a))
			return
		}
		ok = step != nil || a.To == Granted || a.To == Closed
	case ActApprove, ActIssue, ActDeliver, ActJoin, ActMake:
		ok = step != nil || a.To == Granted
	case ActReturn:
		ok = kind == StepFill
	case ActReject:
		ok = a.To == Rejected || kind == StepWait
	case ActWithdraw:
		ok = a.To == Withdrawn
	case ActObject:
		ok = kind == StepDecide || kind == StepReview
	}
	if !ok {
		c.at(at+".to", "action_target", "action", string(a.Kind), "to", a.To)
	}
}

// stepOf is the id of the step at which an action stands.
func (c *checks) stepOf(a *Action) string {
	for i := range c.service.Flow.Steps {
		for j := range c.service.Flow.Steps[i].Actions {
			if &c.service.Flow.Steps[i].Actions[j] == a {
				return c.service.Flow.Steps[i].ID
			}
		}
	}
	return ""
}

// reasons: a rejection has legal grounds to choose from; nothing else has.
func (c *checks) reasons(at string, a *Action) {
	c.distinct(len(a.Reasons), at+".reasons[%d].id", func(i int) string { return a.Reasons[i].ID })
	switch {
	case a.Kind == ActReject && len(a.Reasons) == 0 && c.clean(at):
		c.at(c.first(at+".reasons", at), "reject_without_reasons")
	case a.Kind != ActReject && a.Reasons != nil:
		c.at(at+".reasons", "action_attribute", "key", "reasons", "action", string(a.Kind))
	}
}

// actionKeys are the keys that only some kinds of action have.
var actionKeys = []struct {
	key   string
	kinds []ActionKind
}{
	{"max", []ActionKind{ActReturn, ActSendBack, ActReopen}},
	{"over", []ActionKind{ActReturn, ActSendBack}},
	{"outcome", []ActionKind{ActAnswered}},
	{"units", []ActionKind{ActDispatch, ActAsk}},
	{"consult", []ActionKind{ActAsk}},
}

// returns: only some kinds have a bound, and a role that may go over it; only an
// answer of another case has that case's outcome.
func (c *checks) returns(at string, a *Action) {
	for _, k := range actionKeys {
		key := k.key
		if c.has(at+"."+key) && !slices.Contains(k.kinds, a.Kind) {
			c.at(at+"."+key, "action_attribute", "key", key, "action", string(a.Kind))
			return
		}
	}
	if c.has(at+".max") && a.Max < 1 && c.clean(at+".max") {
		c.at(at+".max", "not_positive")
	}
	c.knownRole(at+".over", a.Over)
}

// late checks what lateness does at a limit; step is nil for the promised limit.
func (c *checks) late(at string, l *Limit, step *Step) {
	owned := false
	for i := range l.Late {
		c.lateAction(fmt.Sprintf("%s.late[%d]", at, i), &l.Late[i], step)
		owned = owned || l.Late[i].Do != "remind"
	}
	if !owned && c.clean(at) {
		c.at(c.first(at+".late", at), "lateness_without_owner")
	}
}

// lateAction checks one thing that lateness does.
func (c *checks) lateAction(at string, l *Late, step *Step) {
	if l.Do == "" {
		return
	}
	if !c.lateKeys(at, l, step) {
		return
	}
	c.knownRole(at+".role", l.Role)
	c.knownUnit(at+".unit", l.Unit)
	target := c.service.Step(l.To)
	switch {
	case l.To == "":
	case l.To == Rejected:
		if l.Do != "close" || step == nil || !c.afterRejection(step) {
			c.at(at+".to", "automatic_rejection", "step", stepName(step))
		}
	case target == nil && !IsOutcome(l.To):
		c.at(at+".to", "unknown_target", "to", l.To)
	case l.Do == "complete" && (step == nil || !step.Complete):
		c.at(at+".do", "late_complete")
	case l.Do == "complete" && target == nil,
		l.Do == "grant" && target == nil && l.To != Granted,
		l.Do == "close" && target != nil,
		l.Do == "grant" && target != nil && target.Kind != "" && !c.yields(target):
		c.at(at+".to", "late_target", "do", l.Do, "to", l.To)
	}
}

// yields reports whether the product comes into being at a step, so that a
// grant by lateness may lead there. A step that makes another kind of product is
// reported as such.
func (c *checks) yields(s *Step) bool {
	if s.Kind == StepIssue || s.Kind == StepMake {
		return true
	}
	switch c.service.Product.Kind {
	case "issued":
		return !c.issues()
	case "handed over":
		return s.Kind == StepDeliver
	}
	return c.service.Product.Kind == ""
}

func stepName(s *Step) string {
	if s == nil {
		return "limit"
	}
	return s.ID
}

// lateKeys checks that each kind of lateness has its keys and no others.
func (c *checks) lateKeys(at string, l *Late, step *Step) bool {
	leads := []string{"grant", "close", "complete"}
	if step != nil && dispatches(step) {
		leads = leads[:2] // it counts as complete where it is
	}
	for _, k := range []struct {
		key, value string
		needed     []string
		allowed    []string
	}{
		{"role", l.Role, []string{"escalate"}, []string{"escalate"}},
		{"unit", l.Unit, nil, []string{"escalate"}},
		{"to", l.To, leads, []string{"grant", "close", "complete"}},
		{"basis", l.Basis, []string{"grant"}, []string{"grant", "complete", "close"}},
	} {
		switch {
		case k.value == "" && slices.Contains(k.needed, l.Do) && !c.has(at+"."+k.key):
			c.at(at, "late_needs", "do", l.Do, "key", k.key)
			return false
		case k.value != "" && !slices.Contains(k.allowed, l.Do):
			c.at(at+"."+k.key, "late_has", "do", l.Do, "key", k.key)
			return false
		}
	}
	return true
}

// afterRejection reports whether a waiting step is reached only by an officer's
// rejection, so that its end merely lets that rejection stand.
func (c *checks) afterRejection(step *Step) bool {
	reached := false
	for _, s := range c.service.Flow.Steps {
		for _, a := range s.Actions {
			if a.To == step.ID {
				if a.Kind != ActReject || s.Actor.Who != "role" {
					return false
				}
				reached = true
			}
		}
		if s.Limit != nil && slices.ContainsFunc(s.Limit.Late, func(l Late) bool { return l.To == step.ID }) {
			return false
		}
	}
	return step.Kind == StepWait && reached
}
