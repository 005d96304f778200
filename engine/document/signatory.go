package document

import (
	"fmt"
	"image/color"

	"github.com/boombuler/barcode/qr"
)

// signatoryHigh is the height that place and date, signature and code need together.
const signatoryHigh = 76.0

// signatory is the end of the letter: the code on the left, on the right place
// and date, the office with its mandate, the box for the electronic signature,
// name and number.
func (p *pen) signatory() error {
	const column = 78.0
	words, x := p.in.Words, right-column
	p.y += 4
	p.need(signatoryHigh)
	top := p.y
	put := func(text, style string) {
		for _, line := range p.wrap(text, column, bodySize, style) {
			p.write(x, p.y+baseline(bodySize, bodyLead), bodySize, style, line)
			p.y += bodyLead
		}
	}
	put(words.T("document.place_date", "place", p.in.place(), "date", p.in.Date), "")
	p.y += 1
	put(p.in.title()+",", "B")
	p.y += 2
	p.box = area{x, p.y, column, 24}
	p.signatureBox(words.T("document.signature_place"))
	p.y += p.box.h + 3
	put(p.in.Signatory.Name, "B")
	if p.in.Signatory.Number != "" {
		put(words.T("document.officer_number", "number", p.in.Signatory.Number), "")
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
	p.font(smallSize, "")
	p.pdf.SetTextColor(0x5f, 0x58, 0x50)
	p.pdf.Text(b.x+(b.w-p.pdf.GetStringWidth(caption))/2, b.y+b.h-4.6, caption)
}

// code draws the QR code as vectors: one bar for every run of dark modules.
func (p *pen) code(x, y float64) error {
	image, err := qr.Encode(p.in.Link, qr.M, qr.Unicode)
	if err != nil {
		return fmt.Errorf("document: QR code: %w", err)
	}
	const size = 40.0
	p.qr = area{x, y, size, size}
	n := image.Bounds().Dx()
	module := size / float64(n)
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
	p.y = p.small(area{x: x, y: y + size + 2.5, w: size + 12}, p.in.Words.T("document.scan"))
	return nil
}

// dark says whether a module of the code is to be inked.
func dark(c color.Color) bool {
	r, _, _, _ := c.RGBA()
	return r < 0x8000
}
