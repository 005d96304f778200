package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"
)

func main() {
	var o long
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()), "what is drawn follows from it, but for the order in which the machine runs the load")
	flag.IntVar(&o.rounds, "rounds", 8, "recordings, each of which begins on a disk that a power cut in the last one left")
	flag.IntVar(&o.cuts, "cuts", 250, "power cuts tried in each")
	flag.IntVar(&o.clients, "clients", 16, "clients at a time")
	flag.DurationVar(&o.most, "for", 0, "begin no other round after so long; 0 = all of them")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o.out = os.Stdout
	if err := o.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "power:", err)
		os.Exit(1)
	}
}

// long is the long form: the program as it is over many rounds, then each fault.
type long struct {
	seed                  uint64
	rounds, cuts, clients int
	most                  time.Duration
	out                   io.Writer
	all                   totals
}

// totals is what all rounds together did.
type totals struct {
	counts
	cuts, states, started, checked, red, effects int
}

func (o *long) run(ctx context.Context) error {
	work, err := os.MkdirTemp("", "power-")
	if err != nil {
		return err
	}
	fmt.Fprintf(o.out, "seed %d; %d rounds of %d power cuts\n", o.seed, o.rounds, o.cuts)
	err = errors.Join(o.good(ctx, work), ctx.Err())
	if err == nil {
		err = o.faults(ctx, work)
	}
	t := o.all
	fmt.Fprintf(o.out, "recorded: %d writes of %d MB, %d truncations, %d names made, %d moved, %d removed, %d syncs of files, %d of folders, %d answers\n",
		t.Writes, t.Bytes>>20, t.Truncations, t.Creations+t.Folders, t.Renames, t.Removals, t.FileSyncs, t.FolderSyncs, t.Answers)
	fmt.Fprintf(o.out, "tried: %d power cuts, %d disks, on %d of which the program was started; %d acknowledged effects looked for %d times; red: %d\n",
		t.cuts, t.states, t.started, t.effects, t.checked, t.red)
	if err == nil {
		err = os.RemoveAll(work)
	} else {
		fmt.Fprintf(o.out, "the record is kept in %s\n", work)
	}
	return err
}

// good tries the program as it is.
func (o *long) good(ctx context.Context, work string) error {
	binary, err := buildGood(work)
	if err != nil {
		return err
	}
	var s *session
	began := time.Now()
	for i := 0; i < o.rounds && ctx.Err() == nil && (o.most == 0 || time.Since(began) < o.most); i++ {
		r := rand.New(rand.NewPCG(o.seed, uint64(i)))
		if s, err = o.round(ctx, s, filepath.Join(work, fmt.Sprintf("round-%d", i)), binary, i, r); err != nil {
			return fmt.Errorf("round %d: %w", i+1, err)
		}
	}
	return nil
}

// round records on what the last round left, or on nothing, and tries cuts.
func (o *long) round(ctx context.Context, before *session, work, binary string, i int, r *rand.Rand) (s *session, err error) {
	if err := os.MkdirAll(work, 0o700); err != nil {
		return nil, err
	}
	if before == nil || i%4 == 0 { // now and then from the very beginning
		s, err = newSession(work, binary)
	} else {
		middle := before.next / 4
		s, err = before.after(work, cut{moment: middle + r.IntN(before.next-middle)}, r)
		err = errors.Join(err, os.RemoveAll(before.work))
	}
	if err != nil {
		return nil, err
	}
	if err := s.play(plan{clients: o.clients, each: 8, large: 600 << 10, seed: o.seed + uint64(i), commands: true}); err != nil {
		return nil, err
	}
	c, err := s.faithful()
	if err == nil {
		err = c.enough()
	}
	if err != nil {
		return nil, err
	}
	cuts := s.choose(o.cuts, r, func(i int) []kind {
		if i%5 == 0 {
			return []kind{synced, mixed, mixed, written}
		}
		return []kind{synced, mixed, mixed}
	})
	w := &sweep{session: s, seed: o.seed + uint64(i), keep: true, start: 16, progress: o.progress(i, len(cuts)),
		stop: func(map[string][]string) bool { return ctx.Err() != nil }}
	res, err := w.run(cuts)
	o.all.add(res, c, len(s.effects))
	fmt.Fprintf(o.out, "\rround %d: %d calls, %d syncs, %d effects; %d cuts, %d disks, red %d          \n",
		i+1, len(s.calls), c.FileSyncs+c.FolderSyncs, len(s.effects), res.Cuts, res.States, res.Red)
	if err == nil && res.Red > 0 {
		err = fmt.Errorf("%d of %d disks are red, kept in %s\n%s", res.Red, res.States, w.states, words(res.red))
	}
	return s, err
}

// progress prints how far a round is, once in a while.
func (o *long) progress(i, cuts int) func(result) {
	began, last := time.Now(), time.Now()
	return func(r result) {
		if time.Since(last) < 2*time.Second {
			return
		}
		last = time.Now()
		fmt.Fprintf(o.out, "\rround %d: %d disks of about %d, red %d, %s ", i+1, r.States, cuts*16/5, r.Red, time.Since(began).Round(time.Second))
	}
}

// faults plants each fault and wants its own checks to turn red.
func (o *long) faults(ctx context.Context, work string) error {
	binary, err := buildPlanted(work)
	if err != nil {
		return err
	}
	for i, p := range plants() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		res, err := p.try(filepath.Join(work, p.name), binary, o.seed+uint64(i), 40)
		if err != nil {
			return err
		}
		fmt.Fprintf(o.out, "planted: %s: red, as it must be, in %d of %d disks: %s\n", p.what, res.Red, res.States, strings.Join(res.checks(), ", "))
	}
	return nil
}

// try records the program with one fault and wants it found for its own reason.
func (p plant) try(work, binary string, seed uint64, most int) (res result, err error) {
	if err := os.MkdirAll(work, 0o700); err != nil {
		return res, err
	}
	defer os.RemoveAll(work)
	s, err := newSession(work, binary, "PENDOPO_PLANT="+p.name)
	if err != nil {
		return res, err
	}
	if err := s.play(plan{clients: 4, each: 6, large: 60 << 10, seed: seed, apart: p.apart}); err != nil {
		return res, err
	}
	if _, err := s.faithful(); err != nil {
		return res, err
	}
	cuts := s.choose(most, rand.New(rand.NewPCG(seed, 0)), func(i int) []kind { return []kind{synced} })
	w := &sweep{session: s, seed: seed, stop: p.done}
	if res, err = w.run(cuts); err == nil {
		err = p.judge(res.red)
	}
	return res, err
}

// enough wants a recording that is one: figures that only a program which
// really wrote and synced can reach.
func (c counts) enough() error {
	for what, n := range map[string][2]int{
		"writes": {c.Writes, 500}, "syncs of files": {c.FileSyncs, 60}, "syncs of folders": {c.FolderSyncs, 3},
		"names made": {c.Creations, 4}, "truncations": {c.Truncations, 4}, "answers": {c.Answers, 20},
	} {
		if n[0] < n[1] {
			return fmt.Errorf("only %d %s were recorded, %d are the least", n[0], what, n[1])
		}
	}
	return nil
}

func (t *totals) add(r result, c counts, effects int) {
	t.started += r.Started
	t.cuts, t.states, t.checked, t.red, t.effects = t.cuts+r.Cuts, t.states+r.States, t.checked+r.Checked, t.red+r.Red, t.effects+effects
	t.Writes, t.Bytes, t.Truncations, t.Creations, t.Folders = t.Writes+c.Writes, t.Bytes+c.Bytes, t.Truncations+c.Truncations, t.Creations+c.Creations, t.Folders+c.Folders
	t.Renames, t.Removals, t.FileSyncs, t.FolderSyncs, t.Answers = t.Renames+c.Renames, t.Removals+c.Removals, t.FileSyncs+c.FileSyncs, t.FolderSyncs+c.FolderSyncs, t.Answers+c.Answers
}

// checks are the names of the checks that were red.
func (r result) checks() []string {
	var list []string
	for check := range r.red {
		list = append(list, check)
	}
	sort.Strings(list)
	return list
}

// words says what was red and where.
func words(red map[string][]string) string {
	var b strings.Builder
	for _, check := range (result{red: red}).checks() {
		for _, w := range red[check] {
			fmt.Fprintf(&b, "  %s: %s\n", check, w)
		}
	}
	return b.String()
}
