package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// moduleName is what may stand in a version table's name.
var moduleName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,40}$`)

// ErrNewer says that a newer program has changed the tables since: this one does
// not know what stands in them, and must not write there.
var ErrNewer = errors.New("db: the tables were made by a newer version of this program")

// Migrate brings the tables of one module up to date. files holds 0001_x.sql,
// 0002_y.sql, … at its root; what ran is kept in the table schema_MODULE, and
// nodes that start together wait for one another. Migrations only go forward;
// tables that are ahead of the files are ErrNewer.
//
// The files are one source for both databases. They may use these words:
//
//	{{bytes}}              BLOB / BYTEA
//	{{serial}}             INTEGER PRIMARY KEY AUTOINCREMENT / BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY
//	{{compact}}            after the closing bracket of a table of small rows: WITHOUT ROWID / nothing
//	{{append_only TABLE}}  on a line of its own, after CREATE TABLE and CREATE UNIQUE INDEX in the same file:
//	                       the database refuses to change, delete, replace (and on PostgreSQL truncate) its rows
//	{{only DIALECT}} … {{end}}  kept for sqlite or postgres alone
//
// "-- +goose Up" may be left out; statements with inner semicolons stand between
// "-- +goose StatementBegin" and "-- +goose StatementEnd".
func (d *DB) Migrate(ctx context.Context, module string, files fs.FS) error {
	if !moduleName.MatchString(module) {
		return fmt.Errorf("db: %q is no module name", module)
	}
	conn := d.admin()
	if conn == nil {
		return unavailable(errClosed)
	}
	defer conn.Close()
	options := []goose.ProviderOption{goose.WithTableName("schema_" + module), goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true)}
	dialect := goose.DialectSQLite3
	if d.pg != nil {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(dialect, conn, expanding{files, d.dialect}, options...)
	if errors.Is(err, goose.ErrNoMigrations) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("migrate %s: %w", module, err)
	}
	if err := up(ctx, provider); err != nil {
		return d.migrateError(module, err)
	}
	has, knows, err := provider.GetVersions(ctx)
	if err != nil {
		return d.migrateError(module, err)
	}
	if has > knows {
		return fmt.Errorf("migrate %s: %w (%d, and this one knows %d)", module, ErrNewer, has, knows)
	}
	if d.pg != nil {
		return d.pg.grant(ctx, conn)
	}
	return nil
}

// migrateTries is how often a table that is in use is tried again, a second apart.
// Between two tries those who queued behind the change go on.
const migrateTries = 20

// up runs what has not run. On PostgreSQL a table in use for longer than the
// lock's time limit (a long verification, say) is tried again.
func up(ctx context.Context, provider *goose.Provider) error {
	for try := 1; ; try++ {
		_, err := provider.Up(ctx)
		if pgState(err) != stateLocked || try == migrateTries {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// migrateError tells a store that failed from a migration that is wrong.
func (d *DB) migrateError(module string, err error) error {
	err = fmt.Errorf("migrate %s: %w", module, err)
	if liteLost(err) || pgLost(err) {
		return unavailable(err)
	}
	return err
}
