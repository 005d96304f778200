package flow

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// The most characters of what everybody may read.
const (
	MostTitle = 120
	MostShown = 4000
)

// Digest is the hash of public words that the record keeps in the clear: in hex.
func Digest(w Words) string {
	sum := sha256.Sum256([]byte(w.Title + "\n\n" + w.Text))
	return hex.EncodeToString(sum[:])
}

// Publishes reports whether somebody may show a case to the public, or hide it:
// who holds it at a step that publishes, or holds the post of such a step.
func Publishes(s *definition.Service, c fold.Case, by fold.Holder) bool {
	if s.Public == nil || by.Who != "role" {
		return false
	}
	d := begin(Input{Service: s, State: c})
	if d.here.step != nil && d.here.step.Publish && d.here.holds(by) {
		return true
	}
	return slices.ContainsFunc(s.Flow.Steps, func(step definition.Step) bool {
		return step.Publish && step.Actor.Who == "role" && step.Actor.Role == by.Role && d.unitOf(step.Actor) == by.Unit
	})
}

// publish shows the case to everybody, in words that an officer has looked at.
// Done again, it replaces them.
func (d *decision) publish() error {
	if d.Service.Public == nil {
		return errNoAction()
	}
	if !Publishes(d.Service, d.State, d.Command.By) {
		return errNotYours()
	}
	if d.State.Outcome == definition.Withdrawn {
		return fault.New(fault.Conflict, "flow.public_withdrawn")
	}
	if d.Command.Public == nil {
		return fault.New(fault.Invalid, "flow.public_words").At("title")
	}
	return d.show(*d.Command.Public)
}

// showing publishes with an act at a step that publishes.
func (d *decision) showing(step *definition.Step) error {
	switch {
	case d.Command.Public == nil:
		return nil
	case !step.Publish || d.Service.Public == nil:
		return errNoAction()
	}
	return d.show(*d.Command.Public)
}

// show writes down the public side of the case.
func (d *decision) show(typed Words) error {
	if err := d.mayBePublic(); err != nil {
		return err
	}
	title, bad := form.Words("title", typed.Title, false, MostTitle)
	if bad != nil || title == "" {
		return fault.New(fault.Invalid, "flow.public_words").At("title").With("n", int64(MostTitle))
	}
	text, bad := form.Words("text", typed.Text, true, MostShown)
	if bad != nil || text == "" {
		return fault.New(fault.Invalid, "flow.public_words").At("text").With("n", int64(MostShown))
	}
	for _, id := range d.Command.Photos {
		if !slices.ContainsFunc(slices.Concat(d.State.Files, d.Command.Files), func(f fold.File) bool { return f.ID == id }) {
			return fault.New(fault.Invalid, "flow.public_photo").At("photos")
		}
	}
	words := Words{Title: title, Text: text}
	side := d.side()
	side.SHA256, side.Photos = Digest(words), d.Command.Photos
	d.emit(fold.Published, fold.Change{Public: &side}, Private{Public: &words})
	return nil
}

// mayBePublic refuses what the reporter wants kept from the public. A rule that
// cannot be asked refuses too: what was shown once cannot be taken back.
func (d *decision) mayBePublic() error {
	if d.Service.Public.Unless == "" {
		return nil
	}
	if kept, err := d.Rules.Bool("public.unless", d.env(d.known())); err != nil || kept {
		return fault.New(fault.Conflict, "flow.confidential").Because(err)
	}
	return nil
}

// unshow takes the public side back when what has just been answered keeps the
// case from the public: whoever sends a report again may want it confidential.
func (d *decision) unshow() {
	if d.State.Public != nil && d.mayBePublic() != nil {
		d.emit(fold.Hidden, fold.Change{Reason: fold.HiddenKept}, Private{})
	}
}

// side are the answers that are shown.
func (d *decision) side() fold.Public {
	known, of := d.known(), d.Service.Public
	text := func(field string) string { s, _ := known[field].(string); return s }
	return fold.Public{Category: text(of.Category), Kind: text(of.Kind), Region: text(of.Region), Place: text(of.Place)}
}

// hide takes the public side back, for a listed reason.
func (d *decision) hide() error {
	switch {
	case d.State.Public == nil:
		return fault.New(fault.Conflict, "flow.not_shown")
	case !Publishes(d.Service, d.State, d.Command.By):
		return errNotYours()
	case !slices.ContainsFunc(d.Service.Public.Reasons, func(r definition.Reason) bool { return r.ID == d.Command.Reason }):
		return fault.New(fault.Invalid, "flow.reason_not_listed").At("reason")
	}
	d.emit(fold.Hidden, fold.Change{Reason: d.Command.Reason}, Private{Note: d.Command.Note})
	return nil
}
