package db

import (
	"context"
	"errors"
)

// errEnded is what a Tx answers after its function returned.
var errEnded = errors.New("db: the transaction has ended")

// errRowsOpen keeps SQLite as strict as PostgreSQL: one statement at a time.
var errRowsOpen = errors.New("db: close the rows before the next statement")

// liteTx is one command on the writing connection, or one snapshot.
type liteTx struct {
	conn    *liteConn
	ctx     context.Context // of a reader; nil for the writer
	err     error           // the first failure; ends the transaction
	lost    bool            // the failure was the store's
	rows    *Rows           // open now
	touched []string
}

// ready says why the next statement may not run.
func (t *liteTx) ready() error {
	if t.err != nil {
		return t.err
	}
	if t.rows != nil {
		return t.fail(errRowsOpen)
	}
	if t.ctx != nil && t.ctx.Err() != nil {
		return t.fail(t.ctx.Err())
	}
	return nil
}

// fail remembers the first failure.
func (t *liteTx) fail(err error) error {
	if err == nil || t.err != nil {
		return err
	}
	t.err = err
	if liteLost(err) {
		t.lost = true
		t.err = unavailable(err)
	}
	return t.err
}

// Exec implements Tx.
func (t *liteTx) Exec(query string, args ...any) (int64, error) {
	if err := t.ready(); err != nil {
		return 0, err
	}
	n, err := t.conn.exec(query, args...)
	return n, t.fail(err)
}

// Query implements Tx.
func (t *liteTx) Query(query string, args ...any) (*Rows, error) {
	if err := t.ready(); err != nil {
		return nil, err
	}
	cur, err := t.conn.query(query, args)
	if err != nil {
		return nil, t.fail(err)
	}
	if t.ctx != nil {
		cur.ctx = t.ctx
	}
	t.rows = &Rows{cur: cur, ended: t.rowsEnded}
	return t.rows, nil
}

// Row implements Tx.
func (t *liteTx) Row(query string, args ...any) *Row { return rowOf(t.Query(query, args...)) }

func (t *liteTx) rowsEnded(err error) error {
	t.rows = nil
	if liteCode(err) != 0 {
		return t.fail(err)
	}
	return err
}

func (t *liteTx) touch(topic string) { t.touched = append(t.touched, topic) }

// end closes what fn left open and refuses any later use. It returns fn's
// error, or the transaction's own when fn swallowed it.
func (t *liteTx) end(err error) error {
	if t.rows != nil {
		t.rows.Close()
	}
	if t.err != nil && (err == nil || t.lost) {
		err = t.err
	}
	if t.err == nil {
		t.err = errEnded
	}
	return err
}
