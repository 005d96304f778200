package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Versions says which migration a module has and which its files know last; 0
// is none. It changes nothing, so it can be asked before anything is opened for
// good.
func (d *DB) Versions(ctx context.Context, module string, files fs.FS) (has, knows int64, err error) {
	if !moduleName.MatchString(module) {
		return 0, 0, fmt.Errorf("db: %q is no module name", module)
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return 0, 0, err
	}
	for _, name := range names {
		number, _, _ := strings.Cut(path.Base(name), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, 0, fmt.Errorf("migrate %s: %s begins with no number", module, name)
		}
		knows = max(knows, n)
	}
	err = d.Read(ctx, func(tx Tx) error {
		there := `SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = ?`
		if d.dialect == Postgres {
			there = `SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass(?)`
		}
		var n int
		if err := tx.Row(there, "schema_"+module).Scan(&n); err != nil || n == 0 {
			return err
		}
		return tx.Row(`SELECT COALESCE(MAX(version_id), 0) FROM schema_` + module + ` WHERE is_applied`).Scan(&has)
	})
	return has, knows, err
}

// Sound asks a SQLite database whether its pages, indexes and references agree.
func (d *DB) Sound(ctx context.Context) error {
	if d.lite == nil {
		return nil
	}
	return d.Read(ctx, func(tx Tx) error {
		var said string
		if err := tx.Row("PRAGMA integrity_check(1)").Scan(&said); err != nil {
			return err
		}
		if said != "ok" {
			return errors.New("integrity check: " + said)
		}
		rows, err := tx.Query("PRAGMA foreign_key_check")
		if err != nil {
			return err
		}
		defer rows.Close()
		if rows.Next() {
			return errors.New("a row refers to one that is not there")
		}
		return rows.Err()
	})
}
