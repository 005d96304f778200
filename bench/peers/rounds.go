package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"pendopo/bench/load"
)

// phase runs rounds over all subjects, each time beginning with another one, as
// long as there is time for a further round. Reading comes first, so that
// everybody's list has as many rows.
func (b *bench) phase(name string, until time.Duration) {
	for i := range b.rounds {
		began := time.Now()
		for j := range b.subjects {
			s := b.subjects[(i+j)%len(b.subjects)]
			b.try(s, fmt.Sprintf("%s %d", name, i+1), func() error { return b.turn(s, s.kinds(name)) })
		}
		for database := range b.limits {
			b.bare(database, name)
		}
		if time.Since(b.began)+time.Since(began) > until {
			return
		}
	}
}

// bare measures what only the limits can do.
func (b *bench) bare(database, phase string) {
	kind := map[string]string{"read": hello, "accept": each}[phase]
	if kind == each && database == "PostgreSQL" {
		return // it has no other way
	}
	if _, err := b.measureFloor(database, kind); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
	}
}

// kinds are the jobs of a subject in a phase.
func (s *subject) kinds(phase string) []string {
	if phase == accept {
		return []string{accept}
	}
	kinds := []string{read}
	if s.name == "Pendopo" {
		kinds = append(kinds, page)
	}
	if s.list {
		kinds = append(kinds, list)
	}
	return kinds
}

// turn is one subject's part of a round: the limit, the subject from its start
// to its end, the limit again.
func (b *bench) turn(s *subject, kinds []string) error {
	before, err := b.floors(s.database, kinds)
	if err != nil {
		return err
	}
	if err := s.start(); err != nil {
		return err
	}
	s.starts = append(s.starts, s.process.Took)
	if _, err := s.settle(); err != nil {
		return err
	}
	idle, err := load.PssOfTree(s.pids()...)
	if err != nil {
		return err
	}
	s.idle = append(s.idle, idle)
	results := map[string]load.Result{}
	peak := load.Peak(s.pids()...)
	for _, kind := range kinds {
		if results[kind], err = s.job(kind); err != nil {
			break
		}
	}
	s.peak = max(s.peak, peak())
	if err != nil {
		return err
	}
	if err := s.stop(); err != nil {
		return err
	}
	after, err := b.floors(s.database, kinds)
	for _, kind := range kinds {
		at := limitOf(kind)
		s.rounds[kind] = append(s.rounds[kind], round{results[kind], (before[at].Rate + after[at].Rate) / 2})
	}
	return err
}

func (b *bench) floors(database string, kinds []string) (map[string]load.Result, error) {
	out := map[string]load.Result{}
	for _, kind := range kinds {
		at := limitOf(kind)
		if _, done := out[at]; done {
			continue
		}
		got, err := b.measureFloor(database, at)
		if err != nil {
			return nil, err
		}
		out[at] = got
	}
	return out, nil
}

// job warms a subject up and measures one kind of job. What accepting leaves to
// be done afterwards is waited for, and its processor time counted.
func (s *subject) job(kind string) (load.Result, error) {
	l := s.request(s, kind)
	l.Addr = s.addr
	if _, err := l.Run(clients, s.b.warm, &s.b.from); err != nil {
		return load.Result{}, fmt.Errorf("%s: %w", kind, err)
	}
	spent, err := load.SpentByTree(s.pids()...)
	if err != nil {
		return load.Result{}, err
	}
	flushes := flushed(s.b.dir)
	got, err := l.Run(clients, s.b.lasting, &s.b.from)
	if err != nil || kind != accept {
		return got, err
	}
	if n := flushed(s.b.dir) - flushes; n > 0 {
		s.perFlush = append(s.perFlush, float64(got.Answers)/float64(n))
	}
	settled, err := s.settle()
	if err != nil {
		return got, err
	}
	after, err := load.SpentByTree(s.pids()...)
	s.settled = append(s.settled, settled)
	s.processor = append(s.processor, (after-spent)/time.Duration(max(1, got.Answers)))
	return got, err
}

// flushed is how often the disk below a folder was told to write out its cache:
// what a sync ends in, whoever asked for it. 0 when the system does not say.
func flushed(dir string) int64 {
	var at syscall.Stat_t
	if syscall.Stat(dir, &at) != nil {
		return 0
	}
	device, err := filepath.EvalSymlinks(fmt.Sprintf("/sys/dev/block/%d:%d", at.Dev>>8&0xfff, at.Dev&0xff|at.Dev>>12&0xfff00))
	if err != nil {
		return 0
	}
	for _, folder := range []string{device, filepath.Dir(device)} { // of a partition, its disk's
		raw, err := os.ReadFile(filepath.Join(folder, "stat"))
		fields := strings.Fields(string(raw))
		if err != nil || len(fields) < 16 {
			continue
		}
		if n, err := strconv.ParseInt(fields[15], 10, 64); err == nil && n > 0 {
			return n
		}
	}
	return 0
}

// median is the middle of values, the upper one of two.
func median[V float64 | time.Duration](values []V) V {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

func medianOf[T any, V float64 | time.Duration](list []T, of func(T) V) V {
	values := make([]V, len(list))
	for i, x := range list {
		values[i] = of(x)
	}
	return median(values)
}
