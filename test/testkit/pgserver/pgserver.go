// Package pgserver starts a throw-away PostgreSQL for tests: a cluster of its
// own in a temporary folder, on a unix socket there and on no network.
// The server dies with the process that started it, even when that is killed:
// a small shell around it waits on a pipe and stops it when the pipe closes.
package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a running PostgreSQL.
type Server struct {
	URL string // of its database postgres, as superuser

	dir      string
	bin      string
	listen   string // addresses beside the unix socket; empty = none
	settings []string
	owner    *syscall.Credential
	life     io.WriteCloser // closing it stops the server
	cmd      *exec.Cmd
}

// settings make a server fast and small: its data need not survive it. What is
// tested about durability is tested against SQLite and with a real cluster.
var settings = []string{"fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=32MB", "max_connections=200", "autovacuum=off", "logging_collector=off"}

// Start makes and starts a server. Without PostgreSQL's programs it fails.
func Start() (*Server, error) { return start("", settings) }

func start(listen string, settings []string) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	owner, err := unprivileged()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pendopo-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, bin: bin, owner: owner, listen: listen, settings: settings}
	if err := s.start(); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// programs finds initdb and postgres: on the path, or where Debian keeps them.
func programs() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	sort.Slice(found, func(i, j int) bool { return major(found[i]) > major(found[j]) })
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			found = append(found, real)
		}
	}
	for _, path := range found {
		dir := filepath.Dir(path)
		if _, err := os.Stat(filepath.Join(dir, "postgres")); err == nil {
			return dir, nil
		}
	}
	return "", errors.New("PostgreSQL is not installed: apt-get install postgresql, or set PENDOPO_TEST_POSTGRES")
}

func major(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return n
}

// unprivileged is the user postgres when we are root, because PostgreSQL
// refuses to run as root; nil when we are someone else.
func unprivileged() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root: %w", err)
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

func (s *Server) start() error {
	if s.owner != nil {
		if err := os.Chown(s.dir, int(s.owner.Uid), int(s.owner.Gid)); err != nil {
			return err
		}
	}
	data := filepath.Join(s.dir, "data")
	initdb := s.command(filepath.Join(s.bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	if err := s.admit(data); err != nil {
		return err
	}
	if err := s.launch(data); err != nil {
		return err
	}
	s.URL = "postgres://postgres@localhost/postgres?host=" + s.dir
	return s.wait()
}

// admit lets whoever is on a network of this machine in, when the server listens
// at an address.
func (s *Server) admit(data string) error {
	if s.listen == "" {
		return nil
	}
	f, err := os.OpenFile(filepath.Join(data, "pg_hba.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString("host all all samenet trust\n")
	return errors.Join(err, f.Close())
}

// launch starts the server under a shell that stops it when its standard input
// ends, and removes the folder unless a word came before.
func (s *Server) launch(data string) error {
	args := []string{filepath.Join(s.bin, "postgres"), "-D", data, "-k", s.dir, "-h", s.listen}
	for _, setting := range s.settings {
		args = append(args, "-c", setting)
	}
	script := `trap '' INT TERM; dir=$1; shift; "$@" >"$dir/log" 2>&1 </dev/null & pid=$!; word=; read -r word; kill -QUIT $pid; wait $pid; [ -n "$word" ] || rm -rf "$dir"`
	s.cmd = s.command("/bin/sh", append([]string{"-c", script, "sh", s.dir}, args...)...)
	s.cmd.SysProcAttr.Setpgid = true // a Ctrl-C of the tests is not for the server
	var err error
	if s.life, err = s.cmd.StdinPipe(); err != nil {
		return err
	}
	return s.cmd.Start()
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=" + s.dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner}
	return cmd
}

// wait asks until the server answers.
func (s *Server) wait() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, s.URL)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("PostgreSQL does not answer: %w: %s", err, log)
		}
	}
}

// PID is the process under which the whole server runs.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Stop ends the server at once and removes its data.
func (s *Server) Stop() error {
	if s.life == nil {
		return os.RemoveAll(s.dir)
	}
	s.life.Close()
	return s.cmd.Wait()
}

// Database makes an empty database of a plain name (letters, digits, _ and -)
// and gives its address. drop removes it,
// whoever is still connected.
func Database(ctx context.Context, server, name string) (url string, drop func() error, err error) {
	if err := run(ctx, server, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()); err != nil {
		return "", nil, err
	}
	config, err := pgx.ParseConfig(server)
	if err != nil {
		return "", nil, err
	}
	drop = func() error {
		return run(context.WithoutCancel(ctx), server, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
	}
	return withDatabase(server, config.Database, name), drop, nil
}

// withDatabase replaces the path of a server's address.
func withDatabase(server, from, name string) string {
	address, query, asked := strings.Cut(server, "?")
	address = strings.TrimSuffix(strings.TrimSuffix(address, "/"), "/"+from) + "/" + name
	if asked {
		address += "?" + query
	}
	return address
}

func run(ctx context.Context, url, statement string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
