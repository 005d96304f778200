package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"pendopo/bench/load"
)

// The figures stand between these lines of docs/performance.md.
const (
	from = "<!-- peers: written by `make bench-peers` -->\n"
	to   = "<!-- end of peers -->"
)

// report is both tables, the same for a terminal and for the document.
func (b *bench) report() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%d clients, %d rows to read and list, up to %d rounds of %s; %s.\n\n", clients, b.rows, b.rounds, b.lasting, b.shares())
	out.WriteString("| job | program | answers a second | p50 ms | p99 ms | share of the limit | Pendopo = 1 |\n|---|---|--:|--:|--:|--:|--:|\n")
	for _, kind := range []string{accept, read, page, list} {
		for _, database := range []string{"SQLite", "PostgreSQL"} {
			b.limitRow(&out, kind, database)
			for _, s := range b.sorted(kind, database) {
				b.subjectRow(&out, s, kind)
			}
		}
	}
	b.bareRows(&out)
	out.WriteString("\n| program | version | start ms | memory idle → most, MB | first page, bytes (requests) | accepted to one flush of the disk | processor time of one, µs | work left after a round |\n|---|---|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range b.subjects {
		b.besideRow(&out, s)
	}
	return out.String()
}

// shares says how far apart the rounds were: what is believed of a ratio.
func (b *bench) shares() string {
	worst := 0.0
	for _, s := range b.subjects {
		for _, rounds := range s.rounds {
			all := ratios(rounds)
			if len(all) > 1 && slices.Min(all) > 0 {
				worst = max(worst, slices.Max(all)/slices.Min(all))
			}
		}
	}
	return fmt.Sprintf("between rounds a share differed by at most a factor of %.2f", worst)
}

func ratios(rounds []round) []float64 {
	var out []float64
	for _, r := range rounds {
		out = append(out, r.Rate/r.limit)
	}
	return out
}

// words of the jobs.
func wordsOf(kind string) string {
	switch kind {
	case accept:
		return "accept or start"
	case read:
		return "read one, JSON"
	case page:
		return "read one, HTML"
	case list:
		return "list"
	}
	return kind
}

// limitRow is the limit's own line, above those who are compared with it.
func (b *bench) limitRow(out *strings.Builder, kind, database string) {
	f := b.limits[database]
	if f == nil || kind == page || len(f.seen[kind]) == 0 {
		return
	}
	row(out, wordsOf(kind), "*limit, "+database+"*", f.seen[kind], "1", "")
}

func row(out *strings.Builder, job, name string, results []load.Result, share, ours string) {
	fmt.Fprintf(out, "| %s | %s | %.0f | %s | %s | %s | %s |\n", job, name, medianOf(results, func(r load.Result) float64 { return r.Rate }),
		ms(medianOf(results, func(r load.Result) time.Duration { return r.P50 })),
		ms(medianOf(results, func(r load.Result) time.Duration { return r.P99 })), share, ours)
}

func ms(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%d", d.Milliseconds())
}

// sorted are the subjects with one database that have figures of a kind, or a
// reason for having none, the best first.
func (b *bench) sorted(kind, database string) []*subject {
	var out []*subject
	for _, s := range b.subjects {
		if s.database == database && (len(s.rounds[kind]) > 0 || kind == accept && s.fault != nil) {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(x, y *subject) int { return cmp.Compare(y.share(kind), x.share(kind)) })
	return out
}

func (s *subject) share(kind string) float64 { return median(ratios(s.rounds[kind])) }

func (b *bench) subjectRow(out *strings.Builder, s *subject, kind string) {
	if len(s.rounds[kind]) == 0 {
		fmt.Fprintf(out, "| %s | %s | not measured: %s | | | | |\n", wordsOf(kind), s.title(), reason(s.fault))
		return
	}
	var results []load.Result
	for _, r := range s.rounds[kind] {
		results = append(results, r.Result)
	}
	ours := ""
	if p := b.pendopoBeside(s.database); p != nil && p.share(kind) > 0 {
		ours = two(s.share(kind) / p.share(kind))
	}
	row(out, wordsOf(kind), s.title(), results, two(s.share(kind)), ours)
}

// reason is a fault on one line of a table.
func reason(err error) string {
	text := strings.ReplaceAll(strings.Join(strings.Fields(err.Error()), " "), "|", "/")
	return strings.ToValidUTF8(text[:min(len(text), 200)], "")
}

// two is a number with two digits that count.
func two(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2g", v)
}

func (b *bench) pendopoBeside(database string) *subject {
	for _, s := range b.subjects {
		if s.name == "Pendopo" && s.database == database {
			return s
		}
	}
	return nil
}

func (b *bench) bareRows(out *strings.Builder) {
	f := b.limits["SQLite"]
	if f == nil {
		return
	}
	if len(f.seen[each]) > 0 {
		row(out, "insert, each its own commit", "*bare, SQLite*", f.seen[each], "", "")
	}
	if len(f.seen[hello]) > 0 {
		row(out, "two words", "*bare net/http*", f.seen[hello], "", "")
	}
}

func (b *bench) besideRow(out *strings.Builder, s *subject) {
	if len(s.starts) == 0 {
		fmt.Fprintf(out, "| %s | %s | not measured: %s | | | | | |\n", s.title(), s.version, reason(s.fault))
		return
	}
	front := "has none"
	if s.front != "" {
		front = fmt.Sprintf("%d (%d)", s.weight.bytes, s.weight.requests)
		if s.weight.bytes == 0 {
			front = "not weighed: no chromium"
		}
	}
	flush := "not seen"
	if len(s.perFlush) > 0 {
		flush = two(median(s.perFlush))
	}
	after := fmt.Sprintf("%.1f s", median(s.settled).Seconds())
	if s.fault != nil {
		after += "; ended early: " + reason(s.fault)
	}
	fmt.Fprintf(out, "| %s | %s | %d | %.0f → %.0f | %s | %s | %d | %s |\n", s.title(), s.version, median(s.starts).Milliseconds(),
		median(s.idle), s.peak, front, flush, median(s.processor).Microseconds(), after)
}
