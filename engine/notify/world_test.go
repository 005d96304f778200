package notify_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"pendopo/engine/notify"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/kernel/page"
	"pendopo/kernel/seal"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/test/testkit"
	"pendopo/web"
)

// world is the engine on real stores, with gateways of this machine and a clock
// that is moved by hand.
type world struct {
	*notify.Engine
	t       *testing.T
	db      *db.DB
	keys    *seal.Keys
	jobs    *job.Runner
	mu      sync.Mutex
	at      time.Time
	service *definition.Service
	cases   map[string]fold.Case
	contact notify.Contact
	told    []flow.Told
	telling func()   // what happens while the record is told, once
	read    []string // whose address was read, by whom
	posted  []flow.Post
	rules   definition.Notices
	asked   []string // what the gateways were asked, each "channel body"
	answer  map[string]func(w http.ResponseWriter)
}

func (w *world) now() time.Time       { w.mu.Lock(); defer w.mu.Unlock(); return w.at }
func (w *world) pass(d time.Duration) { w.mu.Lock(); defer w.mu.Unlock(); w.at = w.at.Add(d) }

// noon is a Tuesday at twelve in Jakarta.
var noon = time.Date(2026, 3, 17, 5, 0, 0, 0, time.UTC)

func onBoth(t *testing.T, run func(w *world)) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) { run(newWorld(t, d)) })
}

// onOne is for what differs by no statement.
func onOne(t *testing.T, run func(w *world)) {
	run(newWorld(t, testkit.Open(t, testkit.SQLite(t), db.Options{})))
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{t: t, db: d, at: noon, cases: map[string]fold.Case{}, answer: map[string]func(http.ResponseWriter){}, contact: notify.Contact{Phone: "0812-0000-4711", Email: "sri@example.test", Lang: "id"}}
	in, err := seal.CreateInstance(filepath.Join(dir, "keys"), "example.test/log")
	w.must(err)
	w.keys, err = seal.OpenKeys(t.Context(), "sqlite:"+filepath.Join(dir, "keys.db"), in)
	w.must(err)
	t.Cleanup(func() { w.keys.Close() })
	w.must(d.Migrate(t.Context(), "job", job.Schema()))
	w.must(d.Migrate(t.Context(), "notify", notify.Schema()))
	words, err := page.LoadCatalogue(web.Locale(), false)
	w.must(err)
	w.service = &definition.Service{ID: "izin", Flow: definition.Flow{Steps: []definition.Step{
		{ID: "review", Kind: definition.StepReview, Actor: definition.Actor{Who: "role"}},
		{ID: "fix", Kind: definition.StepFill, Actor: definition.Actor{Who: "applicant"}, Limit: &definition.Limit{Within: "10 working days", Late: []definition.Late{{Do: "close", To: "closed"}}}},
		{ID: "reply", Kind: definition.StepWait, Actor: definition.Actor{Who: "applicant"}, Limit: &definition.Limit{Within: "10 working days", Starts: "told"}},
	}}}
	w.rules = definition.Notices{Order: []string{"sms", "email"}}.WithDefaults()
	w.jobs = job.NewRunner(d, w.now)
	w.Engine = notify.New(notify.Deps{
		DB: d, Keys: w.keys, Instance: in, Jobs: w.jobs, Now: w.now, Log: slog.New(slog.DiscardHandler), Words: words,
		Cases: w, House: w, Letters: w, Base: "https://layanan.example.test",
	})
	server := httptest.NewServer(http.HandlerFunc(w.gateway))
	t.Cleanup(server.Close)
	s, err := notify.ParseSetup(fmt.Appendf(nil, setupOf, server.URL, dir), dir)
	w.must(err)
	w.Use(s)
	return w
}

// setupOf is an SMS gateway that reports, and e-mail into a file.
const setupOf = `channels:
  sms:
    kind: http
    url: %s/sms
    form: {to: "{to}", text: "{text}", id: "{id}", report: "{report}"}
    ref: ref
    reports: {secret: sixteen-letters-x, ref: ref, status: status, delivered: [DELIVRD], failed: [UNDELIV]}
  email: {kind: file, folder: %s/mail}
  letter: {kind: desk}
`

// gateway notes what it is asked and answers as the test wants.
func (w *world) gateway(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	w.mu.Lock()
	w.asked = append(w.asked, string(body))
	n, answer := len(w.asked), w.answer[r.URL.Path]
	w.mu.Unlock()
	if answer != nil {
		answer(rw)
		return
	}
	fmt.Fprintf(rw, `{"ref":"gw-%d"}`, n)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// Look, Contact and Told are the cases.
func (w *world) Look(_ context.Context, stream string) (fold.Case, *definition.Service, string, error) {
	c, ok := w.cases[stream]
	if !ok {
		return c, nil, "", fault.New(fault.Unknown, "fault.unknown_case")
	}
	return c, w.service, "AAAAA-BBBBB-C", nil
}

func (w *world) Contact(context.Context, string) (notify.Contact, error) { return w.contact, nil }

func (w *world) Joined(_ context.Context, stream string) ([]string, error) {
	return w.cases[stream].Merged, nil
}

func (w *world) Told(_ context.Context, _ string, t flow.Told) error {
	w.told = append(w.told, t)
	if w.telling != nil {
		w.telling()
	}
	return nil
}

// ReadAddress, Post and Due are what letters need.
func (w *world) ReadAddress(_ context.Context, stream string, by notify.Clerk) error {
	w.read = append(w.read, stream+" "+by.Officer)
	return nil
}

func (w *world) Post(_ context.Context, _ string, _ notify.Clerk, p flow.Post, nth int) error {
	said := 0
	for _, before := range w.posted {
		if before.Notice == p.Notice && (before.Back == "") == (p.Back == "") {
			said++
		}
	}
	if said < nth {
		w.posted = append(w.posted, p)
	}
	return nil
}

// Due takes every day for one that the office works.
func (w *world) Due(_, span string, from time.Time) (time.Time, error) {
	s, err := deadline.ParseSpan(span)
	return from.AddDate(0, 0, s.N), err
}

// Notices, Zone and Name are the government.
func (w *world) Notices() definition.Notices { return w.rules }
func (w *world) Zone(string) *time.Location  { return time.FixedZone("WIB", 7*3600) }
func (w *world) Name(string) string          { return "Kabupaten Contoh" }

// happens lets a mark happen to a case and works until nothing is due.
func (w *world) happens(m fold.Mark) fold.Case {
	w.t.Helper()
	stream, _, err := w.keys.Take()
	w.must(err)
	before := fold.Case{Stream: stream, Service: "izin", Unit: "dinas", Lang: "id", Version: 1, Step: "review"}
	after := before
	m.Version, after.Version = 2, 2
	after.Marks = []fold.Mark{m}
	if m.To != "" {
		after.Step = m.To
	}
	if step := w.service.Step(after.Step); step.Limit != nil && step.Limit.Starts == "" {
		after.Deadlines = []fold.Deadline{{ID: after.Step, Due: w.now().AddDate(0, 0, 14), State: fold.Running}}
	}
	w.cases[stream] = after
	w.must(w.db.Write(func(tx db.Tx) error { return w.After(tx, w.service, before, after) }))
	w.work()
	return after
}

func (w *world) work() { w.t.Helper(); w.must(w.jobs.Drain(w.t.Context())) }

// only is the one notice there is, with its attempts.
func (w *world) only() (notify.Notice, []notify.Attempt) {
	w.t.Helper()
	for _, s := range notify.States() {
		list, err := w.List(w.t.Context(), s, 10)
		w.must(err)
		if len(list) == 1 {
			a, err := w.Attempts(w.t.Context(), list[0].ID)
			w.must(err)
			return list[0], a
		}
	}
	w.t.Fatal("there is not one notice")
	return notify.Notice{}, nil
}
