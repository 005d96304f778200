package document

import (
	"context"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
)

// Twin is a letter in words, for a page: for who does not see the PDF, or has
// nothing to open it with. It says what the letter says; the letter counts.
type Twin struct {
	Lang   string   // it is written in
	Head   []string // government, office
	Title  string
	Parts  []TwinPart
	Signed []string // place and date, office, name, number
	Deemed string   // words when the law or a rule granted it
	Number string
	Verify string // address where it can be checked
}

// TwinPart is a paragraph, or rows of a table.
type TwinPart struct {
	Text string
	Rows []TwinRow
}

// TwinRow is one line of a table.
type TwinRow struct{ Label, Value string }

// Twin gives the words of the letter of a case that has one. Who may read it is
// the caller's to decide; making it opens answers, as making the letter did.
func (e *Engine) Twin(ctx context.Context, stream string) (Twin, error) {
	w, err := e.begin(ctx, stream)
	if err != nil {
		return Twin{}, err
	}
	if w.blob == "" {
		return Twin{}, fault.New(fault.Unknown, "document.none")
	}
	p, err := e.cases.Product(ctx, stream)
	if err != nil {
		return Twin{}, err
	}
	return e.inputOf(w.id, p, "", [16]byte{}).twin(p.Template)
}

// twin puts the blocks of a template into words, as the pen draws them.
func (in Input) twin(t definition.Template) (Twin, error) {
	lang, facts := in.Words.Lang(), in.facts()
	out := Twin{Lang: lang, Head: []string{in.Government.Name.In(lang)}, Title: t.Title.In(lang), Number: in.Words.T("document.number", "number", in.Number), Verify: in.VerifyAt}
	if unit := in.Unit.Name.In(lang); unit != out.Head[0] {
		out.Head = append(out.Head, unit)
	}
	for _, b := range t.Blocks {
		part, err := in.part(b, facts)
		if err != nil {
			return out, err
		}
		if b.Kind == "title" && part.Text != "" {
			out.Title = part.Text
		} else if b.Kind != "title" && (part.Text != "" || len(part.Rows) > 0) {
			out.Parts = append(out.Parts, part)
		}
	}
	if d := in.Deemed; d != nil {
		out.Deemed = in.Words.T("document.by_rule", "basis", d.Basis)
		if !d.Rule {
			out.Deemed = in.Words.T("document.deemed", "within", d.Within, "from", d.From, "due", in.Words.Moment(d.Due), "basis", d.Basis)
		}
	}
	out.Signed = []string{in.Words.T("document.place_date", "place", in.place(), "date", in.Date), in.title(), in.Signatory.Name}
	if in.Signatory.Number != "" {
		out.Signed = append(out.Signed, in.Words.T("document.officer_number", "number", in.Signatory.Number))
	}
	return out, nil
}

func (in Input) part(b definition.Block, facts map[string]string) (part TwinPart, err error) {
	lang := in.Words.Lang()
	if part.Text, _, err = in.fill(b.Text.In(lang), facts); err != nil {
		return part, err
	}
	for _, r := range b.Rows {
		value, empty, err := in.fill(r.Value, facts)
		if err != nil {
			return part, err
		}
		if !empty {
			part.Rows = append(part.Rows, TwinRow{r.Label.In(lang), value})
		}
	}
	return part, nil
}
