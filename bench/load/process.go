package load

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Program is a server and how one knows that it serves.
type Program struct {
	Dir      string        // where it runs
	Log      string        // file for its words; NAME.log in Dir when empty
	Args     []string      // the program first
	Env      []string      // added to the environment
	Addr     string        // host:port where it will listen
	Ready    string        // the request that it answers with 200 once it serves
	Patience time.Duration // how long that may take; Patience when 0
}

// Process is a server that was started and is stopped again.
type Process struct {
	Addr string
	Took time.Duration // from starting the process to its first good answer
	cmd  *exec.Cmd
	done chan error
}

// Start begins a program and waits until it serves. When the process that
// started it dies, it dies too.
func Start(p Program) (*Process, error) {
	name := filepath.Base(p.Args[0])
	if p.Log == "" {
		p.Log = filepath.Join(p.Dir, name+".log")
	}
	out, err := os.OpenFile(p.Log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.Command(p.Args[0], p.Args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.Dir, out, out
	cmd.Env = append(append(os.Environ(), "GOTRACEBACK=single"), p.Env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := &Process{Addr: p.Addr, cmd: cmd, done: make(chan error, 1)}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() { started.done <- cmd.Wait() }()
	if err := started.ready(p.Ready, began, cmp.Or(p.Patience, Patience)); err != nil {
		return nil, fmt.Errorf("%s %w; its last words: %s", name, err, lastWords(p.Log))
	}
	return started, nil
}

// ready waits for the first good answer.
func (p *Process) ready(request string, began time.Time, patience time.Duration) error {
	for time.Since(began) < patience {
		if r, _, err := Fetch(p.Addr, request); err == nil && r.Status == 200 {
			p.Took = time.Since(began)
			return nil
		}
		select {
		case err := <-p.done:
			return fmt.Errorf("ended: %v", err)
		case <-time.After(2 * time.Millisecond):
		}
	}
	return errors.Join(errors.New("does not answer"), p.Stop())
}

// lastWords is the end of a log, on one line.
func lastWords(file string) string {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	raw = raw[max(0, len(raw)-600):]
	return strings.Join(strings.Fields(string(raw)), " ")
}

// Stop asks the process to end, and ends it when it does not. No process is
// stopped already.
func (p *Process) Stop() error {
	if p == nil {
		return nil
	}
	p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
		return nil
	case <-time.After(Patience):
		p.cmd.Process.Kill()
		<-p.done
		return fmt.Errorf("process %d had to be killed", p.PID())
	}
}

// PID is the process's number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// tick is the unit of processor time in /proc: Linux fixes it at 10 ms.
const tick = 10 * time.Millisecond

// Spent is the processor time of the process so far.
func (p *Process) Spent() (time.Duration, error) { return spent(p.PID()) }

func spent(pid int) (time.Duration, error) {
	fields, err := stat(pid)
	if err != nil {
		return 0, err
	}
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick, errors.Join(err1, err2)
}

// stat are the fields of /proc/<pid>/stat after the program's name: state,
// parent, …
func stat(pid int) ([]string, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	if len(fields) < 13 {
		return nil, fmt.Errorf("/proc/%d/stat: %q", pid, raw)
	}
	return fields, nil
}

// Settle waits until the process has nothing left to do, so that what one round
// left behind is not paid for by the next, and says how long that took.
func (p *Process) Settle() (time.Duration, error) { return SettleTree(p.PID()) }

// Memory reads figures of /proc/<pid>/<file> in MB: Pss and Rss of
// smaps_rollup, VmHWM (the most that ever was resident) of status.
func (p *Process) Memory(file, name string) (float64, error) { return memory(p.PID(), file, name) }

func memory(pid int, file, name string) (float64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
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
