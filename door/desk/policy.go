package desk

import (
	"cmp"

	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/policy"
)

// resource is a case as far as deciding access needs it.
func resource(c fold.Case, s *definition.Service) policy.Case {
	out := policy.Case{ID: c.Stream, Unit: c.Unit, Shows: shows(c, s)}
	if c.Document != nil && c.Revoked == "" && !c.Shredded {
		signs := flow.Signs(s, c)
		out.Signs = &policy.Post{Unit: signs.Unit, Role: signs.Role}
	}
	if c.Holder.Who != "role" || !c.Open() {
		return out
	}
	out.Turn = &policy.Post{Unit: c.Holder.Unit, Role: c.Holder.Role}
	if a := returning(s.Step(c.Step)); a != nil && a.Over != "" {
		out.Over = &policy.Post{Unit: c.Holder.Unit, Role: a.Over}
	}
	for _, called := range c.CalledIn() {
		role, unit := fold.Post(called)
		out.Escalated = append(out.Escalated, policy.Post{Unit: cmp.Or(unit, c.Holder.Unit), Role: role})
	}
	return out
}

// shows are the posts that may show a case to the public: those of the steps
// that publish.
func shows(c fold.Case, s *definition.Service) (out []policy.Post) {
	for _, step := range s.Flow.Steps {
		if a := step.Actor; step.Publish && a.Who == "role" {
			out = append(out, policy.Post{Unit: cmp.Or(a.Unit, c.Unit), Role: a.Role})
		}
	}
	return out
}

// returning is the action of a step that sends back, to the applicant or to
// whoever sent the matter here, if it has one.
func returning(s *definition.Step) *definition.Action {
	if s == nil {
		return nil
	}
	for i := range s.Actions {
		if k := s.Actions[i].Kind; k == definition.ActReturn || k == definition.ActSendBack {
			return &s.Actions[i]
		}
	}
	return nil
}

// used says whether a step's returns are used up, so that only a supervisor may
// send back once more.
func used(c fold.Case, a definition.Action) bool {
	return c.Returns[c.Step] >= max(a.Max, 1)
}

// purposes for which this officer may open the case: handle before supervise.
func (d *Door) purpose(m me, what policy.Case) policy.Purpose {
	for _, p := range []policy.Purpose{policy.Handle, policy.Supervise} {
		if d.mayOpen(m, what, p) == nil {
			return p
		}
	}
	return ""
}

func (d *Door) mayOpen(m me, what policy.Case, p policy.Purpose) error {
	return d.Identity.Require(m.ctx, policy.Request{Principal: m.Officer, Action: policy.Open, Resource: what, Purpose: p})
}

// mayAct asks about one deed; going over the number of returns is a question of
// its own, which replaces the one about the turn.
func (d *Door) mayAct(m me, what policy.Case, deed string) error {
	return d.Identity.Require(m.ctx, policy.Request{Principal: m.Officer, Action: policy.Act, Resource: what, Deed: deed})
}

// capacity is the post in which this officer acts on a case: the one whose turn
// it is, the one that may go over, or one that lateness called in.
func capacity(m me, what policy.Case) fold.Holder {
	wanted := []*policy.Post{what.Turn, what.Over}
	for i := range what.Escalated {
		wanted = append(wanted, &what.Escalated[i])
	}
	for i := range what.Shows {
		wanted = append(wanted, &what.Shows[i])
	}
	for _, w := range wanted {
		for _, p := range m.Posts {
			if w != nil && p == *w {
				return fold.Holder{Who: "role", Role: p.Role, Unit: p.Unit}
			}
		}
	}
	for _, p := range m.Posts {
		if p.Unit == what.Unit {
			return fold.Holder{Who: "role", Role: p.Role, Unit: p.Unit}
		}
	}
	return fold.Holder{}
}
