package chart

import "pendopo/law/definition"

// Chart is the procedure of one service in one language, ready to be painted.
type Chart struct {
	plan  Plan
	id    string
	lang  string
	owner string
	words Words
	head  identity
	foot  string
}

// New makes the chart of a service of a government.
func New(g *definition.Government, s *definition.Service, lang string, words Words, h Head) *Chart {
	m := &maker{g: g, s: s, lang: lang, words: words}
	c := &Chart{plan: m.plan(), id: s.ID, lang: lang, owner: g.Profile.Name.In(lang), words: words}
	c.head = m.identity(h)
	c.foot = m.t("foot", "service", s.Name.In(lang), "owner", c.owner)
	return c
}

// Plan is the flow that the chart draws.
func (c *Chart) Plan() Plan { return c.plan }

// rect is a part of a sheet, in points (1/72 inch) from the top left corner.
type rect struct{ x, y, w, h float64 }

func (r rect) right() float64  { return r.x + r.w }
func (r rect) bottom() float64 { return r.y + r.h }

type point struct{ x, y float64 }

// kind of a symbol.
type kind int

// The five symbols; the arrow is a line of its own.
const (
	capsule kind = iota
	box
	diamond
	pentagon
)

// symbol is one of the four closed symbols.
type symbol struct {
	kind
	rect
	step  string // id of the step that it stands for
	row   int    // of the plan; of a pentagon the row that it leads to or comes from
	words string // inside
}

// corners of a symbol that has some.
func (s symbol) corners() []point {
	x, y := s.x, s.y
	if s.kind == diamond {
		return []point{{x + s.w/2, y}, {x + s.w, y + s.h/2}, {x + s.w/2, y + s.h}, {x, y + s.h/2}}
	}
	return []point{{x, y}, {x + s.w, y}, {x + s.w, y + s.h*0.6}, {x + s.w/2, y + s.h}, {x, y + s.h*0.6}}
}

// arrow leads from one symbol of the sheet to another.
type arrow struct {
	points   []point
	from, to int // symbols
}

// line of text. Middle centres it on x.
type line struct {
	x, y   float64 // of the baseline
	size   float64
	bold   bool
	middle bool
	grey   bool
	text   string
	cell   rect // where it must stay
}

// rule is a straight line of the table.
type rule struct {
	a, b  point
	thick float64
}

// sheet is one page, laid out.
type sheet struct {
	w, h    float64
	fills   []rect
	rules   []rule
	symbols []symbol
	arrows  []arrow
	lines   []line
}

func (s *sheet) rule(x1, y1, x2, y2, thick float64) {
	s.rules = append(s.rules, rule{point{x1, y1}, point{x2, y2}, thick})
}

// frame draws the four rules around a part.
func (s *sheet) frame(r rect, thick float64) {
	s.rule(r.x, r.y, r.right(), r.y, thick)
	s.rule(r.x, r.bottom(), r.right(), r.bottom(), thick)
	s.rule(r.x, r.y, r.x, r.bottom(), thick)
	s.rule(r.right(), r.y, r.right(), r.bottom(), thick)
}

// face is how text is set.
type face struct {
	size, lead float64
	bold, grey bool
}

// The faces of a chart; nothing writes to them.
var (
	plain  = face{8, 10, false, false}
	strong = face{8, 10, true, false}
	small  = face{6.5, 8, false, true}
	tiny   = face{6.5, 7.5, false, false}
)

// column writes text into a cell from its top, each text on lines of its own,
// and gives the height that it took.
func (s *sheet) column(cell rect, f face, texts ...string) float64 {
	y := cell.y
	for _, text := range texts {
		for _, words := range wrap(text, cell.w, f) {
			if words == "" {
				y += f.lead
				continue
			}
			s.lines = append(s.lines, line{x: cell.x, y: y + f.size*0.86, size: f.size, bold: f.bold, grey: f.grey, text: words, cell: cell})
			y += f.lead
		}
	}
	return y - cell.y
}

// centred writes text into the middle of a cell.
func (s *sheet) centred(cell rect, f face, text string) {
	lines := wrap(text, cell.w, f)
	y := cell.y + (cell.h-float64(len(lines))*f.lead)/2
	for _, words := range lines {
		s.lines = append(s.lines, line{x: cell.x + cell.w/2, y: y + f.size*0.92, size: f.size, bold: f.bold, middle: true, text: words, cell: cell})
		y += f.lead
	}
}

// tall is the height that a column of texts takes.
func tall(w float64, f face, texts ...string) float64 {
	n := 0
	for _, text := range texts {
		n += len(wrap(text, w, f))
	}
	return float64(n) * f.lead
}
