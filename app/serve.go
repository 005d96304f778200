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
	return in.Cases.Publish(ctx, fsys)
}

// sweepEvery is how often what has expired is swept: drafts, orphaned uploads,
// sessions.
const sweepEvery = 10 * time.Minute

// Work runs everything that goes on beside requests until ctx ends: the
// ledger, jobs, deadlines and sweeping. A part that fails is logged and begins
// again; it never takes the others down.
func (in *Instance) Work(ctx context.Context) {
	var all sync.WaitGroup
	parts := map[string]func(context.Context) error{
		"ledger": in.Ledger.Run, "jobs": in.Jobs.Run, "deadlines": in.Cases.RunTimers, "published": in.Cases.Follow, "heads": in.Ledger.Keep, "pace": in.Pace.Keep, "sweep": in.sweep, "mornings": in.Notices.RunMornings, "bounces": in.Notices.RunBounces, "copy": in.copy, "folder": in.keepFolder,
	}
	besides(in, parts) // feature/complaint
	for name, run := range parts {
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
	enough = 128 << 20
)

// collectRarely sets that, unless whoever runs the program has set GOGC or
// GOMEMLIMIT.
func collectRarely() {
	const usual = 100
	if before := debug.SetGCPercent(rarely); before != usual {
		debug.SetGCPercent(before)
	}
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(enough)
	}
}

// quiet is how long nobody has asked anything when memory is given back.
const quiet = 3 * time.Second

// giveBack returns to the machine what the collector has not come to, once after
// each time of work: compiling the services, or a morning's requests. The
// machine of a village office has other things to do at night.
func (in *Instance) giveBack(ctx context.Context) {
	tick := time.NewTicker(quiet)
	defer tick.Stop()
	last, worked := int64(0), true
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := in.meters.answered.Load()
		if now == last && worked {
			debug.FreeOSMemory()
		}
		worked = now != last
		last = now
	}
}

// Manners are how a server serves; the zero value is right for most.
type Manners struct {
	Crowd   Crowd
	Drain   time.Duration // between saying that no more is accepted and accepting no more
	Metrics net.Listener  // where /metrics answers; nil: nowhere
}

// Serve answers requests on a listener and works beside until ctx ends, then
// lets requests that have begun end.
func (in *Instance) Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	return in.ServeWith(ctx, l, h, Manners{})
}

// ServeWith is Serve with manners. When ctx ends it says so at /readyz, goes on
// answering for the time of Drain so that a proxy can look elsewhere, closes
// what is idle, waits for what has begun, and ends the work beside it.
func (in *Instance) ServeWith(ctx context.Context, l net.Listener, h http.Handler, m Manners) error {
	collectRarely()
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	var working sync.WaitGroup
	defer working.Wait()
	defer stop()
	boss := supervision()
	working.Go(func() { in.Work(work) })
	working.Go(func() { boss.keepTelling(work) })
	working.Go(func() { in.giveBack(work) })
	p := usualPatience()
	room := newCrowd(l, m.Crowd, p)
	in.crowd.Store(room)
	srv := in.server(p.guard(in.meters.flight(h)))
	failed := make(chan error, 2)
	go func() { failed <- srv.Serve(room) }()
	if m.Metrics != nil {
		beside := in.server(in.Metrics())
		defer beside.Close()
		go func() { failed <- beside.Serve(m.Metrics) }()
	}
	if err := boss.tell(nowReady); err != nil {
		in.Log.Warn("systemd was not told", slog.Any("error", err))
	}
	select {
	case err := <-failed:
		return errors.Join(err, srv.Close())
	case <-ctx.Done():
	}
	return in.end(srv, boss, m.Drain)
}

// server is an HTTP server with the bounds of every server of ours. How long an
// answer may take to leave is the crowd's to judge.
func (in *Instance) server(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ReadTimeout: longestSilence, ConnContext: placed, ErrorLog: slog.NewLogLogger(in.Log.Handler(), slog.LevelWarn),
	}
}

// end stops a server in order. Requests that do not end in time are cut off.
func (in *Instance) end(srv *http.Server, boss supervisor, delay time.Duration) error {
	in.stopping.Store(true)
	if err := boss.tell(nowStopping); err != nil {
		in.Log.Warn("systemd was not told", slog.Any("error", err))
	}
	time.Sleep(delay) // meanwhile every answer tells its connection to end
	end, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	err := srv.Shutdown(end)
	if errors.Is(err, context.DeadlineExceeded) {
		in.Log.Warn("requests were cut off: they did not end in time", slog.Duration("waited", drain))
		return srv.Close()
	}
	return err
}
