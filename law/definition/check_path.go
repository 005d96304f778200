package definition

import (
	"fmt"
	"slices"
)

// edges are the targets that a step can lead to: by its actions, by its own
// lateness, and by the lateness of the promised limit.
func (c *checks) edges(s *Step) []string {
	var to []string
	for _, a := range s.Actions {
		to = append(to, a.To)
	}
	if s.Limit != nil {
		to = append(to, lateTargets(s.Limit)...)
	}
	if s.Kind != StepFill {
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
	ends := c.ending()
	for i := range steps {
		s, at := &steps[i], fmt.Sprintf("flow.steps[%d]", i)
		switch {
		case s.ID == "":
		case !reached[s.ID] && c.wellAimed():
			c.at(c.first(at+".id", at), "unreachable_step", "step", s.ID)
		case !ends[s.ID] && c.clean(at):
			c.at(c.first(at+".id", at), "no_way_to_an_end", "step", s.ID)
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
			queue = append(queue, c.edges(s)...)
		}
	}
	return seen
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

// loop finds a step from which going forward alone leads back to it.
func (c *checks) loop() string {
	for _, s := range c.service.Flow.Steps {
		for _, a := range s.Actions {
			if forward(a) && c.service.Step(a.To) != nil && c.before(a.To, s.ID) {
				return s.ID
			}
		}
	}
	return ""
}

// grantedWithProduct checks that no way to "granted" misses the step that makes
// the product, when the product is issued here.
func (c *checks) grantedWithProduct() {
	if c.service.Product.Kind != "issued" || !c.clean("flow") || !c.clean("limit") {
		return
	}
	issues := slices.ContainsFunc(c.service.Flow.Steps, func(s Step) bool { return s.Kind == StepIssue })
	if !issues {
		c.at("flow.steps", "no_issue_step")
		return
	}
	without := c.reachable(c.service.Flow.Start, func(s *Step) bool { return s.Kind != StepIssue })
	if !without[Granted] {
		return
	}
	for i := range c.service.Flow.Steps {
		s := &c.service.Flow.Steps[i]
		if without[s.ID] && s.Kind != StepIssue && slices.Contains(c.edges(s), Granted) {
			c.at(fmt.Sprintf("flow.steps[%d].id", i), "granted_without_product", "step", s.ID)
			return
		}
	}
}
