package document

import (
	"fmt"
	"image/color"

	"github.com/boombuler/barcode/qr"
)

const (
	signColumn = 78.0
	codeSize   = 40.0
	boxHigh    = 22.0
)

// signatoryHigh is the height that place and date, signature and code need
// together, in millimetres.
func (p *pen) signatoryHigh() float64 {
	title := len(p.wrap(p.in.title()+",", signColumn, bold))
	name := len(p.wrap(p.in.Signatory.Name, signColumn, bold))
	caption := len(p.wrap(p.in.Words.T("document.scan"), codeSize+26, note))
	return 4 + max(float64(title+name+2)*bodyLead+6+boxHigh, 4+codeSize+float64(caption)*smallLead)
}

// signatory is the end of the letter: the code on the left, on the right place
// and date, the office with its mandate, the box for the electronic signature,
// name and number.
func (p *pen) signatory() error {
	words, x := p.in.Words, right-signColumn
	p.need(p.signatoryHigh())
	p.y += 4
	top := p.y
	put := func(text string, f face) {
		for _, line := range p.wrap(text, signColumn, f) {
			p.write(x, p.y+baseline(bodySize, bodyLead), f, line)
			p.y += bodyLead
		}
	}
	put(words.T("document.place_date", "place", p.in.place(), "date", p.in.Date), plain)
	p.y += 1
	put(p.in.title()+",", bold)
	p.y += 2
	p.box = area{x, p.y, signColumn, boxHigh}
	p.signatureBox(words.T("document.signature_place"))
	p.y += p.box.h + 3
	put(p.in.Signatory.Name, bold)
	if p.in.Signatory.Number != "" {
		put(words.T("document.officer_number", "number", p.in.Signatory.Number), plain)
	}
	end := p.y
	p.y = top
	if err := p.code(left, top+1); err != nil {
		return err
	}
	p.y = max(p.y, end)
	return nil
}

// signatureBox shows where a certificate's signature will stand.
func (p *pen) signatureBox(caption string) {
	b := p.box
	p.draw(p.colour.line)
	p.pdf.SetLineWidth(0.3)
	p.pdf.SetDashPattern([]float64{1.2, 1}, 0)
	p.pdf.RoundedRect(b.x, b.y, b.w, b.h, 1.6, "1234", "D")
	p.pdf.SetDashPattern(nil, 0)
	p.kawung(b.x+b.w/2, b.y+b.h/2-2.6, 3.4, p.colour.line)
	p.font(note)
	p.pdf.SetTextColor(0x5f, 0x58, 0x50)
	p.pdf.Text(b.x+(b.w-p.pdf.GetStringWidth(caption))/2, b.y+b.h-4.6, caption)
}

// code draws the QR code as vectors: one bar for every run of dark modules.
func (p *pen) code(x, y float64) error {
	image, err := qr.Encode(p.in.Link, qr.M, qr.Unicode)
	if err != nil {
		return fmt.Errorf("document: QR code: %w", err)
	}
	p.qr = area{x, y, codeSize, codeSize}
	n := image.Bounds().Dx()
	module := codeSize / float64(n)
	p.fill(p.colour.ink)
	for row := range n {
		for from := 0; from < n; from++ {
			to := from
			for to < n && dark(image.At(to, row)) {
				to++
			}
			if to > from {
				p.pdf.Rect(x+float64(from)*module, y+float64(row)*module, float64(to-from)*module, module*1.02, "F")
				from = to
			}
		}
	}
	p.y = p.small(area{x: x, y: y + codeSize + 2.5, w: codeSize + 26}, p.in.Words.T("document.scan"))
	return nil
}

// dark says whether a module of the code is to be inked.
func dark(c color.Color) bool {
	r, _, _, _ := c.RGBA()
	return r < 0x8000
}
