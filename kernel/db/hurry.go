package db

import (
	"errors"
	"os"
)

// Hurry lets the commits of a SQLite database return before the disk has them,
// until settle is called: when that says nil, all of them survive a power cut,
// as every one does otherwise. It is only for filling what is new and can be
// thrown away and made again. A PostgreSQL server keeps its own ways.
func (d *DB) Hurry() (settle func() error, err error) {
	if d.lite == nil {
		return func() error { return nil }, nil
	}
	if err := d.lite.syncs("OFF"); err != nil {
		return nil, err
	}
	return func() error {
		return errors.Join(d.lite.syncs("FULL"), d.Checkpoint(), synced(d.lite.path))
	}, nil
}

// syncs sets when the writer waits for the disk. A connection that is opened
// anew waits at every commit.
func (l *lite) syncs(when string) error {
	return l.aside(func() error {
		_, err := l.writer.conn.exec("PRAGMA synchronous = " + when)
		return err
	})
}

// synced brings to the disk what a checkpoint before it may have moved in a hurry.
func synced(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
