package db

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// pgChannel is the one channel that PostgreSQL knows; a note names the channel of
// ours that it is for. So a node listens on one connection, whatever it listens to.
const pgChannel = "pendopo"

func (p *pg) notify(channel, payload string) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	_, err := p.pool.Exec(ctx, "SELECT pg_notify($1, $2)", pgChannel, channel+noteMark+payload)
	return pgError(ctx, err)
}

// listener is the connection on which notes come in, beside the pool.
type listener struct {
	mu    sync.Mutex
	end   context.CancelFunc // nil until the first who listens
	ended chan struct{}
}

// hear listens from now on, if the node does not yet.
func (p *pg) hear(ctx context.Context) error {
	p.listener.mu.Lock()
	defer p.listener.mu.Unlock()
	if p.listener.end != nil {
		return nil
	}
	conn, err := p.dialListener(ctx)
	if err != nil {
		return pgError(ctx, err)
	}
	life, end := context.WithCancel(context.Background())
	p.listener.end, p.listener.ended = end, make(chan struct{})
	go func() { defer close(p.listener.ended); p.follow(life, conn) }()
	return nil
}

func (l *listener) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.end != nil {
		l.end()
		<-l.ended
	}
}

func (p *pg) dialListener(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, p.pool.Config().ConnConfig)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "LISTEN "+pgChannel); err != nil {
		conn.Close(ctx)
		return nil, err
	}
	return conn, nil
}

// follow passes notes on until ctx ends, and dials again when the connection is lost.
func (p *pg) follow(ctx context.Context, conn *pgx.Conn) {
	for ctx.Err() == nil {
		if conn == nil {
			if conn = p.redial(ctx); conn == nil {
				return
			}
			p.hub.missed()
		}
		note, err := conn.WaitForNotification(ctx)
		if err != nil {
			hangUp(conn)
			conn = nil
			continue
		}
		if channel, payload, ok := strings.Cut(note.Payload, noteMark); ok {
			p.hub.notify(channel, payload)
		}
	}
	if conn != nil {
		hangUp(conn)
	}
}

func hangUp(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	conn.Close(ctx)
}

// redial tries until it succeeds; nil when ctx ended.
func (p *pg) redial(ctx context.Context) *pgx.Conn {
	for {
		if conn, err := p.dialListener(ctx); err == nil {
			return conn
		}
		select {
		case <-time.After(retake):
		case <-ctx.Done():
			return nil
		}
	}
}
