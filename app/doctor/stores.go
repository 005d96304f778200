package doctor

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"pendopo/app"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

// keys: without them nothing that is sealed opens ever again.
func keys(x *examination) error {
	x.modes(x.Place.InstanceKeys())
	if err := x.Trouble[app.PartInstance]; err != nil {
		x.find(Error, "keys_missing", "folder", x.Place.InstanceKeys(), "cause", private(err))
		return nil
	}
	if err := x.Trouble[app.PartKeys]; err != nil {
		x.find(Error, "keys_store", "cause", private(err))
		return nil
	}
	if err := x.Place.Check(); err != nil {
		x.find(Error, "keys_place", "cause", err.Error())
	}
	if x.DB != nil {
		_, err := x.Sample(x.ctx)
		if err != nil && !fault.Is(err, fault.Gone) {
			x.find(Error, "keys_foreign", "cause", private(err))
		}
	}
	if x.Place.Database != "" && sameServer(x.Place.Database, x.Place.Keys) {
		x.find(Warning, "keys_same_server")
	}
	return nil
}

// modes looks at who may read the key folder and the files in it.
func (x *examination) modes(dir string) {
	info, err := os.Stat(dir)
	if err != nil {
		return // keys_missing says it
	}
	if info.Mode().Perm()&0o077 != 0 {
		x.find(Warning, "keys_folder_mode", "folder", dir, "mode", fmt.Sprintf("%04o", info.Mode().Perm()))
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		x.find(Error, "keys_missing", "folder", dir, "cause", err.Error())
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || e.IsDir() {
			continue
		}
		file := filepath.Join(dir, e.Name())
		if info.Mode().Perm()&0o077 != 0 {
			x.find(Error, "keys_mode", "file", file, "mode", fmt.Sprintf("%04o", info.Mode().Perm()))
		}
		if s, ok := info.Sys().(*syscall.Stat_t); ok && int(s.Uid) != os.Geteuid() && os.Geteuid() != 0 {
			x.find(Warning, "keys_owner", "file", file, "uid", int(s.Uid))
		}
	}
}

// private is the cause of a fault for whoever runs the machine.
func private(err error) string {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err.Error()
	}
	words := f.Key
	if name, given := f.Args["file"]; given {
		words += fmt.Sprint(" ", name)
	}
	if f.Cause != nil {
		words += ": " + f.Cause.Error()
	}
	return words
}

// sameServer compares where two addresses lead.
func sameServer(one, other string) bool {
	where := func(s string) string {
		u, err := url.Parse(s)
		if err != nil {
			return s
		}
		host, port := u.Hostname(), u.Port()
		if h := u.Query().Get("host"); h != "" {
			host = h
		}
		if p := u.Query().Get("port"); p != "" {
			port = p
		}
		if port == "" {
			port = "5432"
		}
		if host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1" || strings.HasPrefix(host, "/") {
			host = "here"
		}
		return host + ":" + port
	}
	return where(one) == where(other)
}

// How large a file may be to be read through without being asked to, and how
// long a write-ahead log should not be.
const (
	readThrough = 1 << 30
	longLog     = 512 << 20
)

// database: whether the files are whole, the tables ours, the server as it must be.
func database(x *examination) error {
	if err := x.Trouble[app.PartRecord]; err != nil {
		x.find(Error, "database_closed", "cause", private(err))
		return nil
	}
	list, err := x.Tables(x.ctx)
	if err != nil {
		x.find(Error, "database_tables", "cause", private(err))
	}
	for _, t := range list {
		if t.Has > t.Knows {
			x.find(Error, "database_newer", "module", t.Module, "has", t.Has, "knows", t.Knows)
		} else {
			x.find(Note, "database_older", "module", t.Module, "has", t.Has, "knows", t.Knows)
		}
	}
	if x.DB.Dialect() == db.Postgres {
		return x.postgres()
	}
	for _, address := range []string{x.Place.RecordURL(), x.Place.BlobURL(), x.Place.KeyStoreURL()} {
		if err := x.file(strings.TrimPrefix(address, "sqlite:"), address); err != nil {
			return err
		}
	}
	return nil
}

// file reads a SQLite file through.
func (x *examination) file(path, address string) error {
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > longLog {
		x.find(Warning, "database_log_long", "file", path, "mb", info.Size()>>20)
	}
	info, err := os.Stat(path)
	if err != nil {
		x.find(Error, "database_missing", "file", path)
		return nil
	}
	if info.Size() > readThrough && !x.Deep {
		x.find(Note, "database_unread", "file", path, "mb", info.Size()>>20)
		return nil
	}
	d, err := db.Look(x.ctx, address)
	if err != nil {
		x.find(Error, "database_closed", "cause", private(err))
		return nil
	}
	defer d.Close()
	var said string
	if err := d.Get(x.ctx, "PRAGMA quick_check(1)", nil, &said); err != nil {
		said = private(err)
	}
	if said != "ok" {
		x.find(Error, "database_damaged", "file", path, "cause", said)
	}
	return nil
}

// oldestPostgres is the oldest version that is still tested here.
const oldestPostgres = 150000

// postgres asks the server how it keeps what it acknowledges.
func (x *examination) postgres() error {
	setting := func(name string) (value string) {
		if err := x.DB.Get(x.ctx, "SELECT coalesce(current_setting(?, true), '')", []any{name}, &value); err != nil {
			return ""
		}
		return value
	}
	for _, name := range []string{"fsync", "full_page_writes"} {
		if setting(name) == "off" {
			x.find(Error, "postgres_unsafe", "setting", name, "value", "off")
		}
	}
	if s := setting("synchronous_commit"); s == "off" {
		x.find(Error, "postgres_unsafe", "setting", "synchronous_commit", "value", s)
	} else if s == "local" {
		x.find(Warning, "postgres_local")
	}
	var version, replicas int64
	var standby bool
	err := x.DB.Get(x.ctx, `SELECT current_setting('server_version_num')::bigint, pg_is_in_recovery(),
		(SELECT count(*) FROM pg_stat_replication)`, nil, &version, &standby, &replicas)
	if err != nil {
		return err
	}
	switch {
	case standby:
		x.find(Error, "postgres_standby")
	case replicas == 0:
		x.find(Note, "postgres_alone")
	}
	if version < oldestPostgres {
		x.find(Warning, "postgres_old", "version", version/10000)
	}
	return nil
}
