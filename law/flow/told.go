package flow

import (
	"slices"
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// told records that notice was given, and begins the applicant's time where that
// runs from then: once for each time that the case comes to the step.
func (d *decision) told() error {
	t := d.Facts.Told
	if t == nil || t.Notice == "" || !slices.Contains(Means(), t.Channel) {
		return errNoAction()
	}
	ch := fold.Change{Step: t.Step, Notice: t.Notice, Means: t.Channel}
	if step := d.Service.Step(t.Step); step != nil && d.State.Step == t.Step && d.waitsForNotice(step) && !d.outdated(t) {
		ch.Deadline = step.ID
		if err := d.clocks.own(&ch, step, d.noticeAt(t.At)); err != nil {
			return err
		}
	}
	d.emit(fold.Told, ch, Private{})
	return nil
}

// waitsForNotice reports whether the time of the present step runs from notice,
// and none has been given since the case came there.
func (d *decision) waitsForNotice(step *definition.Step) bool {
	if step.Limit == nil || step.Limit.Starts != "told" {
		return false
	}
	return !slices.ContainsFunc(d.sinceArrival(), func(m fold.Mark) bool { return m.Kind == fold.Told && m.Deadline == step.ID })
}

// outdated reports whether what was told is of an earlier time that the case was
// at its present step: of what it waits for now nobody has heard by that.
func (d *decision) outdated(t *Told) bool {
	marks := d.sinceArrival()
	return t.Version > 0 && len(marks) > 0 && t.Version < marks[0].Version
}

// sinceArrival are the marks since the case came to its present step, that one
// first.
func (d *decision) sinceArrival() []fold.Mark {
	for i := len(d.State.Marks) - 1; i >= 0; i-- {
		if d.State.Marks[i].To == d.State.Step {
			return d.State.Marks[i:]
		}
	}
	return d.State.Marks
}

// noticeAt is when notice was given: not before there was anything to tell, and
// not after now.
func (d *decision) noticeAt(at time.Time) time.Time {
	if at.IsZero() || at.After(d.Now) {
		return d.Now
	}
	if marks := d.sinceArrival(); len(marks) > 0 && at.Before(marks[0].At) {
		return marks[0].At
	}
	return at
}

// The bounds of a message between applicant and officer.
const (
	MostMessage = 2000 // characters

	MostUnanswered = 20 // messages of an applicant before an officer does something
	MostWith       = 3  // files
)

// write is a message; it moves nothing.
func (d *decision) write() error {
	if !d.Service.Messages {
		return fault.New(fault.Conflict, "flow.no_messages")
	}
	if by := d.Command.By; by.Who != "applicant" && !d.concerns(by) {
		return errNotYours()
	}
	words, flt := form.Words("note", d.Command.Note, true, MostMessage)
	switch {
	case d.Command.By.Who == "applicant" && unanswered(d.State) >= MostUnanswered:
		return fault.New(fault.Conflict, "flow.messages_unanswered").With("n", int64(MostUnanswered))
	case flt != nil:
		return fault.New(fault.Invalid, "flow.message_long").At("note").With("n", int64(MostMessage))
	case words == "" && len(d.Command.Files) == 0:
		return fault.New(fault.Invalid, "flow.words_missing").At("note")
	case len(d.Command.Files) > MostWith:
		return fault.New(fault.Invalid, "flow.message_files").At("files").With("n", int64(MostWith))
	}
	d.emit(fold.Wrote, fold.Change{Files: d.Command.Files}, Private{Note: words})
	return nil
}

// unanswered counts the applicant's messages since an officer last did something.
func unanswered(c fold.Case) (n int) {
	for _, m := range slices.Backward(c.Marks) {
		switch {
		case m.By != nil && m.By.Who == "role":
			return n
		case m.Kind == fold.Wrote:
			n++
		}
	}
	return n
}

// concerns reports whether somebody is of the unit that has the case, or it is
// their turn.
func (d *decision) concerns(by fold.Holder) bool {
	return by.Who == "role" && (by.Unit == d.State.Unit || slices.ContainsFunc(d.places(), func(p place) bool { return p.holds(by) }))
}
