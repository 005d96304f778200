package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"pendopo/bench/load"
	"pendopo/test/testkit/pgserver"
	"pendopo/test/testkit/port"
)

// postgres is a PostgreSQL of one subject's own, with the settings of
// durability that PostgreSQL comes with.
type postgres struct{ server *pgserver.Server }

func startPostgres(ctx context.Context) (*postgres, error) {
	server, err := pgserver.StartDurable()
	if err != nil {
		return nil, err
	}
	p := &postgres{server}
	if err := p.durable(ctx); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

// durable asks the server what it does with a commit.
func (p *postgres) durable(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.server.URL)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var got string
		if err := conn.QueryRow(ctx, "SHOW "+setting).Scan(&got); err != nil {
			return err
		}
		if got != "on" {
			return fmt.Errorf("%s is %s: an answered write may be lost", setting, got)
		}
	}
	return nil
}

// stop ends it; none is stopped already.
func (p *postgres) stop() error {
	if p == nil || p.server == nil {
		return nil
	}
	return p.server.Stop()
}

// floor is the limit over one database. It runs all the time and idles between
// its measurements.
type floor struct {
	process  *load.Process
	postgres *postgres
	seen     map[string][]load.Result
}

// startLimits begins this program once for each database in use.
func (b *bench) startLimits() error {
	for _, s := range b.subjects {
		if b.limits[s.database] != nil {
			continue
		}
		f := &floor{seen: map[string][]load.Result{}}
		b.limits[s.database] = f
		if err := b.startLimit(f, s.database); err != nil {
			return fmt.Errorf("the limit over %s: %w", s.database, err)
		}
	}
	return nil
}

func (b *bench) startLimit(f *floor, database string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	addr, err := port.Free()
	if err != nil {
		return err
	}
	dir := filepath.Join(b.dir, "limit-"+database)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	args := []string{self, "-limit", addr, "-dir", dir, "-rows", strconv.Itoa(b.rows), "-lasting", b.lasting.String()}
	if database == "PostgreSQL" {
		if f.postgres, err = startPostgres(b.ctx); err != nil {
			return err
		}
		args = append(args, "-url", f.postgres.server.URL)
	}
	f.process, err = load.Start(load.Program{Dir: dir, Args: args, Addr: addr, Ready: get("/"), Patience: time.Minute})
	return err
}

// each is the limit of accepting with one commit to a request, hello that of
// answering anything at all: both for the table, no ratio is taken to them.
const (
	each  = "each"
	hello = "hello"
)

// measure asks the limit for one kind of job.
func (b *bench) measureFloor(database, kind string) (load.Result, error) {
	f := b.limits[database]
	l := load.Load{Addr: f.process.Addr, Status: 200}
	switch kind {
	case accept, each:
		path := map[string]string{accept: "/insert", each: "/insert-each"}[kind]
		l.Status, l.Next = 201, func(out []byte, n int64) []byte { return load.Post(out, path, "", load.Answers(n)) }
	case list:
		l.Next = always(get("/list"))
	case hello:
		l.Next = always(get("/"))
	default:
		l.Next = func(out []byte, n int64) []byte {
			return append(out, get("/one/"+strconv.FormatInt(1+n*7919%int64(b.rows), 10))...)
		}
	}
	got, err := l.Run(clients, b.floor, &b.from)
	if err != nil {
		return got, errors.Join(errors.New("the limit"), err)
	}
	f.seen[kind] = append(f.seen[kind], got)
	return got, nil
}

// limitOf is the kind of the limit for a kind of job.
func limitOf(kind string) string {
	if kind == page {
		return read
	}
	return kind
}
