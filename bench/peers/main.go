package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"pendopo/bench/limit"
	"pendopo/bench/load"
)

// failed is the exit status of a run that could not be finished. A peer that
// fails is a line of the table and no failure of the command.
const failed = 2

// options are the lengths of a run, and what is in it.
type options struct {
	cache   string        // where peers are installed
	only    string        // names with commas; empty = all
	rows    int           // to read and to list
	rounds  int           // at most; fewer when time runs out
	lasting time.Duration // of one measurement
	warm    time.Duration // before it, with the same load
	floor   time.Duration // of a limit's measurement, before and after each subject
	most    time.Duration // for all rounds together
}

func main() {
	var o options
	var serve limit.Options
	flag.StringVar(&serve.Addr, "limit", "", "be a limit at this address (the bench starts this itself)")
	flag.StringVar(&serve.Dir, "dir", "", "folder of the limit's SQLite")
	flag.StringVar(&serve.URL, "url", "", "address of the limit's PostgreSQL")
	flag.IntVar(&o.rows, "rows", 20_000, "rows to read and to list")
	flag.IntVar(&o.rounds, "rounds", 3, "how many rounds")
	flag.DurationVar(&o.lasting, "lasting", 3*time.Second, "length of a measurement; its warm-up and the limits' take a third")
	flag.DurationVar(&o.most, "most", 9*time.Minute, "begin no further round after so long")
	flag.StringVar(&o.cache, "cache", "", "folder of the installed peers; pendopo-peers in the user's cache by default")
	flag.StringVar(&o.only, "only", "", "only these subjects, with commas")
	installing := flag.Bool("install", false, "install the peers and end")
	quick := flag.Bool("quick", false, "two short rounds over few rows")
	write := flag.Bool("write", false, "write the tables into docs/performance.md")
	flag.Parse()
	if *quick {
		o.rows, o.rounds, o.lasting, o.most = 2_000, 2, time.Second, 150*time.Second
	}
	o.warm, o.floor = o.lasting/3, o.lasting/3
	serve.Rows = o.rows
	var err error
	if serve.Addr != "" {
		err = limit.Serve(serve)
	} else {
		err = run(o, *installing, *write)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(failed)
	}
}

// bench is one run.
type bench struct {
	options
	ctx      context.Context
	dir      string // everything of this run; removed at the end
	binary   string // pendopo
	subjects []*subject
	limits   map[string]*floor // by database
	began    time.Time
	from     load.Counter
}

func run(o options, installing, write bool) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if o.cache, err = cacheFolder(o.cache); err != nil {
		return err
	}
	b := &bench{options: o, ctx: ctx, limits: map[string]*floor{}, began: time.Now()}
	b.choose()
	b.install()
	if installing {
		return b.failures()
	}
	if b.dir, err = os.MkdirTemp("", "pendopo-peers-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close(), os.RemoveAll(b.dir)) }()
	if err := b.measure(); err != nil {
		return err
	}
	fmt.Print(b.report())
	if write {
		return load.WriteBetween("docs/performance.md", from, to, b.report())
	}
	return nil
}

// cacheFolder is where peers stay installed: in the user's cache, so that a
// fresh checkout finds them.
func cacheFolder(given string) (string, error) {
	if given != "" {
		return filepath.Abs(given)
	}
	dir, err := os.UserCacheDir()
	return filepath.Join(dir, "pendopo-peers"), err
}

// measure makes everything ready and runs the rounds. Only what all depend on,
// Pendopo and the limits, can fail it.
func (b *bench) measure() error {
	b.binary = filepath.Join(b.dir, "pendopo")
	if err := b.command(time.Minute*10, "go", "build", "-o", b.binary, "./cmd/pendopo"); err != nil {
		return err
	}
	if err := b.startLimits(); err != nil {
		return err
	}
	for _, s := range b.subjects {
		b.try(s, "prepare", s.prepareAll)
		b.try(s, "first page", s.weigh)
	}
	b.began = time.Now()
	b.phase("read", b.most*6/10)
	b.phase("accept", b.most)
	return b.ctx.Err()
}

// try does a part of a subject's work, unless it has failed before; what goes
// wrong is kept for the table.
func (b *bench) try(s *subject, what string, do func() error) {
	if s.fault != nil || b.ctx.Err() != nil {
		return
	}
	began := time.Now()
	err := do()
	if err != nil {
		s.fault = fmt.Errorf("%s: %w", what, err)
		err = errors.Join(err, s.stop())
	}
	fmt.Fprintf(os.Stderr, "%6.1fs  %-20s %-11s %5.1fs  %s\n", time.Since(b.began).Seconds(), s.title(), what, time.Since(began).Seconds(), words(err))
}

func words(err error) string {
	if err == nil {
		return ""
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

// failures are the peers that could not be installed.
func (b *bench) failures() error {
	var all []error
	for _, s := range b.subjects {
		if s.fault != nil {
			all = append(all, fmt.Errorf("%s: %w", s.name, s.fault))
		}
	}
	return errors.Join(all...)
}

// close stops whatever still runs.
func (b *bench) close() error {
	var all []error
	for _, s := range b.subjects {
		all = append(all, s.stop(), s.postgres.stop())
	}
	for _, f := range b.limits {
		all = append(all, f.process.Stop(), f.postgres.stop())
	}
	return errors.Join(all...)
}

// command runs a program to its end, at most so long, and its children with it.
func (b *bench) command(most time.Duration, name string, args ...string) error {
	ctx, cancel := context.WithTimeout(b.ctx, most)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), errors.Join(err, ctx.Err()), lastOf(out))
	}
	return nil
}

func lastOf(out []byte) string { return string(out[max(0, len(out)-400):]) }
