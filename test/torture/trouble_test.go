package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"pendopo/kernel/db"
)

// town is an instance being served, for a test that makes trouble.
type town struct {
	*round
	t   *testing.T
	one *citizen
}

// newTown lays what a kind needs; prepare may change where and how it is served.
func newTown(t *testing.T, k kind, prepare func(r *round)) *town {
	t.Helper()
	w := &town{round: newRound(plan{kind: k, seed: uint64(time.Now().UnixNano()), folder: t.TempDir(), program: os.Getenv(pendopo)}), t: t}
	w.must(w.lay(t.Context()))
	t.Cleanup(func() { w.must(w.close()) })
	if prepare != nil {
		prepare(w.round)
	}
	return w
}

// opens makes the instance and serves it.
func (w *town) opens() {
	w.t.Helper()
	w.must(w.make(w.t.Context(), 0))
	w.must(w.begin(w.t.Context()))
	w.one = w.citizen(1, make(chan task))
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// applies hands in so many applications, each until it is accepted.
func (w *town) applies(n int) {
	w.t.Helper()
	for range n {
		w.must(w.one.apply(w.t.Context(), nil))
	}
}

// attempt is an application under a key of its own.
func (w *town) attempt() request {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"definition": w.definition, "channel": "api", "answers": applicant()})
	w.must(err)
	return request{http.MethodPost, "/api/v1/services/" + service + "/cases",
		map[string]string{"Content-Type": "application/json", "Idempotency-Key": w.one.key()}, body}
}

// refused sends new applications until one is refused, and wants it refused as
// everything must be that cannot be kept: 503, when to ask again, and not a word
// of what was sent or of what is broken.
func (w *town) refused(most int) request {
	w.t.Helper()
	for range most {
		r := w.attempt()
		got, err := w.one.once(w.t.Context(), r)
		w.must(err)
		if got.status == http.StatusCreated {
			w.notes(r, got)
			continue
		}
		w.later(got)
		return r
	}
	w.t.Fatalf("%d applications were accepted, the trouble is none", most)
	return request{}
}

// later wants an answer to be 503 and nothing more.
func (w *town) later(got reply) {
	w.t.Helper()
	if got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
		w.t.Fatalf("%d %v %s", got.status, got.header, got.body)
	}
	for _, word := range []string{"3360015704950001", "sqlite", "postgres", "disk i/o", "pendopo.db", w.place.Data} {
		if strings.Contains(strings.ToLower(string(got.body)), word) {
			w.t.Errorf("the refusal says %q: %s", word, got.body)
		}
	}
}

// notes writes an acceptance into the journal.
func (w *town) notes(r request, got reply) {
	w.t.Helper()
	a, err := readAccepted(r, got)
	w.must(err)
	e := a.receipt.Event
	w.journal.acknowledged(effect{what: "application", stream: e.Stream, version: 1, event: e.ID, kind: "submitted", scope: "api/submit", key: r.header["Idempotency-Key"]})
	w.journal.accepted(a)
}

// again sends a refused request until it is answered, and once more: one effect.
func (w *town) again(r request) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 2*time.Minute)
	defer cancel()
	got, err := w.one.ask(ctx, r)
	w.must(err)
	w.notes(r, got)
	if got, err = w.one.ask(ctx, r); err == nil {
		err = w.one.sameAs(w.journal.matters[len(w.journal.matters)-1], got)
	}
	w.must(err)
}

// reads wants a case to be followed as ever.
func (w *town) reads() {
	w.t.Helper()
	a := w.journal.matters[0]
	got, err := w.one.once(w.t.Context(), request{method: http.MethodGet, path: a.path(), header: a.secretHeader()})
	w.must(err)
	if got.status != http.StatusOK {
		w.t.Errorf("a case cannot be read: %d %s", got.status, got.body)
	}
}

// proved wants the proof of every application, soon.
func (w *town) proved() {
	w.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for _, a := range w.journal.matters {
		for before := w.journal.counts["proved"]; w.journal.counts["proved"] == before; {
			w.must(w.looker.prove(w.t.Context(), a, w.log, w.journal))
			if time.Now().After(deadline) {
				w.t.Fatalf("no proof of %s", a.code)
			}
			w.must(w.looker.sleep(w.t.Context(), 20*time.Millisecond))
		}
	}
}

// whole looks at everything, as a round does at its end.
func (w *town) whole() {
	w.t.Helper()
	w.proved()
	w.must(w.quick(w.t.Context()))
	w.must(w.everything(w.t.Context()))
	w.must(w.last(w.t.Context()))
	if list, _ := w.journal.wrong(); len(list) > 0 {
		w.t.Fatalf("wrong:\n%s", strings.Join(list, "\n"))
	}
}

// events is how many events the record has.
func (w *town) events() (n int) {
	w.t.Helper()
	w.must(w.read(w.t.Context(), func(tx db.Tx) error { return tx.Row(`SELECT count(*) FROM event`).Scan(&n) }))
	return n
}

// TestMain lets every mount be seen by this program and what it starts alone, and
// be gone with them.
func TestMain(m *testing.M) {
	const inside = "PENDOPO_TORTURE_INSIDE"
	if os.Getenv(inside) == "" {
		unshare, err := exec.LookPath("unshare")
		if err == nil {
			err = syscall.Exec(unshare, append([]string{unshare, "--mount", "--propagation", "private", "--"}, os.Args...), append(os.Environ(), inside+"=yes"))
		}
		fmt.Fprintln(os.Stderr, "unshare:", err)
		os.Exit(1)
	}
	status, err := built(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

// pendopo is where the program is for all tests: environment, because tests
// have nothing else in common.
const pendopo = "PENDOPO_TORTURE_PROGRAM"

// built builds the program once, around the tests.
func built(run func() int) (status int, err error) {
	dir, err := os.MkdirTemp("", "pendopo-torture-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	program, err := build(dir, "pendopo/cmd/pendopo")
	if err = errors.Join(err, os.Setenv(pendopo, program)); err != nil {
		return 1, err
	}
	return run(), nil
}

// do runs a command that must succeed.
func do(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", strings.Join(args, " "), err, out)
	}
}

// exits wants the server to end by itself with a status.
func (w *town) exits(status int) {
	w.t.Helper()
	select {
	case <-w.server.done:
	case <-time.After(patience):
		w.t.Fatal("the server goes on")
	}
	if got := w.server.cmd.ProcessState.ExitCode(); got != status {
		w.t.Errorf("ended with %d, not %d", got, status)
	}
}

// errStatus is the exit status of a command's error.
func errStatus(err error) int {
	var e *exec.ExitError
	if errors.As(err, &e) {
		return e.ExitCode()
	}
	return 0
}
