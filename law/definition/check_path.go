package definition

import (
	"fmt"
	"slices"
)

// edges are the targets that a step can lead to: by its actions, by its own
// lateness, and by the lateness of the promised limit. What a parallel step
// enters is a way in, and no way out: see reachable.
func (c *checks) edges(s *Step) []string {
	var to []string
	for _, a := range s.Actions {
		to = append(to, a.To)
	}
	if s.Limit != nil {
		to = append(to, lateTargets(s.Limit)...)
	}
	switch s.Kind {
	case StepReview, StepDecide, StepConsult, StepMake: // where the promised clock still runs
		to = append(to, lateTargets(&c.service.Limit)...)
	}
	return to
}

func lateTargets(l *Limit) (to []string) {
	for _, late := range l.Late {
		if late.To != "" {
			to = append(to, late.To)
		}
	}
	return to
}

// paths checks the flow as a whole: every step can be reached, every step leads
// to an end, no loop goes on for ever, and nothing is granted without its product.
func (c *checks) paths() {
	steps := c.service.Flow.Steps
	if c.service.Step(c.service.Flow.Start) == nil {
		return
	}
	reached := c.reachable(c.service.Flow.Start, func(*Step) bool { return true })
	aimed := c.wellAimed()
	for i := range steps {
		s, at := &steps[i], fmt.Sprintf("flow.steps[%d]", i)
		if s.ID != "" && !reached[s.ID] && aimed {
			c.at(c.first(at+".id", at), "unreachable_step", "step", s.ID)
		}
	}
	if aimed {
		for _, id := range c.traps() {
			c.at(c.stepPath(id), "no_way_to_an_end", "step", id)
		}
	}
	if loop := c.loop(); loop != "" {
		c.at(c.stepPath(loop), "endless_loop", "step", loop)
	}
	c.grantedWithProduct()
}

// wellAimed reports whether all targets exist: else what seems unreachable is
// only the other end of a wrong target.
func (c *checks) wellAimed() bool { return c.clean("flow") && c.clean("limit") }

func (c *checks) stepPath(id string) string {
	i := slices.IndexFunc(c.service.Flow.Steps, func(s Step) bool { return s.ID == id })
	return fmt.Sprintf("flow.steps[%d].id", i)
}

// reachable are the targets reached from a step over steps that pass.
func (c *checks) reachable(from string, pass func(*Step) bool) map[string]bool {
	seen := map[string]bool{}
	queue := []string{from}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		if seen[id] {
			continue
		}
		seen[id] = true
		if s := c.service.Step(id); s != nil && pass(s) {
			queue = append(append(queue, c.edges(s)...), s.Branches...)
		}
	}
	return seen
}

// traps are the steps from which no outcome can be reached: those with no way
// on at all, or else the first of a ring.
func (c *checks) traps() []string {
	ends := c.ending()
	var lost, last []string
	for i := range c.service.Flow.Steps {
		s := &c.service.Flow.Steps[i]
		if s.ID == "" || ends[s.ID] {
			continue
		}
		lost = append(lost, s.ID)
		if !slices.ContainsFunc(c.edges(s), func(to string) bool { return c.service.Step(to) != nil }) {
			last = append(last, s.ID)
		}
	}
	if len(last) > 0 || len(lost) == 0 {
		return last
	}
	return lost[:1]
}

// ending are the steps from which some outcome can be reached without the
// applicant taking the matter back.
func (c *checks) ending() map[string]bool {
	ends := map[string]bool{}
	for changed := true; changed; {
		changed = false
		for i := range c.service.Flow.Steps {
			s := &c.service.Flow.Steps[i]
			if ends[s.ID] {
				continue
			}
			if slices.ContainsFunc(c.edges(s), func(to string) bool { return ends[to] || (IsOutcome(to) && to != Withdrawn) }) {
				ends[s.ID], changed = true, true
			}
		}
	}
	return ends
}

// loop finds a step to which a case can come again and again without being
// returned, sent back or reopened: these are bounded, all other ways must not
// lead back.
func (c *checks) loop() string {
	unbounded := func(a Action) bool {
		return !slices.Contains([]ActionKind{ActReturn, ActWithdraw, ActSendBack, ActReopen, ActAsk}, a.Kind)
	}
	for _, s := range c.service.Flow.Steps {
		for _, a := range s.Actions {
			if unbounded(a) && c.service.Step(a.To) != nil && c.leads(a.To, s.ID, unbounded) {
				return s.ID
			}
		}
	}
	return ""
}

// issues reports whether some step makes the product.
func (c *checks) issues() bool {
	return slices.ContainsFunc(c.service.Flow.Steps, func(s Step) bool { return s.Kind == StepIssue })
}

// grantedWithProduct checks that no way to "granted" misses the step at which
// the product comes into being: where it is issued, where it was made
// elsewhere, or where an officer hands it over.
func (c *checks) grantedWithProduct() {
	if !c.clean("flow") || !c.clean("limit") || (c.issues() && c.service.Product.Kind != "issued") {
		return // a step that issues what is not issued is reported with the product
	}
	var code string
	var makes func(*Step) bool
	switch c.service.Product.Kind {
	case "issued":
		code, makes = "no_issue_step", func(s *Step) bool { return s.Kind == StepIssue }
	case "made elsewhere":
		code, makes = "no_make_step", func(s *Step) bool { return s.Kind == StepMake }
	case "handed over":
		code, makes = "no_handover_step", func(s *Step) bool { return s.Kind == StepDeliver && s.Actor.Who == "role" }
	default:
		return
	}
	if !slices.ContainsFunc(c.service.Flow.Steps, func(s Step) bool { return makes(&s) }) {
		c.at("flow.steps", code)
		return
	}
	without := c.reachable(c.service.Flow.Start, func(s *Step) bool { return !makes(s) })
	if !without[Granted] {
		return
	}
	for i := range c.service.Flow.Steps {
		s := &c.service.Flow.Steps[i]
		if without[s.ID] && !makes(s) && slices.Contains(c.edges(s), Granted) {
			c.at(fmt.Sprintf("flow.steps[%d].id", i), "granted_without_product", "step", s.ID)
			return
		}
	}
}
