package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// patience is how long a server may take to answer first, and to stop.
const patience = 90 * time.Second

// server is a running `pendopo serve`.
type server struct {
	cmd  *exec.Cmd
	addr string
	done chan struct{} // closed when the process has ended
}

// serve starts the server of an instance. Its words go to the end of a file. It
// dies with this program.
func (in *instance) serve(addr string, more ...string) (*server, error) {
	args := append([]string{"serve"}, in.flags()...)
	host, _, _ := net.SplitHostPort(addr)
	args = append(args, "--addr", addr, "--base", "http://"+addr, "--proxy", host+"/24")
	return in.start(in.run(context.Background(), in.program, append(args, more...)...), addr)
}

// start begins a process that serves at an address.
func (in *instance) start(cmd *exec.Cmd, addr string) (*server, error) {
	log, err := os.OpenFile(filepath.Join(in.dir, "server.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{cmd: cmd, addr: addr, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		_ = cmd.Wait() // how it ended stands in ProcessState
	}()
	return s, nil
}

// answers asks for an address until the status is the wanted one.
func (s *server) answers(ctx context.Context, path string, want int) error {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	last := errors.New("not asked")
	for {
		res, err := client.Get("http://" + s.addr + path)
		if err == nil {
			res.Body.Close()
			if res.StatusCode == want {
				return nil
			}
			err = fmt.Errorf("it answered %d", res.StatusCode)
		}
		last = err
		select {
		case <-tick.C:
		case <-s.done:
			return fmt.Errorf("the server ended: %s", s.cmd.ProcessState)
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer %s with %d: %w", path, want, last)
		}
	}
}

// ready waits for the first page that needs the database.
func (s *server) ready(ctx context.Context) error {
	return s.answers(ctx, "/api/v1/cases/00000-00000-0", http.StatusNotFound)
}

// kill ends the process as a power button does not: with no word to it.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // it may have ended already
	<-s.done
}

// stop asks the process to end, and fails when it does not, or ends badly.
func (s *server) stop() error {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.done:
	case <-time.After(patience):
		s.kill()
		return errors.New("the server had to be killed")
	}
	if s.cmd.ProcessState.ExitCode() != 0 {
		return fmt.Errorf("the server ended with %s", s.cmd.ProcessState)
	}
	return nil
}
