package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/jackc/pgx/v5"

	"pendopo/kernel/backup"
	"pendopo/kernel/conf"
)

// Dumps are copies of a PostgreSQL instance, made by pg_dump, and the server to
// try them out on.
type Dumps struct {
	Record string // file, of the record
	Keys   string // file, of the key store
	Folder string // the instance keys, with the newest shredded.list
	Heads  string // the folder of signed heads; may be empty
	Server string // postgres://… of a user who may make databases, best on another server
}

// The databases that a rehearsal makes and drops. The names are fixed, so that
// the next one drops what a killed one left.
const (
	scratchRecord = "pendopo_rehearsal"
	scratchKeys   = "pendopo_rehearsal_keys"
)

// RehearseDumps is Rehearse for PostgreSQL: both dumps are restored into two
// databases of the given server, proved, and dropped again.
func RehearseDumps(ctx context.Context, r Rehearsal, d Dumps) backup.Report {
	return r.reported(d.Record+" and "+d.Keys, func(report *backup.Report) error { return r.runDumps(ctx, d, report) })
}

func (r Rehearsal) runDumps(ctx context.Context, d Dumps, report *backup.Report) (err error) {
	record, keys, err := d.addresses()
	if err != nil {
		return err
	}
	for dump, state := range map[string]bool{d.Record: true, d.Keys: false} {
		info, err := os.Stat(dump)
		if err != nil {
			return err
		}
		if state {
			report.State = info.ModTime().UTC() // pg_dump shows the state when it began
		}
	}
	held, err := r.take()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.wipe(), held.Close()) }()
	at := conf.Place{Data: filepath.Join(r.Scratch, "data"), KeysDir: filepath.Join(r.Scratch, "keys"), Database: record, Keys: keys, Node: "rehearsal"}
	if err := errors.Join(copyKeyFiles(d.Folder, at.KeysDir), copyHeads(d.Heads, at.Heads())); err != nil {
		return err
	}
	if err := d.make(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.drop(context.WithoutCancel(ctx))) }()
	if err := errors.Join(load(ctx, d.Record, record), load(ctx, d.Keys, keys)); err != nil {
		return err
	}
	return Prove(ctx, at, report)
}

// addresses are those of the two databases on the server.
func (d Dumps) addresses() (record, keys string, err error) {
	u, err := url.Parse(d.Server)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return "", "", errors.New("--server is not a postgres:// address") // never repeated: it may hold a password
	}
	var out [2]string
	for i, name := range []string{scratchRecord, scratchKeys} {
		to := *u
		to.Path = "/" + name
		out[i] = to.String()
	}
	return out[0], out[1], nil
}

// make makes both databases anew.
func (d Dumps) make(ctx context.Context) error {
	return d.each(ctx, func(name string) []string {
		return []string{"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", "CREATE DATABASE " + name}
	})
}

func (d Dumps) drop(ctx context.Context) error {
	return d.each(ctx, func(name string) []string { return []string{"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"} })
}

func (d Dumps) each(ctx context.Context, statements func(name string) []string) error {
	conn, err := pgx.Connect(ctx, d.Server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, name := range []string{scratchRecord, scratchKeys} {
		for _, s := range statements(name) {
			if _, err := conn.Exec(ctx, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// load restores a dump of pg_dump: of its own format by pg_restore, of SQL by psql.
func load(ctx context.Context, dump, into string) error {
	program, args := "psql", []string{"--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--file=" + dump}
	if custom, err := isCustom(dump); err != nil {
		return err
	} else if custom {
		program, args = "pg_restore", []string{"--no-owner", "--no-privileges", "--exit-on-error", dump}
	}
	path, err := pgProgram(program)
	if err != nil {
		return err
	}
	u, err := url.Parse(into)
	if err != nil {
		return err
	}
	password, _ := u.User.Password()
	u.User = url.User(u.User.Username()) // others can read arguments
	cmd := exec.CommandContext(ctx, path, append(args, "--dbname="+u.String())...)
	cmd.Env = append(os.Environ(), "PGPASSWORD="+password)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s of %s: %w: %.500s", program, dump, err, said.String())
	}
	return nil
}

func isCustom(dump string) (bool, error) {
	f, err := os.Open(dump)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 5)
	_, err = f.Read(head)
	return string(head) == "PGDMP", err
}

// pgProgram finds a program of PostgreSQL, also where Debian hides it; the newest of several.
func pgProgram(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return "", errors.Join(err, fmt.Errorf("%s is not on this machine: install PostgreSQL's client", name))
	}
	slices.Sort(found)
	return found[len(found)-1], nil
}

// copyHeads brings the signed heads, when they are given.
func copyHeads(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil || from == "" {
		return err
	}
	names, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, n := range names {
		content, err := os.ReadFile(filepath.Join(from, n.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, n.Name()), content, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
