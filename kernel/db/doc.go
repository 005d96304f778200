// Package db is the one way to the database: SQLite in a file, or PostgreSQL.
// Nothing above it knows which one is below.
//
// A database gives snapshots (Read) and durable changes (Write). On SQLite one
// goroutine owns the writing connection: commands that queue while the disk
// syncs are committed together, so that sixty callers share one sync. One that is
// refused never fails its neighbours: they run again without it.
// On PostgreSQL each Write is a transaction of its own on a pool.
//
// What holds on both:
//   - Write returning nil means the change survives a power cut (but for Hurry). Any other
//     answer means that none of it is acknowledged.
//   - A full disk, an I/O error, a locked database or a lost connection is a
//     fault.Unavailable ("fault.store_unavailable"), on SQLite for every member
//     of the group; the connection is opened anew for the next one.
//   - Queries use ? for arguments. A statement that fails ends its transaction:
//     later statements of it return the same error and nothing is kept.
//   - One statement at a time: rows are closed before the next statement.
//   - Arguments: string, []byte, integers, bool (0 or 1), float64, time.Time
//     (integer microseconds UTC; the zero time is NULL), nil, and driver.Valuer.
//     An empty []byte is an empty value and a nil one is NULL. Results scan into
//     pointers to the same types, *any, sql.Scanner, and pointers to pointers.
//     Integer and time columns are declared BIGINT, text TEXT, bytes {{bytes}}.
//   - A function given to Write may run more than once before Write returns, each
//     time as if for the first: what it says to the outside it sets anew.
//   - A function given to Read or Write must not keep the Tx, and does nothing
//     slow: on SQLite everyone else waits for it. It never calls Write (on SQLite
//     the writer would wait for itself, on PostgreSQL the pool can run dry).
//
// Append-only tables are refused any change by the database itself; see Migrate.
package db
