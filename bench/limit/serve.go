package limit

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Options say where a limit keeps its rows and how many there are to read.
type Options struct {
	Addr string // host:port to listen on
	Dir  string // folder of the SQLite database
	URL  string // of a PostgreSQL database; empty means SQLite
	Rows int    // made before it serves, if they are not there
}

// perPage is how many rows a list shows.
const perPage = 20

// store is what a database must do.
type store interface {
	insert(ctx context.Context, body []byte) error
	one(ctx context.Context, key int64) ([]byte, error)
	list(ctx context.Context) (newest [][]byte, total int64, err error)
}

// Serve answers until it is told to stop.
func Serve(o Options) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "Selamat datang") })
	closeAll, err := mount(ctx, mux, o)
	if err != nil {
		return err
	}
	defer closeAll()
	l, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() { <-ctx.Done(); srv.Close() }()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// mount opens the database and gives every handler its address.
func mount(ctx context.Context, mux *http.ServeMux, o Options) (closeAll func(), err error) {
	if o.URL != "" {
		p, err := openPostgres(ctx, o)
		if err != nil {
			return nil, err
		}
		mux.HandleFunc("POST /insert", insert(p.insert))
		reading(mux, p)
		return p.pool.Close, nil
	}
	s, err := openSQLite(o)
	if err != nil {
		return nil, err
	}
	mux.HandleFunc("POST /insert", insert(s.insert))
	mux.HandleFunc("POST /insert-each", insert(s.insertEach))
	reading(mux, s)
	return s.close, nil
}

func reading(mux *http.ServeMux, s store) {
	mux.HandleFunc("GET /read/{key}/{n}", readFilled(s))
	mux.HandleFunc("GET /one/{key}", readOne(s))
	mux.HandleFunc("GET /list", readList(s))
}

func insert(write func(ctx context.Context, body []byte) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = write(r.Context(), body)
		}
		if err != nil {
			http.Error(w, "not written", http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusCreated)
	}
}

// readFilled reads a row and answers as many bytes as it is told to.
func readFilled(s store) http.HandlerFunc {
	filler := []byte(strings.Repeat("abcdefghijklmnopqrstuvwxyz", 1<<20/26+1))
	return func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.PathValue("n"))
		key, err2 := strconv.ParseInt(r.PathValue("key"), 10, 64)
		if err = errors.Join(err, err2); err == nil {
			_, err = s.one(r.Context(), key)
		}
		if err != nil || n > len(filler) {
			http.Error(w, "not read", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(filler[:n])
	}
}

func readOne(s store) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key, err := strconv.ParseInt(r.PathValue("key"), 10, 64)
		var body []byte
		if err == nil {
			body, err = s.one(r.Context(), key)
		}
		if err != nil {
			http.Error(w, "not read", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(body)
	}
}

func readList(s store) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		newest, total, err := s.list(r.Context())
		if err != nil {
			http.Error(w, "not read", http.StatusInternalServerError)
			return
		}
		out := append(strconv.AppendInt([]byte(`{"total":`), total, 10), `,"items":[`...)
		for i, body := range newest {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, body...)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(append(out, "]}"...))
	}
}
