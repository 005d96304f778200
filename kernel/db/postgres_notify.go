package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

func (p *pg) notify(channel, payload string) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	_, err := p.pool.Exec(ctx, "SELECT pg_notify($1, $2)", channel, payload)
	return pgError(ctx, err)
}

// listen holds a connection of its own, beside the pool.
func (p *pg) listen(ctx context.Context, channel string) (<-chan string, error) {
	conn, err := p.dialListener(ctx, channel)
	if err != nil {
		return nil, pgError(ctx, err)
	}
	c := make(chan string, heard)
	go p.follow(ctx, conn, channel, c)
	return c, nil
}

func (p *pg) dialListener(ctx context.Context, channel string) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, p.pool.Config().ConnConfig)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		conn.Close(ctx)
		return nil, err
	}
	return conn, nil
}

// follow passes notes on until ctx ends, and dials again when the connection is lost.
func (p *pg) follow(ctx context.Context, conn *pgx.Conn, channel string, c chan string) {
	defer close(c)
	for ctx.Err() == nil {
		if conn == nil {
			if conn = p.redial(ctx, channel); conn == nil {
				return
			}
			offer(c, "")
		}
		note, err := conn.WaitForNotification(ctx)
		if err != nil {
			conn.Close(context.WithoutCancel(ctx))
			conn = nil
			continue
		}
		offer(c, note.Payload)
	}
	if conn != nil {
		conn.Close(context.WithoutCancel(ctx))
	}
}

// redial tries until it succeeds; nil when ctx ended.
func (p *pg) redial(ctx context.Context, channel string) *pgx.Conn {
	for {
		if conn, err := p.dialListener(ctx, channel); err == nil {
			return conn
		}
		select {
		case <-time.After(retake):
		case <-ctx.Done():
			return nil
		}
	}
}
