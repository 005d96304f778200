package report

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/place"
)

// Filter says which reports are wanted; the zero value of each part wants all.
// Only shown reports are found, unless Unshown asks for the others instead.
type Filter struct {
	Unshown  bool
	Area     string // code of a district or village
	Category string
	Unit     string
	Kind     string
	State    State
	Active   *bool
	Since    time.Time // received then or later
	Until    time.Time // received before
	Words    string
	Box      *place.Box
	Service  string
}

// Page is a part of a list: the newest first.
type Page struct {
	Reports []Report
	Next    string // where the rest begins; empty = that is all
}

// MostRows bounds a page.
const MostRows = 1000

// mostCells is how many squares of a grid are asked for one box.
const mostCells = 25

// List gives one page of the reports that a filter wants, after a place that an
// earlier page named. It costs what the page costs: every filter has an index in
// the order of the answer.
func (t *Table) List(ctx context.Context, f Filter, after string, limit int) (p Page, err error) {
	at, err := parseCursor(after)
	if err != nil {
		return p, err
	}
	if limit <= 0 || limit > MostRows {
		limit = MostRows
	}
	err = t.db.Read(ctx, func(tx db.Tx) error {
		p.Reports, err = t.rows(tx, f, at, limit+1)
		return err
	})
	if len(p.Reports) > limit {
		p.Reports = p.Reports[:limit]
		p.Next = cursorOf(p.Reports[limit-1])
	}
	return p, err
}

// cursor is the last row that was given.
type cursor struct {
	received int64 // µs
	stream   string
}

// fromTheTop is before every row.
const fromTheTop = 1<<63 - 1

func cursorOf(r Report) string { return strconv.FormatInt(r.Received.UnixMicro(), 36) + "." + r.Stream }

// parseCursor reads what a page named; anything else is a page that is not there.
func parseCursor(s string) (cursor, error) {
	if s == "" {
		return cursor{received: fromTheTop}, nil
	}
	at, stream, ok := strings.Cut(s, ".")
	n, err := strconv.ParseInt(at, 36, 64)
	if !ok || err != nil || len(stream) > 64 {
		return cursor{}, fault.New(fault.Unknown, "fault.page_unknown")
	}
	return cursor{n, stream}, nil
}

// part is one condition and its arguments.
type part struct {
	sql  string
	args []any
}

// rows reads so many rows after a place.
func (t *Table) rows(tx db.Tx, f Filter, at cursor, limit int) ([]Report, error) {
	where := f.parts()
	if f.Words != "" {
		return t.worded(tx, f, where, at, limit)
	}
	if f.Box == nil {
		return newest(tx, where, at, limit)
	}
	where = append(where, inBox(*f.Box))
	level, cells, ok := LevelOf(*f.Box, mostCells)
	if !ok {
		return newest(tx, where, at, limit)
	}
	var out []Report
	for _, cell := range cells {
		in := append(slices.Clip(where), part{level.column() + " = ?", []any{cell}})
		more, err := newest(tx, in, at, limit)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	slices.SortFunc(out, func(a, b Report) int {
		return cmp.Or(b.Received.Compare(a.Received), strings.Compare(b.Stream, a.Stream))
	})
	return out[:min(len(out), limit)], nil
}

// newest reads rows that fulfil all conditions, the newest first. From the top
// nothing is said of where to begin: SQLite would take two bounds of the time for
// better than the cell of a grid, and read every report since then.
func newest(tx db.Tx, where []part, at cursor, limit int) ([]Report, error) {
	if where = slices.Clip(where); at.received != fromTheTop {
		where = append(where, part{"(received, stream) < (?, ?)", []any{at.received, at.stream}})
	}
	sql, args := joined(where)
	return all(tx.Query(`SELECT `+selected+` FROM report WHERE `+sql+` ORDER BY received DESC, stream DESC LIMIT ?`, append(args, limit)...))
}

// worded reads rows with all the words. The longest word leads: it is the one
// that fewest reports have, as a rule.
func (t *Table) worded(tx db.Tx, f Filter, where []part, at cursor, limit int) ([]Report, error) {
	terms := t.stem.Terms(f.Words)
	if len(terms) == 0 || len(terms) > 8 {
		return nil, nil
	}
	slices.SortStableFunc(terms, func(a, b string) int { return len(b) - len(a) })
	if f.Box != nil {
		where = append(where, inBox(*f.Box))
	}
	where = append(where, part{"w.word = ?", []any{terms[0]}}, part{"(w.received, w.stream) < (?, ?)", []any{at.received, at.stream}})
	for _, term := range terms[1:] {
		where = append(where, part{"EXISTS (SELECT 1 FROM report_word x WHERE x.word = ? AND x.received = w.received AND x.stream = w.stream)", []any{term}})
	}
	sql, args := joined(where)
	names := "r." + strings.Join(strings.Fields(strings.ReplaceAll(selected, ",", " ")), ", r.")
	return all(tx.Query(`SELECT `+names+` FROM report_word w JOIN report r ON r.stream = w.stream WHERE `+sql+
		` ORDER BY w.received DESC, w.stream DESC LIMIT ?`, append(args, limit)...))
}

// parts are the conditions of a filter on the columns of a report.
func (f Filter) parts() []part {
	out := []part{{"shown = ?", []any{!f.Unshown}}}
	add := func(set bool, sql string, args ...any) {
		if set {
			out = append(out, part{sql, args})
		}
	}
	add(f.Category != "", "category = ?", f.Category)
	add(f.Unit != "", "unit = ?", f.Unit)
	add(f.Kind != "", "kind = ?", f.Kind)
	add(f.State != "", "state = ?", string(f.State))
	add(f.Service != "", "service = ?", f.Service)
	if f.Active != nil {
		add(true, "active = ?", *f.Active)
	}
	if strings.Count(f.Area, ".") == 2 {
		add(true, "district = ?", f.Area)
	} else {
		add(f.Area != "", "region = ?", f.Area)
	}
	since, until := part{"%received >= ?", []any{f.Since}}, part{"%received < ?", []any{f.Until}}
	column := map[bool]string{true: "w."}[f.Words != ""]
	add(!f.Since.IsZero(), strings.Replace(since.sql, "%", column, 1), since.args...)
	add(!f.Until.IsZero(), strings.Replace(until.sql, "%", column, 1), until.args...)
	return out
}

func inBox(b place.Box) part {
	return part{"lat >= ? AND lat <= ? AND lon >= ? AND lon <= ?", []any{fixed(b.South), fixed(b.North), fixed(b.West), fixed(b.East)}}
}

func joined(parts []part) (sql string, args []any) {
	words := make([]string, len(parts))
	for i, p := range parts {
		words[i] = p.sql
		args = append(args, p.args...)
	}
	return strings.Join(words, " AND "), args
}

// Near are reports, shown or not, that lie at most so many metres from a point
// and came in after a moment: the newest first, at most so many.
func (t *Table) Near(ctx context.Context, p place.Point, metres float64, since time.Time, most int) (out []Report, err error) {
	box := place.Box{South: p.Lat, West: p.Lon, North: p.Lat, East: p.Lon}.Grown(metres)
	for _, unshown := range []bool{false, true} {
		page, err := t.List(ctx, Filter{Unshown: unshown, Box: &box, Since: since}, "", most)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Reports...)
	}
	out = slices.DeleteFunc(out, func(r Report) bool { return r.Place == nil || place.Distance(p, *r.Place) > metres })
	slices.SortFunc(out, func(a, b Report) int {
		return cmp.Or(b.Received.Compare(a.Received), strings.Compare(b.Stream, a.Stream))
	})
	return out[:min(len(out), most)], nil
}
