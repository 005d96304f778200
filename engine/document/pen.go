package document

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// The page, in millimetres.
const (
	pageWide   = 210.0
	pageHigh   = 297.0
	left       = 25.0
	right      = pageWide - 22.0
	width      = right - left
	bodyTop    = 24.0 // from the second page on
	bodyBottom = pageHigh - 24.0
	maxPages   = 40
)

// Type sizes in points, line heights in millimetres.
const (
	bodySize  = 10.5
	bodyLead  = 5.4
	smallSize = 8.0
	smallLead = 3.9
)

type colour struct{ r, g, b int }

// face is a size in points and a style: "" or "B".
type face struct {
	size  float64
	style string
}

// The faces of a letter; nothing writes to them.
var (
	plain = face{bodySize, ""}
	bold  = face{bodySize, "B"}
	note  = face{smallSize, ""}
)

// palette is the house's colours on paper; accent may be the government's own.
type palette struct{ ink, accent, sogan, line, late, paper colour }

func paletteOf(accent string) palette {
	p := palette{
		ink: colour{0x1d, 0x1a, 0x17}, accent: colour{0x1f, 0x3a, 0x68}, sogan: colour{0x6b, 0x3e, 0x1f},
		line: colour{0xd8, 0xd0, 0xc4}, late: colour{0xa3, 0x20, 0x1d}, paper: colour{0xff, 0xff, 0xff},
	}
	if n, err := strconv.ParseUint(strings.TrimPrefix(accent, "#"), 16, 32); err == nil && len(accent) == 7 {
		p.accent = colour{int(n >> 16), int(n >> 8 & 0xff), int(n & 0xff)}
	}
	return p
}

// pen draws one letter from top to bottom. y is where the next thing begins.
type pen struct {
	pdf    *fpdf.Fpdf
	in     Input
	colour palette
	title  string
	y      float64
	column float64 // width of the labels in tables
	pages  int     // known from the first drawing; 0 while it is being found out
	box    area    // where the signature goes, on the last page
	qr     area    // where the code stands, likewise
}

// area of a page in millimetres from the top left corner.
type area struct{ x, y, w, h float64 }

// newPen opens the file. Everything that could differ between two drawings of
// the same input is set here: dates, order of the catalogue, compression.
func newPen(in Input, title string, pages int) *pen {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCatalogSort(true)
	f.SetCompression(true)
	f.SetProducer("Pendopo", true)
	f.SetCreator("Pendopo", true)
	y, m, d := in.Date.Date()
	stamp := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	f.SetCreationDate(stamp)
	f.SetModificationDate(stamp)
	f.SetTitle(title+" "+in.Number, true)
	f.SetAuthor(in.Unit.Name.In(in.Words.Lang()), true)
	f.SetLang(in.Words.Lang())
	f.SetMargins(left, bodyTop, pageWide-right)
	f.SetAutoPageBreak(false, 0)
	f.AddUTF8FontFromBytes("letter", "", goregular.TTF)
	f.AddUTF8FontFromBytes("letter", "B", gobold.TTF)
	p := &pen{pdf: f, in: in, colour: paletteOf(in.Government.Accent), title: title, pages: pages}
	p.newPage()
	return p
}

// newPage begins a page with its foot, and from the second on with a head that
// names the document, so that no leaf can be exchanged unseen.
func (p *pen) newPage() {
	p.pdf.AddPage()
	p.y = bodyTop
	p.foot()
	if p.pdf.PageNo() == 1 {
		return
	}
	p.write(left, 14.5, note, p.title+"  ·  "+p.in.Words.T("document.number", "number", p.in.Number))
	p.rule(17, 0.25, p.colour.line)
	p.y = bodyTop
}

// need begins a new page unless h millimetres are left on this one.
func (p *pen) need(h float64) {
	if p.y+h > bodyBottom && p.y > bodyTop {
		p.newPage()
	}
}

func (p *pen) font(f face) { p.pdf.SetFont("letter", f.style, f.size) }

func (p *pen) ink(c colour)  { p.pdf.SetTextColor(c.r, c.g, c.b) }
func (p *pen) draw(c colour) { p.pdf.SetDrawColor(c.r, c.g, c.b) }
func (p *pen) fill(c colour) { p.pdf.SetFillColor(c.r, c.g, c.b) }

// write puts one line with its baseline at y.
func (p *pen) write(x, y float64, f face, text string) {
	p.font(f)
	p.ink(p.colour.ink)
	p.pdf.Text(x, y, text)
}

// centre puts one line into the middle of a column, with its baseline at a.y.
func (p *pen) centre(a area, f face, text string) {
	p.font(f)
	p.write(a.x+(a.w-p.pdf.GetStringWidth(text))/2, a.y, f, text)
}

func (p *pen) rule(y, thick float64, c colour) {
	p.draw(c)
	p.pdf.SetLineWidth(thick)
	p.pdf.Line(left, y, right, y)
}

// baseline is how far below its top a line of that size and height stands.
func baseline(size, lead float64) float64 { return (lead + size*0.3528*0.72) / 2 }

// lines writes text into a column, breaking lines and pages.
func (p *pen) lines(x, w float64, text string) {
	for _, line := range p.wrap(text, w, plain) {
		p.need(bodyLead)
		p.write(x, p.y+baseline(bodySize, bodyLead), plain, line)
		p.y += bodyLead
	}
}

// small writes a note in a column that is known to fit the page.
func (p *pen) small(a area, text string) float64 {
	y := a.y
	for _, line := range p.wrap(text, a.w, note) {
		p.write(a.x, y+baseline(smallSize, smallLead), note, line)
		y += smallLead
	}
	return y
}

// wrap breaks text into lines of at most w millimetres: at spaces and given
// line ends, and inside a word only when it alone is too long.
func (p *pen) wrap(text string, w float64, f face) []string {
	p.font(f)
	var out []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			if line != "" && p.pdf.GetStringWidth(line+" "+word) <= w {
				line += " " + word
				continue
			}
			if line != "" {
				out = append(out, line)
			}
			var full []string
			full, line = p.breakWord(word, w)
			out = append(out, full...)
		}
		out = append(out, line)
	}
	return out
}

// breakWord cuts a word that is wider than w; the last part is still open.
func (p *pen) breakWord(word string, w float64) (full []string, last string) {
	for p.pdf.GetStringWidth(word) > w {
		n, fit := 0, 0
		for i, r := range word {
			n = i + len(string(r))
			if fit > 0 && p.pdf.GetStringWidth(word[:n]) > w {
				break
			}
			fit = n
		}
		full, word = append(full, word[:fit]), word[fit:]
	}
	return full, word
}

// foot says on every page what this is, how to check it, and which page of how many.
func (p *pen) foot() {
	const top = pageHigh - 21.0
	p.rule(top, 0.25, p.colour.line)
	words := p.in.Words
	of := words.T("document.page", "page", p.pdf.PageNo(), "pages", max(p.pages, p.pdf.PageNo()))
	p.font(note)
	w := p.pdf.GetStringWidth(of)
	p.write(right-w, top+1+baseline(smallSize, smallLead), note, of)
	how := words.T("document.how_to_verify", "address", p.in.VerifyAt, "number", p.in.Number)
	p.small(area{x: left, y: top + 1, w: width - w - 8}, how)
}

func (p *pen) failed() error {
	if err := p.pdf.Error(); err != nil {
		return fmt.Errorf("document: drawing: %w", err)
	}
	return nil
}
