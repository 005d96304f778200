package db

import (
	"context"
	"fmt"
	"hash/fnv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// retake is how often a node that does not lead asks for the lead, and how
// often a leader makes sure that it still leads.
const retake = time.Second

// Leader is what the one who leads may do that nobody else may.
type Leader struct{ write func(fn func(Tx) error) error }

// Write is DB.Write under the lead: on PostgreSQL on the very connection that
// holds the lock, so that who lost the lead cannot write any more.
func (l Leader) Write(fn func(Tx) error) error { return l.write(fn) }

// leads are the names led inside this process.
type leads struct {
	mu    *sync.Mutex
	names map[string]chan struct{}
}

func newLeads() leads { return leads{mu: &sync.Mutex{}, names: map[string]chan struct{}{}} }

// seat is the one place of a name; who holds its token leads.
func (l leads) seat(name string) chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.names[name] == nil {
		l.names[name] = make(chan struct{}, 1)
	}
	return l.names[name]
}

// Lead waits until nobody else leads name, runs work, and gives the lead back.
// On PostgreSQL the lead is among all nodes; when its connection is lost,
// work's context ends and Lead answers fault.Unavailable: call it again.
// Otherwise it returns work's error, or ctx's when it ended before.
func (d *DB) Lead(ctx context.Context, name string, work func(ctx context.Context, l Leader) error) error {
	seat := d.leads.seat(name)
	select {
	case seat <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-seat }()
	if d.pg != nil {
		return d.pg.lead(ctx, name, work)
	}
	return work(ctx, Leader{write: d.Write})
}

// pgLead is a connection that holds an advisory lock.
type pgLead struct {
	pg   *pg
	conn *pgx.Conn
	turn sync.Mutex // the connection has one user at a time
}

func (p *pg) lead(ctx context.Context, name string, work func(ctx context.Context, l Leader) error) error {
	conn, err := pgx.ConnectConfig(ctx, leading(p.pool.Config().ConnConfig))
	if err != nil {
		return pgError(ctx, err)
	}
	l := &pgLead{pg: p, conn: conn}
	defer l.leave()
	if err := l.take(ctx, name); err != nil {
		return err
	}
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watched := make(chan struct{})
	go func() { defer close(watched); l.watch(inner, cancel) }()
	err = work(inner, Leader{write: l.write})
	lost := context.Cause(inner)
	cancel(nil)
	<-watched
	if ctx.Err() == nil && lost != nil {
		return unavailable(lost)
	}
	return err
}

// take asks now and then; a waiting pg_advisory_lock would hold back vacuum.
func (l *pgLead) take(ctx context.Context, name string) error {
	for {
		var got bool
		if err := l.conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", advisory("lead", name)).Scan(&got); err != nil {
			return pgError(ctx, err)
		}
		if got {
			return nil
		}
		select {
		case <-time.After(retake):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// advisory is the number of a lock by what it is for and its name.
func advisory(use, name string) int64 {
	h := fnv.New64a()
	fmt.Fprint(h, "pendopo/", use, "/", name)
	return int64(h.Sum64())
}

// watch ends the leader's context when the connection is gone.
func (l *pgLead) watch(ctx context.Context, lost context.CancelCauseFunc) {
	tick := time.NewTicker(retake)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if err := l.ping(); err != nil {
			lost(err)
			return
		}
	}
}

func (l *pgLead) ping() error {
	l.turn.Lock()
	defer l.turn.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return l.conn.Ping(ctx)
}

func (l *pgLead) write(fn func(Tx) error) error {
	l.turn.Lock()
	defer l.turn.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	return l.pg.transact(ctx, l.conn, pgx.TxOptions{}, fn)
}

// leave closes the connection, which gives the lock back.
func (l *pgLead) leave() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	l.conn.Close(ctx)
}
