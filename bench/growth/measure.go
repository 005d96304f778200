package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"pendopo/bench/load"
	"pendopo/kernel/conf"
	"pendopo/test/testkit/port"
)

// measuring compares two instances in one run: every figure is taken from both
// in turn, so that a noisy machine is noisy for both.
type measuring struct {
	small, large side
	dir, binary  string
	repeats      int
	whole, write bool
	figures      []figure
}

// side is one of the two instances.
type side struct {
	place  conf.Place
	made   progress
	server *load.Process
	desk   *visitor // logged in as the roving officer
	admin  *visitor
	probes probes
}

// figure is one line of the table: the same thing of both.
type figure struct {
	what         string
	unit         string
	small, large float64
	most         float64 // budget of the ratio; 0: none
	atMost       float64 // budget of the larger one's figure; 0: none
}

// starts is how often each server is started for the time it takes.
const starts = 5

func (m *measuring) run(ctx context.Context) (err error) {
	if m.dir, err = os.MkdirTemp("", "pendopo-growth-"); err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, m.small.server.Stop(), m.large.server.Stop(), os.RemoveAll(m.dir))
	}()
	if m.binary == "" {
		m.binary = filepath.Join(m.dir, "pendopo")
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", m.binary, "./cmd/pendopo").CombinedOutput(); err != nil {
			return fmt.Errorf("go build: %w\n%s", err, out)
		}
	}
	for _, step := range []func(context.Context) error{m.prepare, m.start, m.idle, m.enter, m.pages, m.queries, m.underLoad, m.sizes, m.proofs} {
		if err := step(ctx); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	fmt.Print(m.text())
	if m.write {
		return load.WriteBetween("docs/performance.md", from, to, m.markdown())
	}
	return nil
}

func (m *measuring) sides() []*side { return []*side{&m.small, &m.large} }

// prepare looks what there is in each folder, and makes the officers that the
// measuring logs in as.
func (m *measuring) prepare(ctx context.Context) (err error) {
	for _, s := range m.sides() {
		if s.place.Data, err = filepath.Abs(s.place.Data); err != nil {
			return err
		}
		if s.made, err = readProgress(s.place.Data); err != nil {
			return err
		}
		if s.made.State == making {
			return errCutOff
		}
		s.place.Node = "node1"
		if s.probes, err = probe(ctx, s.place); err != nil {
			return err
		}
	}
	return nil
}

// start measures starting, turn by turn, and leaves both servers running.
func (m *measuring) start(context.Context) error {
	took := make([][]float64, 2)
	for range starts {
		for i, s := range m.sides() {
			if err := s.server.Stop(); err != nil {
				return err
			}
			if err := m.serve(s); err != nil {
				return err
			}
			took[i] = append(took[i], s.server.Took.Seconds()*1000)
		}
	}
	m.add(figure{what: "start to first answer", unit: "ms", small: median(took[0]), large: median(took[1]), atMost: 500})
	return nil
}

func (m *measuring) serve(s *side) (err error) {
	addr, err := port.Free()
	if err != nil {
		return err
	}
	args := []string{m.binary, "serve", "--data", s.place.Data, "--addr", addr, "--base", "http://" + addr}
	if s.place.Database != "" {
		args = append(args, "--database", s.place.Database, "--keys", s.place.Keys)
	}
	s.server, err = load.Start(load.Program{Dir: m.dir, Args: args, Addr: addr, Ready: load.Get("/", "id", false), Patience: time.Minute})
	return err
}

// idle waits until what fell due since the folder was made has been done.
func (m *measuring) idle(context.Context) error {
	var rss [2]float64
	for i, s := range m.sides() {
		for {
			took, err := s.server.Settle()
			if err != nil {
				return err
			}
			if took < load.Patience {
				break
			}
		}
		var err error
		if rss[i], err = s.server.Memory("smaps_rollup", "Rss"); err != nil {
			return err
		}
	}
	m.add(figure{what: "memory, idle", unit: "MB", small: rss[0], large: rss[1], atMost: 60})
	return nil
}

// enter logs in, which takes memory for the password and is no part of idling.
func (m *measuring) enter(context.Context) error {
	for _, s := range m.sides() {
		var err error
		if s.desk, err = logIn(s.server.Addr, rover, s.probes.password); err != nil {
			return err
		}
		if s.admin, err = logIn(s.server.Addr, keeper, s.probes.password); err != nil {
			return err
		}
	}
	return nil
}

// add keeps a figure and shows it at once.
func (m *measuring) add(f figure) {
	m.figures = append(m.figures, f)
	fmt.Fprintf(os.Stderr, "%-58s %10.2f %10.2f %s\n", f.what, f.small, f.large, f.unit)
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	if len(list) == 0 {
		return 0
	}
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}

// inTurn measures something of both sides again and again, each time in the
// other order, and gives the medians in milliseconds.
func (m *measuring) inTurn(what string, most float64, do func(s *side, i int) error) error {
	took := make([][]float64, 2)
	for i := range m.repeats {
		for j := range 2 {
			k := (i + j) % 2
			began := time.Now()
			if err := do(m.sides()[k], i); err != nil {
				return fmt.Errorf("%s, %s: %w", what, m.sides()[k].place.Data, err)
			}
			took[k] = append(took[k], float64(time.Since(began).Microseconds())/1000)
		}
	}
	m.add(figure{what: what, unit: "ms", small: median(took[0]), large: median(took[1]), most: most})
	return nil
}
