package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

func main() {
	kills := flag.Int("kills", 1000, "kills of each kind")
	seed := flag.Uint64("seed", rand.Uint64(), "of everything that is left to chance")
	clients := flag.Int("clients", 64, "clients at the same time")
	whole := flag.Int("whole", 100, "kills between two looks at everything")
	flag.Parse()
	chosen := flag.Args()
	if len(chosen) == 0 {
		chosen = []string{string(ofSQLite), string(ofPostgres), string(ofDatabase)}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ok := true
	var all []figures
	for _, name := range chosen {
		if ctx.Err() != nil {
			break
		}
		p := plan{kind: kind(name), enough: ctx.Done(), kills: *kills, seed: *seed, clients: *clients, whole: *whole,
			shortest: 50 * time.Millisecond, longest: 600 * time.Millisecond, out: os.Stdout}
		f, err := alone(context.WithoutCancel(ctx), p)
		all = append(all, f)
		if err != nil {
			fmt.Printf("%s: %v\n", name, err)
			ok = false
		}
	}
	table(os.Stdout, all)
	if !ok {
		os.Exit(1)
	}
}

// alone runs a round in a folder of its own, which stays when something was wrong.
func alone(ctx context.Context, p plan) (figures, error) {
	if !slices.Contains([]kind{ofSQLite, ofPostgres, ofDatabase}, p.kind) {
		return figures{kind: p.kind}, fmt.Errorf("there is no such kind: sqlite, postgres, database")
	}
	dir, err := os.MkdirTemp("", "pendopo-torture-")
	if err != nil {
		return figures{kind: p.kind}, err
	}
	p.folder = dir
	f, err := run(ctx, p)
	if err != nil {
		return f, fmt.Errorf("%w\nwhat was found on disk and the server's log stay in %s", err, filepath.Clean(dir))
	}
	return f, os.RemoveAll(dir)
}
