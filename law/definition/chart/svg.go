package chart

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
)

// between is the room between two sheets of one SVG file.
const between = 18.0

// SVG paints all sheets into one file, one below another.
func (c *Chart) SVG() []byte {
	sheets := c.sheets()
	w, h := 0.0, -between
	for _, s := range sheets {
		w, h = max(w, s.w), h+s.h+between
	}
	p := &painter{}
	p.open(c, w, h, `xmlns="http://www.w3.org/2000/svg" `, "sop-"+c.id)
	p.printf(`<rect width="%s" height="%s" fill="#d8d0c4"/>`+"\n", num(w), num(h))
	y := 0.0
	for _, s := range sheets {
		p.printf(`<g transform="translate(0 %s)">`+"\n", num(y))
		p.sheet(s)
		p.WriteString("</g>\n")
		y += s.h + between
	}
	p.WriteString("</svg>\n")
	return p.Bytes()
}

// Inline paints the table alone, as one sheet, for a page: presentation
// attributes only, no style, no script, nothing to fetch, and ids that begin
// with the given word. The page shows Twin beside it.
func (c *Chart) Inline(id string) []byte {
	s := c.continuous()
	p := &painter{}
	p.open(c, s.w, s.h, "", id)
	p.sheet(s)
	p.WriteString("</svg>\n")
	return p.Bytes()
}

// painter writes SVG.
type painter struct{ bytes.Buffer }

func (p *painter) printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

func (p *painter) open(c *Chart, w, h float64, space, id string) {
	id = html.EscapeString(id)
	p.printf(`<svg %swidth="%s" height="%s" viewBox="0 0 %s %s" role="img" aria-labelledby="%s-t %s-d" lang="%s" font-family="Helvetica,Arial,'Liberation Sans','Nimbus Sans',sans-serif" fill="#1d1a17">`+"\n",
		space, num(w), num(h), num(w), num(h), id, id, html.EscapeString(c.lang))
	p.printf("<title id=\"%s-t\">%s</title>\n<desc id=\"%s-d\">", id, html.EscapeString(c.words("chart.title", "service", c.plan.Title)), id)
	p.WriteString(html.EscapeString(c.words("chart.desc", "n", len(c.plan.Rows), "actors", strings.Join(c.plan.Lanes, ", "))))
	p.WriteString("</desc>\n")
}

// sheet paints from the ground up: fills, rules, arrows, symbols, words.
func (p *painter) sheet(s sheet) {
	p.printf(`<rect width="%s" height="%s" fill="#fff"/>`+"\n", num(s.w), num(s.h))
	p.WriteString(`<g fill="#efe8dc">`)
	for _, f := range s.fills {
		p.printf(`<rect x="%s" y="%s" width="%s" height="%s"/>`, num(f.x), num(f.y), num(f.w), num(f.h))
	}
	p.WriteString("</g>\n")
	p.rules(s)
	p.arrows(s)
	p.WriteString(`<g fill="#fff" stroke="#1d1a17" stroke-width="1.1">` + "\n")
	for _, x := range s.symbols {
		p.symbol(x)
	}
	p.WriteString("</g>\n")
	p.words(s)
}

func (p *painter) rules(s sheet) {
	for _, thick := range []float64{0.6, 1, 1.6} {
		d := ""
		for _, r := range s.rules {
			if r.thick == thick {
				d += "M" + num(r.a.x) + " " + num(r.a.y) + "L" + num(r.b.x) + " " + num(r.b.y)
			}
		}
		if d != "" {
			p.printf(`<path d="%s" fill="none" stroke="#6b5a4a" stroke-width="%s"/>`+"\n", d, num(thick))
		}
	}
}

func (p *painter) arrows(s sheet) {
	lines, heads := "", ""
	for _, a := range s.arrows {
		shaft, head := a.parts()
		for i, at := range shaft {
			lines += [2]string{"L", "M"}[b2i(i == 0)] + num(at.x) + " " + num(at.y)
		}
		for i, at := range head {
			heads += [2]string{"L", "M"}[b2i(i == 0)] + num(at.x) + " " + num(at.y)
		}
		heads += "z"
	}
	if lines != "" {
		p.printf(`<path d="%s" fill="none" stroke="#1d1a17"/>`+"\n"+`<path d="%s"/>`+"\n", lines, heads)
	}
}

func (p *painter) symbol(x symbol) {
	step := ""
	if x.step != "" {
		step = ` data-step="` + html.EscapeString(x.step) + `"`
	}
	if x.kind == box || x.kind == capsule {
		round := ""
		if x.kind == capsule {
			round = ` rx="` + num(x.h/2) + `"`
		}
		p.printf(`<rect%s x="%s" y="%s" width="%s" height="%s"%s/>`+"\n", step, num(x.x), num(x.y), num(x.w), num(x.h), round)
		return
	}
	d := ""
	for i, at := range x.corners() {
		d += [2]string{"L", "M"}[b2i(i == 0)] + num(at.x) + " " + num(at.y)
	}
	p.printf(`<path%s d="%sz"/>`+"\n", step, d)
}

// words are written with the width they were measured with, so that a font that
// is wider than Helvetica does not leave its cell.
func (p *painter) words(s sheet) {
	for _, l := range s.allLines() {
		attrs := `x="` + num(l.x) + `" y="` + num(l.y) + `" font-size="` + num(l.size) + `"`
		if l.bold {
			attrs += ` font-weight="700"`
		}
		if l.middle {
			attrs += ` text-anchor="middle"`
		}
		if l.grey {
			attrs += ` fill="#5a5048"`
		}
		p.printf(`<text %s textLength="%s" lengthAdjust="spacingAndGlyphs">%s</text>`+"\n", attrs, num(width(l.text, l.size, l.bold)), html.EscapeString(l.text))
	}
}

// allLines are the words of a sheet, those in symbols included.
func (s sheet) allLines() []line {
	out := s.lines[:len(s.lines):len(s.lines)]
	for _, x := range s.symbols {
		if x.words == "" {
			continue
		}
		size, y := 7.0, x.y+x.h/2+2.4
		if x.kind == pentagon {
			y = x.y + x.h*0.45 + 2
		}
		out = append(out, line{x: x.x + x.w/2, y: y, size: size, middle: true, text: x.words, cell: x.rect})
	}
	return out
}

// Head of an arrow, in points.
const (
	headLong = 6.0
	headHalf = 2.6
)

// parts are the shaft of an arrow, which ends behind its head, and the head.
func (a arrow) parts() (shaft, head []point) {
	n := len(a.points)
	tip, before := a.points[n-1], a.points[n-2]
	dx, dy := unit(tip.x-before.x), unit(tip.y-before.y)
	back := point{tip.x - dx*headLong, tip.y - dy*headLong}
	shaft = append(append(shaft, a.points[:n-1]...), back)
	return shaft, []point{tip, {back.x - dy*headHalf, back.y + dx*headHalf}, {back.x + dy*headHalf, back.y - dx*headHalf}}
}

// unit is the direction of a length; lines run along the axes.
func unit(d float64) float64 {
	switch {
	case d > 0.01:
		return 1
	case d < -0.01:
		return -1
	}
	return 0
}

// num writes a length with two digits at most.
func num(f float64) string {
	return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64)
}

func upper(s string) string { return strings.ToUpper(s) }

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
