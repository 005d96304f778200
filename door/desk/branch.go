package desk

import (
	"net/http"
	"slices"

	"pendopo/law/fold"
)

// A case that goes several ways at once is shown to each officer as the branch
// that is theirs: its step, its holder, its clock.

// seenBy is a case as this officer meets it: at the branch that was asked for, else
// at the first that one of their posts holds, else as a whole.
func seenBy(m me, c fold.Case, asked string) fold.Case {
	if v := c.In(asked); len(c.Branches) > 0 && v.Step != c.Step {
		return v
	}
	for _, b := range c.Branches {
		holds := func(unit, role string) bool {
			return unit == b.Holder.Unit && (role == b.Holder.Role || slices.Contains(b.CalledIn(), role))
		}
		for _, p := range m.Posts {
			if !b.Arrived && holds(p.Unit, p.Role) {
				return c.In(b.Step)
			}
		}
	}
	return c
}

// askedStep is the branch that a request names, in its address or its form. A form
// that is still to be read part by part names it in the address.
func askedStep(r *http.Request) string {
	if step := r.URL.Query().Get("step"); step != "" {
		return step
	}
	return r.PostForm.Get("step")
}

// onBranch is the step of the branch before this officer; empty when the case goes
// one way only.
func (x *matter) onBranch() string {
	if slices.ContainsFunc(x.c.Branches, func(b fold.Branch) bool { return b.Step == x.c.Step }) {
		return x.c.Step
	}
	return ""
}

// at is an address of the case, for the branch that is before this officer.
func (x *matter) at(path string) string {
	if step := x.onBranch(); step != "" {
		return x.base() + path + "?step=" + step
	}
	return x.base() + path
}
