package limit

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver that Pendopo uses
)

// sqlite is a bare SQLite file: one writer, four readers.
type sqlite struct {
	writer, readers *sql.DB
	add             *sql.Stmt // of the writer
	byKey, newest   *sql.Stmt // of the readers
	count           *sql.Stmt
	queue           chan insertion
}

// seedSQLite makes rows about as long as an application, unless there are rows.
const seedSQLite = `CREATE TABLE IF NOT EXISTS kept (key INTEGER PRIMARY KEY, body BLOB NOT NULL);
	CREATE TABLE IF NOT EXISTS written (key INTEGER PRIMARY KEY, body BLOB NOT NULL);
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
	INSERT INTO kept (key, body) SELECT i, '{"n":' || i || ',"filler":"' || hex(zeroblob(245)) || '"}' FROM n
	WHERE NOT EXISTS (SELECT 1 FROM kept)`

func openSQLite(o Options) (s *sqlite, err error) {
	s = &sqlite{queue: make(chan insertion, 256)}
	file := filepath.Join(o.Dir, "limit.db")
	if s.writer, err = sql.Open("sqlite", file+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(8000)"); err != nil {
		return nil, err
	}
	s.writer.SetMaxOpenConns(1)
	if _, err := s.writer.Exec(seedSQLite, o.Rows); err != nil {
		return nil, err
	}
	if s.readers, err = sql.Open("sqlite", file+"?_pragma=query_only(1)"); err != nil {
		return nil, err
	}
	s.readers.SetMaxOpenConns(4) // more lose on two cores
	s.readers.SetMaxIdleConns(4)
	for statement, text := range map[**sql.Stmt]string{
		&s.byKey:  "SELECT body FROM kept WHERE key = ?",
		&s.newest: "SELECT body FROM kept ORDER BY key DESC LIMIT ?",
		&s.count:  "SELECT count(*) FROM kept",
	} {
		if *statement, err = s.readers.Prepare(text); err != nil {
			return nil, err
		}
	}
	if s.add, err = s.writer.Prepare("INSERT INTO written (body) VALUES (?)"); err != nil {
		return nil, err
	}
	go s.run()
	return s, nil
}

func (s *sqlite) close() { errors.Join(s.readers.Close(), s.writer.Close()) }

// insertion is one request on its way through the group-committing writer.
type insertion struct {
	body []byte
	done chan error
}

// insert shares a commit with whoever comes at the same time.
func (s *sqlite) insert(_ context.Context, body []byte) error {
	i := insertion{body, make(chan error, 1)}
	s.queue <- i
	return <-i.done
}

// insertEach has a commit of its own.
func (s *sqlite) insertEach(ctx context.Context, body []byte) error {
	_, err := s.add.ExecContext(ctx, body)
	return err
}

// run is the least a group-committing writer can be.
func (s *sqlite) run() {
	for first := range s.queue {
		group := s.gather(first)
		err := s.commit(group)
		for _, i := range group {
			i.done <- err
		}
	}
}

// gather takes what is queued already.
func (s *sqlite) gather(first insertion) []insertion {
	group := []insertion{first}
	for len(group) < 256 {
		select {
		case i := <-s.queue:
			group = append(group, i)
		default:
			return group
		}
	}
	return group
}

func (s *sqlite) commit(group []insertion) error {
	tx, err := s.writer.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	bound := tx.Stmt(s.add)
	for _, i := range group {
		if _, err := bound.Exec(i.body); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (s *sqlite) one(ctx context.Context, key int64) (body []byte, err error) {
	err = s.byKey.QueryRowContext(ctx, key).Scan(&body)
	return body, err
}

func (s *sqlite) list(ctx context.Context) (newest [][]byte, total int64, err error) {
	if err := s.count.QueryRowContext(ctx).Scan(&total); err != nil {
		return nil, 0, err
	}
	rows, err := s.newest.QueryContext(ctx, perPage)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return nil, 0, err
		}
		newest = append(newest, body)
	}
	return newest, total, rows.Err()
}
