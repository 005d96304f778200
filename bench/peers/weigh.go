package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// weight is a first visit on the wire.
type weight struct{ bytes, requests int64 }

// weigh opens the first page in a real browser with an empty cache and counts
// what comes back, everything the page asks for included. The browser finds no
// other host.
func (s *subject) weigh() error {
	if s.front == "" {
		return nil
	}
	browser, err := exec.LookPath("chromium")
	if err != nil {
		return nil // the table says that it was not weighed
	}
	return s.runOnce(func() error {
		m, err := meterFor(s.addr)
		if err != nil {
			return err
		}
		defer m.close()
		err = s.b.command(time.Minute, browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
			"--user-data-dir="+filepath.Join(s.dir, "browser"), "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
			"--virtual-time-budget=15000", "--dump-dom", "http://"+m.listener.Addr().String()+s.front)
		s.weight = weight{m.bytes.Load(), m.requests.Load()}
		if err == nil && s.weight.bytes == 0 {
			err = errors.New("the browser asked for nothing")
		}
		return err
	})
}

// meter stands between a browser and a server and counts.
type meter struct {
	listener        net.Listener
	bytes, requests atomic.Int64
	all             sync.WaitGroup
}

func meterFor(addr string) (*meter, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &meter{listener: l}
	m.all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			m.all.Go(func() { m.join(conn, addr) })
		}
	})
	return m, nil
}

func (m *meter) close() { m.listener.Close(); m.all.Wait() }

// join passes bytes both ways until either side ends.
func (m *meter) join(browser net.Conn, addr string) {
	defer browser.Close()
	server, err := net.Dial("tcp", addr)
	if err != nil {
		return
	}
	defer server.Close()
	var back sync.WaitGroup
	back.Go(func() {
		io.Copy(browser, counted{server, func(p []byte) { m.bytes.Add(int64(len(p))) }})
		browser.Close()
	})
	io.Copy(server, counted{browser, func(p []byte) { m.requests.Add(int64(bytes.Count(p, []byte(" HTTP/1.1\r\n")))) }})
	server.Close()
	back.Wait()
}

// counted shows what is read through it.
type counted struct {
	io.Reader
	see func(p []byte)
}

// Read reads and shows.
func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.see(p[:n])
	return n, err
}
