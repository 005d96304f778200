package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pendopo/bench/load"
)

// results is everything that a run has found.
type results struct {
	starts           []time.Duration
	firstPages       []page
	otherPages       []page
	idleRSS, idlePSS float64 // MB
	loadRSS          float64 // MB, the most under the load of accept
	tracks           []tracked
	accepted         outcome
}

// tracked is the outcome for tracking pages.
type tracked struct {
	outcome
	packed       bool
	bytes, cases int
}

// Budgets of docs/performance.md.
const (
	budgetAccept = 0.30
	budgetTrack  = 0.50
	budgetFirst  = 14_000
	budgetPage   = 30_000
	budgetIdle   = 60
	budgetLoad   = 300
	budgetStart  = 500 * time.Millisecond
)

// row is one line of the table.
type row struct {
	what, figure, budget string
	met                  bool
}

func (r results) rows() []row {
	var rows []row
	if len(r.accepted.Ratios) > 0 {
		rows = append(rows, ratioRow("applications accepted, 64 clients", r.accepted, budgetAccept))
	}
	for _, t := range r.tracks {
		name := "tracking pages, plain"
		if t.packed {
			name = "tracking pages, gzip"
		}
		rows = append(rows, ratioRow(fmt.Sprintf("%s (%d bytes)", name, t.bytes), t.outcome, budgetTrack))
	}
	for _, p := range r.firstPages {
		rows = append(rows, bytesRow("first page of a service: "+strings.TrimPrefix(p.path, "/services/"), p, budgetFirst))
	}
	rows = append(rows, bytesRow("heaviest other page of a citizen", heaviest(r.otherPages), budgetPage))
	start := median(r.starts)
	return append(rows,
		row{"memory, idle", fmt.Sprintf("%.0f MB resident, %.0f MB proportional", r.idleRSS, r.idlePSS), fmt.Sprintf("≤ %d MB", budgetIdle), r.idleRSS <= budgetIdle},
		row{"memory, most under the load of applications", fmt.Sprintf("%.0f MB resident", r.loadRSS), fmt.Sprintf("≤ %d MB", budgetLoad), r.loadRSS <= budgetLoad},
		row{"start to first answer, demo data", fmt.Sprintf("%d ms (%d to %d)", start.Milliseconds(), slices.Min(r.starts).Milliseconds(), slices.Max(r.starts).Milliseconds()),
			fmt.Sprintf("≤ %d ms", budgetStart.Milliseconds()), start <= budgetStart})
}

func ratioRow(what string, o outcome, budget float64) row {
	ratio := median(o.Ratios)
	return row{what, fmt.Sprintf("%.0f %% of the limit (%.0f to %.0f)", 100*ratio, 100*slices.Min(o.Ratios), 100*slices.Max(o.Ratios)),
		fmt.Sprintf("≥ %.0f %%", 100*budget), ratio >= budget}
}

func bytesRow(what string, p page, budget int) row {
	return row{fmt.Sprintf("%s, %s", what, p.lang), fmt.Sprintf("%d bytes", p.bytes), fmt.Sprintf("≤ %d", budget), p.bytes <= budget}
}

// text is the table for a terminal.
func (r results) text() string {
	var b strings.Builder
	for _, row := range r.rows() {
		fmt.Fprintf(&b, "%-68s %-42s %-9s %s\n", row.what, row.figure, row.budget, verdict(row.met))
	}
	b.WriteString("\n")
	for _, line := range r.details() {
		b.WriteString(line + "\n")
	}
	return b.String()
}

// details are the absolute figures behind the ratios: of this machine at this
// hour, and of no other.
func (r results) details() []string {
	var lines []string
	if len(r.accepted.Ratios) > 0 {
		lines = append(lines, detail("applications", r.accepted)+fmt.Sprintf("; ledger and jobs were done at most %.1f s after a round", r.accepted.Settled.Seconds()))
	}
	for _, t := range r.tracks {
		lines = append(lines, detail(map[bool]string{false: "pages, plain", true: "pages, gzip"}[t.packed], t.outcome)+fmt.Sprintf("; %d open cases in turn", t.cases))
	}
	return lines
}

func detail(what string, o outcome) string {
	return fmt.Sprintf("%s: %.0f of %.0f a second; processor time of the server %d of %d µs each", what, o.Subject, o.Limit, o.SubjectCPU.Microseconds(), o.LimitCPU.Microseconds())
}

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "MISSED"
}

// The figures stand between these lines of the document.
const (
	from = "<!-- figures: written by `go run ./bench -write` -->\n"
	to   = "<!-- end of figures -->"
)

// write puts the table into the document and leaves its words alone.
func (r results) write(file string) error { return load.WriteBetween(file, from, to, r.markdown()) }

func (r results) markdown() string {
	var b strings.Builder
	b.WriteString("| what | figure | budget | |\n|---|---|---|---|\n")
	for _, row := range r.rows() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", row.what, row.figure, row.budget, verdict(row.met))
	}
	b.WriteString("\n")
	for _, line := range r.details() {
		b.WriteString("- " + line + "\n")
	}
	return b.String()
}
