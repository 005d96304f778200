package db

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// asker runs statements: a transaction, or the pool for a single one.
type asker interface {
	Exec(ctx context.Context, query string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
}

// pgTx is one transaction on PostgreSQL.
type pgTx struct {
	tx      asker
	ctx     context.Context
	pg      *pg
	err     error // the first failure
	rows    *Rows
	touched []string
}

func (t *pgTx) ready() error {
	if t.err != nil {
		return t.err
	}
	if t.rows != nil {
		return t.fail(errRowsOpen)
	}
	return nil
}

func (t *pgTx) fail(err error) error {
	if err == nil || t.err != nil {
		return err
	}
	t.err = pgError(t.ctx, err)
	return t.err
}

// Exec implements Tx.
func (t *pgTx) Exec(query string, args ...any) (int64, error) {
	values, err := t.prepare(args)
	if err != nil {
		return 0, err
	}
	tag, err := t.tx.Exec(t.ctx, t.pg.numbered(query), values...)
	if err != nil {
		return 0, t.fail(err)
	}
	return tag.RowsAffected(), nil
}

// prepare checks the transaction and binds the arguments.
func (t *pgTx) prepare(args []any) ([]any, error) {
	if err := t.ready(); err != nil {
		return nil, err
	}
	values := make([]any, len(args))
	for i, arg := range args {
		v, err := bind(arg)
		if err != nil {
			return nil, t.fail(err)
		}
		values[i] = v
	}
	return values, nil
}

// Query implements Tx.
func (t *pgTx) Query(query string, args ...any) (*Rows, error) {
	values, err := t.prepare(args)
	if err != nil {
		return nil, err
	}
	rows, err := t.tx.Query(t.ctx, t.pg.numbered(query), values...)
	if err != nil {
		return nil, t.fail(err)
	}
	t.rows = &Rows{cur: &pgCursor{rows}, ended: t.rowsEnded}
	return t.rows, nil
}

// Row implements Tx.
func (t *pgTx) Row(query string, args ...any) *Row { return rowOf(t.Query(query, args...)) }

func (t *pgTx) rowsEnded(err error) error {
	t.rows = nil
	if pgState(err) != "" || pgLost(err) {
		return t.fail(err)
	}
	return err
}

func (t *pgTx) touch(topic string) { t.touched = append(t.touched, topic) }

// hold takes an advisory lock until the transaction ends.
func (t *pgTx) hold(name string, alone bool) error {
	lock := "SELECT pg_advisory_xact_lock_shared(?)"
	if alone {
		lock = "SELECT pg_advisory_xact_lock(?)"
	}
	_, err := t.Exec(lock, advisory("order", name))
	return err
}

// confirm gives the transaction a number: only then does its commit wait for
// the replica, and so for all that was committed before it.
func (t *pgTx) confirm() error {
	_, err := t.Exec("SELECT pg_current_xact_id()")
	return err
}

func (t *pgTx) announce(channel, payload string) error {
	_, err := t.Exec("SELECT pg_notify(?, ?)", pgChannel, channel+noteMark+payload)
	return err
}

// end closes what fn left open and refuses any later use.
func (t *pgTx) end(err error) error {
	if t.rows != nil {
		t.rows.Close()
	}
	if t.err != nil && err == nil {
		err = t.err
	}
	if t.err == nil {
		t.err = errEnded
	}
	return err
}

// pgCursor walks the rows of one statement.
type pgCursor struct{ rows pgx.Rows }

func (c *pgCursor) next() (bool, error) {
	if c.rows.Next() {
		return true, nil
	}
	return false, c.rows.Err()
}

// scan leaves most types to pgx; times and booleans are integers here.
func (c *pgCursor) scan(dest ...any) error {
	if n := len(c.rows.FieldDescriptions()); n != len(dest) {
		return fmt.Errorf("db: %d columns into %d places", n, len(dest))
	}
	places := make([]any, len(dest))
	for i, d := range dest {
		switch v := d.(type) {
		case *time.Time:
			places[i] = sql.Scanner(&timeDest{v})
		case *bool:
			places[i] = sql.Scanner(&boolDest{v})
		default:
			places[i] = d
		}
	}
	return c.rows.Scan(places...)
}

func (c *pgCursor) close() error {
	c.rows.Close()
	return c.rows.Err()
}
