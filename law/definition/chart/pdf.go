package chart

import (
	"bytes"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// PDF paints every sheet as a page. The date is what the file says of when it
// was made; the same chart and date give the same bytes.
func (c *Chart) PDF(date time.Time) ([]byte, error) {
	sheets := c.sheets()
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: sheets[0].w, Ht: sheets[0].h}})
	f.SetCatalogSort(true)
	f.SetProducer("Pendopo", true)
	f.SetCreator("Pendopo", true)
	f.SetCreationDate(date)
	f.SetModificationDate(date)
	f.SetTitle(c.words("chart.title", "service", c.plan.Title), true)
	f.SetAuthor(c.owner, true)
	f.SetLang(c.lang)
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(0, 0, 0)
	f.SetLineCapStyle("butt")
	pen := pdfPen{f, f.UnicodeTranslatorFromDescriptor("")}
	for _, s := range sheets {
		f.AddPageFormat("P", fpdf.SizeType{Wd: s.w, Ht: s.h})
		pen.sheet(s)
	}
	var out bytes.Buffer
	err := f.Output(&out)
	return out.Bytes(), err
}

// pdfPen paints as painter does.
type pdfPen struct {
	*fpdf.Fpdf
	latin func(string) string // into the characters of the standard fonts
}

func (p pdfPen) sheet(s sheet) {
	p.SetFillColor(0xef, 0xe8, 0xdc)
	for _, r := range s.fills {
		p.Rect(r.x, r.y, r.w, r.h, "F")
	}
	p.SetDrawColor(0x6b, 0x5a, 0x4a)
	for _, r := range s.rules {
		p.SetLineWidth(r.thick)
		p.Line(r.a.x, r.a.y, r.b.x, r.b.y)
	}
	p.SetDrawColor(0x1d, 0x1a, 0x17)
	p.SetFillColor(0x1d, 0x1a, 0x17)
	p.SetLineWidth(1)
	for _, a := range s.arrows {
		shaft, head := a.parts()
		p.MoveTo(shaft[0].x, shaft[0].y)
		for _, at := range shaft[1:] {
			p.LineTo(at.x, at.y)
		}
		p.DrawPath("D")
		p.Polygon(corners(head), "F")
	}
	p.SetFillColor(255, 255, 255)
	p.SetLineWidth(1.1)
	for _, x := range s.symbols {
		p.symbol(x)
	}
	for _, l := range s.allLines() {
		p.line(l)
	}
}

func (p pdfPen) symbol(x symbol) {
	switch x.kind {
	case box:
		p.Rect(x.x, x.y, x.w, x.h, "DF")
	case capsule:
		p.RoundedRect(x.x, x.y, x.w, x.h, x.h/2, "1234", "DF")
	default:
		p.Polygon(corners(x.corners()), "DF")
	}
}

func (p pdfPen) line(l line) {
	style := ""
	if l.bold {
		style = "B"
	}
	p.SetFont("Helvetica", style, l.size)
	p.SetTextColor(0x1d, 0x1a, 0x17)
	if l.grey {
		p.SetTextColor(0x5a, 0x50, 0x48)
	}
	text, x := p.latin(l.text), l.x
	if l.middle {
		x -= p.GetStringWidth(text) / 2
	}
	p.Text(x, l.y, text)
}

func corners(list []point) []fpdf.PointType {
	out := make([]fpdf.PointType, len(list))
	for i, at := range list {
		out[i] = fpdf.PointType{X: at.x, Y: at.y}
	}
	return out
}
