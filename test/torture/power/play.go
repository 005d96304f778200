package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
)

// newSession prepares a recording in a scratch folder: of a new instance.
func newSession(work, binary string, env ...string) (*session, error) {
	s := &session{work: work, root: filepath.Join(work, "disk"), first: filepath.Join(work, "first"), binary: binary, env: env,
		answers: answers{}, people: &atomic.Int64{}, next: 1}
	top, err := house()
	s.laws = filepath.Join(top, "government")
	return s, errors.Join(err, os.MkdirAll(s.root, 0o700), os.Mkdir(s.first, 0o700))
}

// house is the top folder of the tree.
func house() (string, error) {
	at, err := os.Getwd()
	for ; err == nil && at != "/"; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at, nil
		}
	}
	return "", errors.Join(err, errors.New("power: runs inside the tree of the project"))
}

// plan is what a session does.
type plan struct {
	clients, each int
	large         int
	seed          uint64
	apart         bool
	commands      bool // between two servers: an officer is added, a case destroyed, the wrap key changed
}

// play records: a server and load, and, if so planned, commands and a server again.
func (s *session) play(p plan) error {
	l := &load{clients: p.clients, each: p.each, large: p.large, seed: p.seed, apart: p.apart, people: s.people}
	ended, err := s.underLoad(l)
	if err == nil && p.commands {
		if err = s.commands(ended); err == nil {
			_, err = s.underLoad(l)
		}
	}
	return errors.Join(err, s.resolve(err))
}

// underLoad serves, and gives cases that have ended.
func (s *session) underLoad(l *load) (ended []*handed, err error) {
	err = s.serve(func(address string) error {
		acked, done, err := l.run(address, s.lives)
		s.effects, ended = append(s.effects, acked...), done
		return err
	})
	return ended, err
}

// commands are what an operator does while the server is stopped. Each is
// acknowledged when it has ended.
func (s *session) commands(ended []*handed) error {
	login := fmt.Sprintf("petugas%d", s.lives)
	name := "Petugas Contoh " + login
	if err := s.ordered(checkOfficers, func(x *exam) error { return x.hasOfficer(login, name) }, "officer", "add", login, "--name", name); err != nil {
		return err
	}
	if len(ended) > 0 {
		h := ended[0]
		h.closing = &answer{life: s.lives, nth: -1}
		s.answers[*h.closing] = s.next
		err := s.ordered(checkDestroyed, func(x *exam) error { return x.shredded(h) }, "case", "shred", h.Code, "--reason", "retention", "--actor", login, "--yes")
		if err != nil {
			return err
		}
	}
	return s.command("keys", "rotate", "wrap") // every other check needs the keys
}

// ordered runs a command and notes what it acknowledged.
func (s *session) ordered(check string, hold func(*exam) error, args ...string) error {
	if err := s.command(args...); err != nil {
		return err
	}
	s.effects = append(s.effects, &effect{check: check, moment: s.next, hold: hold})
	return nil
}

// resolve finds the moment of every effect in the record.
func (s *session) resolve(err error) error {
	if err != nil {
		return nil
	}
	for _, e := range s.effects {
		if e.moment != 0 {
			continue
		}
		moment, known := s.answers[e.at]
		if !known {
			return fmt.Errorf("an answer that a client had is not in the record: %+v, %s", e.at, e.check)
		}
		e.moment = moment
	}
	return nil
}

// disk is the model before the first call.
func (s *session) disk() (*disk, error) {
	d := newDisk(s.root)
	return d, d.load(s.first)
}

// faithful replays the whole record and holds it against what really stands in
// the folders: nothing may have changed unseen.
func (s *session) faithful() (counts, error) {
	d, err := s.disk()
	if err != nil {
		return counts{}, err
	}
	for _, h := range timeline(s.calls) {
		if err := d.take(h); err != nil {
			return d.count, fmt.Errorf("line %d of the record: %w", h.line, err)
		}
	}
	d.count.Answers = len(s.answers)
	return d.count, d.compare()
}

// mostCarried is how many effects of one session are still checked in the next.
const mostCarried = 1500

// after is a session that begins on a disk that a power cut in this one left.
func (s *session) after(work string, c cut, r *rand.Rand) (*session, error) {
	next, err := newSession(work, s.binary, s.env...)
	if err != nil {
		return nil, err
	}
	next.lives, next.people = s.lives, s.people
	d, err := s.disk()
	if err != nil {
		return nil, err
	}
	for _, h := range timeline(s.calls) {
		if h.line >= c.moment {
			break
		}
		if err := d.take(h); err != nil {
			return nil, err
		}
	}
	if err := os.Remove(next.first); err != nil {
		return nil, err
	}
	if err := newLot(mixed, r).build(d.top, next.first); err != nil {
		return nil, err
	}
	if err := os.CopyFS(next.root, os.DirFS(next.first)); err != nil {
		return nil, err
	}
	next.carry(s, c.moment, r)
	return next, private(next.root)
}

// private closes a copied folder to others again, as the program wants it.
func private(folder string) error {
	return filepath.WalkDir(folder, func(p string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			return os.Chmod(p, 0o700)
		}
		return os.Chmod(p, 0o600)
	})
}

// carry takes over what had been acknowledged before the cut: all that was
// destroyed, and some of the rest.
func (s *session) carry(from *session, moment int, r *rand.Rand) {
	for at, line := range from.answers {
		if line < moment {
			s.answers[at] = -1
		}
	}
	var held []*effect
	for _, e := range from.effects {
		switch {
		case e.moment >= moment:
		case e.check == checkDestroyed:
			s.effects = append(s.effects, &effect{check: e.check, moment: -1, hold: e.hold})
		default:
			held = append(held, &effect{check: e.check, moment: -1, hold: e.hold})
		}
	}
	r.Shuffle(len(held), func(i, j int) { held[i], held[j] = held[j], held[i] })
	s.effects = append(s.effects, held[:min(len(held), mostCarried)]...)
}
