package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"pendopo/test/testkit/port"
)

// postgres is one server of a pair: durable as it comes, on a port of the loopback.
type postgres struct {
	name, dir, bin string
	port           string
	cmd            *exec.Cmd
	done           chan struct{}
}

// programs is where PostgreSQL's own are: on Debian not on the path.
func programs() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pg_basebackup")
	if err != nil || len(found) == 0 {
		return "", errors.New("PostgreSQL is not installed: apt-get install postgresql")
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// newPostgres makes a server with two databases, and does not start it. Its
// folder belongs to the user postgres where we are root, as PostgreSQL wants.
func newPostgres(dir, name string) (*postgres, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	addr, err := port.Free()
	if err != nil {
		return nil, err
	}
	p := &postgres{name: name, dir: filepath.Join(dir, name), bin: bin, port: addr[strings.LastIndex(addr, ":")+1:]}
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return nil, err
	}
	if owner := unprivileged(); owner != nil {
		if err := errors.Join(os.Chown(p.dir, int(owner.Uid), int(owner.Gid)), os.Chmod(filepath.Dir(p.dir), 0o755)); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// unprivileged is the user postgres when we are root; nil when we are someone else.
func unprivileged() *syscall.Credential {
	u, err := user.Lookup("postgres")
	if os.Getuid() != 0 || err != nil {
		return nil
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func (p *postgres) data() string { return filepath.Join(p.dir, "data") }

func (p *postgres) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.bin, program), args...)
	cmd.Dir = p.dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=" + p.dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: unprivileged(), Pdeathsig: syscall.SIGQUIT}
	return cmd
}

func (p *postgres) do(program string, args ...string) error {
	if out, err := p.command(program, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}

// primary makes and starts a first server, and the databases.
func (p *postgres) primary(ctx context.Context) error {
	if err := p.do("initdb", "-D", p.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions"); err != nil {
		return err
	}
	hba, err := os.OpenFile(filepath.Join(p.data(), "pg_hba.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = hba.WriteString("host all all 198.18.9.0/24 trust\n")
	if err := errors.Join(err, hba.Close()); err != nil {
		return err
	}
	if err := p.start(ctx); err != nil {
		return err
	}
	for _, name := range []string{"pendopo", "pendopo_keys"} {
		if err := p.do("createdb", "-h", "127.0.0.1", "-p", p.port, "-U", "postgres", name); err != nil {
			return err
		}
	}
	return nil
}

// replica copies the first server and follows it, as docs/operating.md says.
func (p *postgres) replica(ctx context.Context, of *postgres) error {
	from := "host=127.0.0.1 port=" + of.port + " user=postgres application_name=" + p.name
	if err := p.do("pg_basebackup", "-D", p.data(), "-d", from, "-R", "-X", "stream", "-c", "fast"); err != nil {
		return err
	}
	if err := p.start(ctx); err != nil {
		return err
	}
	return until(ctx, p.name+" follows", func() bool {
		return looker{of.url("postgres")}.count(ctx, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == 1
	})
}

// insist makes every commit wait until a replica has it too; without a name none does.
func (p *postgres) insist(ctx context.Context, replica string) error {
	l := looker{p.url("postgres")}
	for _, set := range []string{"ALTER SYSTEM SET synchronous_standby_names = '" + replica + "'", "SELECT pg_reload_conf()"} {
		if err := p.do("psql", "-q", "-h", "127.0.0.1", "-p", p.port, "-U", "postgres", "-c", set); err != nil {
			return err
		}
	}
	want := map[bool]string{true: "async", false: "sync"}[replica == ""]
	return until(ctx, "the replica is "+want, func() bool {
		return l.count(ctx, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = $1", want) == 1
	})
}

func (p *postgres) url(database string) string {
	return "postgres://postgres@127.0.0.1:" + p.port + "/" + database
}

// start runs the server until kill.
func (p *postgres) start(ctx context.Context) error {
	log, err := os.OpenFile(filepath.Join(filepath.Dir(p.dir), p.name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	p.cmd = p.command("postgres", "-D", p.data(), "-p", p.port, "-h", "127.0.0.1,"+databasesAt, "-k", p.dir, "-c", "shared_buffers=64MB")
	p.cmd.Stdout, p.cmd.Stderr = log, log
	if err := p.cmd.Start(); err != nil {
		return err
	}
	cmd, done := p.cmd, make(chan struct{})
	p.done = done
	go func() {
		defer close(done)
		_ = cmd.Wait() // killed, as it was meant to be
	}()
	return until(ctx, p.name+" answers", func() bool {
		return looker{p.url("postgres")}.count(ctx, "SELECT 1") == 1
	})
}

// kill ends the server and all its processes at once, without a goodbye.
func (p *postgres) kill() {
	if p.done == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGQUIT)
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// promote makes the replica the one that is written to.
func (p *postgres) promote() error { return p.do("pg_ctl", "promote", "-D", p.data(), "-w") }

// several is the address of a database on whichever of some servers takes changes.
func several(servers []*postgres, database string) string {
	var hosts []string
	for _, p := range servers {
		hosts = append(hosts, "127.0.0.1:"+p.port)
	}
	return "postgres://postgres@" + strings.Join(hosts, ",") + "/" + database + "?target_session_attrs=read-write&connect_timeout=3"
}
