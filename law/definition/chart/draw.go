package chart

import "pendopo/law/definition/grid"

// total is the height of the rows.
func (t *table) total() float64 {
	sum := 0.0
	for _, h := range t.heights {
		sum += h
	}
	return sum
}

// draw puts the table on a sheet from a height on.
func (t *table) draw(s *sheet, top float64) {
	t.tableHead(s, top)
	y := top + headTop + headLow
	m := grid.Measures{Boxes: make([]grid.Box, len(t.nodes)), Gaps: make([]float64, len(t.nodes)), Borders: t.cols.borders, Track: track}
	base := len(s.symbols)
	for i, n := range t.nodes {
		w, h := t.symbolSize(i)
		extra := t.heights[i] - t.gaps[i] - h - t.feet[i]
		sy := y + t.gaps[i] + extra/2
		mid := t.cols.middles[t.c.plan.Rows[n.row].Lane]
		s.symbols = append(s.symbols, t.symbol(n, rect{mid - w/2, sy, w, h}))
		m.Boxes[i] = grid.Box{Middle: grid.Point{Along: sy + h/2, Across: mid}, Long: h, Wide: w}
		m.Gaps[i] = sy - 9 - track*float64(max(0, t.plan.Gap(i)-1))
		t.row(s, i, y)
		y += t.heights[i]
	}
	lanes, last := len(t.c.plan.Lanes), len(t.cols.edges)-1
	for i, x := range t.cols.edges {
		from := top
		if i > 2 && i < last-1 && i != 2+lanes { // below the heads over several columns
			from += headTop
		}
		s.rule(x, from, x, y, 0.6)
	}
	t.ways(s, base, t.plan.Lines(m))
}

// symbol of a node.
func (t *table) symbol(n node, at rect) symbol {
	r := t.c.plan.Rows[n.row]
	out := symbol{kind: box, rect: at, step: r.Step, row: n.row}
	switch {
	case n.sign != 0:
		out.kind, out.step, out.words = pentagon, "", itoa(n.row+1)
	case r.Decides():
		out.kind = diamond
	case r.Begin:
		out.kind, out.words = capsule, t.c.words("chart.begin")
	case r.End:
		out.kind, out.words = capsule, t.c.words("chart.end")
	}
	return out
}

// row writes the words of a row and the rule below it.
func (t *table) row(s *sheet, i int, y float64) {
	n := t.nodes[i]
	texts, status := t.cells(n)
	cell := func(col int) rect {
		return rect{t.cols.edges[col] + pad, y + pad, t.inner(col), t.heights[i] - 2*pad}
	}
	if n.sign == 0 {
		s.column(cell(0), plain, itoa(n.row+1))
	}
	for k, text := range texts {
		f, at := plain, cell(t.textColumn(k))
		if n.sign != 0 {
			f = small
		}
		if text == "" {
			continue
		}
		used := s.column(at, f, text)
		if k == 0 && status != "" {
			at.y, at.h = at.y+used, at.h-used
			s.column(at, small, status)
		}
	}
	s.rule(t.cols.edges[0], y+t.heights[i], t.cols.edges[len(t.cols.edges)-1], y+t.heights[i], 0.6)
}

// tableHead draws the two rows of the table's head.
func (t *table) tableHead(s *sheet, top float64) {
	e := t.cols.edges
	lanes, last := len(t.c.plan.Lanes), len(e)-1
	s.fills = append(s.fills, rect{e[0], top, e[last] - e[0], headTop + headLow})
	word := func(key string) string { return t.c.words("chart." + key) }
	whole := func(col int, text string) {
		s.centred(rect{e[col] + 2, top, e[col+1] - e[col] - 4, headTop + headLow}, strong, text)
	}
	whole(0, word("number"))
	whole(1, word("activity"))
	whole(last-1, word("remarks"))
	s.centred(rect{e[2], top, e[2+lanes] - e[2], headTop}, strong, word("actors"))
	s.centred(rect{e[2+lanes], top, e[last-1] - e[2+lanes], headTop}, strong, word("quality"))
	for i, name := range t.c.plan.Lanes {
		s.centred(rect{e[2+i] + 2, top + headTop, e[3+i] - e[2+i] - 4, headLow}, strong, name)
	}
	for i, key := range []string{"needs", "time", "output"} {
		col := 2 + lanes + i
		s.centred(rect{e[col] + 2, top + headTop, e[col+1] - e[col] - 4, headLow}, strong, word(key))
	}
	s.rule(e[0], top, e[last], top, 0.6)
	s.rule(e[2], top+headTop, e[last-1], top+headTop, 0.6)
	s.rule(e[0], top+headTop+headLow, e[last], top+headTop+headLow, 0.6)
}

// ways draws the arrows and the words beside them.
func (t *table) ways(s *sheet, base int, lines [][]grid.Point) {
	for i, l := range lines {
		a := arrow{from: base + t.edges[i].From, to: base + t.edges[i].To}
		for _, p := range l {
			a.points = append(a.points, point{p.Across, p.Along})
		}
		s.arrows = append(s.arrows, a)
		if t.labels[i] != "" {
			t.label(s, i, a.points)
		}
	}
}

// label writes a way's words: beside the line ahead, above a line at a side or
// below it.
func (t *table) label(s *sheet, i int, l []point) {
	words := wrap(t.labels[i], labelMax, tiny)
	h, w := float64(len(words))*tiny.lead, 0.0
	for _, x := range words {
		w = max(w, width(x, tiny.size, false))
	}
	side, n, of := t.plan.Leaves(i)
	y := l[0].y - h - 1
	if 2*n >= of && of > 1 { // on the lower half the diamond grows narrower downwards
		y = l[0].y + 1
	}
	cell := rect{l[0].x + 3, l[0].y + 1, w + 0.01, h}
	switch side {
	case grid.High:
		cell = rect{l[0].x + 2, y, w + 0.01, h}
	case grid.Low:
		cell = rect{l[0].x - 2 - w, y, w + 0.01, h}
	}
	s.column(cell, tiny, t.labels[i])
}
