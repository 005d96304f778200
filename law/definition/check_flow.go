package definition

import (
	"fmt"
	"slices"
)

// flow checks each step by itself: its actor, actions, limit and lateness.
func (c *checks) flow() {
	steps := c.service.Flow.Steps
	c.distinct(len(steps), "flow.steps[%d].id", func(i int) string { return steps[i].ID })
	if len(steps) == 0 && c.has("flow.steps") && c.clean("flow.steps") {
		c.at("flow.steps", "empty_list")
		return
	}
	c.start()
	for i := range steps {
		c.step(fmt.Sprintf("flow.steps[%d]", i), &steps[i])
	}
	for i := range steps {
		if at := fmt.Sprintf("flow.steps[%d]", i); steps[i].Kind == StepParallel && c.has(at+".branches") {
			c.branches(at, &steps[i])
		}
	}
	c.completeness()
}

// start checks that a case begins where the applicant fills in the form.
func (c *checks) start() {
	start := c.service.Flow.Start
	if start == "" {
		return
	}
	step := c.service.Step(start)
	switch {
	case step == nil:
		c.at("flow.start", "unknown_step", "step", start)
	case step.Kind != "" && step.Kind != StepFill:
		c.at("flow.start", "start_kind", "step", start)
	}
}

func (c *checks) step(at string, s *Step) {
	if IsOutcome(s.ID) {
		c.at(at+".id", "step_is_outcome", "id", s.ID)
	}
	c.actor(at, s)
	c.knownFields(at+".sees", s.Sees)
	for i, id := range s.Stops {
		if id != "" && c.service.Stop(id) == nil {
			c.at(fmt.Sprintf("%s.stops[%d]", at, i), "unknown_stop", "stop", id)
		}
	}
	c.distinct(len(s.Checklist), at+".checklist[%d].id", func(i int) string { return s.Checklist[i].ID })
	for i, check := range s.Checklist {
		c.knownFields(fmt.Sprintf("%s.checklist[%d].fields", at, i), check.Fields)
	}
	if s.Checklist != nil && s.Kind != "" && s.Kind != StepReview {
		c.at(at+".checklist", "checklist_kind")
	}
	if s.Kind == StepReview && len(s.Checklist) == 0 && c.clean(at) {
		c.at(at, "review_without_checklist", "step", s.ID)
	}
	c.distinct(len(s.Actions), at+".actions[%d].id", func(i int) string { return s.Actions[i].ID })
	for i := range s.Actions {
		c.action(fmt.Sprintf("%s.actions[%d]", at, i), s, &s.Actions[i])
	}
	c.stepLimit(at, s)
	c.stepParts(at, s)
}

// actor checks who acts at a step of this kind.
func (c *checks) actor(at string, s *Step) {
	c.knownRole(c.first(at+".actor.role", at+".actor"), s.Actor.Role)
	c.knownUnit(c.first(at+".actor.unit", at+".actor"), s.Actor.Unit)
	want := map[StepKind][]string{
		StepFill: {"applicant"}, StepReview: {"role"}, StepDecide: {"role"}, StepIssue: {"system"},
		StepDeliver: {"applicant", "role"}, StepWait: {"applicant", "system"},
		StepParallel: {"system"}, StepConsult: {"system"}, StepMake: {"role"},
	}[s.Kind]
	if s.Kind == "" || s.Actor.Who == "" || slices.Contains(want, s.Actor.Who) {
		return
	}
	if s.Kind == StepDecide && s.Actor.Who == "system" && rejects(s) {
		return // reported as an automatic rejection at the action
	}
	c.at(at+".actor", "actor_kind", "kind", string(s.Kind), "actor", s.Actor.Who)
}

func rejects(s *Step) bool {
	return slices.ContainsFunc(s.Actions, func(a Action) bool { return a.Kind == ActReject })
}

// stepLimit checks that whoever must act has a time, and lateness an owner.
func (c *checks) stepLimit(at string, s *Step) {
	if s.Limit == nil {
		if c.needsLimit(s) && !c.has(at+".limit") {
			c.at(c.first(at+".id", at), "step_without_limit", "step", s.ID)
		}
		return
	}
	switch applicants := (s.Kind == StepWait || s.Kind == StepFill) && s.Actor.Who == "applicant"; {
	case !c.has(at+".limit.starts") || !c.clean(at+".limit.starts"):
	case s.Limit.Starts != "told":
		c.at(at+".limit.starts", "starts_of_step")
	case !applicants && s.Kind != "" && s.Actor.Who != "":
		c.at(at+".limit.starts", "told_of_officer")
	case slices.Equal(c.service.Channels, []string{"internal"}):
		c.at(at+".limit.starts", "told_nobody")
	}
	c.late(at+".limit", s.Limit, s)
}

// needsLimit reports whether a step must have a time limit: an officer's, one
// that waits, and one to which a case is returned.
func (c *checks) needsLimit(s *Step) bool {
	if s.Actor.Who == "role" || s.Kind == StepWait {
		return true
	}
	for _, other := range c.service.Flow.Steps {
		for _, a := range other.Actions {
			if (a.Kind == ActReturn || a.Kind == ActFinish) && a.To == s.ID {
				return true
			}
		}
	}
	return false
}

// completeness checks the step that judges whether a file is complete.
func (c *checks) completeness() {
	starts := c.service.Limit.Starts == "complete"
	found := -1
	for i := range c.service.Flow.Steps {
		s, at := &c.service.Flow.Steps[i], fmt.Sprintf("flow.steps[%d]", i)
		if !s.Complete {
			continue
		}
		switch {
		case found >= 0:
			c.at(at+".complete", "two_completeness_steps")
		case s.Kind != "" && s.Kind != StepReview:
			c.at(at+".complete", "completeness_kind")
		case !starts && c.service.Limit.Starts != "told" && c.clean("limit"):
			c.at(at+".complete", "completeness_unused")
		case starts:
			c.completenessStep(at, s)
		}
		found = i
	}
	if starts && found < 0 {
		c.at("limit.starts", "complete_without_step")
	}
}

// completenessStep: lateness counts as complete, and there is at most one return.
func (c *checks) completenessStep(at string, s *Step) {
	if s.Limit != nil && c.clean(at+".limit") && !slices.ContainsFunc(s.Limit.Late, func(l Late) bool { return l.Do == "complete" }) {
		c.at(at+".limit", "completeness_lateness")
	}
	c.returnsBefore(s)
}

// returnsBefore counts the returns on the way to the end of completeness.
func (c *checks) returnsBefore(complete *Step) {
	seen := false
	for i := range c.service.Flow.Steps {
		s := &c.service.Flow.Steps[i]
		if s.ID != complete.ID && !c.leads(s.ID, complete.ID, forward) {
			continue
		}
		for j, a := range s.Actions {
			if a.Kind != ActReturn {
				continue
			}
			at := fmt.Sprintf("flow.steps[%d].actions[%d]", i, j)
			switch {
			case seen:
				c.at(at, "returns_before_complete")
			case a.Max > 1:
				c.at(at+".max", "returns_before_complete")
			case a.Over != "":
				c.at(at+".over", "returns_before_complete")
			}
			seen = true
		}
	}
}

// leads reports whether actions of a kind lead from a step to another.
func (c *checks) leads(from, to string, along func(Action) bool) bool {
	seen := map[string]bool{}
	var walk func(id string) bool
	walk = func(id string) bool {
		if id == to {
			return true
		}
		s := c.service.Step(id)
		if s == nil || seen[id] {
			return false
		}
		seen[id] = true
		return slices.ContainsFunc(s.Actions, func(a Action) bool { return along(a) && walk(a.To) })
	}
	return walk(from)
}
