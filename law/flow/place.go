package flow

import (
	"cmp"
	"slices"
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// place is where an act happens: the step of the case, or that of one of its
// branches, and who must act there.
type place struct {
	step   *definition.Step // nil before the case begins, and after its end
	holder fold.Holder
	called []string // posts that lateness has called in there
	branch string   // id of the branch; "" = the case as a whole
}

func (p place) id() string {
	if p.step == nil {
		return ""
	}
	return p.step.ID
}

// holds reports whether by is the one whose turn it is, or one whom lateness has
// called in: at the same unit, where it named no other.
func (p place) holds(by fold.Holder) bool {
	h := p.holder
	if by.Who != "role" || h.Who != "role" {
		return false
	}
	return by.Role == h.Role && by.Unit == h.Unit || slices.ContainsFunc(p.called, func(called string) bool {
		role, unit := fold.Post(called)
		return by.Role == role && by.Unit == cmp.Or(unit, h.Unit)
	})
}

// supervises reports whether by may go over the bound of a return or a sending back.
func (p place) supervises(by fold.Holder, a *definition.Action) bool {
	return by.Who == "role" && a.Over != "" && by.Role == a.Over && by.Unit == p.holder.Unit
}

// whole is the place of the case as one.
func (d *decision) whole() place {
	return place{step: d.Service.Step(d.State.Step), holder: d.State.Holder, called: d.State.CalledIn()}
}

// places are where somebody may act now: the step of the case, or those of its
// branches that have not arrived. A command may name one of them.
func (d *decision) places() []place {
	all := []place{d.whole()}
	if len(d.State.Branches) > 0 {
		all = nil
	}
	for _, b := range d.State.Branches {
		if !b.Arrived {
			all = append(all, d.branchPlace(b))
		}
	}
	return slices.DeleteFunc(all, func(p place) bool {
		return p.step == nil || d.Command.Step != "" && d.Command.Step != p.step.ID
	})
}

func (d *decision) branchPlace(b fold.Branch) place {
	return place{step: d.Service.Step(b.Step), holder: b.Holder, called: b.CalledIn(), branch: b.ID}
}

// placeAt is the place at a step.
func (d *decision) placeAt(step string) place {
	for _, b := range d.State.Branches {
		if b.Step == step && !b.Arrived {
			return d.branchPlace(b)
		}
	}
	return d.whole()
}

// stand finds the place for an act: where it is offered at all, and this actor
// may do it. An officer who holds several of them says which is meant.
func (d *decision) stand(offered func(place) bool, may func(place) bool) error {
	var there []place
	for _, p := range d.places() {
		if offered(p) {
			there = append(there, p)
		}
	}
	if len(there) == 0 {
		return errNoAction()
	}
	there = slices.DeleteFunc(there, func(p place) bool { return !may(p) })
	switch {
	case len(there) == 0:
		return errNotYours()
	case len(there) > 1 && d.Command.By.Who == "role":
		return fault.New(fault.Conflict, "flow.which_branch")
	}
	d.here = there[0]
	return nil
}

// part begins every branch of a parallel step.
func (d *decision) part(ch *fold.Change, parallel *definition.Step, at time.Time) error {
	for _, id := range parallel.Branches {
		step := d.Service.Step(id)
		if step == nil {
			return fault.New(fault.Internal, "fault.internal")
		}
		ch.Branches = append(ch.Branches, fold.Branch{ID: id, Step: id, Holder: d.holderOf(step)})
		if err := d.clocks.begin(ch, step, at); err != nil {
			return err
		}
	}
	return nil
}

// along moves one branch: to its next step, or to where it waits for the others.
func (d *decision) along(ch *fold.Change, target string, at time.Time) error {
	d.clocks.leave(ch, d.here.id(), at)
	if target == d.State.Step {
		ch.Branches = []fold.Branch{{ID: d.here.branch, Arrived: true, Holder: fold.Holder{Who: "none"}}}
		return nil
	}
	step := d.Service.Step(target)
	ch.Branches = []fold.Branch{{ID: d.here.branch, Step: target, Holder: d.holderOf(step)}}
	return d.clocks.begin(ch, step, at)
}

// within reports whether a target belongs to the branch where the act happens:
// the step where branches meet, or another step of it.
func (d *decision) within(target string) bool {
	return target == d.State.Step || slices.Contains(d.Service.Branch(d.State.Step, d.here.branch), target)
}
