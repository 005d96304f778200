package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pendopo/kernel/backup"
	"pendopo/kernel/db"
	"pendopo/kernel/job"
	"pendopo/kernel/metric"
	"pendopo/kernel/page"
)

// meters are what an instance counts as it goes. Labels are words of this
// program: patterns of routes, kinds of jobs, names of stores.
type meters struct {
	set      *metric.Set
	requests *metric.Counter
	seconds  *metric.Histogram
	commits  *metric.Counter
	failed   *metric.Counter
	commands *metric.Histogram
	took     *metric.Histogram
	attempts *metric.Counter
	inFlight atomic.Int64
	answered atomic.Int64
}

func newMeters() *meters {
	s := metric.New()
	waits := []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}
	return &meters{
		set:      s,
		requests: s.Counter("pendopo_requests_total", "Requests answered, by pattern of route and class of status.", "door", "route", "class"),
		seconds:  s.Histogram("pendopo_request_seconds", "How long requests took.", waits, "door", "route"),
		commits:  s.Counter("pendopo_commits_total", "Transactions that changed something, by store.", "store"),
		failed:   s.Counter("pendopo_commits_failed_total", "Transactions that the store itself failed; all in them was answered 503.", "store"),
		commands: s.Histogram("pendopo_commit_commands", "Commands that shared one transaction.", []float64{1, 2, 4, 8, 16, 32, 64, 128}, "store"),
		took:     s.Histogram("pendopo_commit_seconds", "How long transactions took.", waits, "store"),
		attempts: s.Counter("pendopo_job_attempts_total", "Attempts at work, by kind and outcome.", "kind", "outcome"),
	}
}

// seen counts a request.
func (m *meters) seen(x page.Seen) {
	m.answered.Add(1)
	door := doorOf(x.Route)
	m.requests.Add(1, metric.Labels{door, x.Route, class(x.Status)})
	m.seconds.Observe(x.Took.Seconds(), metric.Labels{door, x.Route})
}

func class(status int) string {
	if status < 100 || status > 599 {
		return "none"
	}
	return string(rune('0'+status/100)) + "xx"
}

// doorOf is the door of a route's pattern.
func doorOf(route string) string {
	_, path, found := strings.Cut(route, " ")
	if !found {
		return "none"
	}
	for prefix, door := range map[string]string{"/desk": "desk", "/admin": "admin", "/api/": "api", "/.well-known/": "api", "/log/": "log", "/static/": "static"} {
		if strings.HasPrefix(path, prefix) {
			return door
		}
	}
	return "portal"
}

// committed counts the commits of the record.
func (m *meters) committed(c db.Commit) {
	store := metric.Labels{"record"}
	m.commits.Add(1, store)
	m.commands.Observe(float64(c.Commands), store)
	m.took.Observe(c.Took.Seconds(), store)
	if c.Failed {
		m.failed.Add(1, store)
	}
}

// attempted counts an attempt at work.
func (m *meters) attempted(kind string, err error) {
	outcome := "done"
	if err != nil {
		outcome = "failed"
	}
	m.attempts.Add(1, metric.Labels{kind, outcome})
}

// flight counts the requests that are being answered.
func (m *meters) flight(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.inFlight.Add(1)
		defer m.inFlight.Add(-1)
		next.ServeHTTP(w, r)
	})
}

// Metrics answers /metrics for Prometheus, one reader at a time. It holds no
// personal value; still it is for the machine's own network, not for the public.
func (in *Instance) Metrics() http.Handler {
	in.ask()
	var one sync.Mutex
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		one.Lock()
		defer one.Unlock()
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		if err := in.meters.set.Write(ctx, w); err != nil && ctx.Err() == nil {
			in.Log.Warn("metrics", slog.Any("error", err))
		}
	})
	return mux
}

// counted makes a gauge of a number that may not be known.
func counted(ask func(context.Context) (int64, error)) func(context.Context) []metric.Value {
	return func(ctx context.Context) []metric.Value {
		n, err := ask(ctx)
		if err != nil {
			return nil
		}
		return metric.One(float64(n))
	}
}

func truth(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// ask adds what is read when somebody looks.
func (in *Instance) ask() {
	s := in.meters.set
	gauge := func(name, help string, ask func(context.Context) []metric.Value, labels ...string) {
		s.Ask("gauge", "pendopo_"+name, help, ask, labels...)
	}
	gauge("requests_in_flight", "Requests that are being answered.", func(context.Context) []metric.Value {
		return metric.One(float64(in.meters.inFlight.Load()))
	})
	gauge("ready", "1 when this node accepts, as /readyz says.", func(ctx context.Context) []metric.Value {
		return metric.One(truth(len(in.Failing(ctx)) == 0))
	})
	gauge("commands_waiting", "Commands that wait for their transaction.", func(context.Context) []metric.Value {
		return metric.One(float64(in.DB.Waiting()))
	})
	gauge("jobs", "Work to be done and dead letters, by kind.", in.queues, "kind", "state")
	gauge("log_waiting", "Events that the public log has not taken in yet.", counted(in.Ledger.Waiting))
	gauge("log_lag_seconds", "Age of the oldest of them; receipts promise less than 60.", in.logLag)
	gauge("leader", "1 when this node sequences the public log.", func(context.Context) []metric.Value {
		return metric.One(truth(in.Ledger.Leads()))
	})
	gauge("log_refused", "1 when this node may not sign: the database is behind the heads it knows.", func(context.Context) []metric.Value {
		return metric.One(truth(in.Ledger.Refuses()))
	})
	gauge("deadlines_overdue", "Deadlines that passed over a minute ago and were not carried out.", counted(in.Cases.Overdue))
	gauge("sessions", "Officers' sessions that are open.", counted(in.Identity.Open))
	gauge("store_bytes", "Size of the stores.", in.sizes, "store")
	gauge("disk_free_bytes", "Free on the file systems of the folders.", in.disks, "folder")
	in.askBackup(gauge)
	in.askConnections(gauge)
	askProcess(s)
	build := Version()
	gauge("build_info", "What runs.", func(context.Context) []metric.Value {
		return []metric.Value{{Labels: metric.Labels{build.Version, build.Revision, build.Go}, Number: 1}}
	}, "version", "revision", "go")
}

// gauging adds one gauge.
type gauging func(name, help string, ask func(context.Context) []metric.Value, labels ...string)

func (in *Instance) queues(ctx context.Context) (out []metric.Value) {
	var list []job.Queue
	err := in.DB.Read(ctx, func(tx db.Tx) (err error) {
		list, err = job.Queues(tx)
		return err
	})
	if err != nil {
		return nil
	}
	for _, q := range list {
		out = append(out, metric.Value{Labels: metric.Labels{q.Kind, "waiting"}, Number: float64(q.Waiting)},
			metric.Value{Labels: metric.Labels{q.Kind, "dead"}, Number: float64(q.Dead)})
	}
	return out
}

func (in *Instance) logLag(ctx context.Context) []metric.Value {
	at, err := in.Ledger.Oldest(ctx)
	switch {
	case err != nil:
		return nil
	case at.IsZero():
		return metric.One(0)
	}
	return metric.One(max(0, in.Now().Sub(at).Seconds()))
}

func (in *Instance) sizes(ctx context.Context) (out []metric.Value) {
	add := func(store string, n int64, err error) {
		if err == nil {
			out = append(out, metric.Value{Labels: metric.Labels{store}, Number: float64(n)})
		}
	}
	data, wal, err := in.DB.Size(ctx)
	add("record", data, err)
	add("record_wal", wal, err)
	data, wal, err = in.Keys.Size(ctx)
	add("keys", data+wal, err)
	data, err = in.Blobs.Size(ctx)
	add("files", data, err)
	return out
}

func (in *Instance) disks(context.Context) (out []metric.Value) {
	for name, dir := range map[string]string{"data": in.Place.Data, "keys": in.Place.InstanceKeys()} {
		if free, _, err := Disk(dir); err == nil {
			out = append(out, metric.Value{Labels: metric.Labels{name}, Number: float64(free.Bytes)})
		}
	}
	return out
}

// askBackup tells how far the copy lags and what the last rehearsal found;
// nothing where there is none.
func (in *Instance) askBackup(gauge gauging) {
	gauge("backup_lag_seconds", "How much would be lost if this machine were lost now.", func(context.Context) []metric.Value {
		s, err := backup.LastStatus(in.Place.Data)
		if err != nil || s.Success.IsZero() {
			return nil
		}
		return metric.One(s.Lag(in.Now()).Seconds())
	})
	gauge("rehearsal_age_seconds", "Since a backup was last restored and proved.", func(context.Context) []metric.Value {
		r, err := backup.Last(in.Place.Data)
		if errors.Is(err, backup.ErrNever) || err != nil {
			return nil
		}
		return metric.One(in.Now().Sub(r.At).Seconds())
	})
	gauge("rehearsal_ok", "1 when that backup proved whole.", func(context.Context) []metric.Value {
		r, err := backup.Last(in.Place.Data)
		if err != nil {
			return nil
		}
		return metric.One(truth(r.OK))
	})
}

func (in *Instance) askConnections(gauge gauging) {
	gauge("connections", "Connections that are open.", func(context.Context) []metric.Value {
		if c := in.crowd.Load(); c != nil {
			return metric.One(float64(c.size()))
		}
		return nil
	})
	in.meters.set.Ask("counter", "pendopo_connections_closed_total", "Connections closed because there were too many: displaced while idle, or turned away.",
		func(context.Context) []metric.Value {
			c := in.crowd.Load()
			if c == nil {
				return nil
			}
			return []metric.Value{{Labels: metric.Labels{"displaced"}, Number: float64(c.displaced.Load())}, {Labels: metric.Labels{"turned_away"}, Number: float64(c.turned.Load())}}
		}, "why")
}
