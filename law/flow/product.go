package flow

import (
	"slices"
	"strings"
	"unicode/utf8"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// makes takes in a product that was made in another system: its number in the
// shape that the definition gives, and its file where one comes with it.
func (d *decision) makes(ch *fold.Change, p *Private) error {
	product, c := d.Service.Product, d.Command
	var faults []*fault.Fault
	number := strings.TrimSpace(c.Number)
	switch {
	case number == "" && product.Number != "":
		faults = append(faults, fault.New(fault.Invalid, "flow.number_missing").At("number"))
	case number != "" && !Shaped(product.Number, number):
		faults = append(faults, fault.New(fault.Invalid, "flow.number_shape").At("number").With("shape", product.Number))
	}
	if product.File && c.File == nil {
		faults = append(faults, fault.New(fault.Invalid, "flow.file_missing").At("file"))
	}
	if err := fault.Join(faults); err != nil {
		return err
	}
	ch.Made = &fold.Made{Numbered: number != ""}
	p.Number = number
	if product.File {
		ch.Made.File, ch.Made.Signature, p.Signers = c.File, d.Facts.Signature, d.Facts.Signers
	}
	return nil
}

// longestNumber is the longest number of another system, and the longest name of
// a receiver, in characters.
const longestNumber = 100

// Shaped reports whether a number has a shape: 9 stands for a digit, A for a
// capital letter, anything else for itself. Without a shape any short line will do.
func Shaped(shape, number string) bool {
	if shape == "" {
		return line(number)
	}
	runes := []rune(number)
	i := 0
	for _, want := range shape {
		if i >= len(runes) {
			return false
		}
		got := runes[i]
		i++
		switch want {
		case '9':
			if got < '0' || got > '9' {
				return false
			}
		case 'A':
			if got < 'A' || got > 'Z' {
				return false
			}
		default:
			if got != want {
				return false
			}
		}
	}
	return i == len(runes)
}

// line reports whether something is one short line of text.
func line(s string) bool {
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= longestNumber &&
		!strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// delivers writes down who took the product, whenever an officer hands it over.
// An applicant who takes it without one is the one who did.
func (d *decision) delivers(ch *fold.Change, p *Private) error {
	if d.Command.By.Who != "role" {
		return nil
	}
	r := d.Command.Receiver
	r.Name = strings.TrimSpace(r.Name)
	var faults []*fault.Fault
	if !line(r.Name) {
		faults = append(faults, fault.New(fault.Invalid, "flow.receiver_missing").At("receiver"))
	}
	if !slices.Contains(Relations(), r.Relation) {
		faults = append(faults, fault.New(fault.Invalid, "flow.relation_missing").At("relation"))
	}
	if err := fault.Join(faults); err != nil {
		return err
	}
	ch.Relation, p.Receiver = r.Relation, &r
	return nil
}

// Grounds are the codes under which a document may be taken back; each has its
// words in the texts.
func Grounds() []string {
	return []string{"wrong_data", "false_papers", "court_order", "replaced", "right_ended"}
}

// revoke takes the document back: by the role that signs it, for a listed
// ground, with the number of the decision. It moves neither step nor clock.
func (d *decision) revoke() error {
	if d.State.Document == nil || d.State.Shredded {
		return fault.New(fault.Conflict, "flow.nothing_to_revoke")
	}
	if d.State.Revoked != "" {
		return fault.New(fault.Conflict, "flow.revoked_before")
	}
	if d.Command.By != d.Signs() {
		return fault.New(fault.Forbidden, "flow.signer_revokes")
	}
	var faults []*fault.Fault
	if !slices.Contains(Grounds(), d.Command.Reason) {
		faults = append(faults, fault.New(fault.Invalid, "flow.reason_not_listed").At("reason"))
	}
	if !line(d.Command.Evidence) {
		faults = append(faults, fault.New(fault.Invalid, "flow.decision_missing").At("evidence"))
	}
	if err := fault.Join(faults); err != nil {
		return err
	}
	d.emit(fold.Revoked, fold.Change{Reason: d.Command.Reason, Evidence: d.Command.Evidence}, Private{Note: d.Command.Note})
	return nil
}

// Signs is the role at the unit that signs the documents of a case.
func Signs(s *definition.Service, c fold.Case) fold.Holder {
	a := s.Product.Signatory
	h := fold.Holder{Who: "role", Role: a.Role, Unit: a.Unit}
	if h.Unit == "" {
		h.Unit = c.Unit
	}
	return h
}

// Signs is that of the case at hand.
func (d *decision) Signs() fold.Holder { return Signs(d.Service, d.State) }
