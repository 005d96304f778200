package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"pendopo/test/testkit/port"
)

// session is one recording: the program runs several times over the same two
// folders, and everything it does to them stands in one line of calls.
type session struct {
	work    string   // scratch, where the trace of the running process goes
	root    string   // holds data and keys; what is recorded
	first   string   // a copy of it from before
	binary  string   // the program
	env     []string // plants a fault
	laws    string   // the government folder that is served
	calls   []*call
	next    int // number of the next line
	lives   int // processes so far
	answers answers
	effects []*effect
	people  *atomic.Int64 // applicants so far
}

// patience is how long a server may take to answer first, and to stop.
const patience = 90 * time.Second

func (s *session) data() string { return filepath.Join(s.root, "data") }
func (s *session) trace() string {
	return filepath.Join(s.work, "trace-"+strconv.Itoa(s.lives))
}

// under is the program under strace. With --seccomp-bpf only the calls named
// stop; without preemption by signals a stop is rarely for nothing.
func (s *session) under(args ...string) (*exec.Cmd, *bytes.Buffer) {
	said := &bytes.Buffer{}
	cmd := exec.Command("strace", append([]string{
		"-f", "--seccomp-bpf", "-y", "-xx", "-s", "33554432", "-e", "signal=none", "-e", "trace=" + strings.Join(traced, ","),
		"-o", s.trace(), s.binary}, args...)...)
	cmd.Stdout, cmd.Stderr = said, said
	cmd.Env = append(append(os.Environ(), "GODEBUG=asyncpreemptoff=1", "TZ=Asia/Jakarta"), s.env...)
	// Told to end, strace ends the program too.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
	return cmd, said
}

// command runs a command of the program to its end. What it says was done is
// acknowledged then: the moment is the next line.
func (s *session) command(args ...string) error {
	cmd, out := s.under(append(args, "--data", s.data())...)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("pendopo %s: %w: %s", args[0], err, tail(out.Bytes()))
	}
	return s.collect()
}

// collect takes the trace of the process that has ended in.
func (s *session) collect() error {
	calls, next, err := readTraceFile(s.trace(), s.root, s.next)
	if err != nil {
		return err
	}
	listen(s.lives, calls, s.answers)
	s.calls, s.next, s.lives = append(s.calls, calls...), next, s.lives+1
	return os.Remove(filepath.Join(s.work, "trace-"+strconv.Itoa(s.lives-1)))
}

// serving are the arguments by which the server serves a data folder.
func (s *session) serving(data, address string) []string {
	return []string{"serve", "--data", data, "--government", s.laws, "--addr", address,
		"--base", "http://localhost", "--origin", "power.example/log", "--proxy", "127.0.0.1"}
}

// serve runs the server, puts load on it, and ends it as an operator does.
func (s *session) serve(load func(address string) error) error {
	address, err := port.Free()
	if err != nil {
		return err
	}
	cmd, said := s.under(s.serving(s.data(), address)...)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	err = answering(address, ended)
	if err == nil {
		err = load(address)
	}
	if e := s.stop(cmd, ended); err != nil || e != nil {
		return fmt.Errorf("pendopo serve: %w\n%s", errors.Join(err, e), tail(said.Bytes()))
	}
	return s.collect()
}

// tail is the end of what a program said.
func tail(said []byte) []byte { return said[max(0, len(said)-2000):] }

func answering(address string, ended chan error) error {
	for began := time.Now(); time.Since(began) < patience; time.Sleep(5 * time.Millisecond) {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			return conn.Close()
		}
		select {
		case err := <-ended:
			ended <- err
			return fmt.Errorf("ended before it answered: %v", err)
		default:
		}
	}
	return errors.New("does not answer")
}

// stop sends SIGTERM to the server itself, whose number begins the trace.
func (s *session) stop(cmd *exec.Cmd, ended chan error) error {
	f, err := os.Open(s.trace())
	if err != nil {
		return errors.Join(err, cmd.Process.Kill())
	}
	defer f.Close()
	first, err := bufio.NewReader(io.LimitReader(f, 64)).ReadString(' ')
	pid, bad := strconv.Atoi(strings.TrimSpace(first))
	if err = errors.Join(err, bad); err == nil {
		err = syscall.Kill(pid, syscall.SIGTERM)
	}
	if err != nil && !errors.Is(err, syscall.ESRCH) {
		return errors.Join(err, cmd.Process.Signal(syscall.SIGTERM))
	}
	select {
	case err := <-ended:
		return err
	case <-time.After(patience):
		return errors.Join(errors.New("had to be killed"), syscall.Kill(pid, syscall.SIGKILL), cmd.Process.Kill())
	}
}
