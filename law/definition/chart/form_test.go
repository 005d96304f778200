package chart

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"pendopo/law/deadline"
	"pendopo/law/definition"
)

// all are the demo's services and the permit, each in both languages.
func all(t *testing.T, visit func(t *testing.T, c *Chart, s *definition.Service, words Words)) {
	t.Helper()
	g, texts := demo(t)
	h, permit := permit()
	for _, lang := range []string{"id", "en"} {
		words := texts.Printer(lang).T
		for _, s := range g.Services {
			t.Run(lang+" "+s.ID, func(t *testing.T) { visit(t, New(g, s, lang, words, Head{}), s, words) })
		}
		t.Run(lang+" "+permit.ID, func(t *testing.T) { visit(t, New(h, permit, lang, words, Head{}), permit, words) })
	}
}

// TestThePlanIsTheDefinition wants lanes that are the actors, a row for every
// step with its own time, decisions with two ways or more, and ends without any.
func TestThePlanIsTheDefinition(t *testing.T) {
	all(t, func(t *testing.T, c *Chart, s *definition.Service, words Words) {
		p := c.Plan()
		actors := map[string]bool{}
		for i, step := range s.Flow.Steps {
			unit := step.Actor.Unit
			if unit == "" && step.Actor.Who == "role" {
				unit = s.Unit.Unit
			}
			actors[step.Actor.Who+" "+step.Actor.Role+" "+unit] = true
			r := p.Rows[i]
			if r.Step != step.ID || r.Does == "" || strings.HasPrefix(r.Does, "chart.") {
				t.Errorf("row %d is %+v", i+1, r)
			}
			want := ""
			if step.Limit != nil {
				span, err := deadline.ParseSpan(step.Limit.Within)
				if err != nil {
					t.Fatal(err)
				}
				want = span.In(words)
			}
			if !strings.HasPrefix(r.Time, want) || want == "" && r.Time != "" {
				t.Errorf("%s takes %q, the definition says %q", step.ID, r.Time, want)
			}
		}
		if len(p.Lanes) != len(actors) {
			t.Errorf("%d lanes for %d actors: %v", len(p.Lanes), len(actors), p.Lanes)
		}
		begins := 0
		for i, r := range p.Rows {
			if r.Begin {
				begins++
			}
			if r.End && len(r.Exits) > 0 || !r.End && len(r.Exits) == 0 {
				t.Errorf("row %d: end %v with %d ways", i+1, r.End, len(r.Exits))
			}
			for _, e := range r.Exits {
				if e.To < 0 || e.To >= len(p.Rows) || r.Decides() && e.Label == "" {
					t.Errorf("row %d leads to %+v", i+1, e)
				}
			}
		}
		if begins != 1 {
			t.Errorf("%d beginnings", begins)
		}
	})
}

// TestSheetsKeepTheFormOfEverySymbol holds every sheet, and the one for pages
// that scroll, to the rules of drawing.
func TestSheetsKeepTheFormOfEverySymbol(t *testing.T) {
	all(t, func(t *testing.T, c *Chart, s *definition.Service, _ Words) {
		sheets := append(c.sheets(), c.continuous())
		drawn := map[string]int{}
		for i, sh := range sheets {
			for _, wrong := range sh.faults() {
				t.Errorf("sheet %d: %s", i+1, wrong)
			}
			for _, x := range sh.symbols {
				if x.step != "" && i < len(sheets)-1 {
					drawn[x.step]++
				}
			}
		}
		for _, step := range s.Flow.Steps {
			if drawn[step.ID] != 1 {
				t.Errorf("%s is drawn %d times", step.ID, drawn[step.ID])
			}
		}
	})
}

// faults are all departures of one sheet from the rules.
func (s sheet) faults() []string {
	var out []string
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for i, a := range s.symbols {
		if a.x < 0 || a.y < 0 || a.right() > s.w || a.bottom() > s.h {
			bad("symbol %d lies off the sheet", i)
		}
		for k := range i {
			if over(grown(a.rect, 2), s.symbols[k].rect) {
				bad("symbols %d and %d touch", i, k)
			}
		}
	}
	for i, a := range s.arrows {
		n := len(a.points)
		if !s.symbols[a.from].touches(a.points[0]) || !s.symbols[a.to].touches(a.points[n-1]) {
			bad("arrow %d does not end at its symbols: %v", i, a.points)
		}
		for k := 1; k < n; k++ {
			for j, x := range s.symbols {
				if x.crossed(a.points[k-1], a.points[k]) {
					bad("arrow %d crosses symbol %d", i, j)
				}
			}
			for _, l := range s.lines {
				if crosses(a.points[k-1], a.points[k], grown(l.box(), -0.3)) {
					bad("arrow %d runs through %q", i, l.text)
				}
			}
		}
	}
	for _, l := range s.lines {
		for j, x := range s.symbols {
			if b := l.box(); x.crossed(point{b.x, b.y}, point{b.right(), b.y}) || x.crossed(point{b.x, b.bottom()}, point{b.right(), b.bottom()}) {
				bad("%q lies on symbol %d", l.text, j)
			}
		}
	}
	lines := s.allLines()
	for i, l := range lines {
		if b := l.box(); b.x < l.cell.x-0.1 || b.right() > l.cell.right()+0.1 || b.y < l.cell.y-0.6 || b.bottom() > l.cell.bottom()+1 {
			bad("%q leaves its cell: %v, %v", l.text, b, l.cell)
		}
		for k := range i {
			if over(grown(l.box(), -0.4), lines[k].box()) {
				bad("%q and %q overlap", l.text, lines[k].text)
			}
		}
	}
	return out
}

// box is the ground that a line of text covers.
func (l line) box() rect {
	w := width(l.text, l.size, l.bold)
	x := l.x
	if l.middle {
		x -= w / 2
	}
	return rect{x, l.y - 0.72*l.size, w, 0.72*l.size + 0.1*l.size}
}

func grown(r rect, by float64) rect { return rect{r.x - by, r.y - by, r.w + 2*by, r.h + 2*by} }

func over(a, b rect) bool {
	return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
}

// crosses reports whether a line along an axis touches the ground of a rect.
func crosses(a, b point, r rect) bool {
	return r.w > 0 && r.h > 0 && over(rect{min(a.x, b.x), min(a.y, b.y), math.Abs(a.x - b.x), math.Abs(a.y - b.y)}, r)
}

// crossed reports whether a line along an axis touches the inside of a symbol.
func (x symbol) crossed(a, b point) bool {
	if !crosses(a, b, grown(x.rect, -0.5)) || x.kind != diamond {
		return crosses(a, b, grown(x.rect, -0.5))
	}
	for i := range 101 {
		px, py := a.x+(b.x-a.x)*float64(i)/100, a.y+(b.y-a.y)*float64(i)/100
		if math.Abs(px-x.x-x.w/2)/(x.w/2)+math.Abs(py-x.y-x.h/2)/(x.h/2) < 0.98 {
			return true
		}
	}
	return false
}

// touches reports whether a point lies on the outline of a symbol.
func (x symbol) touches(p point) bool {
	switch dx, dy := math.Abs(p.x-x.x-x.w/2), math.Abs(p.y-x.y-x.h/2); x.kind {
	case diamond:
		return math.Abs(dx/(x.w/2)+dy/(x.h/2)-1) < 0.01
	default:
		return dx < x.w/2+0.01 && dy < x.h/2+0.01 && (math.Abs(dx-x.w/2) < 0.01 || math.Abs(dy-x.h/2) < 0.01)
	}
}

// TestAPlantedFaultIsFound proves that the rules above can fail.
func TestAPlantedFaultIsFound(t *testing.T) {
	g, s := permit()
	_, texts := demo(t)
	c := New(g, s, "id", texts.Printer("id").T, Head{})
	for what, spoil := range map[string]func(*sheet){
		"touch": func(s *sheet) { s.symbols[1].rect = s.symbols[0].rect },
		"crosses": func(s *sheet) {
			s.symbols[2].rect = rect{s.arrows[0].points[0].x - 4, s.arrows[0].points[0].y + 1, 8, 8}
		},
		"does not end": func(s *sheet) { s.arrows[0].points[0].y += 3 },
		"leaves":       func(s *sheet) { s.lines[0].text += " and far beyond the cell in which it stands" },
		"runs through": func(s *sheet) { s.lines[0].x, s.lines[0].y = s.arrows[0].points[0].x-5, s.arrows[0].points[0].y+6 },
		"lies on":      func(s *sheet) { s.lines[0].x, s.lines[0].y = s.symbols[2].x, s.symbols[2].y+9 },
		"overlap":      func(s *sheet) { s.lines = append(s.lines, s.lines[0]) },
	} {
		sh := c.continuous()
		spoil(&sh)
		if found := strings.Join(sh.faults(), "\n"); !strings.Contains(found, what) {
			t.Errorf("%s was not found in %q", what, found)
		}
	}
}

// TestConnectorsLeadToTheirPages makes a chart of many pages and wants every
// pentagon answered on the page that it names.
func TestConnectorsLeadToTheirPages(t *testing.T) {
	_, texts := demo(t)
	c := &Chart{plan: chances(7, 60, 5), id: "long", lang: "id", words: texts.Printer("id").T}
	cols, _ := c.divide()
	breaks := c.breaks(cols)
	if len(breaks) < 3 {
		t.Fatalf("60 rows on %d pages", len(breaks))
	}
	page := pageOf(breaks)
	first := 0
	for i, last := range breaks {
		table := c.newTable(first, last, page)
		for _, n := range table.nodes {
			if n.sign != 0 && (n.page == i+2 || n.page < 2 || n.page > len(breaks)+1) {
				t.Errorf("page %d: a pentagon to page %d", i+2, n.page)
			}
			if n.sign == 1 && page(n.row) != n.page {
				t.Errorf("page %d: row %d is on page %d", i+2, n.row+1, page(n.row))
			}
		}
		first = last
	}
	for i, sh := range c.sheets()[1:] {
		for _, wrong := range sh.faults() {
			t.Errorf("sheet %d: %s", i+1, wrong)
		}
	}
}

// chances is a plan of any shape: so many rows, lanes, and up to four ways each.
func chances(seed uint64, rows, lanes int) Plan {
	next := func(n int) int {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int(seed>>33) % n
	}
	p := Plan{Title: "any"}
	for i := range lanes {
		p.Lanes = append(p.Lanes, fmt.Sprintf("Actor number %d", i+1))
	}
	for i := range rows {
		r := Row{Does: strings.Repeat("work ", 1+next(9)), Step: fmt.Sprintf("s%d", i), Lane: next(lanes), Begin: i == 0, Time: "3 hari kerja", Note: strings.Repeat("note ", next(20))}
		ways := map[int]bool{}
		for range 1 + next(4)*next(2) {
			ways[next(rows)] = true
		}
		if next(3) > 0 {
			ways[i+1] = true
		}
		delete(ways, i)
		for to := range rows {
			if ways[to] {
				r.Exits = append(r.Exits, Exit{Label: [3]string{"Ya", "Kembali", "Lewat waktu atau ditolak"}[next(3)], To: to})
			}
		}
		if len(r.Exits) == 1 {
			r.Exits[0].Label = ""
		}
		r.End = len(r.Exits) == 0
		p.Rows = append(p.Rows, r)
	}
	return p
}

// TestAnyPlanIsDrawnByTheRules draws plans of any shape.
func TestAnyPlanIsDrawnByTheRules(t *testing.T) {
	_, texts := demo(t)
	for seed := range uint64(150) {
		c := &Chart{plan: chances(seed+1, 3+int(seed%17), 1+int(seed%6)), id: "any", lang: "id", words: texts.Printer("id").T}
		for i, sh := range append(c.sheets()[1:], c.continuous()) {
			if wrong := sh.faults(); len(wrong) > 0 {
				t.Fatalf("seed %d, sheet %d: %s", seed, i+1, strings.Join(wrong, "\n"))
			}
		}
	}
}

// TestWidthsAreThoseOfHelvetica compares the table with the fonts of the PDF.
func TestWidthsAreThoseOfHelvetica(t *testing.T) {
	f := fpdf.New("P", "pt", "A4", "")
	for _, style := range []string{"", "B"} {
		f.SetFont("Helvetica", style, 1000)
		for c := ' '; c <= '~'; c++ {
			if got, want := width(string(c), 1000, style == "B"), f.GetStringWidth(string(c)); math.Abs(got-want) > 0.5 {
				t.Errorf("%q %s: %v, the font has %v", c, style, got, want)
			}
		}
	}
}

func TestThePDFHasThePagesOfTheChart(t *testing.T) {
	g, s := permit()
	_, texts := demo(t)
	c := New(g, s, "id", texts.Printer("id").T, Head{})
	date := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	one, err := c.PDF(date)
	if err != nil {
		t.Fatal(err)
	}
	two, err := c.PDF(date)
	if err != nil || string(one) != string(two) {
		t.Error("the same chart gives other bytes", err)
	}
	if n := strings.Count(string(one), "<</Type /Page\n"); n != len(c.sheets()) {
		t.Errorf("%d pages for %d sheets", n, len(c.sheets()))
	}
}
