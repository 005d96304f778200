package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
)

var errLooking = errors.New("db: opened for looking only")

// Look opens a database that exists, for reading and nothing else: beside a
// running server, or stopped, or on a disk that cannot be written to. It makes,
// migrates and changes nothing; Write is refused. Read and Get, Close and
// Dialect are all that may be asked of it.
func Look(ctx context.Context, address string) (*DB, error) {
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		return lookLite(path)
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, errors.New("db: the postgres address cannot be read") // the cause may hold a password
	}
	config.MaxConns = 1
	steady(config.ConnConfig)
	config.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, unavailable(err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, pgError(ctx, err)
	}
	p := &pg{pool: pool, hub: newHub()}
	return &DB{dialect: Postgres, store: p, pg: p, hub: p.hub, leads: newLeads(), admin: func() *sql.DB { return nil }}, nil
}

// looker is one reading connection to a SQLite file.
type looker struct {
	mu   sync.Mutex
	conn *liteConn
}

// lookLite opens a file read-only. A stopped database in a folder that cannot be
// written to has no place for the index of its log; where there is no log
// either, the file is all there is and is read as it lies.
func lookLite(path string) (*DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, unavailable(err)
	}
	conn, err := lookConn(path, "mode=ro")
	if err != nil {
		if left, statErr := sizeOf(path + "-wal"); statErr == nil && left == 0 {
			conn, err = lookConn(path, "mode=ro&immutable=1")
		}
	}
	if err != nil {
		return nil, unavailable(err)
	}
	return &DB{dialect: SQLite, store: &looker{conn: conn}, hub: newHub(), leads: newLeads(), admin: func() *sql.DB { return nil }}, nil
}

func lookConn(path, how string) (*liteConn, error) {
	name := url.URL{Path: path}
	conn, err := dialLite("file:"+name.EscapedPath()+"?"+how, Options{}, true)
	if err != nil {
		return nil, err
	}
	if _, err := conn.exec("SELECT count(*) FROM sqlite_master"); err != nil {
		return nil, errors.Join(fmt.Errorf("db: %w", err), conn.shut())
	}
	return conn, nil
}

func (l *looker) read(ctx context.Context, single bool, fn func(Tx) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	tx := &liteTx{conn: l.conn, ctx: ctx}
	if single {
		return tx.end(fn(tx))
	}
	if _, err := l.conn.exec("BEGIN"); err != nil {
		return unavailable(err)
	}
	defer l.conn.exec("ROLLBACK") // nothing was changed
	return tx.end(fn(tx))
}

func (l *looker) write(func(Tx) error) error { return unavailable(errLooking) }

func (l *looker) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn.shut()
}
