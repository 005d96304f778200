package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const service = "surat-keterangan-domisili"

// load is what clients do to one server: apply, send papers in pieces, save and
// discard drafts, withdraw.
type load struct {
	clients, each int  // how many at a time, and what each does
	large         int  // most bytes of a paper
	apart         bool // apply, and nothing else
	seed          uint64
	people        *atomic.Int64 // applicants so far
}

// applicant is one invented person. Region 33.60 was given to no regency.
func (l *load) applicant() (n int64, nik string) {
	n = l.people.Add(1)
	return n, fmt.Sprintf("3360015704%06d", 950000-n)
}

// run puts the load on a server and gives what was acknowledged, and cases that
// have ended.
func (l *load) run(address string, life int) (acked []*effect, ended []*handed, err error) {
	definition, err := definitionOf(address, life)
	if err != nil {
		return nil, nil, err
	}
	var all sync.WaitGroup
	workers, errs := make([]*worker, l.clients), make([]error, l.clients)
	for i := range workers {
		workers[i] = &worker{load: l, client: newClient(address, life), definition: definition,
			rand: rand.New(rand.NewPCG(l.seed, uint64(life*1000+i)))}
	}
	watch := &worker{load: l, client: newClient(address, life)}
	done, watching := make(chan struct{}), make(chan error, 1)
	go func() { watching <- watch.observe(done) }()
	for i, w := range workers {
		all.Go(func() { errs[i] = w.work() })
	}
	all.Wait()
	close(done)
	errs = append(errs, <-watching)
	for _, w := range append(workers, watch) {
		w.close()
		acked, ended = append(acked, w.acked...), append(ended, w.done...)
	}
	return acked, ended, errors.Join(errs...)
}

func definitionOf(address string, life int) (string, error) {
	c := newClient(address, life)
	defer c.close()
	r, err := c.until(http.StatusOK, "/api/v1/services/"+service)
	if err != nil {
		return "", err
	}
	var v struct{ Definition string }
	return v.Definition, json.Unmarshal(r.body, &v)
}

// worker is one client at work.
type worker struct {
	*load
	*client
	definition string
	rand       *rand.Rand
	acked      []*effect
	done       []*handed // withdrawn: cases that have ended
}

// told notes an effect that the last answer acknowledged.
func (w *worker) told(r reply, check string, hold func(*exam) error) {
	w.acked = append(w.acked, &effect{check: check, at: r.at, hold: hold})
}

func (w *worker) key() string {
	return fmt.Sprintf("power-%016x%016x", w.rand.Uint64(), w.rand.Uint64())
}

func (w *worker) work() error {
	for i := range w.each {
		w.from = fmt.Sprintf("10.%d.%d.%d", w.rand.IntN(256), w.rand.IntN(256), w.rand.IntN(256))
		var err error
		switch kind := w.rand.IntN(6); {
		case w.apart, i == 0: // at first nothing but the record grows
			_, err = w.apply("", nil)
		case kind == 0:
			err = w.withPapers()
		case kind == 1:
			err = w.draft(i)
		case kind == 2:
			err = w.withdrawn()
		default:
			_, err = w.apply("", nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// handed is a case as its applicant knows it.
type handed struct {
	Code    string
	Secret  string
	Receipt json.RawMessage
	name    string
	closing *answer // the last answer before its destruction was ordered
}

// apply hands an application in.
func (w *worker) apply(group string, papers []string) (*handed, error) {
	n, nik := w.applicant()
	a := answersOf(n, nik)
	body := map[string]any{"definition": w.definition, "channel": "api", "answers": a}
	if group != "" {
		a["surat_pengantar"], body["uploads"] = papers, group
	}
	h := &handed{name: a["name"].(string)}
	r, err := w.json(http.StatusCreated, "POST", "/api/v1/services/"+service+"/cases", body, h, "Idempotency-Key", w.key())
	if err != nil {
		return nil, err
	}
	w.told(r, checkCases, func(x *exam) error { return x.atLeast(h, 1) })
	w.told(r, checkKeys, func(x *exam) error { return x.opens(h, nik) })
	w.told(r, checkReceipts, func(x *exam) error { return x.in.Ledger.VerifyReceipt(h.Receipt) })
	return h, nil
}

func answersOf(n int64, nik string) map[string]any {
	return map[string]any{
		"name": "Sekar Contoh " + strconv.FormatInt(n, 10), "nik": nik, "birth_place": "Kawungraya", "birth_date": "1995-04-17",
		"sex": "perempuan", "phone": fmt.Sprintf("+6281200%06d", n), "region": "33.60.01.1001", "street": "Jalan Melati 4", "rt": 2, "rw": 5,
		"lives_since": "2020-01-01", "occupation": "bekerja", "purpose": "bank", "surat_pengantar": []string{"counter"},
		"ktp": []string{"counter"}, "declaration": true,
	}
}

// withdrawn applies and withdraws.
func (w *worker) withdrawn() error {
	h, err := w.apply("", nil)
	if err != nil {
		return err
	}
	r, err := w.json(http.StatusOK, "POST", "/api/v1/cases/"+h.Code+"/actions/withdraw", map[string]any{"version": 1}, nil,
		"Idempotency-Key", w.key(), "Authorization", "Bearer "+h.Secret)
	if err != nil {
		return err
	}
	w.told(r, checkCases, func(x *exam) error { return x.atLeast(h, 2) })
	w.done = append(w.done, h)
	return nil
}

// paper is a file that looks like a PDF.
func (w *worker) paper() []byte {
	noise := make([]byte, 1000+w.rand.IntN(w.large))
	junk(w.rand, noise)
	return bytes.Join([][]byte{[]byte("%PDF-1.7\n"), noise, []byte("\nstartxref\n0\n%%EOF\n")}, nil)
}

// sent is a file as its sender knows it.
type sent struct {
	Upload, Group string
	Offset        int64
	Whole         bool
	data          []byte
}

// withPapers sends a file in pieces and applies with it.
func (w *worker) withPapers() error {
	s := &sent{data: w.paper()}
	length := strconv.Itoa(len(s.data))
	r, err := w.send(http.StatusCreated, "POST", "/api/v1/uploads?service="+service+"&field=surat_pengantar", nil,
		"Idempotency-Key", w.key(), "Upload-Length", length)
	if err == nil {
		err = json.Unmarshal(r.body, s)
	}
	if err != nil {
		return err
	}
	w.told(r, checkDrafts, func(x *exam) error { return x.group(s) })
	for !s.Whole {
		piece := s.data[s.Offset:]
		piece = piece[:min(len(piece), 1+w.rand.IntN(len(s.data)))]
		r, err := w.send(http.StatusOK, "PATCH", "/api/v1/uploads/"+s.Upload, piece, "Content-Type", "application/offset+octet-stream",
			"Upload-Offset", strconv.FormatInt(s.Offset, 10), "Upload-Group", s.Group)
		if err == nil {
			err = json.Unmarshal(r.body, s)
		}
		if err != nil {
			return err
		}
		reached := s.Offset
		w.told(r, checkFiles, func(x *exam) error { return x.reached(s, reached) })
	}
	_, err = w.apply(s.Group, []string{s.Upload})
	return err
}

// secretLength is how many characters a secret has.
const secretLength = 8

// draft begins a form in a browser, saves a page of it again and again, and
// discards every other one.
func (w *worker) draft(nth int) error {
	if err := w.visit("/services/" + service); err != nil {
		return err
	}
	r, err := w.form("/services/"+service+"/start", url.Values{})
	if err != nil {
		return err
	}
	code, _, _ := strings.Cut(strings.TrimPrefix(r.header.Get("Location"), "/draft/"), "/")
	kept := w.cookies["secret"] // the secret, and what shows that it has opened the code before
	h := &handed{Code: code, Secret: kept[:min(len(kept), secretLength)]}
	w.told(r, checkDrafts, func(x *exam) error { return x.saved(h, "name", 0) })
	n, nik := w.applicant()
	for k := range 3 {
		name := fmt.Sprintf("Sekar Contoh %d revisi %d", n, k+1)
		if r, err = w.form("/draft/"+code+"/person", url.Values{"name": {name}, "nik": {nik}}); err != nil {
			return err
		}
		w.told(r, checkDrafts, func(x *exam) error { return x.saved(h, "name", k+1) })
	}
	if nth%2 == 0 {
		return nil
	}
	last := r.at
	h.closing = &last
	if r, err = w.form("/draft/"+code+"/discard", url.Values{}); err != nil {
		return err
	}
	w.told(r, checkDestroyed, func(x *exam) error { return x.discarded(h) })
	return nil
}

// observe looks at the head of the public log as it grows.
func (w *worker) observe(done chan struct{}) error {
	var before string
	for {
		r, err := w.until(http.StatusOK, "/log/checkpoint")
		if err != nil {
			return err
		}
		if head, last := string(r.body), before; head != last {
			w.told(r, checkHeads, func(x *exam) error { return x.continued(head, last) })
			before = head
		}
		select {
		case <-done:
			return nil
		case <-time.After(20 * time.Millisecond):
		}
	}
}
