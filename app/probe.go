package app

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"time"
)

// How often the parts are really asked, whoever polls, and how long they have.
const (
	probedEvery  = time.Second
	probeTimeout = 2 * time.Second
)

// leastFree is how much of a disk must be free for the server to say that it
// accepts: room for what is being committed, and for saying so.
const leastFree = 32 << 20

// readiness is what the last look at the parts found.
type readiness struct {
	mu      sync.Mutex
	at      time.Time
	failing []string
}

// Failing names the parts that keep this node from accepting anything; none when
// it accepts. It is cheap: the parts are asked once a second at most.
func (in *Instance) Failing(ctx context.Context) []string {
	if in.stopping.Load() {
		return []string{"stopping"}
	}
	r := &in.readiness
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.at) < probedEvery {
		return r.failing
	}
	r.failing = in.probe(context.WithoutCancel(ctx))
	r.at = time.Now()
	return r.failing
}

// probe asks every part at once.
func (in *Instance) probe(ctx context.Context) (failing []string) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	parts := map[string]func(context.Context) bool{
		"record":      func(ctx context.Context) bool { return in.DB.Probe(ctx) == nil },
		"keys":        func(ctx context.Context) bool { return in.Keys.Probe(ctx) == nil },
		"files":       func(ctx context.Context) bool { return in.Blobs.Probe(ctx) == nil },
		"disk":        func(context.Context) bool { return roomy(in.Place.Data) && roomy(in.Place.InstanceKeys()) },
		"definitions": func(context.Context) bool { return in.Cases.Government() != nil },
		"log":         func(context.Context) bool { return !in.Ledger.Refuses() },
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	for name, good := range parts {
		all.Go(func() {
			if good(ctx) {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			failing = append(failing, name)
		})
	}
	all.Wait()
	slices.Sort(failing)
	return failing
}

// roomy says that a folder may be written to and has some room left.
func roomy(dir string) bool {
	free, readOnly, err := Disk(dir)
	return err == nil && !readOnly && free.Bytes >= leastFree
}

// Free is what is left of a file system for this user.
type Free struct {
	Bytes, Of   int64
	Files, Most int64 // inodes; 0 where the file system does not count them
}

// Disk looks at the file system of a folder.
func Disk(dir string) (f Free, readOnly bool, err error) {
	const mountedReadOnly = 1 // ST_RDONLY of statvfs(3)
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return f, false, err
	}
	f = Free{Bytes: int64(s.Bavail) * s.Bsize, Of: int64(s.Blocks) * s.Bsize, Files: int64(s.Ffree), Most: int64(s.Files)}
	return f, s.Flags&mountedReadOnly != 0, nil
}

// probes answers, before the doors and without a line in the access log, whether
// the program lives (/healthz, which touches nothing) and whether it accepts
// (/readyz). Both are public and say nothing that an attacker could not see:
// names of parts, no causes, no addresses, no versions.
func (in *Instance) probes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if in.stopping.Load() {
			w.Header().Set("Connection", "close") // the next request is for another node, or for a later start
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		switch r.URL.Path {
		case "/healthz":
			say(w, http.StatusOK, map[string]any{"alive": true})
		case "/readyz":
			failing := in.Failing(r.Context())
			if len(failing) > 0 {
				w.Header().Set("Retry-After", "5")
				say(w, http.StatusServiceUnavailable, map[string]any{"ready": false, "failing": failing})
				return
			}
			say(w, http.StatusOK, map[string]any{"ready": true})
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func say(w http.ResponseWriter, status int, v any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // who has gone needs no answer
}
