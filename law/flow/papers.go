package flow

import (
	"maps"
	"slices"

	"pendopo/kernel/fault"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// papers records that papers awaited at the counter came: kept as files, or
// looked at on paper. It moves neither the step nor a clock.
func (d *decision) papers() error {
	holds := func(p place) bool { return p.holds(d.Command.By) }
	if by := d.Command.By; !slices.ContainsFunc(d.places(), holds) && (by.Who != "role" || by.Unit != d.State.Unit) {
		return errNotYours()
	}
	ch := fold.Change{Pending: slices.Clone(d.State.Pending), Files: d.Command.Files}
	kept := form.Answers{}
	for _, id := range slices.Sorted(maps.Keys(d.Command.Answers)) {
		if !slices.Contains(ch.Pending, id) {
			return fault.New(fault.Conflict, "flow.paper_not_awaited").At(id)
		}
		uploads, onPaper, err := d.Form.Paper(id, d.Command.Answers[id])
		switch {
		case err != nil:
			return err
		case onPaper:
			ch.Seen = append(ch.Seen, id)
		default:
			kept[id] = uploads
		}
		ch.Papers = append(ch.Papers, id)
		ch.Pending = slices.DeleteFunc(ch.Pending, func(x string) bool { return x == id })
	}
	if len(ch.Papers) == 0 {
		return fault.New(fault.Invalid, "flow.paper_none").At("papers")
	}
	p := Private{Note: d.Command.Note}
	if open, sealed := d.Form.Clear(kept), d.Form.Sealed(kept); len(kept) > 0 {
		ch.Answers, p.Answers = open, sealed
	}
	d.emit(fold.Papers, ch, p)
	return nil
}

// awaited parts the papers that the applicant still has to bring from those
// that were looked at before. A return that is about one asks for it anew.
func (d *decision) awaited(clean form.Answers) (pending, seen []string) {
	for _, id := range d.Form.Pending(clean) {
		if slices.Contains(d.State.Seen, id) && !d.sentBack(id) {
			seen = append(seen, id)
		} else {
			pending = append(pending, id)
		}
	}
	return pending, seen
}

// sentBack reports whether the last return is about a field: by its own id, or
// by a line of a checklist that looks at it.
func (d *decision) sentBack(field string) bool {
	for _, step := range d.Service.Flow.Steps {
		for _, line := range step.Checklist {
			if slices.Contains(d.State.Defects, line.ID) && slices.Contains(line.Fields, field) {
				return true
			}
		}
	}
	return slices.Contains(d.State.Defects, field)
}
