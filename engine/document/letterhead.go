package document

import (
	"math"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// letterhead is the top of the first page: mark, names, address, double rule
// and the kawung band.
func (p *pen) letterhead() {
	const markSize = 25.0
	if own, err := parseMark(p.in.Mark); err == nil {
		p.drawing(own, area{left, 14, markSize, markSize})
	} else {
		p.mark(left+markSize/2, 14+markSize/2, markSize/2)
	}
	from, to := left+markSize+3, right
	y := 15.5
	for _, line := range p.headLines(to - from) {
		p.centre(area{x: from, y: y + baseline(line.size, line.lead), w: to - from}, line.face, line.text)
		y += line.lead
	}
	y = max(y+2.5, 14+markSize+2.5)
	p.rule(y, 0.9, p.colour.ink)
	p.rule(y+1.1, 0.25, p.colour.ink)
	p.band(y+2.4, 4.2)
	p.y = y + 2.4 + 4.2 + 5
}

type headLine struct {
	face
	text string
	lead float64
}

// headLines is the government, the office and how to reach it. An office that
// is the government itself is not named twice.
func (p *pen) headLines(w float64) []headLine {
	lang, g, u := p.in.Words.Lang(), p.in.Government, p.in.Unit
	var out []headLine
	add := func(text string, f face, lead float64) {
		for _, line := range p.wrap(text, w, f) {
			if line != "" {
				out = append(out, headLine{f, line, lead})
			}
		}
	}
	name, unit := g.Name.In(lang), u.Name.In(lang)
	add(strings.ToUpper(name), face{12, ""}, 6)
	if unit != name {
		add(strings.ToUpper(unit), face{15, "B"}, 7.4)
	}
	address, phone := u.Address, u.Phone
	if address == "" {
		address = g.Address
	}
	if phone == "" {
		phone = g.Phone
	}
	add(address, note, smallLead)
	var reach []string
	if phone != "" {
		reach = append(reach, p.in.Words.T("document.phone", "phone", phone))
	}
	if g.Email != "" {
		reach = append(reach, g.Email)
	}
	add(strings.Join(reach, "  ·  "), note, smallLead)
	return out
}

// band is a strip of kawung, four petals and a dot, across the page.
func (p *pen) band(y, h float64) {
	n := math.Round(width / h)
	step := width / n
	p.draw(p.colour.sogan)
	for i := range int(n) {
		p.kawung(left+step*(float64(i)+0.5), y+h/2, h/2, p.colour.sogan)
	}
}

// kawung is one cell: four petals towards the corners, a dot in the middle.
func (p *pen) kawung(x, y, r float64, c colour) {
	p.fill(c)
	for _, turn := range []float64{45, 135, 225, 315} {
		p.petal(x, y, span{r * 0.2, r * 1.22}, turn)
	}
	p.pdf.Circle(x, y, r*0.1, "F")
}

// span is a length of a radius.
type span struct{ from, to float64 }

// petal is a lens over a length of a radius, turned by degrees.
func (p *pen) petal(x, y float64, s span, degrees float64) {
	from := s.from
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	at := func(along, across float64) fpdf.PointType {
		return fpdf.PointType{X: x + along*cos - across*sin, Y: y - along*sin - across*cos}
	}
	length := s.to - from
	wide := length * 0.5
	p.pdf.Beziergon([]fpdf.PointType{
		at(from, 0),
		at(from+length*0.25, wide), at(from+length*0.75, wide), at(s.to, 0),
		at(from+length*0.75, -wide), at(from+length*0.25, -wide), at(from, 0),
	}, "F")
}

// mark is the emblem of a government that brought none: a pendopo's roof over
// four posts and water, in a ring of kawung petals.
func (p *pen) mark(x, y, r float64) {
	p.fill(p.colour.accent)
	p.pdf.Circle(x, y, r, "F")
	p.fill(p.colour.paper)
	p.pdf.Circle(x, y, r*0.955, "F")
	p.fill(p.colour.accent)
	p.pdf.Circle(x, y, r*0.91, "F")
	p.fill(p.colour.paper)
	const petals = 24
	for i := range petals {
		p.petal(x, y, span{r * 0.695, r * 0.885}, 360/petals*float64(i)+90)
	}
	p.pdf.Circle(x, y, r*0.67, "F")
	p.fill(p.colour.accent)
	p.roof(x, y, r)
	p.water(x, y, r)
}

// roof is the joglo: a steep middle, wide eaves, four posts, two steps.
func (p *pen) roof(x, y, r float64) {
	u := r * 0.1
	shape := func(points ...float64) {
		var out []fpdf.PointType
		for i := 0; i+1 < len(points); i += 2 {
			out = append(out, fpdf.PointType{X: x + points[i]*u, Y: y + points[i+1]*u})
		}
		p.pdf.Polygon(out, "F")
	}
	shape(-1.5, -4.6, 1.5, -4.6, 2.5, -2.6, -2.5, -2.6)
	shape(-2.7, -2.3, 2.7, -2.3, 5.3, -0.5, -5.3, -0.5)
	for _, post := range []float64{-4, -1.6, 1.6, 4} {
		shape(post-0.32, -0.2, post+0.32, -0.2, post+0.32, 2.3, post-0.32, 2.3)
	}
	shape(-4.7, 2.3, 4.7, 2.3, 4.7, 2.8, -4.7, 2.8)
	p.fill(p.colour.sogan)
	p.kawung(x, y-5.45*u, 0.62*u, p.colour.sogan)
}

// water is two waves at the foot of the mark.
func (p *pen) water(x, y, r float64) {
	p.draw(p.colour.sogan)
	p.pdf.SetLineWidth(r * 0.045)
	for row, half := range []float64{3.6, 2.4} {
		const step = 1.2
		base := y + r*(0.38+0.11*float64(row))
		for a := -half; a < half-0.1; a += step {
			from, to := x+a*r*0.1, x+(a+step)*r*0.1
			p.pdf.CurveBezierCubic(from, base, from+(to-from)/3, base-r*0.07, from+(to-from)*2/3, base+r*0.07, to, base, "D")
		}
	}
}
