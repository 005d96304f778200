package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"pendopo/bench/limit"
	"pendopo/bench/load"
)

// limitRows is how many rows the indexed read of the limit chooses from.
const limitRows = 10_000

// Exit statuses. A missed budget is a figure and no failure of the command.
const failed = 2

func main() {
	dir := flag.String("limit", "", "be the limit, with its database in this folder (the bench starts this itself)")
	addr := flag.String("addr", "", "address of the limit")
	write := flag.Bool("write", false, "write the table into docs/performance.md")
	seconds := flag.Float64("seconds", 2, "length of a round")
	rounds := flag.Int("rounds", 5, "how many rounds")
	only := flag.String("only", "", "measure only accept or track")
	binary := flag.String("pendopo", "", "measure this binary instead of building one")
	flag.Parse()
	b := bench{binary: *binary, only: *only, rounds: *rounds, lasting: time.Duration(*seconds * float64(time.Second))}
	var err error
	if *dir != "" {
		err = limit.Serve(limit.Options{Addr: *addr, Dir: *dir, Rows: limitRows})
	} else {
		err = b.whole(*write)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(failed)
	}
}

// bench is one run.
type bench struct {
	dir, binary, data string
	only              string
	rounds            int
	lasting           time.Duration
	limit, subject    *load.Process
	definition        string   // hash of the service applied for
	codes             []string // of open cases of the demo
	found             results
}

// whole makes a demo in a folder of its own, measures, and leaves nothing.
func (b *bench) whole(write bool) (err error) {
	if b.dir, err = os.MkdirTemp("", "pendopo-bench-"); err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, b.subject.Stop(), b.limit.Stop(), os.RemoveAll(b.dir))
	}()
	for _, step := range []func() error{b.build, b.demo, b.start, b.weigh, b.idle, b.track, b.accept} {
		if err := step(); err != nil {
			return err
		}
	}
	fmt.Print(b.found.text())
	if write {
		return b.found.write("docs/performance.md")
	}
	return nil
}

func (b *bench) build() error {
	if b.binary != "" {
		return nil
	}
	b.binary = filepath.Join(b.dir, "pendopo")
	return b.command("go", "build", "-o", b.binary, "./cmd/pendopo")
}

func (b *bench) demo() error {
	b.data = filepath.Join(b.dir, "data")
	return b.command(b.binary, "demo", "--make", "--data", b.data)
}

func (b *bench) command(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), args[0], err, out)
	}
	return nil
}

// starts is how often the server is started for the time it takes.
const starts = 5

// start measures starting, and leaves limit and subject running.
func (b *bench) start() (err error) {
	var took []time.Duration
	for range starts {
		if err := b.subject.Stop(); err != nil {
			return err
		}
		if b.subject, err = startPendopo(b.dir, b.binary, b.data); err != nil {
			return err
		}
		took = append(took, b.subject.Took)
	}
	b.found.starts = took
	if b.limit, err = startLimit(b.dir); err != nil {
		return err
	}
	return b.look()
}

// look reads what the load needs to know: the live definition, and the codes of
// open cases.
func (b *bench) look() error {
	r, raw, err := load.Fetch(b.subject.Addr, load.Get("/api/v1/services/"+load.Service, "id", false))
	if err != nil || r.Status != 200 {
		return fmt.Errorf("the service: status %d, %v", r.Status, err)
	}
	var s struct{ Definition string }
	if err := json.Unmarshal(raw[r.Head:], &s); err != nil {
		return err
	}
	b.definition = s.Definition
	out, err := exec.Command(b.binary, "case", "list", "--data", b.data).Output()
	if err != nil {
		return err
	}
	for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if i == 0 {
			continue // names the columns
		}
		code := strings.Fields(line)[0]
		r, _, err := load.Fetch(b.subject.Addr, load.Get("/track/"+code, "id", false))
		switch {
		case err != nil:
			return err
		case r.Status == 200: // the cases by which offices ask one another have no page
			b.codes = append(b.codes, code)
		}
	}
	if len(b.codes) == 0 {
		return errors.New("the demo has no open case")
	}
	return nil
}

// rest is how long a server is left alone before it counts as idle.
const rest = 8 * time.Second

// idle is the memory of a server that has started and answered, and rests.
func (b *bench) idle() (err error) {
	if _, err = b.subject.Settle(); err != nil {
		return err
	}
	time.Sleep(rest)
	var errPss error
	b.found.idleRSS, err = b.subject.Memory("smaps_rollup", "Rss")
	b.found.idlePSS, errPss = b.subject.Memory("smaps_rollup", "Pss")
	return errors.Join(err, errPss)
}

// track renders the pages of the demo's open cases, plain and packed.
func (b *bench) track() error {
	if b.only == "accept" {
		return nil
	}
	for _, packed := range []bool{false, true} {
		var pages, same [][]byte
		bytes := 0
		for i, code := range b.codes {
			page := load.Get("/track/"+code, "id", packed)
			r, _, err := load.Fetch(b.subject.Addr, page)
			if err != nil || r.Status != 200 {
				return fmt.Errorf("tracking: status %d, %v", r.Status, err)
			}
			bytes += r.Body
			pages = append(pages, []byte(page))
			same = append(same, []byte(load.Get(fmt.Sprintf("/read/%d/%d", 1+i*7%limitRows, r.Body), "id", packed)))
		}
		p := pair{
			limit: load.Load{Addr: b.limit.Addr, Next: turns(same), Status: 200}, limitP: b.limit,
			subject: load.Load{Addr: b.subject.Addr, Next: turns(pages), Status: 200}, subjectP: b.subject,
			rounds: b.rounds, lasting: b.lasting * 3 / 5,
		}
		o, err := p.run()
		if err != nil {
			return err
		}
		b.found.tracks = append(b.found.tracks, tracked{outcome: o, packed: packed, bytes: bytes / len(b.codes), cases: len(b.codes)})
	}
	return nil
}

// turns takes prepared requests one after another.
func turns(list [][]byte) func(b []byte, n int64) []byte {
	return func(b []byte, n int64) []byte { return append(b, list[n%int64(len(list))]...) }
}

// accept hands in applications; the limit keeps the same bytes as one row.
func (b *bench) accept() (err error) {
	if b.only == "track" {
		return nil
	}
	p := pair{
		limit: load.Load{Addr: b.limit.Addr, Status: 201,
			Next: func(out []byte, n int64) []byte { return load.Post(out, "/insert", "", load.Answers(n)) }}, limitP: b.limit,
		subject: load.Load{Addr: b.subject.Addr, Status: 201,
			Next: func(out []byte, n int64) []byte { return load.Apply(out, b.definition, n) }}, subjectP: b.subject,
		rounds: b.rounds, lasting: b.lasting,
	}
	if b.found.accepted, err = p.run(); err != nil {
		return err
	}
	b.found.loadRSS, err = b.subject.Memory("status", "VmHWM")
	return err
}
