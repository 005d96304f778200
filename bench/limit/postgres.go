package limit

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// postgres is a bare PostgreSQL, with a statement for each thing it does.
type postgres struct{ pool *pgxpool.Pool }

const schemaPostgres = `CREATE TABLE IF NOT EXISTS kept (key BIGINT PRIMARY KEY, body TEXT NOT NULL);
	CREATE TABLE IF NOT EXISTS written (key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body TEXT NOT NULL)`

const seedPostgres = `INSERT INTO kept (key, body) SELECT i, '{"n":' || i || ',"filler":"' || repeat('0', 490) || '"}'
	FROM generate_series(1, $1::bigint) i WHERE NOT EXISTS (SELECT 1 FROM kept)`

func openPostgres(ctx context.Context, o Options) (*postgres, error) {
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 20
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if _, err := pool.Exec(ctx, schemaPostgres); err != nil {
		return nil, err
	}
	if _, err := pool.Exec(ctx, seedPostgres, o.Rows); err != nil {
		return nil, err
	}
	_, err = pool.Exec(ctx, "VACUUM ANALYZE kept")
	return &postgres{pool}, err
}

func (p *postgres) insert(ctx context.Context, body []byte) error {
	_, err := p.pool.Exec(ctx, "INSERT INTO written (body) VALUES ($1)", string(body))
	return err
}

func (p *postgres) one(ctx context.Context, key int64) (body []byte, err error) {
	err = p.pool.QueryRow(ctx, "SELECT body FROM kept WHERE key = $1", key).Scan(&body)
	return body, err
}

func (p *postgres) list(ctx context.Context) (newest [][]byte, total int64, err error) {
	if err := p.pool.QueryRow(ctx, "SELECT count(*) FROM kept").Scan(&total); err != nil {
		return nil, 0, err
	}
	rows, err := p.pool.Query(ctx, "SELECT body FROM kept ORDER BY key DESC LIMIT $1", perPage)
	if err != nil {
		return nil, 0, err
	}
	newest, err = pgx.CollectRows(rows, pgx.RowTo[[]byte])
	return newest, total, err
}
