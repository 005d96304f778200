// Command temporal is Temporal as a peer of the bench: its server on SQLite, a
// worker and a client in one process, behind the smallest HTTP there is. POST
// /start begins a workflow with an application and answers when its first step
// is in the history; GET /status/ID describes one. It ends on SIGTERM.
//
//	temporal ADDR DIR
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/server/temporal"
)

// queue is where client and worker meet.
const queue = "applications"

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: temporal ADDR DIR")
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

// run serves until it is told to stop.
func run(addr, dir string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	server, frontend, err := begin(dir)
	if err != nil {
		return err
	}
	defer server.Stop()
	c, err := client.Dial(client.Options{HostPort: frontend, Namespace: namespace, Logger: quiet{}})
	if err != nil {
		return err
	}
	defer c.Close()
	f := &front{client: c, waiting: map[string]chan struct{}{}}
	stopWork, err := f.work()
	if err != nil {
		return err
	}
	defer stopWork()
	return serve(ctx, addr, f)
}

// begin starts the server, with its schema and namespace if they are missing.
func begin(dir string) (server temporal.Server, frontend string, err error) {
	config, err := configuration(dir)
	if err != nil {
		return nil, "", err
	}
	if err := prepare(config); err != nil {
		return nil, "", err
	}
	if server, err = newServer(config); err != nil {
		return nil, "", err
	}
	return server, config.PublicClient.HostPort, server.Start()
}

// work begins the worker: many pollers and slots, so that it is not what is
// waited for.
func (f *front) work() (stop func(), err error) {
	w := worker.New(f.client, queue, worker.Options{
		MaxConcurrentActivityTaskPollers: 16, MaxConcurrentWorkflowTaskPollers: 16,
		MaxConcurrentActivityExecutionSize: 256, MaxConcurrentWorkflowTaskExecutionSize: 256,
	})
	w.RegisterWorkflow(f.accept)
	w.RegisterActivity(check)
	return w.Stop, w.Start()
}

func serve(ctx context.Context, addr string, f *front) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ready") })
	mux.HandleFunc("POST /start", f.start)
	mux.HandleFunc("GET /status/{id}", f.status)
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: mux}
	go func() { <-ctx.Done(); srv.Close() }()
	if err := srv.Serve(l); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// front turns requests into calls of the client.
type front struct {
	client  client.Client
	mu      sync.Mutex
	waiting map[string]chan struct{} // by workflow: told when its first step is kept
}

func (f *front) start(w http.ResponseWriter, r *http.Request) {
	var a application
	if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
		http.Error(w, "not JSON", http.StatusBadRequest)
		return
	}
	id := uuid.NewString()
	kept := make(chan struct{})
	f.mu.Lock()
	f.waiting[id] = kept
	f.mu.Unlock()
	_, err := f.client.ExecuteWorkflow(r.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: queue}, f.accept, a)
	if err == nil {
		select {
		case <-kept:
		case <-r.Context().Done():
			err = r.Context().Err()
		}
	}
	if err != nil {
		log.Print(err)
		http.Error(w, "not started", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintf(w, `{"id":%q}`, id)
}

// reached tells whoever waits for a workflow's first step.
func (f *front) reached(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if kept := f.waiting[id]; kept != nil {
		close(kept)
		delete(f.waiting, id)
	}
}

func (f *front) status(w http.ResponseWriter, r *http.Request) {
	got, err := f.client.DescribeWorkflowExecution(r.Context(), r.PathValue("id"), "")
	if err != nil {
		log.Print(err)
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	info := got.GetWorkflowExecutionInfo()
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"id": info.GetExecution().GetWorkflowId(), "status": info.GetStatus().String(),
		"started": info.GetStartTime().AsTime(), "events": info.GetHistoryLength(),
	})
}

// quiet keeps the client's and the worker's words out of the log.
type quiet struct{}

var _ sdklog.Logger = quiet{}

// Debug is not kept.
func (quiet) Debug(string, ...any) {}

// Info is not kept.
func (quiet) Info(string, ...any) {}

// Warn is not kept.
func (quiet) Warn(string, ...any) {}

// Error is kept.
func (quiet) Error(msg string, values ...any) { log.Println(append([]any{msg}, values...)...) }
