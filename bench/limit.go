package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"

	_ "modernc.org/sqlite"
)

// limitRows is how many rows the indexed read of the limit chooses from.
const limitRows = 10_000

// serveLimit is the process of the limits: POST /insert writes the body as one
// row, durable, many requests to a commit; GET /read/{key}/{n} reads one row by
// an index and answers n bytes.
func serveLimit(dir string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	writer, err := openLimit(dir)
	if err != nil {
		return err
	}
	defer writer.Close()
	readers, err := sql.Open("sqlite", filepath.Join(dir, "limit.db")+"?_pragma=query_only(1)")
	if err != nil {
		return err
	}
	defer readers.Close()
	readers.SetMaxOpenConns(4) // more lose on two cores
	readers.SetMaxIdleConns(4)
	read, err := readers.Prepare("SELECT body FROM row WHERE key = ?")
	if err != nil {
		return err
	}
	g := &grouped{queue: make(chan insertion, 256)}
	go g.run(writer)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /insert", g.insert)
	mux.HandleFunc("GET /read/{key}/{n}", readOne(read))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	srv := &http.Server{Handler: mux}
	go func() { <-ctx.Done(); srv.Close() }()
	if err := srv.Serve(l); err != http.ErrServerClosed {
		return err
	}
	return nil
}

func openLimit(dir string) (*sql.DB, error) {
	d, err := sql.Open("sqlite", filepath.Join(dir, "limit.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(8000)")
	if err != nil {
		return nil, err
	}
	d.SetMaxOpenConns(1)
	_, err = d.Exec(`CREATE TABLE row (key INTEGER PRIMARY KEY, body BLOB NOT NULL);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ` + strconv.Itoa(limitRows) + `)
		INSERT INTO row (key, body) SELECT i, randomblob(500) FROM n`)
	return d, err
}

// insertion is one request on its way through the group-committing writer.
type insertion struct {
	body []byte
	done chan error
}

// grouped is the least a group-committing writer can be.
type grouped struct{ queue chan insertion }

func (g *grouped) insert(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		i := insertion{body, make(chan error, 1)}
		g.queue <- i
		err = <-i.done
	}
	if err != nil {
		http.Error(w, "not written", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

func (g *grouped) run(d *sql.DB) {
	statement, err := d.Prepare("INSERT INTO row (body) VALUES (?)")
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(failed)
	}
	for first := range g.queue {
		group := g.gather(first)
		err := commitAll(d, statement, group)
		for _, i := range group {
			i.done <- err
		}
	}
}

// gather takes what is queued already.
func (g *grouped) gather(first insertion) []insertion {
	group := []insertion{first}
	for len(group) < 256 {
		select {
		case i := <-g.queue:
			group = append(group, i)
		default:
			return group
		}
	}
	return group
}

func commitAll(d *sql.DB, statement *sql.Stmt, group []insertion) error {
	tx, err := d.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	bound := tx.Stmt(statement)
	for _, i := range group {
		if _, err := bound.Exec(i.body); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func readOne(read *sql.Stmt) http.HandlerFunc {
	filler := make([]byte, 1<<20)
	for i := range filler {
		filler[i] = 'a' + byte(i%26)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		var body []byte
		n, err := strconv.Atoi(r.PathValue("n"))
		if err == nil {
			err = read.QueryRowContext(r.Context(), r.PathValue("key")).Scan(&body)
		}
		if err != nil || n > len(filler) {
			http.Error(w, "not read", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(filler[:n])
	}
}
