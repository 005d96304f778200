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
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"pendopo/kernel/backup"
	"pendopo/kernel/conf"
)

// Archive is a PostgreSQL server as its operator keeps it away: a base backup
// (pg_basebackup --pgdata) and the pieces of log that archive_command has copied
// since (PostgreSQL's manual, "Continuous Archiving and Point-in-Time Recovery").
type Archive struct {
	Base     string // folder of the base backup; read, not changed
	WAL      string // folder of the archived log
	Database string // name of the instance's database in it
}

// Archives are an instance on PostgreSQL, to be brought back to a moment.
type Archives struct {
	Record Archive
	Keys   Archive   // without Base: the key store is a database of the record's server
	Folder string    // the instance keys, with the newest shredded.list
	Heads  string    // the folder of signed heads; may be empty
	Until  time.Time // moment that the record goes back to; zero = to the end of its log
	Super  string    // a superuser of both servers
}

// RehearseArchives is Rehearse for PostgreSQL's own continuous archive: servers
// of their own, on no network, take up the base backups in the scratch folder,
// replay the archived log, are proved, and are removed again.
func RehearseArchives(ctx context.Context, r Rehearsal, a Archives) backup.Report {
	return r.reported(a.Record.Base+" and "+a.Record.WAL, func(report *backup.Report) error { return r.runArchives(ctx, a, report) })
}

func (r Rehearsal) runArchives(ctx context.Context, a Archives, report *backup.Report) (err error) {
	held, err := r.take()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.wipe(), held.Close()) }()
	at := conf.Place{Data: filepath.Join(r.Scratch, "data"), KeysDir: filepath.Join(r.Scratch, "keys"), Node: "rehearsal"}
	if err := errors.Join(copyKeyFiles(a.Folder, at.KeysDir), copyHeads(a.Heads, at.Heads())); err != nil {
		return err
	}
	record, err := r.replay(ctx, "record", a.Record, a.Until, a.Super)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, record.stop()) }()
	keys := record
	if a.Keys.Base != "" {
		// The keys go on to the end: what was destroyed since stays destroyed.
		if keys, err = r.replay(ctx, "key-store", a.Keys, time.Time{}, a.Super); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, keys.stop()) }()
	}
	at.Database, at.Keys = record.address(a.Record.Database), keys.address(a.Keys.Database)
	if report.State, err = record.state(ctx, a.Record.Database); err != nil {
		return err
	}
	return Prove(ctx, at, report)
}

// replayed is a server that has taken up a base backup and its log.
type replayed struct {
	dir   string // its socket and its data
	super string
	cmd   *exec.Cmd
	ended chan error
	said  bytes.Buffer
}

// longestReplay is how long a server may take over its log before the rehearsal
// gives up; the log of a night is a matter of minutes.
const longestReplay = 2 * time.Hour

// replay starts a server on a copy of a base backup, and waits until its log has
// been replayed as far as wanted.
func (r Rehearsal) replay(ctx context.Context, name string, a Archive, until time.Time, super string) (*replayed, error) {
	s := &replayed{dir: filepath.Join(r.Scratch, name), super: super, ended: make(chan error, 1)}
	program, err := a.program()
	if err != nil {
		return nil, err
	}
	owner, err := serverUser()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.Mkdir(s.dir, 0o700), s.prepare(a, until)); err != nil {
		return nil, err
	}
	if err := handOver(owner, r.Scratch, s.dir); err != nil {
		return nil, err
	}
	s.cmd = exec.CommandContext(ctx, program, "-D", filepath.Join(s.dir, "base"), "-c", "config_file="+filepath.Join(s.dir, "postgresql.conf"))
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner, Pdeathsig: syscall.SIGQUIT}
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGQUIT) }
	s.cmd.Stdout, s.cmd.Stderr = &s.said, &s.said
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { s.ended <- s.cmd.Wait() }()
	if err := s.await(ctx); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// program is the postgres of the base backup's own release.
func (a Archive) program() (string, error) {
	release, err := os.ReadFile(filepath.Join(a.Base, "PG_VERSION"))
	if err != nil {
		return "", fmt.Errorf("%s is no base backup of PostgreSQL: %w", a.Base, err)
	}
	path := filepath.Join("/usr/lib/postgresql", strings.TrimSpace(string(release)), "bin/postgres")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	return pgProgram("postgres")
}

// prepare copies the base backup and writes how the server is to run: on a
// socket in its own folder, asking nobody for a password there, archiving
// nothing. Settings of the real server are left behind.
func (s *replayed) prepare(a Archive, until time.Time) error {
	base := filepath.Join(s.dir, "base")
	if names, err := os.ReadDir(filepath.Join(a.Base, "pg_tblspc")); err == nil && len(names) > 0 {
		return fmt.Errorf("%s has tablespaces, which a rehearsal does not know how to place", a.Base)
	}
	wal, err := filepath.Abs(a.WAL)
	if err != nil {
		return err
	}
	if strings.ContainsAny(wal, "\"'`$\\%\n") {
		return errors.New("the name of the folder of archived log has a sign in it that a shell would read")
	}
	settings := []string{
		"listen_addresses = ''", "unix_socket_directories = '" + s.dir + "'", "hba_file = '" + filepath.Join(s.dir, "pg_hba.conf") + "'",
		"hot_standby = off", "archive_mode = off", "fsync = off", "recovery_target_action = promote",
		`restore_command = 'cp "` + wal + `/%f" "%p"'`,
	}
	if !until.IsZero() {
		settings = append(settings, "recovery_target_time = '"+until.UTC().Format("2006-01-02 15:04:05.999999")+"+00'")
	}
	return errors.Join(
		os.CopyFS(base, os.DirFS(a.Base)),
		os.Chmod(base, 0o700),
		removeAny(filepath.Join(base, "standby.signal"), filepath.Join(base, "postgresql.auto.conf"), filepath.Join(base, "postmaster.pid")),
		os.WriteFile(filepath.Join(base, "recovery.signal"), nil, 0o600),
		os.WriteFile(filepath.Join(s.dir, "pg_hba.conf"), []byte("local all all trust\n"), 0o600),
		os.WriteFile(filepath.Join(s.dir, "postgresql.conf"), []byte(strings.Join(settings, "\n")+"\n"), 0o600),
	)
}

func removeAny(paths ...string) error {
	for _, p := range paths {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// serverUser is who the server runs as: PostgreSQL refuses to be root. Nil means
// whoever rehearses.
func serverUser() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, errors.New("PostgreSQL does not run as root: rehearse as another user, or have a user postgres")
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

// handOver gives a server's folder to its user, who may pass through the scratch
// folder and see nothing else in it.
func handOver(to *syscall.Credential, scratch, dir string) error {
	if to == nil {
		return nil
	}
	if err := os.Chmod(scratch, 0o711); err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(to.Uid), int(to.Gid))
	})
}

// await waits until the server answers and is no longer replaying.
func (s *replayed) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, longestReplay)
	defer cancel()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-s.ended:
			s.ended <- err
			return fmt.Errorf("PostgreSQL does not come back from the base backup and its log: %w: %s", err, lastLines(s.said.String()))
		case <-time.After(100 * time.Millisecond):
		}
		if done, err := s.replayedAll(ctx); err == nil && done {
			return nil
		}
	}
}

// lastLines is the end of what a server said: why it gave up.
func lastLines(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], " / ")
}

func (s *replayed) replayedAll(ctx context.Context) (done bool, err error) {
	conn, err := pgx.Connect(ctx, s.address("postgres"))
	if err != nil {
		return false, err // it still starts; await sees when it ends
	}
	defer conn.Close(ctx)
	err = conn.QueryRow(ctx, "SELECT NOT pg_is_in_recovery()").Scan(&done)
	return done, err
}

// state is the moment that the record was brought back to: its newest event.
func (s *replayed) state(ctx context.Context, database string) (at time.Time, err error) {
	conn, err := pgx.Connect(ctx, s.address(database))
	if err != nil {
		return at, err
	}
	defer conn.Close(ctx)
	var micros int64
	err = conn.QueryRow(ctx, "SELECT COALESCE(MAX(entered), 0) FROM event").Scan(&micros)
	return time.UnixMicro(micros).UTC(), err
}

func (s *replayed) address(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(s.super), Path: "/" + database, RawQuery: url.Values{"host": {s.dir}}.Encode()}
	return u.String()
}

// stop ends the server without a checkpoint: its folder is removed next.
func (s *replayed) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGQUIT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.ended: // how it ended was asked for
		return nil
	case <-time.After(30 * time.Second):
		return errors.Join(errors.New("the server of the rehearsal did not end, and was killed"), s.cmd.Process.Kill())
	}
}
