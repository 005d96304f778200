package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// CopyTo writes a consistent copy of a SQLite database into a new file, readable
// by its owner alone, and syncs it. It runs beside writers, also of another
// process, and what was deleted is not in the copy. A file that exists is refused.
func (d *DB) CopyTo(ctx context.Context, path string) error {
	if d.lite == nil {
		return errors.New("db: only a SQLite database is copied as a file")
	}
	if err := createFile(path); err != nil {
		return err
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 0 {
		return errors.Join(err, fmt.Errorf("db: %s exists", path))
	}
	conn := d.admin()
	if conn == nil {
		return unavailable(errClosed)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return syncFile(path)
}

// syncFile makes a file and its name durable.
func syncFile(path string) error {
	for _, name := range []string{path, filepath.Dir(path)} {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}
