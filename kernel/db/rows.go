package db

import "errors"

// ErrNone says that a Row has no row.
var ErrNone = errors.New("db: no row")

// cursor is what a driver gives to walk rows.
type cursor interface {
	next() (bool, error)
	scan(dest ...any) error
	close() error
}

// Rows are the answer of Tx.Query: Next, Scan, …, and Close in any case. They
// close themselves at the end.
type Rows struct {
	cur    cursor
	err    error
	closed bool
	ended  func(error) error // tells the transaction; turns the error into the one to show
}

// Next goes to the next row; false at the end or at an error, which Err tells.
func (r *Rows) Next() bool {
	if r.closed {
		return false
	}
	ok, err := r.cur.next()
	if err != nil {
		r.err = err
	}
	if !ok {
		r.Close()
	}
	return ok && err == nil
}

// Scan copies the current row into dest; the package comment lists the types.
func (r *Rows) Scan(dest ...any) error {
	if r.closed {
		return errors.New("db: scan without a row")
	}
	if err := r.cur.scan(dest...); err != nil {
		r.err = err
		return err
	}
	return nil
}

// Close ends the rows; closing twice is fine. It returns what Err returns.
func (r *Rows) Close() error {
	if r.closed {
		return r.err
	}
	r.closed = true
	if err := r.cur.close(); err != nil && r.err == nil {
		r.err = err
	}
	r.err = r.ended(r.err)
	return r.err
}

// Err is the error that ended the rows, if any.
func (r *Rows) Err() error { return r.err }

// Row is the answer of Tx.Row.
type Row struct {
	rows *Rows
	err  error
}

// Scan copies the first row into dest, or says ErrNone.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return ErrNone
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	return r.rows.Close()
}

// rowOf makes a Row of Query's answer.
func rowOf(rows *Rows, err error) *Row { return &Row{rows: rows, err: err} }
