package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"pendopo/kernel/fault"
)

// How many connections a node opens unless told, and how long one write or one
// wait for the server may take before it counts as lost.
const (
	poolSize     = 16
	writeTimeout = 30 * time.Second
)

// pg is a PostgreSQL database.
type pg struct {
	pool    *pgxpool.Pool
	role    string
	hub     *hub
	tell    func(Commit) // nil: nobody
	queries sync.Map     // query with ? -> query with $n

	listener listener
}

func openPostgres(ctx context.Context, url string, o Options) (*DB, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("db: the postgres address cannot be read") // the cause may hold a password
	}
	if o.MaxReaders == 0 {
		o.MaxReaders = poolSize
	}
	if !strings.Contains(url, "pool_max_conns=") {
		config.MaxConns = int32(o.MaxReaders)
	}
	steady(config.ConnConfig)
	admin := config.ConnConfig.Copy()
	admin.RuntimeParams["lock_timeout"] = "3s" // everyone else queues behind a change of a table that waits
	if o.Role != "" {
		config.ConnConfig.RuntimeParams["role"] = o.Role
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, unavailable(err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, pgError(ctx, err)
	}
	p := &pg{pool: pool, role: o.Role, hub: newHub(), tell: o.Observe}
	return &DB{dialect: Postgres, store: p, pg: p, hub: p.hub, leads: newLeads(), admin: func() *sql.DB { return stdlib.OpenDB(*admin) }}, nil
}

// read runs fn on a repeatable-read snapshot, a single statement on its own.
func (p *pg) read(ctx context.Context, single bool, fn func(Tx) error) error {
	if single {
		tx := &pgTx{tx: p.pool, ctx: ctx, pg: p}
		return tx.end(fn(tx))
	}
	return p.pooled(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, fn)
}

// write runs fn in a transaction of its own. A lost connection during the
// commit is unavailable although the server may have kept it: the idempotency
// key of the command tells when it is asked again.
func (p *pg) write(fn func(Tx) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	began := time.Now()
	err := p.pooled(ctx, pgx.TxOptions{}, fn)
	if p.tell != nil {
		p.tell(Commit{Commands: 1, Took: time.Since(began), Failed: fault.Is(err, fault.Unavailable)})
	}
	return err
}

// pooled is transact on a connection of the pool. It goes back after the commit
// was looked at, and not with it: what the server says belongs to this transaction.
func (p *pg) pooled(ctx context.Context, o pgx.TxOptions, fn func(Tx) error) error {
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return pgError(ctx, err)
	}
	defer conn.Release()
	return p.transact(ctx, conn, o, fn)
}

// beginner is a connection, of the pool or apart.
type beginner interface {
	BeginTx(ctx context.Context, o pgx.TxOptions) (pgx.Tx, error)
}

func (p *pg) transact(ctx context.Context, on beginner, o pgx.TxOptions, fn func(Tx) error) error {
	inner, err := on.BeginTx(ctx, o)
	if err != nil {
		return pgError(ctx, err)
	}
	tx := &pgTx{tx: inner, ctx: ctx, pg: p}
	defer inner.Rollback(context.WithoutCancel(ctx)) // after a commit it does nothing
	if err := tx.end(fn(tx)); err != nil {
		return err
	}
	if err := commit(ctx, inner); err != nil {
		return pgError(ctx, err)
	}
	p.hub.wake(tx.touched)
	return nil
}

// commit commits. A server that warns while it commits did so here and could not
// wait for the replica that must have it too: that is not acknowledged.
func commit(ctx context.Context, tx pgx.Tx) error {
	said := tx.Conn().PgConn().CustomData()
	delete(said, warned)
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	if words, any := said[warned]; any {
		return unavailable(fmt.Errorf("db: committed with a warning: %v", words))
	}
	return nil
}

// pgError makes a fault of a failure of the store; the end of a reader's own
// context and errors of statements stay what they are.
func pgError(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && errors.Is(cause, context.Canceled) {
		return cause
	}
	if pgLost(err) {
		return unavailable(err)
	}
	return err
}

func (p *pg) close() error {
	p.listener.stop()
	p.pool.Close()
	return nil
}

// grant gives the serving role what it needs of every table there is, and of
// append-only ones no more than reading and adding.
func (p *pg) grant(ctx context.Context, owner *sql.DB) error {
	if p.role == "" {
		return nil
	}
	role := pgx.Identifier{p.role}.Sanitize()
	_, err := owner.ExecContext(ctx, fmt.Sprintf(`DO $grant$
DECLARE t record;
BEGIN
	EXECUTE format('GRANT USAGE ON SCHEMA %%I TO %[1]s', current_schema());
	EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %%I TO %[1]s', current_schema());
	FOR t IN SELECT c.oid, c.relname, EXISTS (SELECT 1 FROM pg_trigger g WHERE g.tgrelid = c.oid AND g.tgname LIKE 'append\_only\_%%') AS fixed
		FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
	LOOP
		EXECUTE format('GRANT SELECT, INSERT ON %%I TO %[1]s', t.relname);
		IF t.fixed THEN EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %%I FROM %[1]s', t.relname);
		ELSE EXECUTE format('GRANT UPDATE, DELETE ON %%I TO %[1]s', t.relname);
		END IF;
	END LOOP;
END $grant$`, role))
	if err != nil {
		return fmt.Errorf("grant to the serving role: %w", err)
	}
	return nil
}

// numbered turns ? into $1, $2, …, except inside quotes.
func (p *pg) numbered(query string) string {
	if q, ok := p.queries.Load(query); ok {
		return q.(string)
	}
	var b strings.Builder
	n, quote := 0, rune(0)
	for _, r := range query {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case r == '?':
			n++
			fmt.Fprintf(&b, "$%d", n)
			continue
		}
		b.WriteRune(r)
	}
	p.queries.Store(query, b.String())
	return b.String()
}
