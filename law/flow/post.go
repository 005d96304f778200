package flow

import (
	"slices"
	"time"

	"pendopo/kernel/fault"
	"pendopo/law/fold"
)

// Post says that an officer posted a letter with a notice, or that it came back.
type Post struct {
	Notice string
	Day    string // posted: the date, as the office counts days
	Number string // registered mail: the number of its receipt; sealed, for by it the post names the receiver
	Back   string // it came back: one of Backs; "" = it was posted
}

// Backs are the reasons for which the post brings a letter back.
func Backs() []string { return []string{"unknown", "moved", "refused", "unclaimed"} }

// MostPostNumber is how long the number of registered mail may be, in characters.
const MostPostNumber = 40

// post records what an officer of the unit did with a letter. It moves nothing:
// when it counts as arrived, notice was given, which is an event of its own.
func (d *decision) post() error {
	p := d.Facts.Post
	if p == nil || p.Notice == "" {
		return errNoAction()
	}
	if d.Command.By.Who != "role" {
		return errNotYours()
	}
	if p.Back != "" {
		if !slices.Contains(Backs(), p.Back) {
			return fault.New(fault.Invalid, "flow.reason_not_listed").At("reason")
		}
		d.emit(fold.CameBack, fold.Change{Step: d.State.Step, Notice: p.Notice, Means: "letter", Reason: p.Back}, Private{})
		return nil
	}
	if _, err := time.Parse(time.DateOnly, p.Day); err != nil || len([]rune(p.Number)) > MostPostNumber {
		return errNoAction()
	}
	d.emit(fold.Posted, fold.Change{Step: d.State.Step, Notice: p.Notice, Means: "letter", Day: p.Day}, Private{Number: p.Number})
	return nil
}

// notified are the events by which somebody is written to: no news to whoever acts.
func notified(kind string) bool {
	return kind == fold.Told || kind == fold.Posted || kind == fold.CameBack
}
