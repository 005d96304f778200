package portal

import (
	"context"
	"net/http"
	"slices"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/web/component/document"
	"pendopo/web/component/papers"
	"pendopo/web/component/review"
	"pendopo/web/component/summary"
	"pendopo/web/component/tag"
)

// ownView is what the applicant alone sees.
type ownView struct {
	Defects   []string
	Fix       string // address; empty = nothing to correct
	Documents []document.View
	Actions   []linkAction
	Answers   []review.Group
	Files     []papers.File
	Openings  []string
	Gone      bool   // the key was destroyed: nothing personal is left
	Teller    string // what is held of who told it, where that is kept apart
	Thread    *threadView
	Push      *pushView
}

type linkAction struct {
	Href  string
	Text  string
	Grave bool
}

func (p *Portal) ownView(r *http.Request, f found) (*ownView, error) {
	answers, defects, err := p.Cases.Own(r.Context(), f.Case.Stream)
	if fault.Is(err, fault.Gone) {
		return &ownView{Gone: true}, nil
	}
	if err != nil {
		return nil, err
	}
	v := &ownView{Answers: p.ownAnswers(f, answers), Files: p.ownFiles(f, answers)}
	if v.Documents, err = p.documents(r.Context(), f); err != nil {
		return nil, err
	}
	if step := f.Bound.Service.Step(f.Case.Step); step != nil && step.Kind == definition.StepFill {
		v.Fix = f.path("/fix")
		for _, d := range defects {
			v.Defects = append(v.Defects, d.Words)
		}
	}
	offered, err := p.offered(r.Context(), f)
	if err != nil {
		return nil, err
	}
	for _, a := range offered {
		v.Actions = append(v.Actions, linkAction{Href: f.path("/actions/" + a.ID), Text: f.Words.Printer.Of(a.Label),
			Grave: a.Kind == definition.ActWithdraw})
	}
	if v.Openings, err = p.openings(r, f); err != nil {
		return nil, err
	}
	if v.Teller, err = p.teller(r.Context(), f); err != nil {
		return nil, err
	}
	v.Thread = p.thread(f, nil, nil)
	v.Push, err = p.pushView(r.Context(), f)
	return v, err
}

// teller says what is held of who told a case, where that is kept apart: never
// who it is.
func (p *Portal) teller(ctx context.Context, f found) (string, error) {
	if f.Case.Vault == "" {
		return "", nil
	}
	anonymous, err := p.Cases.Anonymous(ctx, f.Case)
	if anonymous {
		return f.Words.Printer.T("portal.teller_anonymous"), err
	}
	return f.Words.Printer.T("portal.teller_apart"), err
}

func (p *Portal) ownAnswers(f found, answers form.Answers) []review.Group {
	words := f.Words.Printer
	env := p.env(f, answers)
	row := func(_ string, n form.Node) (summary.Row, bool) {
		row := answerRow(words, f.Bound.Form, n)
		if slices.Contains(f.Case.Seen, n.Name) {
			row.Values = []string{words.T("portal.paper_seen")}
		}
		return row, n.Kind != definition.KindDeclaration && !n.Vault
	}
	var out []review.Group
	for _, id := range f.Bound.Form.Pages(env) {
		out = append(out, reviewed(words, f.Bound, env, id, row)...)
	}
	return out
}

// env is what the rules of a case's form are asked with.
func (p *Portal) env(f found, answers form.Answers) form.Env {
	return form.Env{Answers: answers, Today: p.Now().In(f.Words.Zone), Received: f.Case.Received.In(f.Words.Zone), Channel: f.Case.Channel}
}

func (p *Portal) ownFiles(f found, answers form.Answers) []papers.File {
	var out []papers.File
	for _, id := range f.Bound.Form.Uploads(answers) {
		out = append(out, p.kept(f, "", id))
	}
	return out
}

// kept is a file of the case for its applicant, seen or played where it can be.
func (p *Portal) kept(f found, label, id string) papers.File {
	out := papers.File{Href: f.path("/files/" + id), Name: label, Alt: label}
	if b, err := p.Attachments.File(f.Case.Stream, id); err == nil {
		out.Name, out.Size, out.Kind = b.Name, f.Words.Printer.Size(b.Received), papers.KindOf(b.Type)
	}
	return out
}

// documents are the products of the case.
func (p *Portal) documents(ctx context.Context, f found) ([]document.View, error) {
	c, words := f.Case, f.Words.Printer
	name := words.Of(f.Bound.Service.Product.Name)
	if c.Made != nil {
		return p.madeElsewhere(ctx, f)
	}
	if c.Document == nil {
		if c.Number == "" {
			return nil, nil
		}
		return []document.View{{Name: name, Number: c.Number, Tag: tag.View{Kind: tag.Work, Text: words.T("portal.doc_making")}, Note: words.T("portal.doc_making_text")}}, nil
	}
	facts := []string{words.Date(c.Document.Date.In(f.Words.Zone))}
	if !c.Document.Until.IsZero() {
		facts = append(facts, words.T("portal.doc_until", "date", words.Date(c.Document.Until.In(f.Words.Zone))))
	}
	state := tag.View{Kind: tag.Good, Text: words.T("portal.doc_ready")}
	if c.Revoked != "" {
		state = f.Words.Tag(c, p.Now())
	}
	return []document.View{{Name: name, Number: c.Number, Facts: facts, Tag: state, Href: f.path("/document"), Read: f.path("/letter"), Get: words.T("portal.doc_get")}}, nil
}

// openings tell the applicant who opened their data, and what for.
func (p *Portal) openings(r *http.Request, f found) ([]string, error) {
	seen, err := p.Cases.Openings(r.Context(), f.Case.Stream)
	if err != nil {
		return nil, err
	}
	words := f.Words.Printer
	var out []string
	for _, s := range seen {
		who := f.Words.Role(s.Role)
		if unit := f.Words.Unit(s.Unit); who != "" && unit != "" {
			who += ", " + unit
		}
		if s.Purpose == casework.PurposeDocument {
			who = words.T("portal.opened_machine")
		}
		if s.Purpose == casework.PurposeVault {
			out = append(out, words.T("portal.opened_vault", "when", words.Moment(s.At.In(f.Words.Zone)), "who", who, "reason", f.Words.Opening(s.Reason)))
			continue
		}
		out = append(out, words.T("portal.opened", "when", words.Moment(s.At.In(f.Words.Zone)), "who", who, "purpose", purpose(words, s.Purpose)))
	}
	return out, nil
}

func purpose(words *page.Printer, id string) string { return words.T("portal.purpose_" + id) }
