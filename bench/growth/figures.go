package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"pendopo/app"
	"pendopo/bench/load"
	"pendopo/engine/casework"
	"pendopo/kernel/db"
)

// listService is the service whose list is asked for.
const listService = "surat-keterangan-domisili"

// pages are what people ask for, over HTTP.
func (m *measuring) pages(context.Context) error {
	deep := map[*side]string{}
	for _, s := range m.sides() {
		path, pages, err := s.desk.deepest("/desk", 60)
		if err != nil {
			return err
		}
		deep[s] = path
		fmt.Fprintf(os.Stderr, "%s: the deep page is page %d\n", s.place.Data, pages)
	}
	of := func(path string) func(*side, int) error {
		return func(s *side, _ int) error { _, err := s.desk.get(path); return err }
	}
	for _, p := range []struct {
		what string
		most float64
		do   func(*side, int) error
	}{
		{"officer's list, first page", 1.5, of("/desk")},
		{"officer's list, deep page", 0, func(s *side, _ int) error { _, err := s.desk.get(deep[s]); return err }},
		{"officer's list, one post", 0, of("/desk?post=kel-sekararum%2Fpetugas_layanan")},
		{"officer's list, one service", 0, of("/desk?service=" + listService)},
		{"officer's list, a service with nothing to do", 0, of("/desk?service=sip-bidan")},
		{"search by code", 0, func(s *side, i int) error { _, err := s.desk.get("/desk/find?q=" + s.code(i)); return err }},
		{"tracking page", 0, func(s *side, i int) error { _, err := s.desk.get("/track/" + s.code(i)); return err }},
		{"search by words of services", 0, of("/services?q=domisili")},
		{"system page with all counts", 0, func(s *side, _ int) error { _, err := s.admin.get("/admin/system"); return err }},
	} {
		if err := m.inTurn(p.what, p.most, p.do); err != nil {
			return err
		}
	}
	return nil
}

func (s *side) code(i int) string { return s.probes.codes[i%len(s.probes.codes)] }

// queries are what no page asks for yet, or what background work asks for all
// the time, on the engine itself, beside the server.
func (m *measuring) queries(ctx context.Context) error {
	var in [2]*app.Instance
	for i, s := range m.sides() {
		var err error
		if in[i], err = app.Open(ctx, app.Options{Place: s.place, Base: "http://localhost"}); err != nil {
			return err
		}
		defer in[i].Close()
	}
	which := func(s *side) *app.Instance { return in[map[bool]int{true: 0, false: 1}[s == &m.small]] }
	find := func(kind string, of func(s *side) []string) func(*side, int) error {
		return func(s *side, i int) error {
			x, list := which(s), of(s)
			_, err := x.Keys.FindIndex(x.Instance.IndexMAC(kind, list[i%len(list)]))
			return err
		}
	}
	for _, q := range []struct {
		what string
		slow bool // asked a tenth as often
		do   func(*side, int) error
	}{
		{"counts of open, late and soon late work", false, func(s *side, _ int) error { _, err := which(s).Cases.Counts(ctx, 24*time.Hour); return err }},
		{"how long a service took, worked out (once an hour)", true, func(s *side, _ int) error {
			return casework.NewTimes(which(s).Cases).Renew(ctx, listService)
		}},
		{"blind index: a NIK", false, find("nik", func(s *side) []string { return s.probes.niks })},
		{"blind index: a telephone number", false, find("phone", func(s *side) []string { return s.probes.phones })},
		{"blind index: a name of two words", true, func(s *side, i int) error {
			x, n := which(s), 0
			_, err := x.Keys.Search(ctx, x.Instance.Named(s.probes.names[i%len(s.probes.names)]), func(found []string) (bool, error) {
				n += len(found)
				return n < casework.MostFound, nil
			})
			return err
		}},
		{"deadlines: the next that falls due", false, func(s *side, _ int) error { _, _, err := which(s).Cases.NextDue(ctx); return err }},
		{"public log: size and newest head", false, func(s *side, _ int) error { _, err := which(s).Ledger.Leaves(ctx); return err }},
		{"a case with its history, opened", false, func(s *side, i int) error { return history(ctx, which(s), s.probes.streams[i%len(s.probes.streams)]) }},
	} {
		usual := m.repeats
		if q.slow {
			m.repeats = max(5, usual/10)
		}
		err := m.inTurn(q.what, 0, q.do)
		if m.repeats = usual; err != nil {
			return err
		}
	}
	return nil
}

// history reads what the page of an open case reads, without the noting.
func history(ctx context.Context, in *app.Instance, stream string) error {
	if _, _, err := in.Cases.Own(ctx, stream); err != nil {
		return err
	}
	_, err := in.Cases.Openings(ctx, stream)
	return err
}

// underLoad asks for tracking pages and lists from 16 connections.
func (m *measuring) underLoad(context.Context) error {
	var rate, most [2]float64
	for i, s := range m.sides() {
		l := load.Load{Addr: s.server.Addr, Status: 200, Next: func(b []byte, n int64) []byte {
			return append(b, load.Get("/track/"+s.code(int(n)), "id", false)...)
		}}
		got, err := l.Run(16, 4*time.Second, &load.Counter{})
		if err != nil {
			return err
		}
		rate[i] = got.Rate
		if most[i], err = s.server.Memory("status", "VmHWM"); err != nil {
			return err
		}
	}
	m.add(figure{what: "tracking pages from 16 connections", unit: "pages/s", small: rate[0], large: rate[1]})
	m.add(figure{what: "memory, most under that load", unit: "MB", small: most[0], large: most[1], atMost: 300})
	return nil
}

// sizes are those of the files, or of the tables on PostgreSQL, for each case.
func (m *measuring) sizes(ctx context.Context) error {
	size := map[string][2]float64{}
	for i, s := range m.sides() {
		for what, path := range map[string]string{
			"record": filepath.Join(s.place.Data, "pendopo.db"), "key store": filepath.Join(s.place.InstanceKeys(), "keys.db"),
			"files": filepath.Join(s.place.Data, "blob.db"), "heads": s.place.Heads(),
		} {
			bytes, err := bytesOf(path)
			if err != nil {
				return err
			}
			both := size[what]
			both[i] = bytes / float64(s.made.Made)
			size[what] = both
		}
		if s.place.Database != "" {
			all, err := tables(ctx, s.place.Database)
			if err != nil {
				return err
			}
			both := size["record"]
			both[i] = all / float64(s.made.Made)
			size["record"] = both
		}
	}
	for _, what := range []string{"record", "key store", "files", "heads"} {
		m.add(figure{what: "bytes for each case: " + what, unit: "bytes", small: size[what][0], large: size[what][1]})
	}
	return nil
}

func bytesOf(path string) (sum float64, err error) {
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			sum += float64(info.Size())
		}
		return err
	})
	return sum, err
}

// tables is the size of a PostgreSQL database.
func tables(ctx context.Context, url string) (float64, error) {
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		return 0, err
	}
	defer d.Close()
	var bytes int64
	err = d.Read(ctx, func(tx db.Tx) error { return tx.Row(`SELECT pg_database_size(current_database())`).Scan(&bytes) })
	return float64(bytes), err
}

// proofs times verify beside the server and, without one, rebuild.
func (m *measuring) proofs(ctx context.Context) error {
	if !m.whole {
		return nil
	}
	var verify, rebuild, verifyMost, rebuildMost [2]float64
	for i, s := range m.sides() {
		var err error
		if verify[i], verifyMost[i], err = m.command(ctx, s, "verify"); err != nil {
			return err
		}
		if err := s.server.Stop(); err != nil {
			return err
		}
		s.server = nil
		if rebuild[i], rebuildMost[i], err = m.command(ctx, s, "rebuild"); err != nil {
			return err
		}
	}
	for _, f := range []figure{
		{what: "verify, processor time for 1,000 cases", unit: "s", small: verify[0], large: verify[1]},
		{what: "verify, memory", unit: "MB", small: verifyMost[0], large: verifyMost[1]},
		{what: "rebuild, processor time for 1,000 cases", unit: "s", small: rebuild[0], large: rebuild[1]},
		{what: "rebuild, memory", unit: "MB", small: rebuildMost[0], large: rebuildMost[1]},
	} {
		m.add(f)
	}
	return nil
}

// command runs a command of the program on a folder and gives its processor time
// for each thousand cases and the most memory that it had, in MB.
func (m *measuring) command(ctx context.Context, s *side, name string) (seconds, most float64, err error) {
	args := []string{name, "--data", s.place.Data}
	if s.place.Database != "" {
		args = append(args, "--database", s.place.Database, "--keys", s.place.Keys)
	}
	cmd := exec.CommandContext(ctx, m.binary, args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, 0, fmt.Errorf("%s of %s: %w\n%s", name, s.place.Data, err, out[:min(len(out), 2000)])
	}
	used := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	spent := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return spent.Seconds() * 1000 / float64(s.made.Made), float64(used.Maxrss) / 1024, nil
}

// verdict says in words how a figure stands to its budget.
func (f figure) verdict() (budget, met string) {
	switch {
	case f.most > 0:
		return fmt.Sprintf("ratio ≤ %.1f", f.most), word(f.ratio() <= f.most)
	case f.atMost > 0:
		return fmt.Sprintf("≤ %.0f %s", f.atMost, f.unit), word(f.large <= f.atMost)
	}
	return "", ""
}

func (f figure) ratio() float64 {
	if f.small == 0 {
		return 0
	}
	return f.large / f.small
}

func word(met bool) string { return map[bool]string{true: "met", false: "MISSED"}[met] }

// The figures stand between these lines of the document.
const (
	from = "<!-- growth: written by `go run ./bench/growth -write` -->\n"
	to   = "<!-- end of growth -->\n"
)

func (m *measuring) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-50s %12s %12s  %-8s %7s  %s\n", "", thousands(m.small.made.Made), thousands(m.large.made.Made), "", "ratio", "budget")
	for _, f := range m.figures {
		budget, met := f.verdict()
		fmt.Fprintf(&b, "%-50s %12s %12s  %-8s %7.2f  %s %s\n", f.what, value(f.small), value(f.large), f.unit, f.ratio(), budget, met)
	}
	return b.String()
}

func (m *measuring) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| what | %s cases | %s cases | ratio | budget | |\n|---|---|---|---|---|---|\n", thousands(m.small.made.Made), thousands(m.large.made.Made))
	for _, f := range m.figures {
		budget, met := f.verdict()
		fmt.Fprintf(&b, "| %s | %s %s | %s %s | %.2f | %s | %s |\n", f.what, value(f.small), f.unit, value(f.large), f.unit, f.ratio(), budget, met)
	}
	fmt.Fprintf(&b, "\n- made at %.0f and %.0f cases a second; %s and %s events\n", rate(m.small.made), rate(m.large.made), thousands(int(m.small.made.Events)), thousands(int(m.large.made.Events)))
	return b.String()
}

func rate(p progress) float64 { return float64(p.Made) / max(p.Took, 1) }

// value has three digits that say something.
func value(x float64) string {
	switch {
	case x >= 100:
		return thousands(int(x + 0.5))
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
