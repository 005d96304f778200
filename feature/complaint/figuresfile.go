package complaint

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"time"

	"pendopo/feature/complaint/report"
	"pendopo/kernel/page"
)

// figuresFile is what the page of figures tells, for programs: a line for each unit
// and one for all. What the page does not tell is empty here, and a number too small
// is "<5" in both.
func (f *Feature) figuresFile(w http.ResponseWriter, r *http.Request) error {
	c, n := parseCriteria(r.URL.Query()), f.named(page.Words(r.Context()))
	if c.Days == 0 {
		c.Days = 365
	}
	list, err := f.publicFigures(r.Context(), c.Days)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := csv.NewWriter(w)
	_ = out.Write([]string{"unit", "name", "days", "received", "active", "late", "solved", "silence", "rejected", "reopened",
		"first_median_days", "first_p90_days", "finish_median_days", "finish_p90_days"}) // a reader that has gone needs no answer
	for _, line := range n.fileLines(list, c.Days) {
		_ = out.Write(line)
	}
	out.Flush()
	return nil
}

func (n named) fileLines(list []report.Figures, days int) (lines [][]string) {
	if len(list) == 0 || list[len(list)-1].Received == 0 {
		return nil
	}
	kept := n.kept(list)
	for i, x := range list {
		line := []string{x.Unit, n.T("complaint.col_all"), strconv.Itoa(days)}
		if x.Unit != "" {
			line[1] = n.unit(x.Unit)
		}
		for j, count := range counts(x) {
			switch {
			case small(count):
				line = append(line, "<"+strconv.Itoa(fewest))
			case kept[i][j]:
				line = append(line, "")
			default:
				line = append(line, strconv.Itoa(count))
			}
		}
		lines = append(lines, append(line, tenths(x.First, x.First.Median), tenths(x.First, x.First.P90), tenths(x.Finish, x.Finish.Median), tenths(x.Finish, x.Finish.P90)))
	}
	return lines
}

// tenths is how many days something took, or nothing where it was too seldom.
func tenths(s report.Spread, took time.Duration) string {
	if s.Count < fewest {
		return ""
	}
	return strconv.FormatFloat(took.Hours()/24, 'f', 1, 64)
}
