package chart

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// Measures of the chart, in pixels.
const (
	margin    = 16
	numberW   = 36
	nameW     = 210
	laneW     = 236
	timeW     = 110
	noteW     = 200
	headH     = 52
	lineH     = 15
	boxW      = 72
	boxH      = 32
	diamondW  = 64
	diamondH  = 48
	exitH     = 50
	symbolGap = 18
	symbolX   = 52  // middle of the symbol in its lane
	exitX     = 112 // left edge of the exits in their lane
	pad       = 14
	perChar   = 7.0 // wide estimate of a character at 12 px
)

// canvas collects the drawing.
type canvas struct {
	bytes.Buffer
	plan  plan
	width int
	tops  []int // upper edge of each row
	highs []int
}

// draw renders a plan.
func draw(p plan) []byte {
	c := &canvas{plan: p}
	c.width = 2*margin + numberW + nameW + len(p.lanes)*laneW + timeW + noteW
	y := margin + 74 + headH
	for _, r := range p.rows {
		h := c.height(r)
		c.tops, c.highs = append(c.tops, y), append(c.highs, h)
		y += h
	}
	c.head(y + margin)
	c.table(y)
	for i := range p.rows {
		c.row(i)
	}
	c.WriteString("</svg>\n")
	return c.Bytes()
}

// height of a row: its symbols, its ways out, or its words, whichever is most.
func (c *canvas) height(r row) int {
	symbols := 2 * pad
	if r.box {
		symbols += boxH
	}
	if r.diamond {
		symbols += diamondH
		if r.box {
			symbols += symbolGap
		}
	}
	if r.nextLabel != "" {
		symbols += lineH
	}
	words := max(len(wrap(r.name, nameW-16)), len(wrap(r.note, noteW-16)), len(wrap(r.time, timeW-16)))
	return max(symbols+8, 2*pad+len(r.exits)*exitH, 2*pad+words*lineH)
}

func (c *canvas) head(height int) {
	t := html.EscapeString(c.plan.title)
	fmt.Fprintf(c, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="t d" font-family="system-ui,sans-serif" font-size="12" fill="#1d1a17">`+"\n", c.width, height, c.width, height)
	fmt.Fprintf(c, "<title id=\"t\">%s</title>\n<desc id=\"d\">", t)
	for i, r := range c.plan.rows {
		fmt.Fprintf(c, "%d. %s: %s. ", i+1, html.EscapeString(c.plan.lanes[r.lane]), html.EscapeString(r.name))
	}
	c.WriteString("</desc>\n" + `<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>` + "\n")
	fmt.Fprintf(c, `<rect width="%d" height="%d" fill="#fffdf8"/>`+"\n", c.width, height)
	fmt.Fprintf(c, `<text x="%d" y="%d" font-size="18" font-weight="600">%s</text>`+"\n", margin, margin+20, t)
	fmt.Fprintf(c, `<text x="%d" y="%d">%s</text>`+"\n", margin, margin+40, html.EscapeString(c.plan.owner))
	fmt.Fprintf(c, `<text x="%d" y="%d">%s</text>`+"\n", margin, margin+58, html.EscapeString(c.plan.promise))
}

// columns are the left edges of all columns and the right edge of the last.
func (c *canvas) columns() []int {
	x := []int{margin, margin + numberW, margin + numberW + nameW}
	for range c.plan.lanes {
		x = append(x, x[len(x)-1]+laneW)
	}
	x = append(x, x[len(x)-1]+timeW)
	return append(x, x[len(x)-1]+noteW)
}

// table draws the grid and its heads.
func (c *canvas) table(bottom int) {
	top, x := margin+74, c.columns()
	c.WriteString(`<g fill="none" stroke="#6b3e1f">` + "\n")
	fmt.Fprintf(c, `<path d="M%d %dH%dM%d %dH%d`, x[0], top, x[len(x)-1], x[0], top+headH, x[len(x)-1])
	for i := range c.plan.rows {
		fmt.Fprintf(c, "M%d %dH%d", x[0], c.tops[i]+c.highs[i], x[len(x)-1])
	}
	for _, at := range x {
		fmt.Fprintf(c, "M%d %dV%d", at, top, bottom)
	}
	c.WriteString("\"/>\n</g>\n<g font-weight=\"600\">\n")
	heads := append(c.plan.heads[:2:2], c.plan.lanes...)
	heads = append(heads, c.plan.heads[2:]...)
	for i, h := range heads {
		c.text("lane", x[i]+8, top+18, h, x[i+1]-x[i]-16)
	}
	c.WriteString("</g>\n")
}

// row draws one activity: its words, symbols and ways out.
func (c *canvas) row(i int) {
	r, x, y := c.plan.rows[i], c.columns(), c.tops[i]
	fmt.Fprintf(c, `<g class="row" data-step="%s">`+"\n", html.EscapeString(r.id))
	c.text("", x[0]+10, y+pad+12, fmt.Sprint(i+1), numberW)
	c.text("", x[1]+8, y+pad+12, r.name, nameW-16)
	last := len(x) - 1
	c.text("", x[last-2]+8, y+pad+12, r.time, timeW-16)
	c.text("", x[last-1]+8, y+pad+12, r.note, noteW-16)
	mid, at := x[2+r.lane]+symbolX, y+pad
	if r.box {
		c.box(mid, at, i == 0)
		at += boxH
	}
	right := mid + boxW/2
	if r.diamond {
		if r.box {
			c.arrow(fmt.Sprintf("M%d %dV%d", mid, at, at+symbolGap))
			at += symbolGap
		}
		fmt.Fprintf(c, `<path class="decision" d="M%d %d l%d %d l%d %d l%d %dz" fill="#fff" stroke="#1d1a17"/>`+"\n",
			mid, at, diamondW/2, diamondH/2, -diamondW/2, diamondH/2, -diamondW/2, -diamondH/2)
		at, right = at+diamondH, mid+diamondW/2
	}
	c.exits(r, x[2+r.lane], y, right, c.outY(r, y))
	if r.next {
		c.onward(i, mid, at)
	}
	c.WriteString("</g>\n")
}

// outY is the height at which ways leave the last symbol of a row to the right.
func (c *canvas) outY(r row, y int) int {
	switch {
	case r.diamond && r.box:
		return y + pad + boxH + symbolGap + diamondH/2
	case r.diamond:
		return y + pad + diamondH/2
	}
	return y + pad + boxH/2
}

// box draws an activity; the first one is where the procedure begins, a capsule.
func (c *canvas) box(mid, y int, begin bool) {
	class, round := "activity", 0
	if begin {
		class, round = "begin", boxH/2
	}
	fmt.Fprintf(c, `<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="%d" fill="#fff" stroke="#1d1a17"/>`+"\n",
		class, mid-boxW/2, y, boxW, boxH, round)
}

// exits draws the ways out at the right of a lane, one below another.
func (c *canvas) exits(r row, lane, y, from, out int) {
	for k, e := range r.exits {
		at := y + pad + k*exitH + exitH/2
		turn := lane + exitX - 14
		c.arrow(fmt.Sprintf("M%d %dH%dV%dH%d", from, out, turn, at, lane+exitX))
		if e.to > 0 {
			fmt.Fprintf(c, `<path class="connector" data-to="%d" d="M%d %dh24v14l-12 8l-12-8z" fill="#fff" stroke="#1d1a17"/>`+"\n", e.to, lane+exitX, at-11)
			fmt.Fprintf(c, `<text x="%d" y="%d" text-anchor="middle">%d</text>`+"\n", lane+exitX+12, at+4, e.to)
			c.text("", lane+exitX+30, at-2, e.label, laneW-exitX-34)
			continue
		}
		fmt.Fprintf(c, `<rect class="end" x="%d" y="%d" width="%d" height="20" rx="10" fill="#fff" stroke="#1d1a17"/>`+"\n", lane+exitX, at-17, laneW-exitX-6)
		fmt.Fprintf(c, `<text x="%d" y="%d" text-anchor="middle" font-size="11">%s</text>`+"\n", lane+exitX+(laneW-exitX-6)/2, at-3, html.EscapeString(e.end))
		c.text("", lane+exitX+2, at+15, e.label, laneW-exitX-4)
	}
}

// onward draws the arrow to the row below.
func (c *canvas) onward(i, mid, y int) {
	next := c.plan.rows[i+1]
	to, top := c.columns()[2+next.lane]+symbolX, c.tops[i+1]+pad
	edge := c.tops[i] + c.highs[i] - 5 // inside the row, beside its rule
	c.text("", mid+5, y+13, c.plan.rows[i].nextLabel, laneW-symbolX-8)
	if to == mid {
		c.arrow(fmt.Sprintf("M%d %dV%d", mid, y, top))
		return
	}
	c.arrow(fmt.Sprintf("M%d %dV%dH%dV%d", mid, y, edge, to, top))
}

func (c *canvas) arrow(d string) {
	fmt.Fprintf(c, `<path class="arrow" d="%s" fill="none" stroke="#1d1a17" marker-end="url(#a)"/>`+"\n", d)
}

// text writes words in lines of a width.
func (c *canvas) text(class string, x, y int, words string, width int) {
	if class != "" {
		class = ` class="` + class + `"`
	}
	for i, line := range wrap(words, width) {
		fmt.Fprintf(c, "<text%s x=\"%d\" y=\"%d\">%s</text>\n", class, x, y+i*lineH, html.EscapeString(line))
		class = ""
	}
}

// wrap breaks words into lines that fit a width, by a wide estimate.
func wrap(words string, width int) []string {
	most := max(4, int(float64(width)/perChar))
	var lines []string
	line := ""
	for _, word := range strings.Fields(words) {
		for utf8.RuneCountInString(word) > most {
			r := []rune(word)
			if line != "" {
				lines, line = append(lines, line), ""
			}
			lines, word = append(lines, string(r[:most-1])+"-"), string(r[most-1:])
		}
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= most:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
