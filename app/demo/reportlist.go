package demo

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

//go:embed reports.txt
var reportList string

// telling is one report of reports.txt, as somebody told it.
type telling struct {
	n        int    // its number in the file, from 0
	state    string // how far it has come; see stages
	days     int    // working days ago
	category string
	region   string
	picture  string // what is drawn; "-" nothing
	marks    []string
	place    string
	text     string
	title    string // for everybody; empty: not shown
}

func (t telling) has(mark string) bool { return slices.Contains(t.marks, mark) }

// value is what follows a mark with a colon: key:lamp, into:lamp.
func (t telling) value(mark string) string {
	for _, m := range t.marks {
		if v, ok := strings.CutPrefix(m, mark+":"); ok {
			return v
		}
	}
	return ""
}

// kind is complaint, wish or question.
func (t telling) kind() string {
	switch {
	case t.has("wish"):
		return "aspirasi"
	case t.has("ask"):
		return "informasi"
	}
	return "pengaduan"
}

// villages are the short names of the file.
func villages() map[string]string {
	return map[string]string{
		"ska": "33.60.01.1001", "kml": "33.60.01.1002", "tgw": "33.60.01.1003", "bya": "33.60.01.2004",
		"glg": "33.60.02.2001", "wkj": "33.60.02.2002", "sdl": "33.60.02.2003", "kbl": "33.60.02.2004",
		"krs": "33.60.03.1001", "psm": "33.60.03.2002", "tbk": "33.60.03.2003",
	}
}

// tellings reads the file.
func tellings() ([]telling, error) {
	var out []telling
	for i, line := range strings.Split(reportList, "\n") {
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '@':
			t, err := head(line[1:])
			if err != nil {
				return nil, fmt.Errorf("demo: reports.txt, line %d: %w", i+1, err)
			}
			t.n = len(out)
			out = append(out, t)
		case line[0] == '=':
			out[len(out)-1].title = strings.TrimSpace(line[1:])
		default:
			out[len(out)-1].text = line
		}
	}
	return out, nil
}

// head reads the first line of a report.
func head(line string) (t telling, err error) {
	facts, place, _ := strings.Cut(line, "|")
	f := strings.Fields(facts)
	if len(f) < 5 || len(f) > 6 || villages()[f[3]] == "" {
		return t, fmt.Errorf("%q is no report", line)
	}
	t = telling{state: f[0], category: f[2], region: villages()[f[3]], picture: f[4], place: strings.Trim(place, " -")}
	if len(f) == 6 {
		t.marks = strings.Split(f[5], ",")
	}
	t.days, err = strconv.Atoi(f[1])
	return t, err
}
