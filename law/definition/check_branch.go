package definition

import (
	"fmt"
	"slices"
)

// stepKeys are the keys that only some kinds of step have, and those that must.
var stepKeys = []struct {
	key    string
	kinds  []StepKind
	needed bool
}{
	{"straight", []StepKind{StepReview, StepDecide}, false},
	{"branches", []StepKind{StepParallel}, true},
	{"consult", []StepKind{StepConsult}, true},
}

// stepParts checks what a step of a certain kind has and others have not.
func (c *checks) stepParts(at string, s *Step) {
	if s.Kind == "" {
		return
	}
	for _, k := range stepKeys {
		fits := slices.Contains(k.kinds, s.Kind)
		switch {
		case c.has(at+"."+k.key) && !fits:
			c.at(at+"."+k.key, "step_attribute", "key", k.key, "kind", string(s.Kind))
			return
		case !c.has(at+"."+k.key) && fits && k.needed:
			c.at(at, "step_needs", "key", k.key, "kind", string(s.Kind))
			return
		}
	}
	for i, x := range s.Straight {
		c.straight(fmt.Sprintf("%s.straight[%d].action", at, i), s, x)
	}
	if s.Kind == StepConsult && s.Consult != nil {
		c.consult(at+".consult", s)
	}
}

// straight: the system itself only carries a case on.
func (c *checks) straight(at string, s *Step, x Straight) {
	if x.Action == "" {
		return
	}
	switch a := s.Action(x.Action); {
	case a == nil:
		c.at(at, "unknown_action", "action", x.Action, "step", s.ID)
	case a.Kind != ActApprove && a.Kind != ActForward && a.Kind != "":
		c.at(at, "straight_kind", "action", x.Action)
	}
}

// branches checks that branches are separate ways which all come back.
func (c *checks) branches(at string, p *Step) {
	c.distinct(len(p.Branches), at+".branches[%d]", func(i int) string { return p.Branches[i] })
	switch {
	case !c.clean(at + ".branches"):
		return
	case len(p.Branches) < 2:
		c.at(at+".branches", "branches_few")
	case len(p.Actions) > 1:
		c.at(at+".actions[1]", "one_join")
	}
	owner := map[string]string{}
	for i, first := range p.Branches {
		at := fmt.Sprintf("%s.branches[%d]", at, i)
		switch step := c.service.Step(first); {
		case step == nil:
			c.at(at, "unknown_step", "step", first)
			return
		case step.Kind != "" && !slices.Contains(inBranch, step.Kind):
			c.at(at, "branch_kind", "kind", string(step.Kind))
			return
		}
	}
	for _, first := range p.Branches {
		for _, id := range c.service.Branch(p.ID, first) {
			if other := owner[id]; other != "" {
				c.at(c.stepPath(id), "branch_shared", "step", id, "first", other, "second", first)
				return
			}
			owner[id] = first
		}
	}
	c.insideBranches(p, owner)
	c.intoBranches(p, owner)
}

// insideBranches: every way forward stays in its branch, or arrives.
func (c *checks) insideBranches(p *Step, owner map[string]string) {
	for i := range c.service.Flow.Steps {
		s := &c.service.Flow.Steps[i]
		if owner[s.ID] == "" {
			continue
		}
		for j, a := range s.Actions {
			at := fmt.Sprintf("flow.steps[%d].actions[%d].to", i, j)
			known := IsOutcome(a.To) || c.service.Step(a.To) != nil
			if forward(a) && known && a.To != p.ID && owner[a.To] != owner[s.ID] && c.clean(at) {
				c.at(at, "branch_leaves", "step", p.ID)
			}
		}
	}
}

// intoBranches: a branch is entered through its parallel step only.
func (c *checks) intoBranches(p *Step, owner map[string]string) {
	for i := range c.service.Flow.Steps {
		s := &c.service.Flow.Steps[i]
		for j, a := range s.Actions {
			if owner[a.To] != "" && owner[s.ID] != owner[a.To] && owner[s.ID] == "" {
				c.at(fmt.Sprintf("flow.steps[%d].actions[%d].to", i, j), "branch_entered", "to", a.To, "step", p.ID)
			}
		}
		if s.Limit == nil {
			continue
		}
		for j, l := range s.Limit.Late {
			if owner[l.To] != "" && owner[s.ID] != owner[l.To] {
				c.at(fmt.Sprintf("flow.steps[%d].limit.late[%d].to", i, j), "branch_entered", "to", l.To, "step", p.ID)
			}
		}
	}
}

// consult checks a question to another unit: a service that may be asked, and
// everything that it surely needs.
func (c *checks) consult(at string, s *Step) {
	c.answered(at, s)
	c.asking(at, s.Consult, nil)
}

// asking checks by a case of which service another unit is asked, and what is
// handed over: of the form, or what the action itself asks.
func (c *checks) asking(at string, q *Consult, a *Action) {
	if q.Service == "" {
		return
	}
	other := c.folder.government.Service(q.Service)
	switch {
	case other == nil && c.folder.unread:
		return
	case other == nil:
		c.at(at+".service", "unknown_service", "service", q.Service, "known", nearestFirst(q.Service, c.folder.serviceIDs()))
		return
	case !slices.Contains(other.Channels, "internal"):
		c.at(at+".service", "consult_channel", "service", q.Service)
		return
	case c.folder.asks(other, c.service.ID, 0):
		c.at(at+".service", "consult_ring", "service", q.Service)
		return
	}
	c.distinct(len(q.Pass), at+".pass[%d].field", func(i int) string { return q.Pass[i].Field })
	passed := map[string]bool{}
	for i, p := range q.Pass {
		c.pass(fmt.Sprintf("%s.pass[%d]", at, i), other, p, a)
		passed[p.Field] = true
	}
	if !c.clean(at) {
		return
	}
	for _, page := range other.Form.Pages {
		for _, f := range page.Fields {
			if other.Always(f.ID) && !passed[f.ID] {
				c.at(at+".pass", "consult_missing", "field", f.ID, "service", other.ID)
				return
			}
		}
	}
}

// answered: every end of the other case leads on here.
func (c *checks) answered(at string, s *Step) {
	ends := map[string]bool{}
	for _, a := range s.Actions {
		if a.Kind == ActAnswered {
			ends[a.Outcome] = true
		}
	}
	if !ends[""] && !(ends[Granted] && ends[Rejected] && ends[Closed]) && c.clean(parent(at)) {
		c.at(at, "consult_end", "step", s.ID)
	}
}

// pass checks one answer that is handed over.
func (c *checks) pass(at string, other *Service, p Pass, a *Action) {
	if p.Field == "" || p.From == "" {
		return
	}
	to, from, always := other.Field(p.Field), c.service.Field(p.From), c.service.Always(p.From)
	if own := a.Field(p.From); own != nil {
		from, always = own, a.Always(p.From)
	}
	switch {
	case from == nil:
		c.at(at+".from", "unknown_field", "field", p.From)
	case from.Vault && a.Field(p.From) == nil:
		c.at(at+".from", "vault_named", "field", p.From)
	case to == nil:
		c.at(at+".field", "consult_field", "field", p.Field, "service", other.ID)
	case from.Kind == "" || to.Kind == "":
	case from.Kind != to.Kind || to.Kind == KindGroup:
		c.at(at+".from", "consult_kind", "from", string(from.Kind), "kind", string(to.Kind))
	case other.Always(to.ID) && !always:
		c.at(at+".from", "consult_optional", "from", from.ID, "field", to.ID)
	default:
		for _, choice := range from.Choices {
			if !slices.ContainsFunc(to.Choices, func(x Choice) bool { return x.ID == choice.ID }) {
				c.at(at+".from", "consult_choice", "choice", choice.ID, "field", to.ID)
				return
			}
		}
	}
}

// asks reports whether a service asks another, itself or through those it asks.
func (f *folder) asks(s *Service, id string, depth int) bool {
	if s == nil || depth > len(f.government.Services) {
		return false
	}
	if s.ID == id {
		return true
	}
	return slices.ContainsFunc(s.Flow.Steps, func(step Step) bool {
		return slices.ContainsFunc(step.Asks(), func(q *Consult) bool { return f.asks(f.government.Service(q.Service), id, depth+1) })
	})
}

func (f *folder) serviceIDs() (ids []string) {
	for _, s := range f.government.Services {
		ids = append(ids, s.ID)
	}
	return ids
}
