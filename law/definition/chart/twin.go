package chart

import "strings"

// Line is one activity of the twin in words: who does what, by when, and where
// it goes on.
type Line struct {
	N      int
	Who    string
	Does   string
	Status string // what the applicant reads meanwhile
	Time   string // empty without a limit
	Output string
	Note   string
	Then   []string // "disetujui: kegiatan 3"; empty at an end
	End    bool
}

// Twin is the chart in words, in the order of its rows: for those who do not
// see it, and for small screens.
func (c *Chart) Twin() []Line {
	var out []Line
	for i, r := range c.plan.Rows {
		l := Line{N: i + 1, Who: c.plan.Lanes[r.Lane], Does: r.Does, Status: r.Status, Time: r.Time, Output: r.Output, Note: r.Note, End: r.End}
		for _, e := range r.Exits {
			key := "chart.then"
			if r.Decides() {
				key = "chart.then_if"
			}
			l.Then = append(l.Then, c.words(key, "way", e.Full, "n", e.To+1))
		}
		out = append(out, l)
	}
	return out
}

// Text is the twin as plain lines.
func (c *Chart) Text() string {
	var b strings.Builder
	b.WriteString(c.words("chart.title", "service", c.plan.Title) + "\n")
	for _, l := range c.Twin() {
		b.WriteString(itoa(l.N) + ". " + l.Who + ": " + l.Does)
		if l.Time != "" {
			b.WriteString(" (" + l.Time + ")")
		}
		b.WriteString(".")
		for _, then := range l.Then {
			b.WriteString(" " + then + ".")
		}
		if l.End {
			b.WriteString(" " + c.words("chart.end") + ".")
		}
		if l.Note != "" {
			b.WriteString(" " + l.Note)
		}
		b.WriteString("\n")
	}
	return b.String()
}
