package pace

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"io/fs"
	"slices"
	"time"

	"pendopo/kernel/db"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema is the migrations of the book; its module name is "pace".
func Schema() fs.FS {
	sub, err := fs.Sub(schema, "schema")
	if err != nil {
		return schema // not reached: the folder is embedded
	}
	return sub
}

// Book is where all nodes count.
type Book struct {
	db  *db.DB
	mac func(parts ...string) []byte
	now func() time.Time
}

// NewBook makes a book over a database that has been migrated with Schema. The
// MAC hides addresses and codes from whoever reads the table.
func NewBook(d *db.DB, mac func(parts ...string) []byte, now func() time.Time) *Book {
	return &Book{db: d, mac: mac, now: now}
}

// count takes a place of the pace, in one statement; false when there is none.
// It is the generic cell rate algorithm: until moves on by one interval for each
// try, and may be so many intervals ahead of now.
func (b *Book) count(tx db.Tx, key []byte, p Pace) (bool, error) {
	now, every := b.now().UnixMicro(), p.Every.Microseconds()
	n, err := tx.Exec(`INSERT INTO pace (key, until) VALUES (?, ?) ON CONFLICT (key) DO UPDATE
		SET until = CASE WHEN pace.until > ? THEN pace.until ELSE ? END + ? WHERE pace.until <= ?`,
		key, now+every, now, now, every, now+int64(p.Burst-1)*every)
	return n == 1, err
}

// room says whether count would find a place.
func (b *Book) room(tx db.Tx, key []byte, p Pace) (bool, error) {
	var until int64
	err := tx.Row(`SELECT until FROM pace WHERE key = ?`, key).Scan(&until)
	if errors.Is(err, db.ErrNone) {
		return true, nil
	}
	return until <= b.now().UnixMicro()+int64(p.Burst-1)*p.Every.Microseconds(), err
}

// sweepEvery is how often rows that say nothing any more are removed.
const sweepEvery = time.Minute

// Keep sweeps the book until ctx ends.
func (b *Book) Keep(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := b.Sweep(); err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Sweep removes the rows whose time has passed.
func (b *Book) Sweep() error {
	return b.db.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`DELETE FROM pace WHERE until < ?`, b.now().Add(-sweepEvery).UnixMicro())
		return err
	})
}

// row is one key of an attempt, as the book has it.
type row struct {
	key  []byte
	pace Pace
}

// rows are the keys of an attempt in one order for everyone, so that two attempts
// never wait for one another.
func (a *Attempt) rows() []row {
	var list []row
	for _, t := range a.tries {
		list = append(list, row{t.Throttle.book.mac("pace", t.Throttle.name, t.Key), t.Throttle.pace})
	}
	slices.SortFunc(list, func(x, y row) int { return bytes.Compare(x.key, y.key) })
	return list
}
