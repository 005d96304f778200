package simulation

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"pendopo/law/deadline"
	"pendopo/law/definition"
)

// Names are how a picture and a page call things.
type Names struct {
	Service string
	Step    func(id string) string
	Role    func(id string) string
	Words   deadline.Text
}

// NamesOf are the names of a government in a language.
func NamesOf(g *definition.Government, s *definition.Service, lang string, words deadline.Text) Names {
	return Names{
		Service: s.Name.In(lang), Words: words,
		Step: func(id string) string {
			if step := s.Step(id); step != nil {
				return step.Name.In(lang)
			}
			return id
		},
		Role: func(id string) string {
			if r := g.Role(id); r != nil {
				return r.Name.In(lang)
			}
			return id
		},
	}
}

// Measures of the picture, in pixels.
const (
	wide   = 900
	inset  = 28
	plotH  = 170
	rowH   = 34
	labelW = 250
)

// picture collects the drawing.
type picture struct {
	bytes.Buffer
	names Names
	y     int
}

func (p *picture) f(format string, args ...any) { fmt.Fprintf(p, format, args...) }

func (p *picture) text(x, y, size int, more, words string) {
	p.f(`<text x="%d" y="%d" font-size="%d"%s>%s</text>`+"\n", x, y, size, more, html.EscapeString(words))
}

// Picture draws a result as SVG: how many cases lay open day by day, how busy
// each desk was, how long each step's cases waited; and below the same as a
// table, for those who do not see bars.
func (r *Result) Picture(n Names) []byte {
	p := &picture{names: n}
	p.heading(r)
	p.openCases(r)
	p.loads(r)
	p.waits(r)
	p.table(r)
	var out bytes.Buffer
	height := p.y + inset
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="sim-t sim-d" font-family="Helvetica,Arial,'Liberation Sans',sans-serif" fill="#1d1a17">`+"\n", wide, height, wide, height)
	fmt.Fprintf(&out, "<title id=\"sim-t\">%s</title>\n<desc id=\"sim-d\">%s</desc>\n", html.EscapeString(n.Words("simulation.title", "service", n.Service)), html.EscapeString(p.summary(r)))
	fmt.Fprintf(&out, `<rect width="%d" height="%d" fill="#fffdf8"/>`+"\n", wide, height)
	out.Write(p.Bytes())
	out.WriteString("</svg>\n")
	return out.Bytes()
}

// summary is the result in one sentence.
func (p *picture) summary(r *Result) string {
	return p.names.Words("simulation.summary", "arrived", r.Arrived, "ended", r.Ended, "open", r.Open, "late", p.names.Percent(r.LateShare()), "granted", r.Granted)
}

func (p *picture) heading(r *Result) {
	p.text(inset, 40, 20, ` font-weight="700"`, p.names.Words("simulation.title", "service", p.names.Service))
	p.text(inset, 62, 13, "", p.names.Words("simulation.period", "from", r.From, "days", r.Days, "seed", fmt.Sprint(r.Seed)))
	p.text(inset, 82, 13, "", p.summary(r))
	p.y = 100
}

func (p *picture) section(key string) {
	p.y += 30
	p.text(inset, p.y, 14, ` font-weight="700"`, p.names.Words(key))
	p.y += 12
}

// openCases is the line of cases that lay open at the end of each day.
func (p *picture) openCases(r *Result) {
	p.section("simulation.open_by_day")
	most := 1
	for _, n := range r.OpenAt {
		most = max(most, n)
	}
	step := nice(most)
	top := (most + step - 1) / step * step
	left, right := inset+44, wide-inset
	at := func(day, n int) (float64, float64) {
		return float64(left) + float64(right-left)*float64(day)/float64(max(1, len(r.OpenAt)-1)), float64(p.y) + plotH*(1-float64(n)/float64(top))
	}
	for n := 0; n <= top; n += step {
		_, y := at(0, n)
		p.f(`<path d="M%d %.1fH%d" stroke="#d8d0c4"/>`+"\n", left, y, right)
		p.text(left-8, int(y)+4, 11, ` text-anchor="end"`, fmt.Sprint(n))
	}
	line := ""
	for day, n := range r.OpenAt {
		x, y := at(day, n)
		line += fmt.Sprintf("%s%.1f %.1f", [2]string{"L", "M"}[b2i(day == 0)], x, y)
	}
	if len(r.OpenAt) > 0 {
		base := p.y + plotH
		p.f(`<path d="%sL%d %dL%d %dz" fill="#1f3a68" fill-opacity="0.12"/>`+"\n", line, right, base, left, base)
		p.f(`<path d="%s" fill="none" stroke="#1f3a68" stroke-width="2"/>`+"\n", line)
	}
	p.y += plotH + 18
	p.text(left, p.y, 11, "", r.From)
	p.text(right, p.y, 11, ` text-anchor="end"`, p.names.Words("simulation.day", "n", r.Days))
	p.y += 6
}

// nice is a round step of which some four fit.
func nice(most int) int {
	for _, step := range []int{1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000} {
		if most/step <= 5 {
			return step
		}
	}
	return most
}

// bar is one row: its label, a bar against a whole, and words behind it.
func (p *picture) bar(label, words string, share float64, colour string) {
	full := wide - inset - labelW - inset - 150
	p.text(inset, p.y+20, 12, "", clipped(label, 40))
	p.f(`<rect x="%d" y="%d" width="%d" height="18" fill="#efe8dc"/>`+"\n", inset+labelW, p.y+7, full)
	p.f(`<rect x="%d" y="%d" width="%.1f" height="18" fill="%s"/>`+"\n", inset+labelW, p.y+7, float64(full)*min(1, share), colour)
	p.text(inset+labelW+full+10, p.y+21, 12, "", words)
	p.y += rowH
}

func clipped(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// busy is the load from which queues grow faster than anybody expects.
const busy = 0.85

func (p *picture) loads(r *Result) {
	p.section("simulation.load")
	for _, d := range r.Desks {
		colour, words := "#1d6b3a", p.names.Percent(d.Load)
		if d.Load > busy {
			colour, words = "#a3201d", p.names.Words("simulation.busy", "load", words)
		}
		p.bar(p.names.Words("simulation.desk", "role", p.names.Role(d.Role), "n", d.Officers), words, d.Load, colour)
	}
}

func (p *picture) waits(r *Result) {
	p.section("simulation.waits")
	most := 1.0
	for _, s := range r.Steps {
		most = max(most, s.Wait.P90)
	}
	for _, s := range r.Steps {
		if s.Role == "" {
			continue
		}
		y := p.y
		p.bar(p.names.Step(s.ID), p.names.Words("simulation.median_p90", "median", p.names.Minutes(s.Wait.Median, r.DayLong), "p90", p.names.Minutes(s.Wait.P90, r.DayLong)), s.Wait.P90/most, "#8fa3c4")
		full := float64(wide - inset - labelW - inset - 150)
		p.f(`<rect x="%d" y="%d" width="%.1f" height="18" fill="#1f3a68"/>`+"\n", inset+labelW, y+7, full*s.Wait.Median/most)
	}
}

// table says the same in figures.
func (p *picture) table(r *Result) {
	p.section("simulation.figures")
	p.y += 6
	head, rows := r.Table(p.names)
	xs := []int{inset, inset + 240, inset + 300, inset + 370, inset + 465, inset + 560, inset + 655, inset + 725, inset + 800}
	for i, words := range head {
		p.text(xs[i], p.y+8, 11, ` font-weight="700"`, words)
	}
	p.f(`<path d="M%d %dH%d" stroke="#6b3e1f"/>`+"\n", inset, p.y+14, wide-inset)
	p.y += 18
	for _, row := range rows {
		for i, words := range row {
			p.text(xs[i], p.y+13, 11, "", clipped(words, 44))
		}
		p.f(`<path d="M%d %dH%d" stroke="#d8d0c4"/>`+"\n", inset, p.y+20, wide-inset)
		p.y += 22
	}
}

// Table is the result of each step in words: the twin of the picture.
func (r *Result) Table(n Names) (head []string, rows [][]string) {
	for _, key := range []string{"step", "cases", "load_short", "median", "p90", "max", "late", "granted", "backlog"} {
		head = append(head, n.Words("simulation."+key))
	}
	for _, s := range r.Steps {
		if s.Role == "" {
			continue
		}
		load := ""
		for _, d := range r.Desks {
			if d.Role == s.Role && d.Unit == s.Unit {
				load = n.Percent(d.Load)
			}
		}
		late := 0.0
		if s.Entered > 0 {
			late = float64(s.Late) / float64(s.Entered)
		}
		rows = append(rows, []string{
			n.Step(s.ID), fmt.Sprint(s.Entered), load, n.Minutes(s.Wait.Median, r.DayLong), n.Minutes(s.Wait.P90, r.DayLong),
			n.Minutes(s.Wait.Max, r.DayLong), n.Percent(late), fmt.Sprint(s.Granted), fmt.Sprint(s.Backlog),
		})
	}
	return head, rows
}

// Number is a number with one digit behind the point, where there is one.
func (n Names) Number(x float64) string {
	s := strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0")
	return strings.Replace(s, ".", n.Words("simulation.decimal"), 1)
}

// Percent is a share in words.
func (n Names) Percent(x float64) string {
	return n.Words("simulation.percent", "n", n.Number(x*100))
}

// Minutes are working minutes as people say them: minutes, hours, or days of an
// office that are so long.
func (n Names) Minutes(m, day float64) string {
	switch {
	case m < 90:
		return n.Words("simulation.minutes", "n", fmt.Sprintf("%.0f", m))
	case m < day:
		return n.Words("simulation.hours", "n", n.Number(m/60))
	}
	return n.Words("simulation.days", "n", n.Number(m/day))
}
