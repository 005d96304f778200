package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"time"

	"modernc.org/sqlite"
)

// automatic is after how many pages of log a commit moves them into the file.
const automatic = 8000

// cachedStatements bounds the prepared statements a connection keeps.
const cachedStatements = 400

// liteConn is one SQLite connection. It speaks to the driver directly, because
// database/sql costs a tenth of a short statement and offers nothing here: a
// connection has one user at a time by construction.
type liteConn struct {
	conn       driver.Conn
	statements map[string]*liteStatement
	args       []driver.NamedValue // reused: the driver copies what it binds
}

// liteStatement is a prepared statement and whether it is to be closed after use.
type liteStatement struct {
	exec  driver.StmtExecContext
	query driver.StmtQueryContext
	close func() error
	kept  bool
}

// dialLite opens one connection and sets what is set per connection.
func dialLite(path string, o Options, readOnly bool) (*liteConn, error) {
	connector, err := sqlite.NewConnector(path)
	if err != nil {
		return nil, err
	}
	conn, err := connector.Connect(context.Background())
	if err != nil {
		return nil, err
	}
	c := &liteConn{conn: conn, statements: map[string]*liteStatement{}}
	for _, pragma := range pragmas(o, readOnly) {
		if _, err := c.exec("PRAGMA " + pragma); err != nil {
			c.shut() // with its statements, or the file stays open
			return nil, fmt.Errorf("%s: %w", pragma, err)
		}
	}
	return c, nil
}

// pragmas are the settings of a connection. recursive_triggers makes REPLACE
// run delete triggers too; the append-only triggers do not rely on it.
func pragmas(o Options, readOnly bool) []string {
	busy := o.BusyTimeout
	if busy == 0 {
		busy = 5 * time.Second
	}
	list := []string{
		fmt.Sprintf("busy_timeout = %d", busy.Milliseconds()),
		"temp_store = MEMORY", "foreign_keys = ON", "recursive_triggers = ON", "trusted_schema = OFF",
	}
	if readOnly {
		return append(list, "cache_size = -2000", "query_only = ON")
	}
	list = append(list, "journal_mode = WAL", "synchronous = FULL", "cache_size = -8000", fmt.Sprintf("wal_autocheckpoint = %d", automatic), "journal_size_limit = 64000000")
	if o.SecureDelete {
		list = append(list, "secure_delete = ON")
	}
	return list
}

// prepare finds or makes the statement of a query.
func (c *liteConn) prepare(query string) (*liteStatement, error) {
	if s, ok := c.statements[query]; ok {
		return s, nil
	}
	stmt, err := c.conn.(driver.ConnPrepareContext).PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	s := &liteStatement{exec: stmt.(driver.StmtExecContext), query: stmt.(driver.StmtQueryContext), close: stmt.Close}
	if len(c.statements) < cachedStatements {
		s.kept = true
		c.statements[query] = s
	}
	return s, nil
}

// bindAll fills the reused argument list.
func (c *liteConn) bindAll(args []any) ([]driver.NamedValue, error) {
	c.args = c.args[:0]
	for i, arg := range args {
		v, err := bind(arg)
		if err != nil {
			return nil, err
		}
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return c.args, nil
}

func (c *liteConn) exec(query string, args ...any) (int64, error) {
	s, err := c.prepare(query)
	if err != nil {
		return 0, err
	}
	values, err := c.bindAll(args)
	if err != nil {
		return 0, err
	}
	res, err := s.exec.ExecContext(context.Background(), values)
	if !s.kept {
		s.close()
	}
	if err != nil || res == nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (c *liteConn) query(query string, args []any) (*liteCursor, error) {
	s, err := c.prepare(query)
	if err != nil {
		return nil, err
	}
	values, err := c.bindAll(args)
	if err != nil {
		return nil, err
	}
	rows, err := s.query.QueryContext(context.Background(), values)
	if err != nil {
		if !s.kept {
			s.close()
		}
		return nil, err
	}
	return &liteCursor{rows: rows, statement: s, values: make([]driver.Value, len(rows.Columns())), ctx: context.Background()}, nil
}

func (c *liteConn) shut() error {
	for _, s := range c.statements {
		s.close()
	}
	return c.conn.Close()
}

// liteCursor walks the rows of one statement.
type liteCursor struct {
	rows      driver.Rows
	statement *liteStatement
	values    []driver.Value
	ctx       context.Context // a reader who leaves stops at the next row
}

func (c *liteCursor) next() (bool, error) {
	if err := c.ctx.Err(); err != nil {
		return false, err
	}
	err := c.rows.Next(c.values)
	if err == io.EOF {
		return false, nil
	}
	return err == nil, err
}

func (c *liteCursor) scan(dest ...any) error {
	if len(dest) != len(c.values) {
		return fmt.Errorf("db: %d columns into %d places", len(c.values), len(dest))
	}
	for i, v := range c.values {
		if err := assign(dest[i], v); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

func (c *liteCursor) close() error {
	err := c.rows.Close()
	if !c.statement.kept {
		c.statement.close()
	}
	return err
}

// The primary result codes of SQLite that mean the store itself failed, so
// that the whole group is given up: a lock, memory, interruption, disk, file.
const (
	codeBusy      = 5
	codeLocked    = 6
	codeNoMemory  = 7
	codeReadOnly  = 8
	codeInterrupt = 9
	codeIO        = 10
	codeCorrupt   = 11
	codeFull      = 13
	codeCantOpen  = 14
	codeProtocol  = 15
	codeNotADB    = 26
)

// liteCode is the extended result code of a driver error, 0 when err is none.
func liteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// liteLost reports whether err says that the store failed, not the statement.
func liteLost(err error) bool {
	switch liteCode(err) & 0xff {
	case codeBusy, codeLocked, codeNoMemory, codeReadOnly, codeInterrupt, codeIO, codeCorrupt, codeFull, codeCantOpen, codeProtocol, codeNotADB:
		return true
	}
	return errors.Is(err, driver.ErrBadConn)
}
