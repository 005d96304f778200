package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server that the bench started and stops again.
type process struct {
	cmd  *exec.Cmd
	addr string
	done chan error
}

// patience is how long a server may take to answer first, and to stop.
const patience = 20 * time.Second

// start begins a program; its words go to a file of its own.
func start(dir, name string, args ...string) (*process, error) {
	out, err := os.Create(filepath.Join(dir, filepath.Base(name)+".log"))
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stderr = dir, out
	cmd.Env = append(os.Environ(), "GOTRACEBACK=single")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // a killed bench leaves nothing behind
	p := &process{cmd: cmd, done: make(chan error, 1)}
	return p, nil
}

// startLimit begins this program as the limit and waits for its address.
func startLimit(dir string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p, err := start(dir, self, "-limit", dir)
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	go func() { p.done <- p.cmd.Wait() }()
	p.addr = strings.TrimSpace(line)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the limit did not begin: %w", err), p.stop())
	}
	return p, nil
}

// startPendopo serves a data folder and says how long it took from the start of
// the process to the first answer of the home page.
func startPendopo(dir, binary, data string) (p *process, took time.Duration, err error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, 0, err
	}
	if p, err = start(dir, binary, "serve", "--data", data, "--addr", addr, "--base", "http://"+addr); err != nil {
		return nil, 0, err
	}
	p.addr = addr
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, 0, err
	}
	go func() { p.done <- p.cmd.Wait() }()
	for time.Since(began) < patience {
		if r, _, err := fetch(addr, get("/", "id", false)); err == nil && r.status == 200 {
			return p, time.Since(began), nil
		}
		select {
		case err := <-p.done:
			return nil, 0, fmt.Errorf("pendopo serve ended: %v", err)
		case <-time.After(2 * time.Millisecond):
		}
	}
	return nil, 0, errors.Join(errors.New("pendopo serve does not answer"), p.stop())
}

// freeAddress is a port of the loopback that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// stop asks the process to end, and ends it when it does not.
func (p *process) stop() error {
	if p == nil {
		return nil
	}
	p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
		return nil
	case <-time.After(patience):
		p.cmd.Process.Kill()
		<-p.done
		return fmt.Errorf("process %d had to be killed", p.cmd.Process.Pid)
	}
}

// tick is the unit of processor time in /proc: Linux fixes it at 10 ms.
const tick = 10 * time.Millisecond

// spent is the processor time of the process so far.
func (p *process) spent() (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := bytes.Fields(raw[bytes.LastIndexByte(raw, ')')+1:])
	user, err1 := strconv.Atoi(string(fields[11]))
	system, err2 := strconv.Atoi(string(fields[12]))
	return time.Duration(user+system) * tick, errors.Join(err1, err2)
}

// settle waits until the process has nothing left to do, so that what one round
// left behind is not paid for by the next, and says how long that took.
func (p *process) settle() (time.Duration, error) {
	const look, idle = 200 * time.Millisecond, 2 * tick
	began := time.Now()
	last, err := p.spent()
	for err == nil && time.Since(began) < patience {
		time.Sleep(look)
		var now time.Duration
		if now, err = p.spent(); now-last <= idle {
			return time.Since(began) - look, err
		}
		last = now
	}
	return time.Since(began), err
}

// memory reads figures of /proc/<pid>/<file> in MB: Pss and Rss of smaps_rollup,
// VmHWM (the most that ever was resident) of status.
func (p *process) memory(file, name string) (float64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", p.cmd.Process.Pid, file))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kb, err := strconv.Atoi(strings.Fields(value)[0])
			return float64(kb) / 1024, err
		}
	}
	return 0, fmt.Errorf("no %s in %s", name, file)
}
