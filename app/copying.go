package app

import (
	"context"
	"fmt"

	"pendopo/kernel/backup"
	"pendopo/kernel/conf"
)

// KeepCopies prepares the continuous copy of a SQLite instance that Work keeps.
// An instance on PostgreSQL is refused: its copies are the server's own.
func (in *Instance) KeepCopies(ctx context.Context, c conf.Copying) error {
	if err := c.Check(); err != nil || !c.Given() {
		return err
	}
	if in.Place.Database != "" {
		return fmt.Errorf("--backup copies SQLite; PostgreSQL is copied by pg_basebackup and pg_dump, see docs/operating.md")
	}
	data, keys, err := OpenPlaces(c.Copies)
	if err != nil {
		return err
	}
	in.copies, err = backup.NewShipper(ctx, backup.Options{
		Data: data, Keys: keys, From: in.Place, Instance: in.Instance,
		Record: in.DB, Blobs: in.Blobs.Database(), KeyStore: in.Keys.Database(),
		Every: c.Every, KeepData: c.Keep, KeepKeys: c.KeysKeep, Log: in.Log, Now: in.Now,
	})
	return err
}

// OpenPlaces opens where copies lie, and refuses places that are not apart.
func OpenPlaces(c conf.Copies) (data, keys *backup.Place, err error) {
	if err := c.Check(); err != nil {
		return nil, nil, err
	}
	if data, err = backup.OpenPlace(c.Data); err != nil {
		return nil, nil, fmt.Errorf("--backup: %w", err)
	}
	if keys, err = backup.OpenPlace(c.Keys); err != nil {
		return nil, nil, fmt.Errorf("--backup-keys: %w", err)
	}
	return data, keys, backup.Apart(data, keys)
}

// copy keeps the copy until ctx ends; without one it waits.
func (in *Instance) copy(ctx context.Context) error {
	if in.copies == nil {
		<-ctx.Done()
		return ctx.Err()
	}
	return in.copies.Run(ctx)
}

// Backup copies a SQLite instance into two empty folders at once, also beside a
// server.
func (in *Instance) Backup(ctx context.Context, dataDir, keysDir string) (w backup.Whole, err error) {
	if in.Place.Database != "" {
		return w, fmt.Errorf("`pendopo backup` copies SQLite; PostgreSQL is copied by pg_dump, see docs/operating.md")
	}
	data, keys, err := OpenPlaces(conf.Copies{Data: dataDir, Keys: keysDir})
	if err != nil {
		return w, err
	}
	head, err := in.Ledger.Head()
	if err != nil {
		return w, err
	}
	return backup.Once(ctx, backup.Source{
		From: in.Place, Instance: in.Instance, Record: in.DB, Blobs: in.Blobs.Database(), KeyStore: in.Keys.Database(),
		Head: string(head.Note), Now: in.Now,
	}, data, keys)
}

// copiesOf tells the desk what is known of the copies of a data folder.
type copiesOf struct{ data string }

func (c copiesOf) Rehearsal() (backup.Report, error) { return backup.Last(c.data) }
func (c copiesOf) Status() (backup.Status, error)    { return backup.LastStatus(c.data) }
