package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"pendopo/test/testkit/port"
)

// proxy is haproxy as Debian has it.
type proxy struct {
	addr string
	cmd  *exec.Cmd
	done chan struct{}
}

// settings are those of docs/operating.md, with the addresses filled in.
const settings = `global
    maxconn 4096

defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    timeout check 2s
    retries 3
    option redispatch 1
    option forwardfor

frontend public
    bind %s
    default_backend pendopo

backend pendopo
    balance roundrobin
    option httpchk GET /readyz
    default-server check inter 500ms fall 1 rise 1
%s`

// newProxy starts the proxy before the nodes.
func newProxy(ctx context.Context, dir string, nodes []*node) (*proxy, error) {
	addr, err := port.Free()
	if err != nil {
		return nil, err
	}
	var servers strings.Builder
	for _, n := range nodes {
		fmt.Fprintf(&servers, "    server %s %s\n", n.name, n.addr)
	}
	file := filepath.Join(dir, "haproxy.cfg")
	if err := os.WriteFile(file, fmt.Appendf(nil, settings, addr, servers.String()), 0o600); err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "haproxy.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p := &proxy{addr: addr, cmd: exec.Command("/usr/sbin/haproxy", "-db", "-f", file), done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("haproxy: %w (apt-get install haproxy)", err)
	}
	go func() {
		defer close(p.done)
		_ = p.cmd.Wait() // killed at the end
	}()
	return p, until(ctx, "the proxy finds a node", func() bool {
		res, err := http.Get("http://" + addr + "/readyz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
}

func (p *proxy) stop() {
	_ = p.cmd.Process.Kill()
	<-p.done
}
