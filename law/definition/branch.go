package definition

import "slices"

// forward reports whether an action carries a case on, rather than back or out.
func forward(a Action) bool {
	switch a.Kind {
	case ActSubmit, ActApprove, ActForward, ActIssue, ActDeliver, ActJoin, ActAnswered, ActMake,
		ActDispatch, ActFinish, ActConfirm:
		return true
	}
	return false
}

// inBranch are the kinds of step that can stand in a branch: those of officers
// and of other units.
var inBranch = []StepKind{StepReview, StepDecide, StepConsult, StepMake}

// Branch is the ids of the steps of one branch of a parallel step: those of
// officers and other units that are reached from its first step by going
// forward, until it arrives back at the parallel step. Whatever is outside ends
// all branches.
func (s *Service) Branch(parallel, first string) []string {
	var ids []string
	var walk func(id string)
	walk = func(id string) {
		step := s.Step(id)
		if step == nil || id == parallel || !slices.Contains(inBranch, step.Kind) || slices.Contains(ids, id) {
			return
		}
		ids = append(ids, id)
		for _, a := range step.Actions {
			if forward(a) {
				walk(a.To)
			}
		}
		if step.Limit != nil {
			for _, l := range step.Limit.Late {
				if l.Do == "complete" {
					walk(l.To)
				}
			}
		}
	}
	walk(first)
	return ids
}

// Parallel is the parallel step in one of whose branches a step stands, and the
// first step of that branch; nil and "" for a step in no branch.
func (s *Service) Parallel(step string) (parallel *Step, first string) {
	for i := range s.Flow.Steps {
		p := &s.Flow.Steps[i]
		for _, first := range p.Branches {
			if slices.Contains(s.Branch(p.ID, first), step) {
				return p, first
			}
		}
	}
	return nil, ""
}
