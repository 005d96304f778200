package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"pendopo/test/testkit/port"
)

// started starts the very program on a disk that a power cut left, as the next
// boot does, lets it answer, ends it, and has `pendopo verify` look.
func (x *exam) started(folder string) {
	data := filepath.Join(folder, "data")
	if err := x.of.boots(data); err != nil {
		x.wrong(checkOpen, err)
		return
	}
	said, err := exec.Command(x.of.binary, "verify", "--data", data).CombinedOutput()
	if err != nil {
		x.wrong(checkVerify, fmt.Errorf("pendopo verify: %w: %s", err, tail(said)))
	}
}

// boots starts the server on a data folder, asks it something, and ends it.
func (s *session) boots(data string) error {
	address, err := port.Free()
	if err != nil {
		return err
	}
	var said bytes.Buffer
	cmd := exec.Command(s.binary, s.serving(data, address)...)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	c := newClient(address, 0)
	defer c.close()
	if err = answering(address, ended); err == nil {
		_, err = c.until(http.StatusOK, "/log/checkpoint")
	}
	cmd.Process.Signal(syscall.SIGTERM)
	select {
	case e := <-ended:
		if err == nil {
			err = e
		}
	case <-time.After(patience):
		cmd.Process.Kill()
		err = fmt.Errorf("had to be killed: %v", <-ended)
	}
	if err != nil {
		err = fmt.Errorf("pendopo serve on what was left: %w: %s", err, tail(said.Bytes()))
	}
	return err
}
