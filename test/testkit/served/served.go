// Package served gives tests the program itself: built once, serving an instance
// of its own as a process, and asked from any address of the loopback.
package served

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/bench/load"
	"pendopo/engine/identity"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/test/testkit/port"
)

// Officer is the log-in name of the officer of every instance, and Password the
// password. The officer handles cases, and is the administrator too.
const (
	Officer  = "petugas"
	Password = "sandi-uji-coba-yang-panjang"
)

// program is the built program, once for a test process.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "pendopo-served-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "pendopo")
	out, err := exec.Command("go", "build", "-o", file, "pendopo/cmd/pendopo").CombinedOutput()
	return file, errors.Join(err, words(err, out))
})

func words(err error, out []byte) error {
	if err == nil {
		return nil
	}
	return errors.New(string(out))
}

// Program is the path of the built program.
func Program(t testing.TB) string {
	t.Helper()
	file, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// Remove takes the built program away; call it at the end of TestMain.
func Remove() {
	if file, err := program(); err == nil {
		os.RemoveAll(filepath.Dir(file))
	}
}

// Server is a running server with an instance of its own.
type Server struct {
	*load.Process
	Place   conf.Place
	Base    string
	Addr    string
	Metrics string // address of /metrics
	Log     string // file with everything it said
	args    []string
	ended   bool
	t       testing.TB
}

// Start makes an instance with the demo's government and an officer, and serves
// it until the test ends. Flags are added to those of serve.
func Start(t testing.TB, flags ...string) *Server {
	t.Helper()
	s := &Server{t: t, Place: conf.Place{Data: filepath.Join(t.TempDir(), "data"), Node: "node1"}}
	s.make()
	s.Log = filepath.Join(filepath.Dir(s.Place.Data), "log")
	s.Addr, s.Metrics = s.free(), s.free()
	s.Base = "http://" + s.Addr
	s.args = append([]string{Program(t), "serve", "--data", s.Place.Data, "--addr", s.Addr, "--metrics-addr", s.Metrics}, flags...)
	s.Again()
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Again starts the server anew after it was stopped.
func (s *Server) Again() {
	s.t.Helper()
	var err error
	s.ended = false
	s.Process, err = load.Start(load.Program{Dir: filepath.Dir(s.Place.Data), Log: s.Log, Args: s.args, Addr: s.Addr,
		Ready: "GET /readyz HTTP/1.1\r\nHost: " + s.Addr + "\r\nConnection: close\r\n\r\n"})
	s.must(err)
}

func (s *Server) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *Server) free() string {
	addr, err := port.Free()
	s.must(err)
	return addr
}

// Stop asks the server to end and waits for it; once is enough.
func (s *Server) Stop() error {
	if s.ended || s.Process == nil {
		return nil
	}
	s.ended = true
	return s.Process.Stop()
}

// Ended waits until the process has gone, without telling it to.
func (s *Server) Ended() {
	s.t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if syscall.Kill(s.PID(), 0) != nil {
			s.ended = true
			return
		}
	}
	s.t.Fatal("the server did not end")
}

// make makes the instance, in this process.
func (s *Server) make() {
	s.t.Helper()
	in, err := app.Open(context.Background(), app.Options{Place: s.Place, Base: "http://localhost", Create: true, Origin: "localhost/log", Log: slog.New(slog.DiscardHandler)})
	s.must(err)
	_, err = in.Publish(context.Background(), government.FS)
	s.must(err)
	id, err := in.Identity.Create(context.Background(), identity.NewOfficer{Login: Officer, Name: identity.Name{Full: "Petugas Contoh"}, Password: Password, Own: true})
	s.must(err)
	for _, role := range []string{"petugas_layanan", "administrator"} {
		_, err = in.Identity.Assign(context.Background(), id, identity.Assignment{Unit: "kel-sekararum", Role: role, From: "2025-01-02", Kind: identity.Definitive}, "", "")
		s.must(err)
	}
	s.must(in.Close())
}

// Client is one visitor.
type Client struct {
	http.Client
	s *Server
}

// From is a visitor at an address of the loopback, such as 127.0.3.4, with
// cookies of their own.
func (s *Server) From(address string) *Client {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	s.must(err)
	dial := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	c := &Client{http.Client{Jar: jar, Timeout: 2 * time.Minute, Transport: &http.Transport{DialContext: dial.DialContext, MaxIdleConnsPerHost: 4},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, s}
	s.t.Cleanup(c.CloseIdleConnections)
	return c
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   string
	Took   time.Duration
}

// Ask sends one request; head is pairs of names and values.
func (c *Client) Ask(method, path string, body io.Reader, head ...string) (Answer, error) {
	r, err := http.NewRequest(method, c.s.Base+path, body)
	if err != nil {
		return Answer{}, err
	}
	for i := 0; i+1 < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	began := time.Now()
	res, err := c.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return Answer{res.StatusCode, res.Header, string(text), time.Since(began)}, err
}

// Must is Ask for a request that has to be answered.
func (c *Client) Must(method, path string, body io.Reader, head ...string) Answer {
	c.s.t.Helper()
	got, err := c.Ask(method, path, body, head...)
	c.s.must(err)
	return got
}

// Get asks for a page.
func (c *Client) Get(path string) Answer { c.s.t.Helper(); return c.Must("GET", path, nil) }

var token = regexp.MustCompile(`name="_token" value="([^"]+)"`)

// Token is the form token of a page.
func (c *Client) Token(page string) string {
	c.s.t.Helper()
	found := token.FindStringSubmatch(c.Get(page).Body)
	if found == nil {
		c.s.t.Fatalf("%s has no form", page)
	}
	return found[1]
}

// Post sends a form that the page at from shows.
func (c *Client) Post(from, to string, values url.Values) Answer {
	c.s.t.Helper()
	values.Set("_token", c.Token(from))
	return c.Must("POST", to, strings.NewReader(values.Encode()), "Content-Type", "application/x-www-form-urlencoded")
}

// LogIn logs an officer in, and says what was answered.
func (c *Client) LogIn(login, password string) Answer {
	c.s.t.Helper()
	return c.Post("/desk/login", "/desk/login", url.Values{"login": {login}, "password": {password}})
}

// Scrape is what /metrics says now.
func (s *Server) Scrape() string {
	s.t.Helper()
	res, err := http.Get("http://" + s.Metrics + "/metrics")
	s.must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	s.must(err)
	return string(text)
}

// Resident is the memory of the server now, in MB, and the most it ever was.
func (s *Server) Resident() (now, most float64) {
	s.t.Helper()
	now, err := s.Memory("smaps_rollup", "Rss")
	s.must(err)
	most, err = s.Memory("status", "VmHWM")
	s.must(err)
	return now, most
}
