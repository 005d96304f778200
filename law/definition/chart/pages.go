package chart

// sheets lays the whole chart out: the identity sheet, then the table on as
// many sheets as it needs.
func (c *Chart) sheets() []sheet {
	cols, tables := c.divide()
	out := []sheet{c.identitySheet(cols.paper.w, cols.paper.h)}
	for _, t := range tables {
		t.measure(cols)
		s := sheet{w: cols.paper.w, h: max(cols.paper.h, 2*margin+headTop+headLow+t.total()+footH)}
		t.stretch(s.h - 2*margin - headTop - headLow - footH)
		t.draw(&s, margin)
		out = append(out, s)
	}
	for i := range out {
		c.footer(&out[i], i+1, len(out))
	}
	return out
}

// divide puts the rows on sheets. The pentagons of a sheet have lines that the
// undivided chart has not, so the columns are made anew until all find room.
func (c *Chart) divide() (columns, []*table) {
	lanes := c.lanes(c.whole())
	for {
		cols := c.layOut(lanes)
		breaks := c.breaks(cols)
		var tables []*table
		first := 0
		for _, last := range breaks {
			tables = append(tables, c.newTable(first, last, pageOf(breaks)))
			first = last
		}
		enough := true
		for i, n := range c.lanes(tables...) {
			wider := lanes[i].with(n)
			enough, lanes[i] = enough && wider == lanes[i], wider
		}
		if enough {
			return cols, tables
		}
	}
}

// whole is the table undivided.
func (c *Chart) whole() *table {
	return c.newTable(0, len(c.plan.Rows), func(int) int { return 0 })
}

// continuous lays the table out as one sheet of any height, without an identity
// sheet and a foot: for a page that scrolls.
func (c *Chart) continuous() sheet {
	t := c.whole()
	cols := c.layOut(c.lanes(t))
	t.measure(cols)
	s := sheet{w: cols.paper.w, h: 2*pad + headTop + headLow + t.total()}
	t.draw(&s, pad)
	return s
}

// breaks are the rows at which sheets end: each takes as many rows as fit with
// the pentagons that they need there.
func (c *Chart) breaks(cols columns) []int {
	room := cols.paper.h - 2*margin - headTop - headLow - footH
	var out []int
	for first := 0; first < len(c.plan.Rows); {
		last := first + 1
		for last < len(c.plan.Rows) && c.height(cols, first, last+1) <= room {
			last++
		}
		out = append(out, last)
		first = last
	}
	return out
}

func (c *Chart) height(cols columns, first, last int) float64 {
	t := c.newTable(first, last, func(int) int { return 0 })
	t.measure(cols)
	return t.total()
}

// pageOf gives the page on which a row stands; the identity sheet is the first.
func pageOf(breaks []int) func(row int) int {
	return func(row int) int {
		for i, last := range breaks {
			if row < last {
				return i + 2
			}
		}
		return 0
	}
}

func (c *Chart) footer(s *sheet, n, of int) {
	cell := rect{margin, s.h - margin - footH + 4, s.w - 2*margin, small.lead}
	s.column(cell, small, c.foot)
	page := c.words("chart.page", "n", n, "of", of)
	w := width(page, small.size, false) + 0.01
	s.column(rect{s.w - margin - w, cell.y, w, small.lead}, small, page)
}

// identitySheet is the block with which the official form begins: the office at
// the left, the number and the dates at the right, six boxes below. Its type is
// as large as the paper takes.
func (c *Chart) identitySheet(w, h float64) sheet {
	for scale := 1.9; ; scale -= 0.05 {
		s := sheet{w: w, h: h}
		end := c.identify(&s, scale) + margin + footH
		if end <= h || scale <= 1 {
			s.h = max(h, end)
			return s
		}
	}
}

// identify lays the identity out in one scale and gives where it ends.
func (c *Chart) identify(s *sheet, scale float64) float64 {
	left, right, mid, top := margin, s.w-margin, s.w/2, margin
	y := c.facts(s, scale)
	s.frame(rect{left, top, right - left, y - top}, 1)
	s.rule(mid, top, mid, y, 1)
	h := y - top
	cell := rect{left + 12, top + h*0.08, mid - left - 24, h * 0.34}
	s.centred(cell, face{15 * scale, 19 * scale, true, false}, upper(c.head.government))
	cell.y, cell.h = top+h*0.42, h*0.3
	s.centred(cell, face{11 * scale, 14 * scale, true, false}, upper(c.head.unit))
	s.rule(left+40, top+h*0.76, mid-40, top+h*0.76, 1.6)
	cell.y, cell.h = top+h*0.78, h*0.18
	s.centred(cell, face{11 * scale, 14 * scale, true, false}, c.words("chart.sop"))
	for i := 0; i+1 < len(c.head.boxes); i += 2 {
		y = c.pair(s, y, c.head.boxes[i:i+2], scale)
	}
	return y
}

// facts is the small table at the right; it gives where it ends.
func (c *Chart) facts(s *sheet, scale float64) float64 {
	mid, right, y := s.w/2, s.w-margin, margin
	f, label := face{9.5 * scale, 12.5 * scale, false, false}, face{9 * scale, 12.5 * scale, true, false}
	labelW, room := 118*scale, 5*scale
	for i, x := range c.head.facts {
		f.bold = i == len(c.head.facts)-1
		cell := rect{mid + labelW + 8, y + room, right - mid - labelW - 16, 0}
		cell.h = max(tall(cell.w, f, x.lines...), tall(labelW-12, label, x.label))
		s.fills = append(s.fills, rect{mid, y, labelW, cell.h + 2*room})
		s.column(rect{mid + 8, y + room, labelW - 12, cell.h}, label, x.label)
		s.column(cell, f, x.lines...)
		y += cell.h + 2*room
		s.rule(mid, y, right, y, 0.6)
	}
	s.rule(mid+labelW, margin, mid+labelW, y, 0.6)
	return y
}

// pair is two boxes side by side; it gives where they end.
func (c *Chart) pair(s *sheet, y float64, two []fact, scale float64) float64 {
	f, label := face{9.5 * scale, 13 * scale, false, false}, face{9 * scale, 12.5 * scale, true, false}
	w, bar, room := s.w/2-margin, 20*scale, 7*scale
	inner := w - 20
	h := max(tall(inner, f, two[0].lines...), tall(inner, f, two[1].lines...)) + bar + 2*room
	for i, x := range two {
		left := margin + float64(i)*w
		s.fills = append(s.fills, rect{left, y, w, bar})
		s.column(rect{left + 10, y + 4*scale, inner, label.lead}, label, x.label)
		s.column(rect{left + 10, y + bar + room, inner, h - bar - 2*room}, f, x.lines...)
		s.frame(rect{left, y, w, h}, 1)
		s.rule(left, y+bar, left+w, y+bar, 0.6)
	}
	return y + h
}
