package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"modernc.org/sqlite"

	"pendopo/kernel/folder"
)

// readers is how many SQLite readers there are unless told: more lose on two cores.
const readers = 4

var errClosed = errors.New("db: closed")

// lite is a SQLite database: a writer and a few readers.
type lite struct {
	path   string
	o      Options
	writer *writer
	free   chan *liteConn // readers not in use; nil = to be opened
	gate   sync.RWMutex   // held for reading while a command is queued
	closed bool
}

func openLite(_ context.Context, path string, o Options) (*DB, error) {
	if path == "" || strings.ContainsAny(path, "?#") || strings.HasPrefix(path, "file:") || path == ":memory:" {
		return nil, fmt.Errorf("db: sqlite: wants the plain path of a file")
	}
	if o.MaxReaders == 0 {
		o.MaxReaders = readers
	}
	if err := createFile(path); err != nil {
		return nil, unavailable(err)
	}
	conn, err := dialLite(path, o, false)
	if err != nil {
		return nil, unavailable(err)
	}
	h := newHub()
	l := &lite{path: path, o: o, free: make(chan *liteConn, o.MaxReaders)}
	for range o.MaxReaders {
		l.free <- nil
	}
	l.writer = &writer{dial: func() (*liteConn, error) { return dialLite(path, o, false) }, conn: conn, path: path, pages: automatic, hub: h, queue: make(chan *command, maxGroup), done: make(chan struct{}), tell: o.Observe}
	go l.writer.run()
	return &DB{dialect: SQLite, store: l, lite: l, hub: h, leads: newLeads(), admin: func() *sql.DB { return adminLite(path, o) }}, nil
}

// createFile makes the file readable by its owner alone and syncs its folder,
// so that the file itself survives a power cut.
func createFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return folder.Sync(filepath.Dir(path))
}

// adminLite is a connection of database/sql for the migration library.
func adminLite(path string, o Options) *sql.DB {
	dsn := path
	for i, pragma := range pragmas(o, false) {
		name, value, _ := strings.Cut(pragma, " = ")
		dsn += map[bool]string{true: "?", false: "&"}[i == 0] + "_pragma=" + name + "(" + value + ")"
	}
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil
	}
	d := sql.OpenDB(connector)
	d.SetMaxOpenConns(1)
	return d
}

// read takes a free reader and runs fn in a deferred transaction, whose
// snapshot is taken by its first statement. A single statement needs none.
func (l *lite) read(ctx context.Context, single bool, fn func(Tx) error) error {
	conn, err := l.take(ctx)
	if err != nil {
		return err
	}
	tx := &liteTx{conn: conn, ctx: ctx}
	defer func() { l.give(conn, tx.lost) }()
	if single {
		return tx.end(fn(tx))
	}
	if _, err := conn.exec("BEGIN"); err != nil {
		tx.lost = true
		return unavailable(err)
	}
	defer conn.exec("ROLLBACK") // nothing was changed; runs after a panic, too
	return tx.end(fn(tx))
}

// take waits for a reader and opens it when it is new.
func (l *lite) take(ctx context.Context) (*liteConn, error) {
	var conn *liteConn
	select {
	case conn = <-l.free:
	default:
		select {
		case conn = <-l.free:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	l.gate.RLock()
	closed := l.closed
	l.gate.RUnlock()
	if closed {
		l.free <- conn
		return nil, unavailable(errClosed)
	}
	if conn != nil {
		return conn, nil
	}
	conn, err := dialLite(l.path, l.o, true)
	if err != nil {
		l.free <- nil
		return nil, unavailable(err)
	}
	return conn, nil
}

// give puts a reader back; a broken one is opened anew by the next.
func (l *lite) give(conn *liteConn, broken bool) {
	if broken {
		conn.shut()
		conn = nil
	}
	l.free <- conn
}

// write hands fn to the writer and waits for the group's commit.
func (l *lite) write(fn func(Tx) error) error {
	c := &command{fn: fn, done: make(chan struct{})}
	if !l.enqueue(c) {
		return unavailable(errClosed)
	}
	<-c.done
	if c.panicked != nil {
		panic(c.panicked)
	}
	return c.err
}

func (l *lite) enqueue(c *command) bool {
	l.gate.RLock()
	defer l.gate.RUnlock()
	if !l.closed {
		l.writer.queue <- c
	}
	return !l.closed
}

// close lets queued commands finish, then the readers.
func (l *lite) close() error {
	l.gate.Lock()
	if l.closed {
		l.gate.Unlock()
		return nil
	}
	l.closed = true
	l.gate.Unlock()
	close(l.writer.queue)
	<-l.writer.done
	for range l.o.MaxReaders {
		if conn := <-l.free; conn != nil {
			conn.shut()
		}
	}
	for range l.o.MaxReaders {
		l.free <- nil // who still asks finds out in take
	}
	if l.writer.conn == nil {
		return nil
	}
	return l.writer.conn.shut()
}

// checkpoint runs on the writer between two groups.
func (l *lite) checkpoint() error {
	c := &command{checkpoint: true, done: make(chan struct{})}
	if !l.enqueue(c) {
		return unavailable(errClosed)
	}
	<-c.done
	return c.err
}
