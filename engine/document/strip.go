package document

import "strings"

// deemedHigh is about how much the part of a late approval needs, so that it
// and the signature go to the next page together.
func (p *pen) deemedHigh(d Deemed) float64 {
	var room float64 = right - left - 4 + stripGap
	perRow := int(room / (stripBox + stripGap))
	rows := (len(d.Days) + perRow - 1) / perRow
	words := len(p.wrap(p.deemedWords(d), width-4, plain))
	twins := len(p.wrap(strings.Join(p.twinWords(d.Days), twinGap), width-4, note))
	return 7 + float64(words+1)*bodyLead + float64(rows)*(stripBox+5.5) + float64(twins)*smallLead
}

func (p *pen) deemedWords(d Deemed) string {
	if d.Rule {
		return p.in.Words.T("document.by_rule", "basis", d.Basis)
	}
	return p.in.Words.T("document.deemed", "within", d.Within, "from", d.From, "due", p.in.Words.Moment(d.Due), "basis", d.Basis)
}

// deemed says in words and days that the limit was missed and the law granted
// this: anyone can count with a finger.
func (p *pen) deemed(d Deemed) {
	words := p.in.Words
	p.y += 1
	top, page := p.y, p.pdf.PageNo()
	title := "document.deemed_title"
	if d.Rule {
		title = "document.by_rule_title"
	}
	p.write(left+4, p.y+baseline(bodySize, bodyLead), bold, words.T(title))
	p.y += bodyLead
	p.lines(left+4, width-4, p.deemedWords(d))
	p.y += 2.5
	if len(d.Days) > 0 {
		p.strip(d.Days)
		p.twins(d.Days)
	}
	if p.pdf.PageNo() == page {
		p.fill(p.colour.late)
		p.pdf.Rect(left, top, 0.9, p.y-top, "F")
	}
	p.y += 3
}

const (
	stripBox = 7.2
	stripGap = 1.0
)

// strip is the row of boxes, as many rows as the days need.
func (p *pen) strip(days []Day) {
	x := left + 4
	p.need(stripBox + 6)
	for i, d := range days {
		if i > 0 && x+stripBox > right {
			x = left + 4
			p.y += stripBox + 4.5
			p.need(stripBox + 6)
		}
		p.dayBox(area{x, p.y, stripBox, stripBox}, d)
		x += stripBox + stripGap
	}
	p.y += stripBox + 5.5
}

// dayBox is one day: filled when counted, hollow when not, hatched when the
// clock stood, with a heavy edge when it was the last.
func (p *pen) dayBox(b area, d Day) {
	counts := d.Kind == DayCounted || d.Kind == DayDue
	p.pdf.SetLineWidth(0.25)
	style := "D"
	if counts {
		p.fill(p.colour.accent)
		style = "DF"
	}
	if d.Kind == DayStopped {
		p.hatch(b)
	}
	p.draw(p.colour.accent)
	p.pdf.Rect(b.x, b.y, b.w, b.h, style)
	if d.Kind == DayDue {
		p.draw(p.colour.late)
		p.pdf.SetLineWidth(0.9)
		p.pdf.Rect(b.x-0.2, b.y-0.2, b.w+0.4, b.h+0.4, "D")
	}
	text := p.colour.ink
	if counts {
		text = p.colour.paper
	}
	p.dayText(b, d, text)
}

func (p *pen) dayText(b area, d Day, c colour) {
	number := d.Date.Format("2")
	p.font(face{9, "B"})
	p.ink(c)
	p.pdf.Text(b.x+(b.w-p.pdf.GetStringWidth(number))/2, b.y+b.h/2+1.15, number)
	name := p.in.Words.WeekdayShort(d.Date.Weekday())
	p.font(face{6.5, ""})
	p.ink(p.colour.ink)
	p.pdf.Text(b.x+(b.w-p.pdf.GetStringWidth(name))/2, b.y+b.h+2.8, name)
}

func (p *pen) hatch(b area) {
	p.draw(p.colour.line)
	p.pdf.SetLineWidth(0.25)
	for o := 1.2; o < 2*b.h; o += 1.2 {
		x1, y1, x2, y2 := b.x+max(0, o-b.h), b.y+min(o, b.h), b.x+min(o, b.w), b.y+max(0, o-b.w)
		p.pdf.Line(x1, y1, x2, y2)
	}
}

const twinGap = "  ·  "

// twins says the strip in words.
func (p *pen) twins(days []Day) {
	for _, line := range p.wrap(strings.Join(p.twinWords(days), twinGap), width-4, note) {
		p.need(smallLead)
		p.write(left+4, p.y+baseline(smallSize, smallLead), note, line)
		p.y += smallLead
	}
}

// twinWords is every day that did not count, and why, and the last one; days
// in a row for one reason are said once. Weekends need no words.
func (p *pen) twinWords(days []Day) []string {
	keys := [...]string{"", "document.day_off", "document.day_stopped", "document.day_before", "document.day_due"}
	words := p.in.Words
	var said []string
	for i := 0; i < len(days); {
		d, end := days[i], i+1
		for end < len(days) && days[end].Kind == d.Kind && days[end].Name == d.Name {
			end++
		}
		when := words.DayShort(d.Date)
		if end-i > 1 {
			when += " – " + words.DayShort(days[end-1].Date)
		}
		if d.Kind != DayCounted && (d.Kind != DayOff || d.Name != "") {
			said = append(said, words.T(keys[d.Kind], "day", when, "name", d.Name))
		}
		i = end
	}
	return append(said, words.T("document.days_legend"))
}
