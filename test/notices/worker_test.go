package notices

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"pendopo/engine/notify"
	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
	"pendopo/kernel/job"
	"pendopo/kernel/page"
	"pendopo/kernel/seal"
	"pendopo/law/definition"
	"pendopo/web"
)

// worker is the process that sends, which is killed in the middle.
type worker struct {
	Dir, Database, Setup, Port string
}

// hasten is how many times less the tests wait than a government would.
const hasten = 3000

// asWorker names the variable by which this program is the worker.
const asWorker = "PENDOPO_NOTICES_WORKER"

func TestMain(m *testing.M) {
	if order := os.Getenv(asWorker); order != "" {
		var w worker
		err := json.Unmarshal([]byte(order), &w)
		if err == nil {
			err = w.work()
		}
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// house is a government with one rule for everything.
type house struct{}

func (house) Notices() definition.Notices {
	return definition.Notices{
		Order: []string{"email", "sms"}, Retry: []string{"5 minutes", "10 minutes", "30 minutes", "30 minutes", "30 minutes", "30 minutes"}, Quiet: definition.Quiet{From: "00:00", Until: "00:00"},
		Channels: []definition.Channel{
			{ID: "email", Proof: "20 hours", Silence: "delivered"}, {ID: "sms", Cost: 350, Proof: "10 hours", Silence: "failed"},
		},
	}.WithDefaults()
}
func (house) Zone(string) *time.Location { return time.UTC }
func (house) Name(string) string         { return "Kabupaten Contoh" }

// instance is the engine on its own stores.
type instance struct {
	db     *db.DB
	keys   *seal.Keys
	jobs   *job.Runner
	engine *notify.Engine
}

func (w worker) open() (*instance, error) {
	ctx := context.Background()
	in, err := seal.LoadInstance(filepath.Join(w.Dir, "keys"))
	if err != nil {
		return nil, err
	}
	out := &instance{}
	if out.keys, err = seal.OpenKeys(ctx, "sqlite:"+filepath.Join(w.Dir, "keys.db"), in); err != nil {
		return nil, err
	}
	if out.db, err = db.Open(ctx, w.Database, db.Options{}); err != nil {
		return nil, err
	}
	err = errors.Join(out.db.Migrate(ctx, "job", job.Schema()), out.db.Migrate(ctx, "notify", notify.Schema()))
	if err != nil {
		return nil, err
	}
	words, err := page.LoadCatalogue(web.Locale(), false)
	if err != nil {
		return nil, err
	}
	out.jobs = job.NewRunner(out.db, time.Now)
	out.engine = notify.New(notify.Deps{
		DB: out.db, Keys: out.keys, Instance: in, Jobs: out.jobs, Now: time.Now, Log: slog.New(slog.DiscardHandler), Words: words,
		House: house{}, Base: "http://127.0.0.1:" + w.Port, Hasten: hasten,
	})
	s, err := notify.ReadSetup(w.Setup, w.Dir)
	if err == nil {
		out.engine.Use(s)
	}
	return out, err
}

func (in *instance) close() error { return errors.Join(in.db.Close(), in.keys.Close()) }

// work sends until it is killed.
func (w worker) work() error {
	in, err := w.open()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:"+w.Port)
	if err != nil {
		return err
	}
	failed := make(chan error, 3)
	go func() { failed <- in.jobs.Run(context.Background()) }()
	go func() { failed <- in.engine.RunBounces(context.Background()) }()
	go func() {
		failed <- http.Serve(l, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if err := in.engine.Receive(filepath.Base(r.URL.Path), r.FormValue("secret"), wire.Told{Values: r.Form}); err != nil {
				rw.WriteHeader(http.StatusServiceUnavailable)
			}
		}))
	}()
	return <-failed
}

// run starts the worker as a process of its own.
func (w worker) run(t testing.TB) *exec.Cmd {
	t.Helper()
	order, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), asWorker+"="+string(order))
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	return c
}
