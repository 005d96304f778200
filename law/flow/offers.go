package flow

import (
	"slices"

	"pendopo/law/definition"
)

// Offers are the actions that in.Command.By may carry out now, in the order of
// the definition: of the present step, of the branch that the command names, or
// of every branch. One whose condition cannot be evaluated is offered: a person
// decides. Opening again is offered as often as it may be. Deciding is still
// Decide's.
func Offers(in Input) []definition.Action {
	if !in.State.Open() || in.State.Shredded {
		return nil
	}
	d := begin(in)
	var out []definition.Action
	for _, p := range d.places() {
		for i := range p.step.Actions {
			a := &p.step.Actions[i]
			named := slices.ContainsFunc(out, func(o definition.Action) bool { return o.ID == a.ID })
			used := a.Kind == definition.ActReopen && d.State.Reopened >= a.Most()
			if !named && !used && d.mayAct(p, a) && d.offered(p.step, a) == nil {
				out = append(out, *a)
			}
		}
	}
	return out
}

// Reads reports whether a command on a case may ask a rule that names answers:
// those of the step where it is, and of the steps that it could lead to.
func Reads(s *definition.Service, in func(step string) bool) bool {
	near := map[string]bool{}
	var reach func(id string)
	reach = func(id string) {
		step := s.Step(id)
		if step == nil || near[id] {
			return
		}
		near[id] = true
		for _, b := range step.Branches {
			reach(b)
		}
		if step.Kind == definition.StepParallel || len(step.Straight) > 0 {
			for _, a := range step.Actions {
				reach(a.To)
			}
		}
	}
	promise := false
	for _, step := range s.Flow.Steps {
		if !in(step.ID) {
			continue
		}
		if asks(step) {
			return true
		}
		promise = promise || step.Complete
		for _, a := range step.Actions {
			reach(a.To)
		}
		for _, l := range lateOf(step.Limit, &s.Limit) {
			reach(l.To)
		}
	}
	if promise && len(s.Limit.Cases) > 0 {
		return true
	}
	return slices.ContainsFunc(s.Flow.Steps, func(x definition.Step) bool {
		return near[x.ID] && (len(x.Straight) > 0 || x.Limit != nil && len(x.Limit.Cases) > 0)
	})
}

func lateOf(limits ...*definition.Limit) (out []definition.Late) {
	for _, l := range limits {
		if l != nil {
			out = append(out, l.Late...)
		}
	}
	return out
}

// asks reports whether rules of a step itself name answers.
func asks(s definition.Step) bool {
	return slices.ContainsFunc(s.Actions, func(a definition.Action) bool { return a.When != "" || asksBy(a.Fields) }) ||
		slices.ContainsFunc(s.Checklist, func(c definition.CheckLine) bool { return c.When != "" })
}

// asksBy reports whether what an action asks stands under rules.
func asksBy(fields []definition.Field) bool {
	return slices.ContainsFunc(definition.Asked(fields), func(f *definition.Field) bool {
		return f.Show != "" || f.Require != "" || len(f.Valid) > 0
	})
}
