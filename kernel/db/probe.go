package db

import (
	"context"
	"errors"
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
// ends, at the latest, and leaves what hangs to end by itself: ask one at a time.
func (d *DB) Probe(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- d.probe(ctx) }()
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
