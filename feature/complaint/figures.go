package complaint

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"pendopo/feature/complaint/report"
	"pendopo/kernel/page"
	"pendopo/web/component/filters"
	"pendopo/web/component/header"
	"pendopo/web/component/table"
)

// fewest is from how many reports on a count is told: a smaller one would be
// about somebody.
const fewest = 5

// figuresView is what became of the reports, unit by unit.
type figuresView struct {
	Title   string
	Lead    string
	Tabs    []header.Link
	Filters filters.View
	Table   table.View
	Times   table.View // how long it took
	Bars    []barView
	Notes   []string
	File    string // address of the same for programs
}

// barView is a bar of a unit: its words say the same.
type barView struct {
	Solved, Silence string // widths, of a hundred
	Words           string
}

// figures shows how reports were handled, shown and not shown together.
func (f *Feature) figures(w http.ResponseWriter, r *http.Request) error {
	c, n := parseCriteria(r.URL.Query()), f.named(page.Words(r.Context()))
	if c.Days == 0 {
		c.Days = 365
	}
	list, err := f.publicFigures(r.Context(), c.Days)
	if err != nil {
		return err
	}
	v := figuresView{Title: n.T("complaint.figures_title"), Lead: n.T("complaint.figures_lead", "n", c.Days), Table: n.figureTable(list), Times: n.timeTable(list), Bars: n.bars(list),
		Notes: []string{n.T("complaint.figures_all"), n.T("complaint.figures_days"), n.T("complaint.figures_silence"), n.T("complaint.figures_few", "n", fewest)}}
	v.File = "/reports/statistics.csv?days=" + strconv.Itoa(c.Days)
	v.Tabs = n.tabs(criteria{})
	for i := range v.Tabs {
		v.Tabs[i].Current = v.Tabs[i].Href == "/reports/statistics"
	}
	question := choose(n.Printer, "days", strconv.Itoa(c.Days), n.times())
	question.Options = question.Options[1:]
	v.Filters = filters.View{Action: "/reports/statistics", Filters: []filters.Filter{question}, Button: n.T("complaint.filter_show")}
	return f.show(w, r, page.View{Title: v.Title, Body: figuresPage(v), Width: "broad"})
}

// times are the spans one may choose.
func (n named) times() (out []filters.Option) {
	for _, d := range spans() {
		out = append(out, filters.Option{ID: strconv.Itoa(d), Text: n.T("complaint.days", "n", d)})
	}
	return out
}

// fresh is how long figures that were counted are shown again.
const fresh = time.Minute

// counted are figures and when they were counted.
type counted struct {
	at   time.Time
	list []report.Figures
}

// period is what is counted together.
type period struct {
	days  int
	today bool // what came in today too
}

// publicFigures are the last so many whole days: reports that nobody is shown are
// among them, and whoever looked every minute would learn when each was made.
func (f *Feature) publicFigures(ctx context.Context, days int) ([]report.Figures, error) {
	return f.countFigures(ctx, period{days: days})
}

// countFigures counts a period, at most once a minute on this node.
func (f *Feature) countFigures(ctx context.Context, p period) ([]report.Figures, error) {
	f.counts.mu.Lock()
	defer f.counts.mu.Unlock()
	now := f.Now()
	if have, ok := f.counts.by[p]; ok && now.Sub(have.at).Abs() < fresh {
		return have.list, nil
	}
	until := now.Add(time.Minute)
	if !p.today {
		y, m, d := now.In(f.Cases.Catalogue().Zone()).Date()
		until = time.Date(y, m, d, 0, 0, 0, 0, f.Cases.Catalogue().Zone())
	}
	list, err := f.Reports.Figures(ctx, until.AddDate(0, 0, -p.days), until)
	if err != nil {
		return nil, err
	}
	if f.counts.by == nil {
		f.counts.by = map[period]counted{}
	}
	f.counts.by[p] = counted{now, list}
	return list, nil
}

// told is a count, or that it is too small to be told.
func (n named) told(count int) string {
	if !n.whole && count > 0 && count < fewest {
		return n.T("complaint.few", "n", fewest)
	}
	return n.Number(int64(count))
}

// days is how long something took, or nothing where it was too seldom.
func (n named) days(s report.Spread, took time.Duration) string {
	if s.Count < fewest {
		return "–"
	}
	tenths := int(math.Round(took.Hours() / 2.4))
	return n.T("complaint.tenths", "whole", tenths/10, "tenth", tenths%10)
}

// figureTable is a line for each unit, and one for all.
func (n named) figureTable(list []report.Figures) table.View {
	v := table.View{Caption: n.T("complaint.figures_caption"), Empty: n.T("complaint.figures_none"), Columns: []table.Column{{Name: n.T("complaint.col_unit")}}}
	for _, key := range []string{"received", "active", "late", "solved", "silence", "rejected", "reopened"} {
		v.Columns = append(v.Columns, table.Column{Name: n.T("complaint.col_" + key), Number: true})
	}
	if len(list) == 0 || list[len(list)-1].Received == 0 {
		return v
	}
	kept := n.kept(list)
	for i, x := range list {
		name := n.unit(x.Unit)
		if x.Unit == "" {
			name = n.T("complaint.col_all")
		}
		row := []table.Cell{{Text: name}}
		for j, count := range counts(x) {
			text := n.told(count)
			if kept[i][j] && !small(count) {
				text = "–"
			}
			row = append(row, table.Cell{Text: text})
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// timeTable is a line for each unit with enough reports, and one for all.
func (n named) timeTable(list []report.Figures) table.View {
	v := table.View{Caption: n.T("complaint.times_caption"), Empty: n.T("complaint.times_none", "n", fewest), Columns: []table.Column{{Name: n.T("complaint.col_unit")}}}
	for _, key := range []string{"first", "first90", "finish", "finish90"} {
		v.Columns = append(v.Columns, table.Column{Name: n.T("complaint.col_" + key), Number: true})
	}
	for _, x := range list {
		name := n.unit(x.Unit)
		if x.Unit == "" {
			name = n.T("complaint.col_all")
		}
		if x.First.Count < fewest && x.Finish.Count < fewest {
			continue
		}
		v.Rows = append(v.Rows, []table.Cell{{Text: name}, {Text: n.days(x.First, x.First.Median)}, {Text: n.days(x.First, x.First.P90)}, {Text: n.days(x.Finish, x.Finish.Median)}, {Text: n.days(x.Finish, x.Finish.P90)}})
	}
	return v
}

// counts are the numbers of a line, in the order of the columns.
func counts(x report.Figures) []int {
	return []int{x.Received, x.Active, x.Late, x.Solved, x.Silence, x.Rejected, x.Reopened}
}

// small says of a count that it is about somebody.
func small(count int) bool { return count > 0 && count < fewest }

// kept are the numbers that are not told, line by line: the small ones, and one
// more wherever a single one that is missing would follow from the others.
func (n named) kept(list []report.Figures) [][]bool {
	out := make([][]bool, len(list))
	for i, x := range list {
		out[i] = make([]bool, len(counts(x)))
		for j, count := range counts(x) {
			if !n.whole {
				out[i][j] = small(count) || x.Unit == "" && missing(out[:i], j) == 1
			}
		}
		alone(counts(x), out[i])
	}
	return out
}

// missing is how many units have a number in a column that is not told.
func missing(kept [][]bool, column int) (n int) {
	for _, line := range kept {
		if line[column] {
			n++
		}
	}
	return n
}

// alone keeps a second number of a line beside a single one: those that are active,
// solved, closed by silence and rejected make up all that were received.
func alone(counts []int, kept []bool) {
	single, least, n := -1, -1, 0
	for _, j := range []int{1, 3, 4, 5} {
		if kept[j] {
			single, n = j, n+1
		} else if counts[j] > 0 && (least < 0 || counts[j] < counts[least]) {
			least = j
		}
	}
	if single >= 0 && n == 1 && !kept[0] && least >= 0 {
		kept[least] = true
	}
}

// bars shows of each unit with enough reports how many were solved, and how many
// closed by silence.
func (n named) bars(list []report.Figures) (out []barView) {
	kept := n.kept(list)
	for i, x := range list[:len(list)-1] {
		if x.Solved < fewest || kept[i][3] || kept[i][4] {
			continue
		}
		solved := 100 * float64(x.Solved) / float64(x.Solved+x.Silence)
		out = append(out, barView{Solved: decimal(solved), Silence: decimal(100 - solved),
			Words: n.T("complaint.bar", "unit", n.unit(x.Unit), "solved", x.Solved, "silence", x.Silence)})
	}
	return out
}
