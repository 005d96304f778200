package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"pendopo/kernel/blob"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/kernel/ledger"
	"pendopo/kernel/seal"
	"pendopo/law/fold"
)

// An upgrade of a SQLite instance is tried on a copy before it is done: every
// migration, then pages, references, log and every row. What fails there is
// refused, and nothing of the instance has been touched. When no migration is
// pending, all this costs a look at three version tables.

// ErrUpgrade says that an upgrade was tried and refused.
var ErrUpgrade = errors.New("the upgrade was tried on a copy and is refused; nothing was changed. Start the former version, and keep this message")

// ErrUpgradeLocked says that tables would change under a running server.
var ErrUpgradeLocked = errors.New("this program is newer than the tables here, and another pendopo uses them: stop it, then start the server of this version first")

// base is one SQLite file of an instance and what makes its tables.
type base struct {
	file    string
	modules []schema
	open    func(in *Instance) *db.DB
}

func bases(p conf.Place, record []schema) []base {
	return []base{
		{filepath.Join(p.Data, "pendopo.db"), record, func(in *Instance) *db.DB { return in.DB }},
		{filepath.Join(p.Data, "blob.db"), []schema{{"blob", blob.Schema()}}, func(in *Instance) *db.DB { return in.Blobs.Database() }},
		{filepath.Join(p.InstanceKeys(), "keys.db"), []schema{{"keys", seal.Schema()}}, func(in *Instance) *db.DB { return in.Keys.Database() }},
	}
}

// modules is what makes the tables of the record; a test plants some.
func (o Options) modules() []schema {
	if o.schemas != nil {
		return o.schemas
	}
	return schemas()
}

// upgrade tries what is pending. It runs before anything is opened for good.
func (in *Instance) upgrade(ctx context.Context, o Options) error {
	if o.trial || o.Place.Database != "" || !o.Place.Exists() {
		return nil
	}
	pending, err := pendingBases(ctx, bases(o.Place, o.modules()))
	if err != nil || len(pending) == 0 {
		return err
	}
	free, err := in.alone(o)
	if err != nil {
		return err
	}
	defer free()
	if o.Untried {
		in.Log.Warn("the tables are changed without trying it on a copy")
		return nil
	}
	began := time.Now()
	in.Log.Info("the tables are older than this program; the upgrade is tried on a copy first")
	if err := in.try(ctx, o, pending); err != nil {
		return err
	}
	in.Log.Info("the upgrade holds on a copy and is done now", slog.Duration("tried", time.Since(began)))
	return nil
}

// alone holds the data folder while tables change, for commands that otherwise
// run beside a server.
func (in *Instance) alone(o Options) (free func() error, err error) {
	if o.Lock { // held already
		return func() error { return nil }, nil
	}
	f, err := os.OpenFile(filepath.Join(o.Place.Data, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(ErrUpgradeLocked, f.Close())
	}
	return f.Close, nil
}

// pendingBases are the files of which a module is behind. One without any table
// is new, and has nothing that an upgrade could lose. A database that is ahead
// is db.ErrNewer.
func pendingBases(ctx context.Context, all []base) (pending []base, err error) {
	for _, b := range all {
		behind, err := b.behind(ctx)
		if err != nil {
			return nil, err
		}
		if behind {
			pending = append(pending, b)
		}
	}
	return pending, nil
}

func (b base) behind(ctx context.Context) (behind bool, err error) {
	if _, err := os.Stat(b.file); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	d, err := db.Open(ctx, "sqlite:"+b.file, db.Options{MaxReaders: 1})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	made := false
	for _, m := range b.modules {
		has, knows, err := d.Versions(ctx, m.name, m.files)
		if err != nil {
			return false, err
		}
		if has > knows {
			return false, fmt.Errorf("migrate %s: %w (%d, and this one knows %d)", m.name, db.ErrNewer, has, knows)
		}
		made, behind = made || has > 0, behind || has < knows
	}
	return made && behind, nil
}

// try copies what would change into a folder beside the data, opens an instance
// there, which migrates it, and looks at all of it. The folder goes in any case.
func (in *Instance) try(ctx context.Context, o Options, pending []base) (err error) {
	dir := filepath.Clean(o.Place.Data) + "-upgrade"
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := roomToTry(filepath.Dir(dir), pending); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	at, err := trialPlace(ctx, o.Place, dir, pending)
	if err != nil {
		return err
	}
	trial := o
	trial.Place, trial.trial, trial.Lock, trial.Create, trial.Log = at, true, false, false, in.Log
	copied, err := Open(ctx, trial)
	if err != nil {
		return errors.Join(ErrUpgrade, err)
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	if err := copied.sound(ctx, pending); err != nil {
		return errors.Join(ErrUpgrade, err)
	}
	return nil
}

// roomToTry refuses to fill the disk.
func roomToTry(dir string, pending []base) error {
	wanted := uint64(64 << 20)
	for _, b := range pending {
		info, err := os.Stat(b.file)
		if err != nil {
			return err
		}
		wanted += uint64(info.Size()) * 3 / 2 // the copy, and the log of what changes in it
	}
	free, err := freeBytes(dir)
	if err == nil && free < wanted {
		err = fmt.Errorf("the upgrade is first tried on a copy, which wants %d MB in %s, and %d MB are free. Make room; or copy the instance elsewhere, and give --upgrade-untried", wanted>>20, dir, free>>20)
	}
	return err
}

// trialPlace makes a place in which the pending files are copies and everything
// else is the instance's own.
func trialPlace(ctx context.Context, from conf.Place, dir string, pending []base) (conf.Place, error) {
	at := from
	at.Data, at.KeysDir = filepath.Join(dir, "data"), from.InstanceKeys()
	if err := os.MkdirAll(at.Data, 0o700); err != nil {
		return at, err
	}
	if slices.ContainsFunc(pending, func(b base) bool { return strings.HasSuffix(b.file, "keys.db") }) {
		at.KeysDir = filepath.Join(dir, "keys")
		if err := copyKeyFiles(from.InstanceKeys(), at.KeysDir); err != nil {
			return at, err
		}
	}
	for _, b := range pending {
		to := filepath.Join(at.Data, filepath.Base(b.file))
		if strings.HasSuffix(b.file, "keys.db") {
			to = filepath.Join(at.KeysDir, "keys.db")
		}
		if err := copyBase(ctx, b.file, to); err != nil {
			return at, err
		}
	}
	for _, name := range []string{"pendopo.db", "blob.db", "heads"} {
		own, err := filepath.Abs(filepath.Join(from.Data, name))
		if err != nil {
			return at, err
		}
		if err := os.Symlink(own, filepath.Join(at.Data, name)); err != nil && !errors.Is(err, fs.ErrExist) {
			return at, err
		}
	}
	return at, nil
}

func copyBase(ctx context.Context, from, to string) (err error) {
	d, err := db.Open(ctx, "sqlite:"+from, db.Options{MaxReaders: 1})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.CopyTo(ctx, to)
}

func copyKeyFiles(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	names, err := seal.KeyFiles(from)
	if err != nil {
		return err
	}
	for _, name := range append(names, seal.HarmlessFiles()...) {
		content, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), content, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sound proves a migrated copy: pages and references of what was copied, the
// log, and every row. Files are not hashed: no migration of rows touches them.
func (in *Instance) sound(ctx context.Context, copied []base) error {
	for _, b := range copied {
		if err := b.open(in).Sound(ctx); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(b.file), err)
		}
	}
	var first error
	note := func(words string) {
		if first == nil {
			first = errors.New(words)
		}
	}
	words := in.Texts.Printer("en")
	err := in.Ledger.Verify(ctx, func(f ledger.Finding) {
		note("log: " + words.T(f.Key, "table", f.Table, "row", f.Row, "column", f.Column))
	})
	if err == nil {
		err = in.verifyRows(ctx, func(w string) { note("rows: " + w) }, func(string, fold.File) error { return nil })
	}
	return errors.Join(err, first)
}
