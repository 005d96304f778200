package chart

import (
	"math"
	"strings"

	"pendopo/law/definition/grid"
)

// Measures of the table, in points.
const (
	margin   = 28.0
	pad      = 4.0
	numberW  = 22.0
	track    = 7.0
	boxW     = 46.0
	boxH     = 22.0
	diamondW = 46.0
	diamondH = 36.0
	signW    = 18.0 // a pentagon
	signH    = 20.0
	headTop  = 16.0 // first row of the table's head
	headLow  = 34.0 // and the second
	footH    = 14.0
	labelMax = 62.0 // of a way's words, before they are broken
)

// size of a paper in points.
type size struct{ w, h float64 }

// papers in landscape: F4, as offices have it, and A3. What has more actors is
// as wide as it must be, in the shape of A3, and is printed to fit.
var papers = []size{{935.4, 609.4}, {1190.6, 841.9}}

// node is a row of the plan on a sheet, or a pentagon for what is on another.
type node struct {
	row  int // of the plan
	sign int // 0: the row itself; -1: comes from another sheet; 1: goes on there
	page int // of a sign: the other sheet
}

// table lays the rows from first to last out on one sheet.
type table struct {
	c       *Chart
	nodes   []node
	edges   []grid.Edge
	labels  []string // of each edge
	plan    *grid.Plan
	cols    columns
	heights []float64
	gaps    []float64 // above the symbol of each row
	feet    []float64 // and below it
}

// columns are where the columns of the table stand; they are the same on every
// sheet of a chart.
type columns struct {
	edges   []float64 // left edges of number, activity, lanes…, needs, time, output, note; and the right one
	middles []float64 // of each lane's symbols
	borders []float64 // of the lanes
	paper   size
}

// share are the least widths of the text columns, activity first.
var share = [5]float64{150, 92, 58, 86, 128}

// needs is the room that the lines of a lane need: for tracks beside its low
// border, for its symbols to each side of their middle, beside its high border.
type needs struct{ low, middle, high float64 }

func (n needs) with(o needs) needs {
	return needs{max(n.low, o.low), max(n.middle, o.middle), max(n.high, o.high)}
}

// lanes are the needs of every lane on some sheets.
func (c *Chart) lanes(tables ...*table) []needs {
	out := make([]needs, len(c.plan.Lanes))
	for _, t := range tables {
		for i := range out {
			_, low := t.plan.Room(i, track)
			high, _ := t.plan.Room(i+1, track)
			out[i] = out[i].with(needs{low, c.reach(t, i), high})
		}
	}
	return out
}

// layOut makes the columns for sheets whose lanes need so much.
func (c *Chart) layOut(lanes []needs) columns {
	widths := make([]float64, len(lanes))
	sum := numberW
	for i, n := range lanes {
		widths[i] = max(n.low+n.high+2*n.middle, widest(c.plan.Lanes[i], strong)+2*pad, 64)
		sum += widths[i]
	}
	for _, w := range share {
		sum += w
	}
	var cols columns
	least := sum + 2*margin
	cols.paper = size{least, least / math.Sqrt2}
	for _, p := range papers {
		if least <= p.w {
			cols.paper = p
			break
		}
	}
	return cols.spread(lanes, widths, cols.paper.w-least)
}

// spread gives what is left of the paper to the columns: some to the lanes, the
// rest to the texts.
func (cols columns) spread(lanes []needs, widths []float64, left float64) columns {
	x := margin
	put := func(w float64) { cols.edges = append(cols.edges, x); x += w }
	put(numberW)
	put(share[0] + left*0.2)
	for i, w := range widths {
		w += left * 0.4 / float64(len(widths))
		cols.borders = append(cols.borders, x)
		cols.middles = append(cols.middles, x+lanes[i].low+(w-lanes[i].low-lanes[i].high)/2)
		put(w)
	}
	cols.borders = append(cols.borders, x)
	for i, part := range []float64{0.1, 0.05, 0.1, 0.15} {
		put(share[i+1] + left*part)
	}
	cols.edges = append(cols.edges, x)
	return cols
}

// reach is how far from its middle a lane's symbols and the words beside them go.
func (c *Chart) reach(t *table, lane int) float64 {
	most := boxW/2 + pad
	for i, e := range t.edges {
		if c.plan.Rows[t.nodes[e.From].row].Lane != lane {
			continue
		}
		w := 4.0
		for _, words := range wrap(t.labels[i], labelMax, tiny) {
			w = max(w, width(words, tiny.size, false)+6)
		}
		if side, _, _ := t.plan.Leaves(i); side != grid.Ahead {
			w += diamondW / 2
		}
		most = max(most, w)
	}
	return most
}

// widest is the width of the longest word of a text.
func widest(text string, f face) float64 {
	most := 0.0
	for _, word := range strings.Fields(text) {
		most = max(most, width(word, f.size, f.bold))
	}
	return most
}

// newTable takes the rows of one sheet, and plans their lines. Rows on other
// sheets are stood for by pentagons: what comes from there above, what goes on
// there below.
func (c *Chart) newTable(first, last int, pageOf func(row int) int) *table {
	t := &table{c: c}
	at := map[node]int{}
	put := func(n node) {
		if _, had := at[n]; !had {
			at[n] = len(t.nodes)
			t.nodes = append(t.nodes, n)
		}
	}
	here := func(row int) bool { return row >= first && row < last }
	for row := first; row < last; row++ {
		if from := c.outside(row, here); from >= 0 {
			put(node{row, -1, pageOf(from)})
		}
	}
	for row := first; row < last; row++ {
		put(node{row: row})
	}
	for row := first; row < last; row++ {
		for _, e := range c.plan.Rows[row].Exits {
			if !here(e.To) {
				put(node{e.To, 1, pageOf(e.To)})
			}
		}
	}
	t.connect(at, here, pageOf)
	nodes := make([]grid.Node, len(t.nodes))
	for i, n := range t.nodes {
		r := c.plan.Rows[n.row]
		nodes[i] = grid.Node{Lane: r.Lane, Point: n.sign == 0 && r.Decides()}
	}
	t.plan = grid.New(len(c.plan.Lanes), nodes, t.edges)
	return t
}

// outside is a row elsewhere that leads to a row, or -1.
func (c *Chart) outside(row int, here func(int) bool) int {
	for i, r := range c.plan.Rows {
		for _, e := range r.Exits {
			if e.To == row && !here(i) {
				return i
			}
		}
	}
	return -1
}

// connect makes the edges of a sheet.
func (t *table) connect(at map[node]int, here func(int) bool, pageOf func(int) int) {
	for i, n := range t.nodes {
		switch n.sign {
		case -1:
			t.edge(i, at[node{row: n.row}], "")
		case 0:
			for _, e := range t.c.plan.Rows[n.row].Exits {
				to := node{row: e.To}
				if !here(e.To) {
					to = node{e.To, 1, pageOf(e.To)}
				}
				t.edge(i, at[to], e.Label)
			}
		}
	}
}

func (t *table) edge(from, to int, label string) {
	t.edges = append(t.edges, grid.Edge{From: from, To: to})
	t.labels = append(t.labels, label)
}

// measure finds how tall each row must be.
func (t *table) measure(cols columns) {
	t.cols = cols
	n := len(t.nodes)
	t.heights, t.gaps, t.feet = make([]float64, n), make([]float64, n), make([]float64, n)
	for i, node := range t.nodes {
		_, h := t.symbolSize(i)
		above, below := t.labelRoom(i)
		t.gaps[i], t.feet[i] = 9+track*float64(t.plan.Gap(i))+above, 5+below
		t.heights[i] = max(t.gaps[i]+h+t.feet[i], t.textHeight(node)+2*pad)
	}
}

// stretch spreads room that is left on a sheet over its rows, up to a third more.
func (t *table) stretch(room float64) {
	more := min((room-t.total())/float64(len(t.heights)), 0.33*t.total()/float64(len(t.heights)))
	for i := range t.heights {
		t.heights[i] += max(0, more)
	}
}

// labelRoom is what the words at a row's ways need: above its symbol those at
// its sides that are tall, below it those of the way ahead.
func (t *table) labelRoom(i int) (above, below float64) {
	for k, e := range t.edges {
		side, _, _ := t.plan.Leaves(k)
		if t.labels[k] == "" || e.From != i {
			continue
		}
		h := t.labelTall(k)
		if side == grid.Ahead {
			below = max(below, h)
		} else {
			above = max(above, h-diamondH/3)
		}
	}
	return above, below
}

// symbolSize is the size of a row's symbol. A diamond with several ways at one
// side is as tall as their words need.
func (t *table) symbolSize(i int) (w, h float64) {
	n := t.nodes[i]
	switch {
	case n.sign != 0:
		return signW, signH
	case !t.c.plan.Rows[n.row].Decides():
		return boxW, boxH
	}
	h = diamondH
	for k, e := range t.edges {
		if side, _, of := t.plan.Leaves(k); e.From == i && side != grid.Ahead && of > 1 {
			h = max(h, float64(of+1)*(t.labelTall(k)+3))
		}
	}
	return diamondW, h
}

// labelTall is the height of a way's words.
func (t *table) labelTall(k int) float64 {
	if t.labels[k] == "" {
		return 0
	}
	return float64(len(wrap(t.labels[k], labelMax, tiny))) * tiny.lead
}

// cells are the texts of a row by column, activity first; status is the second
// text of the activity.
func (t *table) cells(n node) (texts [5]string, status string) {
	r := t.c.plan.Rows[n.row]
	switch n.sign {
	case -1:
		texts[0] = t.c.words("chart.comes_from", "n", n.row+1, "page", n.page)
		return texts, ""
	case 1:
		texts[0] = t.c.words("chart.goes_on", "n", n.row+1, "page", n.page)
		return texts, ""
	}
	return [5]string{r.Does, r.Needs, r.Time, r.Output, r.Note}, r.Status
}

// textColumn is the cell column of the k-th text.
func (t *table) textColumn(k int) int {
	if k == 0 {
		return 1
	}
	return 1 + len(t.c.plan.Lanes) + k
}

func (t *table) textHeight(n node) float64 {
	texts, status := t.cells(n)
	most := 0.0
	for k, text := range texts {
		w := t.inner(t.textColumn(k))
		h := tall(w, plain, text)
		if k == 0 && status != "" {
			h += tall(w, small, status)
		}
		most = max(most, h)
	}
	return most
}

// inner is the width of a column within its padding.
func (t *table) inner(col int) float64 {
	return t.cols.edges[col+1] - t.cols.edges[col] - 2*pad
}
