package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"math"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"pendopo/engine/casework"
)

// Publish proves a government folder and makes it live on this node.
func (in *Instance) Publish(ctx context.Context, fsys fs.FS) (casework.Published, error) {
	p, err := in.Cases.Publish(ctx, fsys)
	if err != nil {
		return p, err
	}
	return p, in.reload(ctx)
}

// sweepEvery is how often what has expired is swept: drafts, orphaned uploads,
// sessions.
const sweepEvery = 10 * time.Minute

// Work runs everything that goes on beside requests until ctx ends: the
// ledger, jobs, deadlines and sweeping. A part that fails is logged and begins
// again; it never takes the others down.
func (in *Instance) Work(ctx context.Context) {
	var all sync.WaitGroup
	for name, run := range map[string]func(context.Context) error{
		"ledger": in.Ledger.Run, "jobs": in.Jobs.Run, "deadlines": in.Cases.RunTimers, "sweep": in.sweep,
	} {
		all.Go(func() { in.keepUp(ctx, name, run) })
	}
	all.Wait()
}

// keepUp runs one part again and again until ctx ends.
func (in *Instance) keepUp(ctx context.Context, name string, run func(context.Context) error) {
	for ctx.Err() == nil {
		if err := run(ctx); err != nil && ctx.Err() == nil {
			in.Log.Error("background work stopped and begins again", slog.String("part", name), slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

func (in *Instance) sweep(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		_, drafts := in.Cases.SweepDrafts(ctx)
		_, blobs := in.Blobs.Sweep(in.Now())
		_, sessions := in.Identity.Sweep()
		if err := errors.Join(drafts, blobs, sessions); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// drain is how long a stopping server waits for requests that have begun.
const drain = 20 * time.Second

// How memory is used for speed. What lives on the heap is a few megabytes, so at
// Go's own 100 the collector would run all the time under load: it waits until
// the heap has grown by rarely, in percent, and hurries when memory, in bytes,
// comes near to enough.
const (
	rarely = 400
	enough = 160 << 20
)

// collectRarely sets that, unless whoever runs the program has set GOGC or GOMEMLIMIT.
func collectRarely() {
	const usual = 100
	if before := debug.SetGCPercent(rarely); before != usual {
		debug.SetGCPercent(before)
	}
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(enough)
	}
}

// Serve answers requests on a listener and works beside until ctx ends, then
// lets requests that have begun end.
func (in *Instance) Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	collectRarely()
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	var working sync.WaitGroup
	working.Go(func() { in.Work(work) })
	defer working.Wait()
	defer stop()
	srv := &http.Server{
		Handler: patience{longestSilence, longestBody}.guard(h), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ReadTimeout: longestSilence, WriteTimeout: longestAnswer,
		ErrorLog: slog.NewLogLogger(in.Log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	return srv.Shutdown(end)
}
