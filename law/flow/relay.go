package flow

import (
	"slices"

	"pendopo/kernel/fault"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/law/redact"
)

// relay is an officer's word on what another government said of the case: it goes
// to the applicant, among what everybody reads, both, or nowhere. Once; and
// whatever was said, the case stands where it stood.
func (d *decision) relay() error {
	w := d.Command.Word
	if w == nil || w.From == "" || w.ID == "" {
		return errNoAction()
	}
	if !Publishes(d.Service, d.State, d.Command.By) {
		return errNotYours()
	}
	if Relayed(d.State, *w) {
		return fault.New(fault.Conflict, "flow.relayed_before")
	}
	words, flt := form.Words("words", d.Command.Note, true, MostMessage)
	switch {
	case flt != nil:
		return fault.New(fault.Invalid, "flow.message_long").At("words").With("n", int64(MostMessage))
	case words == "":
		return fault.New(fault.Invalid, "flow.words_missing").At("words")
	}
	switch w.As {
	case fold.WordMessage:
		return d.passOn(*w, words)
	case fold.WordPublic, fold.WordBoth:
		if d.State.Public == nil {
			return fault.New(fault.Conflict, "flow.not_shown")
		}
		return d.passOn(*w, redact.Mask(words))
	case fold.WordAside:
		d.emit(fold.Relayed, fold.Change{Word: w}, Private{Note: words})
		return nil
	}
	return errNoAction()
}

// passOn emits the message to the applicant, where there is one, and then that
// the word was passed on, with the words as they were.
func (d *decision) passOn(w fold.Word, words string) error {
	if w.As != fold.WordPublic {
		if !d.Service.Messages {
			return fault.New(fault.Conflict, "flow.no_messages")
		}
		d.emit(fold.Wrote, fold.Change{}, Private{Note: words})
	}
	d.emit(fold.Relayed, fold.Change{Word: &w}, Private{Note: words})
	return nil
}

// Relayed reports whether an officer has looked at a word of another government
// before.
func Relayed(c fold.Case, w fold.Word) bool {
	return slices.ContainsFunc(c.Marks, func(m fold.Mark) bool {
		return m.Kind == fold.Relayed && m.Word != nil && m.Word.From == w.From && m.Word.ID == w.ID
	})
}
