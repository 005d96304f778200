package flow

import "pendopo/law/definition"

// Offers are the actions of the present step that in.Command.By may carry out
// now, in the order of the definition. One whose condition cannot be evaluated
// is offered: a person decides. Deciding is still Decide's.
func Offers(in Input) []definition.Action {
	d := &decision{Input: in, clocks: newClocks(in)}
	step := in.Service.Step(in.State.Step)
	if step == nil || !in.State.Open() || in.State.Shredded {
		return nil
	}
	var out []definition.Action
	for i := range step.Actions {
		if a := &step.Actions[i]; d.mayAct(a) && d.offered(step, a) == nil {
			out = append(out, *a)
		}
	}
	return out
}
