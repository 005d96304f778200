package identity

import (
	"context"
	"sync"

	"pendopo/kernel/db"
)

// Cheap makes hashing fast enough for tests that do it a hundred times.
func (e *Engine) Cheap() { e.hashing.memory, e.hashing.passes = 8*1024, 1 }

// Recorder notes what an engine asks of its database and how often it hashes.
type Recorder struct {
	mu    sync.Mutex
	Steps []string
}

// Record puts a recorder between an engine and its database.
func Record(e *Engine) *Recorder {
	r := &Recorder{}
	e.db = recording{e.db, r}
	pepper := e.hashing.pepper
	e.hashing.pepper = func(parts ...string) []byte {
		r.note("hash")
		return pepper(parts...)
	}
	return r
}

func (r *Recorder) note(step string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Steps = append(r.Steps, step)
}

// Take gives what was noted and begins anew.
func (r *Recorder) Take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	steps := r.Steps
	r.Steps = nil
	return steps
}

type recording struct {
	database
	r *Recorder
}

func (d recording) Read(ctx context.Context, fn func(db.Tx) error) error {
	d.r.note("read")
	return d.database.Read(ctx, func(tx db.Tx) error { return fn(recordingTx{tx, d.r}) })
}

func (d recording) Write(fn func(db.Tx) error) error {
	d.r.note("write")
	return d.database.Write(func(tx db.Tx) error { return fn(recordingTx{tx, d.r}) })
}

type recordingTx struct {
	db.Tx
	r *Recorder
}

func (t recordingTx) Exec(query string, args ...any) (int64, error) {
	t.r.note(query)
	return t.Tx.Exec(query, args...)
}

func (t recordingTx) Query(query string, args ...any) (*db.Rows, error) {
	t.r.note(query)
	return t.Tx.Query(query, args...)
}

func (t recordingTx) Row(query string, args ...any) *db.Row {
	t.r.note(query)
	return t.Tx.Row(query, args...)
}

// Hashers fills the hashing slots and the queue behind them; the returned
// function frees them.
func Hashers(e *Engine) (free func()) {
	e.hashing.waiting.Add(hashersWaiting + hashersAtOnce)
	return func() { e.hashing.waiting.Add(-hashersWaiting - hashersAtOnce) }
}

// Kinds are the kinds of event, for the test that folds one of each.
func Kinds() []string {
	return []string{created, named, reachable, assigned, unassigned, passwordSet, disabled, enabled}
}

// Touch makes a request write its session back, as a door that keeps something
// in it would.
func Touch(s *Sessions, ctx context.Context) { s.manager.Put(ctx, "note", "kept") }
