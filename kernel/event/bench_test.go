package event_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"sync/atomic"
	"testing"

	_ "modernc.org/sqlite"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/job"
	"pendopo/test/testkit"
)

// The benchmarks compare, with 64 writers on SQLite: a bare group commit of one
// row by database/sql with nothing around it; one row through db.Write; and what
// a command writes: two events, a once row, a case row, a deadline, two jobs.
const parallel = 32 // times GOMAXPROCS

// bare is the least a group-committing writer can be.
type bare struct{ queue chan chan error }

func newBare(b *testing.B) *bare {
	b.Helper()
	d, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(2000)")
	if err != nil {
		b.Fatal(err)
	}
	d.SetMaxOpenConns(1)
	if _, err := d.Exec("CREATE TABLE row (id INTEGER PRIMARY KEY, body TEXT NOT NULL)"); err != nil {
		b.Fatal(err)
	}
	w := &bare{queue: make(chan chan error, 256)}
	done := make(chan struct{})
	go func() { defer close(done); w.run(d) }()
	b.Cleanup(func() { close(w.queue); <-done; d.Close() })
	return w
}

func (w *bare) run(d *sql.DB) {
	insert, err := d.Prepare("INSERT INTO row (body) VALUES (?)")
	for first := range w.queue {
		group := []chan error{first}
		var tx *sql.Tx
		if err == nil {
			tx, err = d.Begin()
		}
		statement := tx.Stmt(insert)
		for i := 0; i < len(group); i++ {
			if _, failed := statement.Exec("a body of about fifty bytes, as a small row has it"); failed != nil {
				err = failed
			}
			select {
			case next, ok := <-w.queue:
				if ok {
					group = append(group, next)
				}
			default:
			}
		}
		if failed := tx.Commit(); failed != nil {
			err = failed
		}
		for _, c := range group {
			c <- err
		}
	}
}

func BenchmarkBareOneRow(b *testing.B) {
	w := newBare(b)
	b.SetParallelism(parallel)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c := make(chan error, 1)
			w.queue <- c
			if err := <-c; err != nil {
				b.Error(err)
			}
		}
	})
}

func benchDB(b *testing.B, url string) *db.DB {
	b.Helper()
	d := testkit.Open(b, url, db.Options{})
	err := d.Migrate(context.Background(), "record", event.Schema())
	if err == nil {
		err = d.Migrate(context.Background(), "job", job.Schema())
	}
	if err == nil {
		err = d.Write(func(tx db.Tx) error {
			for _, statement := range []string{"CREATE TABLE row (id BIGINT, body TEXT NOT NULL)", "CREATE TABLE once (k TEXT PRIMARY KEY, stream TEXT, version BIGINT)",
				"CREATE TABLE cases (stream TEXT PRIMARY KEY, step TEXT, unit TEXT, due BIGINT, state TEXT)", "CREATE TABLE due (stream TEXT, at BIGINT)"} {
				if _, err := tx.Exec(statement); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		b.Fatal(err)
	}
	return d
}

func benchWrite(b *testing.B, d *db.DB, command func(i int64) func(db.Tx) error) {
	var n atomic.Int64
	b.ResetTimer()
	b.SetParallelism(parallel)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := d.Write(command(n.Add(1))); err != nil {
				b.Error(err)
			}
		}
	})
}

func oneRow(i int64) func(db.Tx) error {
	return func(tx db.Tx) error {
		_, err := tx.Exec("INSERT INTO row (body) VALUES (?)", "a body of about fifty bytes, as a small row has it")
		return err
	}
}

// accept is what accepting an application writes.
func accept(int64) func(db.Tx) error {
	stream, sealed := event.NewID(), make([]byte, 900)
	first := fresh(stream, 1, func(e *event.Event) { e.Sealed = sealed })
	second := fresh(stream, 2, func(e *event.Event) { e.Sealed = nil })
	return func(tx db.Tx) error {
		if err := event.Append(tx, first, second); err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT INTO once (k, stream, version) VALUES (?, ?, ?)", first.ID, stream, 1); err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT INTO cases (stream, step, unit, due, state) VALUES (?, ?, ?, ?, ?)", stream, "review", "disdukcapil", 1773716400000000, `{"returns":0}`); err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT INTO due (stream, at) VALUES (?, ?)", stream, 1773716400000000); err != nil {
			return err
		}
		return job.Enqueue(tx, job.Job{Kind: "index", Key: stream})
	}
}

func BenchmarkWriteOneRow(b *testing.B) { benchWrite(b, benchDB(b, testkit.SQLite(b)), oneRow) }

func BenchmarkWriteAccept(b *testing.B) { benchWrite(b, benchDB(b, testkit.SQLite(b)), accept) }

func BenchmarkWriteAcceptPostgres(b *testing.B) {
	benchWrite(b, benchDB(b, testkit.Postgres(b)), accept)
}

func BenchmarkReadOneRow(b *testing.B) {
	d := benchDB(b, testkit.SQLite(b))
	var streams []string
	for range 1000 {
		e := fresh(event.NewID(), 1, nil)
		streams = append(streams, e.ID)
		if err := put(d, e); err != nil {
			b.Fatal(err)
		}
	}
	var n atomic.Int64
	b.ResetTimer()
	b.SetParallelism(parallel)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			err := d.Read(context.Background(), func(tx db.Tx) error {
				var kind string
				return tx.Row("SELECT kind FROM event WHERE id = ?", streams[n.Add(1)%1000]).Scan(&kind)
			})
			if err != nil {
				b.Error(err)
			}
		}
	})
}
