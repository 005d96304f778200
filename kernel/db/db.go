package db

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"pendopo/kernel/fault"
)

// Dialect names the kind of database below.
type Dialect string

// The two databases.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Tx is what a function inside Read or Write may do. Queries use ? for their
// arguments. Errors of statements end the transaction (see the package comment).
type Tx interface {
	// Exec runs a statement and says how many rows it touched.
	Exec(query string, args ...any) (affected int64, err error)
	// Query runs a statement that answers rows; close them before the next one.
	Query(query string, args ...any) (*Rows, error)
	// Row runs a statement that answers one row at most; Scan says ErrNone without one.
	Row(query string, args ...any) *Row
}

// Options of Open; the zero value is right for a server.
type Options struct {
	// Role is, on PostgreSQL, the role that serves when it is not the owner of
	// the tables: Migrate runs as the user of the address and grants it what it
	// needs, and every other connection takes it with SET ROLE.
	Role string
	// MaxReaders bounds connections: on SQLite readers beside the one writer
	// (4 when zero), on PostgreSQL the whole pool (16 when zero).
	MaxReaders int
	// BusyTimeout is how long SQLite waits for another process that holds the
	// write lock before it answers unavailable (5 s when zero).
	BusyTimeout time.Duration
	// SecureDelete overwrites deleted content on SQLite (for key stores; with
	// Checkpoint, which also empties the write-ahead log).
	SecureDelete bool
	// Observe is told of every transaction of Write that ended; it returns at once.
	Observe func(Commit)
}

// store is one kind of database.
type store interface {
	read(ctx context.Context, single bool, fn func(Tx) error) error
	write(fn func(Tx) error) error
	close() error
}

// DB is an open database, safe for use by many goroutines.
type DB struct {
	dialect Dialect
	store   store
	hub     *hub
	leads   leads
	admin   func() *sql.DB // a plain connection as the owner, for migrations
	lite    *lite          // one of these two is set
	pg      *pg
	probing atomic.Bool
}

// Open opens "sqlite:PATH" or "postgres://…". A SQLite file that does not exist
// is made, readable by its owner alone. A database that cannot be reached is a
// fault.Unavailable.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return openLite(ctx, path, o)
	}
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		return openPostgres(ctx, url, o)
	}
	return nil, fmt.Errorf("db: an address is sqlite:PATH or postgres://…")
}

// Dialect says which database is below; for migrations and tests only.
func (d *DB) Dialect() Dialect { return d.dialect }

// Read runs fn on one snapshot of the committed state; fn can change nothing.
// It returns fn's error, ctx's, or fault.Unavailable.
func (d *DB) Read(ctx context.Context, fn func(Tx) error) error {
	return d.store.read(ctx, false, fn)
}

// Get reads one row: what Read with a single Row does, without a transaction
// around it, for one statement is a snapshot already. It says ErrNone without one.
func (d *DB) Get(ctx context.Context, query string, args []any, dest ...any) error {
	return d.store.read(ctx, true, func(tx Tx) error { return tx.Row(query, args...).Scan(dest...) })
}

// Write runs fn and makes its changes durable, or keeps none of them. It may run
// fn again when a neighbour of its group failed; only the last run counts. It takes
// no context on purpose: a caller who leaves must not cancel the neighbours of
// the group. An error of fn is returned as it is, after its changes are undone.
// A panic of fn is undone likewise and goes on in the caller.
func (d *DB) Write(fn func(Tx) error) error { return d.store.write(fn) }

// Close ends the database after the writes under way.
func (d *DB) Close() error { return d.store.close() }

// Checkpoint moves the write-ahead log of SQLite into the file and empties it,
// so that nothing deleted is left in it. PostgreSQL does this by itself.
func (d *DB) Checkpoint() error {
	if d.lite == nil {
		return nil
	}
	return d.lite.checkpoint()
}

// unavailable makes the fault that a lost store answers.
func unavailable(cause error) error {
	return fault.New(fault.Unavailable, "fault.store_unavailable").Because(cause)
}
