package identity_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"pendopo/engine/identity"
	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
	"pendopo/law/policy"
	"pendopo/test/testkit"
)

// The words that must not turn up where nobody may read them.
const (
	fullName = "Wulandari Prameswari Zzz"
	nip      = "198001012005012001"
	login    = "wulan.zzz"
	password = "padi-menguning-7-sawah"
	mandate  = "SK Bupati 821/417/2026"
	actor    = "operator"
)

// world is an engine with a clock that stands still until it is moved.
type world struct {
	*identity.Engine
	t    *testing.T
	db   *db.DB
	keys *seal.Keys
	log  *syncBuffer
	mu   *sync.Mutex
	at   *time.Time
}

type syncBuffer struct {
	sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.Buffer.Write(p)
}

// onBoth runs a scenario on both databases.
func onBoth(t *testing.T, run func(w *world)) {
	t.Helper()
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) { run(newWorld(t, d)) })
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	ctx := context.Background()
	in, err := seal.CreateInstance(filepath.Join(t.TempDir(), "keys"), "test.example/log")
	must(t, err)
	keys, err := seal.OpenKeys(ctx, testkit.SQLite(t), in)
	must(t, err)
	t.Cleanup(func() { must(t, keys.Close()) })
	must(t, d.Migrate(ctx, "record", event.Schema()))
	must(t, d.Migrate(ctx, "identity", identity.Schema()))
	at := time.Date(2026, 3, 17, 2, 0, 0, 0, time.UTC) // 09:00 in the west
	w := &world{t: t, db: d, keys: keys, log: &syncBuffer{}, mu: &sync.Mutex{}, at: &at}
	w.Engine = identity.New(identity.Options{
		DB: d, Instance: in, Keys: keys, Government: town{}, Policies: policies(t), Node: "test", Now: w.now,
		Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	w.Cheap()
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return *w.at
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*w.at = w.at.Add(d)
}

// officer adds one who may log in.
func (w *world) officer() string {
	w.t.Helper()
	id, err := w.Create(context.Background(), identity.NewOfficer{
		Name: identity.Name{Full: fullName, NIP: nip}, Login: login, Password: password, Own: true, Actor: actor,
	})
	must(w.t, err)
	return id
}

func (w *world) assign(id string, a identity.Assignment) string {
	w.t.Helper()
	assignment, err := w.Assign(context.Background(), id, a, mandate, actor)
	must(w.t, err)
	return assignment
}

func (w *world) enter(login, password string) (identity.Entry, error) {
	return w.Login(context.Background(), identity.Attempt{Login: login, Password: password, Address: "203.0.113.7"})
}

// town is a government of two units, one in the west and one in the east.
type town struct{}

func (town) Unit(id string) (*time.Location, bool) {
	switch id {
	case "clinic":
		return time.FixedZone("WIB", 7*3600), true
	case "harbour":
		return time.FixedZone("WIT", 9*3600), true
	}
	return nil, false
}

func (town) Role(id string) (head, known bool) {
	switch id {
	case "head":
		return true, true
	case "reviewer", "administrator":
		return false, true
	}
	return false, false
}

func policies(t *testing.T) *policy.Set {
	t.Helper()
	names, err := filepath.Glob("../../government/policy/*.cedar")
	must(t, err)
	var files []policy.File
	for _, name := range names {
		text, err := os.ReadFile(name)
		must(t, err)
		files = append(files, policy.File{Name: filepath.Base(name), Text: text})
	}
	set, err := policy.Parse(files...)
	must(t, err)
	return set
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused demands a fault of that kind with these public words.
func refused(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.Of(err).Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

// refusedAt demands a fault at a field among those of an Invalid one.
func refusedAt(t testing.TB, err error, field, key string) {
	t.Helper()
	if fault.Is(err, fault.Invalid) {
		f := fault.Of(err)
		for _, m := range append(f.More, f) {
			if m.Field == field && m.Key == key {
				return
			}
		}
	}
	t.Errorf("got %v, want %s at %s", err, key, field)
}
