package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"pendopo/bench/load"
	"pendopo/test/testkit/port"
)

// clients is how many send at the same time.
const clients = 64

// Kinds of jobs. The limit has one for each but page, whose limit is read.
const (
	accept = "accept" // create or start; finished when it is durable
	read   = "read"   // one by its id, as JSON
	page   = "page"   // one by its id, as a page of HTML
	list   = "list"   // the newest twenty and how many there are
)

// subject is one program under measurement.
type subject struct {
	b        *bench
	name     string
	version  string
	database string // SQLite or PostgreSQL
	peer     string // folder of its script; empty: nothing to install
	front    string // address of the first page that a person sees; empty: it has none
	list     bool   // whether it has a list

	program func(s *subject) load.Program // how it starts, with the address in s.addr
	request func(s *subject, kind string) load.Load
	prepare func(s *subject) error // once, while it runs for the first time

	fault    error // why it is not, or no longer, measured
	dir      string
	addr     string
	postgres *postgres
	process  *load.Process
	ids      []string // of what can be read

	starts    []time.Duration
	idle      []float64 // MB
	peak      float64   // MB
	weight    weight
	perFlush  []float64
	settled   []time.Duration
	processor []time.Duration // per accepted
	rounds    map[string][]round
}

// round is what one measurement has shown, and the limit's right before and
// after it.
type round struct {
	load.Result
	limit float64 // answers a second, the mean of both
}

// choose makes the list of subjects.
func (b *bench) choose() {
	all := []*subject{pendopoOn("SQLite"), pendopoOn("PostgreSQL"), pocketbase(), strapi(), temporal(), dbos()}
	for _, s := range all {
		if b.only != "" && !slices.Contains(strings.Split(b.only, ","), s.name) {
			continue
		}
		s.b, s.rounds = b, map[string][]round{}
		b.subjects = append(b.subjects, s)
	}
}

// title is the name that tells subjects apart.
func (s *subject) title() string { return s.name + ", " + s.database }

// install runs the scripts of the peers.
func (b *bench) install() {
	for _, s := range b.subjects {
		if s.peer == "" {
			continue
		}
		b.try(s, "install", func() error {
			return b.command(25*time.Minute, filepath.Join("bench/peers", s.peer, "install"), s.installed())
		})
	}
}

// installed is the folder of an installed peer.
func (s *subject) installed() string { return filepath.Join(s.b.cache, s.peer) }

// pinned is the version that a file of dependencies names for a package.
func pinned(file, name string) string {
	raw, err := os.ReadFile(filepath.Join("bench/peers", file))
	if err != nil {
		return "of unknown version"
	}
	found := regexp.MustCompile(regexp.QuoteMeta(name) + `"?:? "?v?([0-9.]+)`).FindSubmatch(raw)
	if found == nil {
		return "of unknown version"
	}
	return string(found[1])
}

// prepareAll gives a subject its folder and what it stands on, starts it for
// the first time, and makes what is to be read.
func (s *subject) prepareAll() (err error) {
	s.dir = filepath.Join(s.b.dir, strings.ToLower(s.name+"-"+s.database))
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	if s.database == "PostgreSQL" {
		if s.postgres, err = startPostgres(s.b.ctx); err != nil {
			return err
		}
	}
	return s.runOnce(func() error { return s.prepare(s) })
}

// runOnce starts a subject, does something and stops it.
func (s *subject) runOnce(do func() error) error {
	if err := s.start(); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	if _, err := s.settle(); err != nil {
		return err
	}
	return s.stop()
}

func (s *subject) start() (err error) {
	if s.addr, err = port.Free(); err != nil {
		return err
	}
	p := s.program(s)
	p.Addr, p.Log, p.Patience = s.addr, filepath.Join(s.dir, "server.log"), 2*time.Minute
	if p.Dir == "" {
		p.Dir = s.dir
	}
	s.process, err = load.Start(p)
	return err
}

func (s *subject) stop() error {
	err := s.process.Stop()
	s.process = nil
	return err
}

// pids are the processes of a subject: its own and its database's.
func (s *subject) pids() []int {
	if s.postgres != nil {
		return []int{s.process.PID(), s.postgres.server.PID()}
	}
	return []int{s.process.PID()}
}

func (s *subject) settle() (time.Duration, error) { return load.SettleTree(s.pids()...) }

// get is a request of a program that keeps its connection.
func get(path string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n"
}

// turns asks for one id after another.
func (s *subject) turns(format string) func(b []byte, n int64) []byte {
	requests := make([]string, len(s.ids))
	for i, id := range s.ids {
		requests[i] = get(fmt.Sprintf(format, id))
	}
	return func(b []byte, n int64) []byte { return append(b, requests[n%int64(len(requests))]...) }
}

func always(request string) func(b []byte, n int64) []byte {
	return func(b []byte, _ int64) []byte { return append(b, request...) }
}
