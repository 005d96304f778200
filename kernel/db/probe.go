package db

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"
)

// Commit is one transaction that ended: what Options.Observe is told.
type Commit struct {
	Commands int           // that shared it: more than one on SQLite only
	Took     time.Duration // from the first command's turn to the answer
	Failed   bool          // the store failed; nothing of it was kept
}

// Waiting is how many commands wait for their turn: on SQLite in the writer's
// queue, on PostgreSQL at the pool's connections in use.
func (d *DB) Waiting() int {
	if d.lite != nil {
		return len(d.lite.writer.queue)
	}
	return int(d.pg.pool.Stat().AcquiredConns())
}

var errProbe = errors.New("db: no answer in time")

// Probe says whether the database reads and would take a change: a snapshot and
// a transaction that writes nothing, so it costs no sync. It answers when ctx
// ends, at the latest, and leaves what hangs to end by itself; until it has, the
// next probe answers unavailable at once. Ask one at a time.
func (d *DB) Probe(ctx context.Context) error {
	if !d.probing.CompareAndSwap(false, true) {
		return unavailable(errProbe)
	}
	done := make(chan error, 1)
	go func() {
		err := d.probe(ctx)
		d.probing.Store(false)
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return unavailable(errProbe)
	}
}

func (d *DB) probe(ctx context.Context) error {
	one := func(tx Tx) error {
		var n int
		return tx.Row("SELECT 1").Scan(&n)
	}
	if err := d.Read(ctx, one); err != nil || d.dialect == SQLite {
		return errors.Join(err, d.Write(one))
	}
	return d.Write(func(tx Tx) error {
		var fixed bool
		if err := tx.Row("SELECT current_setting('transaction_read_only') = 'on'").Scan(&fixed); err != nil {
			return err
		}
		if fixed {
			return unavailable(errors.New("db: the server only reads: it is a standby, or was told so"))
		}
		return nil
	})
}

// Size is how many bytes the database takes: on SQLite the file and its
// write-ahead log, on PostgreSQL the whole database and 0.
func (d *DB) Size(ctx context.Context) (data, log int64, err error) {
	if d.lite != nil {
		data, err = sizeOf(d.lite.path)
		if err != nil {
			return 0, 0, err
		}
		log, err = sizeOf(d.lite.path + "-wal")
		return data, log, err
	}
	err = d.Read(ctx, func(tx Tx) error {
		return tx.Row("SELECT pg_database_size(current_database())").Scan(&data)
	})
	return data, 0, err
}

// sizeOf is the size of a file, 0 when there is none.
func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, unavailable(err)
	}
	return info.Size(), nil
}
