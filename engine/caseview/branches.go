package caseview

import (
	"slices"
	"strings"
	"time"

	"pendopo/law/fold"
	"pendopo/web/component/notice"
	"pendopo/web/component/table"
	"pendopo/web/component/tag"
)

// Branches are the ways that a case goes at once, in the order of the definition:
// what is done there, how it stands, who holds it, and its own clock.
func (w Words) Branches(c fold.Case, now time.Time) table.View {
	if len(c.Branches) == 0 {
		return table.View{}
	}
	t := w.Printer.T
	v := table.View{Caption: t("caseview.branches"), Columns: []table.Column{
		{Name: t("caseview.branch")}, {Name: t("caseview.branch_state")}, {Name: t("caseview.branch_holder")}, {Name: t("caseview.branch_until")},
	}}
	for _, b := range c.Branches {
		name, holder := w.Step(b.ID), t("caseview.branch_waits")
		state, when := tag.View{Kind: tag.Good, Text: t("caseview.branch_arrived")}, t("caseview.branch_no_limit")
		if !b.Arrived {
			name, holder = w.Step(b.Step), w.Holder(b.Holder)
			state, when = w.branchClock(c, b, now)
		}
		v.Rows = append(v.Rows, []table.Cell{{Text: name}, {Text: state.Text, Show: tag.Tag(state)}, {Text: holder}, {Text: when}})
	}
	return v
}

// Waits names the offices that a case waits for: the one whose turn it is, or
// those of every branch that is under way.
func (w Words) Waits(c fold.Case) string {
	var all []string
	for _, b := range c.Branches {
		if h := w.Holder(b.Holder); !b.Arrived && !slices.Contains(all, h) && c.Holder.Who == "system" {
			all = append(all, h)
		}
	}
	if len(all) == 0 {
		return w.Holder(c.Holder)
	}
	return strings.Join(all, "; ")
}

// branchClock is the deadline of a branch: its state, and the moment behind it.
func (w Words) branchClock(c fold.Case, b fold.Branch, now time.Time) (tag.View, string) {
	d, ok := c.Deadline(b.Step)
	due := w.Printer.Moment(d.Due.In(w.Zone))
	switch {
	case !ok:
		return tag.View{Kind: tag.Work, Text: w.Printer.T("caseview.tag_work")}, ""
	case d.State == fold.Paused:
		return tag.View{Kind: tag.Pause, Text: w.Printer.T("caseview.tag_stopped")}, ""
	case d.State == fold.Missed || now.After(d.Due):
		return tag.View{Kind: tag.Late, Text: w.Printer.T("caseview.tag_late")}, w.Printer.T("caseview.left_over", "due", due)
	}
	return tag.View{Kind: tag.Work, Text: w.Printer.T("caseview.tag_work")}, w.Printer.T("caseview.left_until", "due", due)
}

// Ground is why a document was taken back.
func (w Words) Ground(code string) string {
	if key := "caseview.ground_" + code; w.Printer.Has(key) {
		return w.Printer.T(key)
	}
	return ""
}

// TakenBack says that the document of a case was revoked, when and why.
func (w Words) TakenBack(c fold.Case) (v notice.View, ok bool) {
	if c.Revoked == "" {
		return v, false
	}
	v = notice.View{Kind: notice.Late, Title: w.Printer.T("caseview.revoked")}
	for _, m := range c.Marks {
		if m.Kind == fold.Revoked {
			v.Text = w.Printer.T("caseview.revoked_text", "moment", w.Printer.Moment(m.At.In(w.Zone)), "reason", w.Ground(m.Reason))
		}
	}
	return v, true
}

// ByRule says that a rule granted what was asked for, and on which basis.
func (w Words) ByRule(c fold.Case) (basis string, ok bool) {
	m, granted := fold.Granted(c)
	return m.Basis, granted && m.Basis != "" && c.Basis == "" && (c.Number != "" || c.Ready())
}

// Fee is what the application costs: as it was worked out when it was sent, else
// as the standard says.
func (w Words) Fee(c fold.Case) string {
	if c.Fee != nil {
		return w.Printer.Fee(*c.Fee)
	}
	return w.Printer.Fee(w.Service.Standard.Fee.Rupiah)
}

// Made puts into words what was found when a product of another system was taken
// in, and whom the signatures of its file name.
func (w Words) Made(c fold.Case, signers []string) (words []string) {
	if c.Made == nil {
		return nil
	}
	for _, m := range c.Marks {
		if m.Kind == fold.Taken {
			words = append(words, w.Printer.T("caseview.made_in", "system", w.System(), "moment", w.Printer.Moment(m.At.In(w.Zone))))
		}
	}
	if c.Made.Signature != "" && c.Made.File != nil {
		words = append(words, w.Printer.T("caseview.signature_"+c.Made.Signature))
	}
	if c.Made.Signature != fold.SignatureNone {
		for _, s := range signers {
			words = append(words, w.Printer.T("caseview.signed_by", "name", s))
		}
	}
	return words
}

// System is where the product is made.
func (w Words) System() string {
	if s := w.Service.Product.System; s != "" {
		return s
	}
	return w.Printer.T("caseview.another_system")
}
