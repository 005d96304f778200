package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/law/form"
	"pendopo/test/testkit/port"
)

// service is what is applied for; unit handles it.
const (
	service = "surat-keterangan-domisili"
	unit    = "kel-sekararum"
	actor   = "sari"
)

// patience is how long a node may take to answer first, and to stop.
const patience = 90 * time.Second

// cluster is three nodes and what they share.
type cluster struct {
	dir          string
	program      string
	record, keys string // addresses of the databases
	password     string // of the officer
	nodes        []*node
	waiting      []string // streams whose limits pass while the cluster is used
}

// node is one server of the cluster.
type node struct {
	name, addr string
	place      conf.Place
	within     []string // what its command begins with
	log        string
	cmd        *exec.Cmd
	done       chan struct{} // closed when the process has ended
}

// build compiles a command of this module; more are flags of go build.
func build(dir, name string, more ...string) (string, error) {
	out := filepath.Join(dir, name)
	args := append([]string{"build", "-o", out}, more...)
	if text, err := exec.Command("go", append(args, "pendopo/cmd/pendopo")...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, text)
	}
	return out, nil
}

// newCluster makes an instance in two databases, and three nodes that do not run yet.
func newCluster(ctx context.Context, dir, program, record, keys string) (*cluster, error) {
	c := &cluster{dir: dir, program: program, record: record, keys: keys, password: rand.Text()}
	for i := range 3 {
		name := fmt.Sprintf("n%d", i+1)
		addr, err := port.Free()
		if err != nil {
			return nil, err
		}
		c.nodes = append(c.nodes, &node{name: name, addr: addr, log: filepath.Join(dir, name+".log"), place: conf.Place{
			Data: filepath.Join(dir, name), KeysDir: filepath.Join(dir, "keys"), Node: name,
			Database: named(record, name), Keys: named(keys, name),
		}})
	}
	return c, c.make(ctx, 20)
}

// named adds the node's name, so that the server knows who holds what.
func named(url, name string) string {
	mark := "?"
	if strings.Contains(url, "?") {
		mark = "&"
	}
	return url + mark + "application_name=" + name
}

// government is the folder that the cluster serves.
func (c *cluster) government() string { return filepath.Join(c.dir, "government") }

// writeGovernment writes the demo's folder out, with limits that pass soon, on
// Sundays too, and whatever else is to be replaced.
func (c *cluster) writeGovernment(replace ...string) error {
	hurried := strings.NewReplacer(append([]string{"within: 10 working minutes", "within: 2 minutes",
		"within: 5 working minutes", "within: 1 minute", "within: 4 working minutes", "within: 1 minute"}, replace...)...)
	return fs.WalkDir(government.FS, ".", func(path string, d fs.DirEntry, err error) error {
		to := filepath.Join(c.government(), filepath.FromSlash(path))
		if err != nil || d.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		text, err := fs.ReadFile(government.FS, path)
		if err != nil {
			return err
		}
		return os.WriteFile(to, []byte(hurried.Replace(string(text))), 0o644)
	})
}

// make publishes the government, adds an officer, and takes in cases whose limits
// pass one after another from three seconds on.
func (c *cluster) make(ctx context.Context, ahead int) error {
	if err := c.writeGovernment(); err != nil {
		return err
	}
	a, err := app.Open(ctx, app.Options{Place: c.nodes[0].place, Base: "http://localhost", Create: true, Origin: "nodes.example/log"})
	if err != nil {
		return err
	}
	defer a.Close()
	if _, err := a.Publish(ctx, os.DirFS(c.government())); err != nil {
		return err
	}
	id, err := a.Identity.Create(ctx, identity.NewOfficer{Login: actor, Name: identity.Name{Full: "Sari Contoh"}, Password: c.password, Own: true})
	if err != nil {
		return err
	}
	_, err = a.Identity.Assign(ctx, id, identity.Assignment{Unit: unit, Role: "petugas_layanan", From: "2025-01-02", Kind: identity.Definitive}, "", "")
	if err != nil {
		return err
	}
	for i := range ahead {
		late := 57*time.Second - time.Duration(i)*500*time.Millisecond
		got, err := a.Cases.Submit(ctx, casework.Submission{
			Service: service, Channel: "counter", Lang: "id", Answers: applicant(), Received: time.Now().Add(-late), Evidence: "register_book",
		})
		if err != nil {
			return err
		}
		c.waiting = append(c.waiting, got.Stream)
	}
	return nil
}

// applicant is an invented person: region 33.60 was given to no regency.
func applicant() form.Answers {
	return form.Answers{
		"name": "Sekar Wulandari", "nik": "3360015704950001", "birth_place": "Kawungraya", "birth_date": "1995-04-17",
		"sex": "perempuan", "phone": "+6281200000001", "region": "33.60.01.1001", "street": "Jalan Melati 4", "rt": int64(2),
		"rw": int64(5), "lives_since": "2020-01-01", "occupation": "bekerja", "purpose": "bank",
		"surat_pengantar": []string{form.AtCounter}, "ktp": []string{form.AtCounter}, "declaration": true,
	}
}

func (n *node) flags() []string {
	p := n.place
	return []string{"--data", p.Data, "--keys-dir", p.KeysDir, "--database", p.Database, "--keys", p.Keys, "--node", p.Node}
}

func (n *node) url() string { return "http://" + n.addr }

// start serves; the process dies with this one.
func (c *cluster) start(n *node, program string) error {
	log, err := os.OpenFile(n.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	args := append([]string{"serve"}, n.flags()...)
	args = append(append(n.within[:len(n.within):len(n.within)], program), append(args,
		"--addr", n.addr, "--base", "http://localhost", "--proxy", "127.0.0.1", "--proxy", "198.18.9.5", "--drain", "700ms")...)
	n.cmd = exec.Command(args[0], args[1:]...)
	n.cmd.Stdout, n.cmd.Stderr = log, log
	n.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := n.cmd.Start(); err != nil {
		return err
	}
	cmd, done := n.cmd, make(chan struct{})
	n.done = done
	go func() {
		defer close(done)
		_ = cmd.Wait() // how it ended stands in ProcessState
	}()
	return nil
}

// startAll serves with all nodes and waits until each is ready.
func (c *cluster) startAll(ctx context.Context) error {
	var failed []error
	for _, n := range c.nodes {
		failed = append(failed, c.start(n, c.program))
	}
	for _, n := range c.nodes {
		failed = append(failed, n.ready(ctx))
	}
	return errors.Join(failed...)
}

// ready waits until the node says so at /readyz.
func (n *node) ready(ctx context.Context) error {
	return until(ctx, n.name+" is ready", func() bool {
		res, err := http.Get(n.url() + "/readyz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
}

// kill ends the process as a power cut would.
func (n *node) kill() { n.signal(syscall.SIGKILL); <-n.done }

func (n *node) signal(s syscall.Signal) {
	if n.cmd != nil {
		_ = n.cmd.Process.Signal(s) // it may have ended
	}
}

// stop ends the process in order.
func (n *node) stop(ctx context.Context) error {
	n.signal(syscall.SIGTERM)
	select {
	case <-n.done:
	case <-time.After(patience):
		return fmt.Errorf("%s does not stop", n.name)
	case <-ctx.Done():
		return ctx.Err()
	}
	if code := n.cmd.ProcessState.ExitCode(); code != 0 {
		return fmt.Errorf("%s ended with %d", n.name, code)
	}
	return nil
}

// stopAll ends what runs.
func (c *cluster) stopAll() {
	for _, n := range c.nodes {
		if n.done != nil {
			n.kill()
		}
	}
}

// run runs a command of the program beside the nodes, and gives what it printed.
func (c *cluster) run(ctx context.Context, program string, n *node, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, append(args, n.flags()...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("pendopo %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return string(out), err
}

// until asks again and again, for patience at most.
func until(ctx context.Context, what string, holds func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("in vain: %s", what)
		}
	}
	return nil
}
