package document

import (
	"bytes"
	"strings"

	"pendopo/kernel/fault"
	"pendopo/law/definition"
)

// Render draws a letter as PDF (A4): letterhead, the template's blocks, place
// and date, signatory with mandate, QR code, and an empty signature field. The
// same template and input give the same bytes. It fails with document.unprintable
// when a value has a character the font lacks, and with document.template_field
// when the template names a field that is not among the values.
func Render(t definition.Template, in Input) ([]byte, error) {
	in, err := in.clean()
	if err != nil {
		return nil, err
	}
	first, err := drawLetter(t, in, 0)
	if err != nil {
		return nil, err
	}
	// The feet name the number of pages, which only a first drawing tells.
	p, err := drawLetter(t, in, first.pdf.PageCount())
	if err != nil {
		return nil, err
	}
	var base bytes.Buffer
	if err := p.pdf.Output(&base); err != nil {
		return nil, err
	}
	return addSignatureField(base.Bytes(), field{
		ID: in.ID, Salt: in.Salt, Page: p.pages, Box: p.box, Tip: in.Words.T("document.signature_place"), Code: p.qr, Link: in.Link,
	})
}

func drawLetter(t definition.Template, in Input, pages int) (*pen, error) {
	p := newPen(in, t.Title.In(in.Words.Lang()), pages)
	p.letterhead()
	p.column = p.labels(t.Blocks)
	facts := in.facts()
	for i, b := range t.Blocks {
		if err := p.block(b, facts, i == len(t.Blocks)-1); err != nil {
			return nil, err
		}
		if p.pdf.PageNo() > maxPages {
			return nil, fault.New(fault.TooLarge, "document.too_long")
		}
	}
	if in.Deemed != nil {
		p.need(p.deemedHigh(*in.Deemed) + p.signatoryHigh())
		p.deemed(*in.Deemed)
	}
	if err := p.signatory(); err != nil {
		return nil, err
	}
	return p, p.failed()
}

// block draws one part of the template. The last paragraph stays on the page
// of the signature when it can: a signature alone on a leaf invites forgery.
func (p *pen) block(b definition.Block, facts map[string]string, last bool) error {
	text, _, err := p.in.fill(b.Text.In(p.in.Words.Lang()), facts)
	if err != nil {
		return err
	}
	switch b.Kind {
	case "title":
		p.heading(text)
	case "number":
		p.number()
	case "paragraph":
		if h := float64(len(p.wrap(text, width, plain))) * bodyLead; last && h < 60 && p.in.Deemed == nil {
			p.need(h + p.signatoryHigh())
		}
		p.lines(left, width, text)
		p.y += 3
	case "table":
		return p.table(b.Rows, facts)
	case "space":
		p.y += 4
	default:
		return fault.New(fault.Internal, "document.template_block").With("kind", cut(b.Kind, 40))
	}
	return nil
}

// heading is the letter's title in capitals, underlined like every official one.
func (p *pen) heading(text string) {
	if text == "" {
		text = p.title
	}
	const lead = 7.0
	large := face{14, "B"}
	p.y += 2
	for _, line := range p.wrap(strings.ToUpper(text), width, large) {
		p.need(lead)
		p.centre(area{x: left, y: p.y + baseline(large.size, lead), w: width}, large, line)
		p.y += lead
		w := p.pdf.GetStringWidth(line)
		p.draw(p.colour.ink)
		p.pdf.SetLineWidth(0.35)
		p.pdf.Line((left+right-w)/2, p.y-0.6, (left+right+w)/2, p.y-0.6)
	}
}

func (p *pen) number() {
	p.need(bodyLead)
	for _, line := range p.wrap(p.in.Words.T("document.number", "number", p.in.Number), width, plain) {
		p.centre(area{x: left, y: p.y + 0.6 + baseline(bodySize, bodyLead), w: width}, plain, line)
		p.y += bodyLead
	}
	p.y += 6
}

// labels is the width of the column of labels, the same in all tables of a letter.
func (p *pen) labels(blocks []definition.Block) float64 {
	const most = 58.0
	column := 0.0
	p.font(plain)
	for _, b := range blocks {
		for _, r := range b.Rows {
			column = max(column, p.pdf.GetStringWidth(r.Label.In(p.in.Words.Lang())))
		}
	}
	return min(column, most)
}

// table aligns label : value. A row whose names all stand for nothing is left out.
func (p *pen) table(rows []definition.TableRow, facts map[string]string) error {
	const indent, gap = 6.0, 3.5
	for _, r := range rows {
		value, empty, err := p.in.fill(r.Value, facts)
		if err != nil {
			return err
		}
		if !empty {
			p.row(r.Label.In(p.in.Words.Lang()), p.column, value, left+indent+p.column+gap)
		}
	}
	p.y += 3
	return nil
}

// row writes label and value side by side, each wrapping in its own column.
func (p *pen) row(label string, column float64, value string, at float64) {
	labels := p.wrap(label, column+0.1, plain)
	values := p.wrap(value, right-at-3, plain)
	for i := range max(len(labels), len(values)) {
		p.need(bodyLead)
		y := p.y + baseline(bodySize, bodyLead)
		if i < len(labels) {
			p.write(left+6, y, plain, labels[i])
		}
		if i == 0 {
			p.write(at-0.5, y, plain, ":")
		}
		if i < len(values) {
			p.write(at+3, y, plain, values[i])
		}
		p.y += bodyLead
	}
	p.y += 0.4
}
