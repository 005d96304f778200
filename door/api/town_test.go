package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/door/api"
	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/kernel/page"
	"pendopo/law/fold"
	"pendopo/test/testkit"
)

// The planted values: invented, with a region that is assigned to nobody.
const (
	plantedNIK   = "3360015704950001"
	plantedName  = "Sekar Wulandari"
	plantedPhone = "+6281200000001"
)

const (
	domicile = "surat-keterangan-domisili"
	midwife  = "sip-bidan"
)

// clock is a clock that a test sets.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// journal is what the server logged, at debug level.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// town is a running instance with the demo government behind the API.
type town struct {
	*app.Instance
	t       testing.TB
	clock   *clock
	log     *journal
	handler http.Handler
	door    *api.Door
	url     string
	from    string // address that requests say they come from
	keys    int
	mu      sync.Mutex
}

func onBoth(t *testing.T, run func(t *testing.T, w *town)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, newTown(t, conf.Place{})) })
	t.Run("postgres", func(t *testing.T) {
		run(t, newTown(t, conf.Place{Database: testkit.Postgres(t), Keys: testkit.Postgres(t)}))
	})
}

func newTown(t testing.TB, p conf.Place) *town {
	t.Helper()
	p.Data, p.Node = t.TempDir()+"/data", "test"
	w := &town{t: t, log: &journal{}, from: "192.0.2.1:4000",
		clock: &clock{now: time.Date(2026, 3, 16, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600))}}
	log := slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	in, err := app.Open(context.Background(), app.Options{
		Place: p, Base: "http://localhost:8080", Create: true, Origin: "localhost/log", Log: log, Now: w.clock.Now,
	})
	w.must(err)
	t.Cleanup(func() { w.must(in.Close()) })
	_, err = in.Publish(context.Background(), government.FS)
	w.must(err)
	w.Instance = in
	t.Cleanup(w.silent)
	site, err := page.New(page.Options{Log: log})
	w.must(err)
	door := api.New(api.Deps{
		Site: site, Cases: in.Cases, Documents: in.Docs, Attachments: attachment.New(in.Keys, in.Blobs), Ledger: in.Ledger, Now: w.clock.Now,
		Finder: casework.NewFinder(in.Cases), Times: casework.NewTimes(in.Cases),
		Address: func(r *http.Request) string { return r.Header.Get("Test-Address") },
	})
	w.door, w.handler = door, site.Handler(door.Routes()...)
	srv := httptest.NewServer(w.handler)
	t.Cleanup(srv.Close)
	w.url = srv.URL
	return w
}

// silent is the end of every test: whatever was sent and wherever it stood, the
// log says nothing of it.
func (w *town) silent() {
	for _, planted := range []string{plantedNIK, plantedNIK[:15], plantedName, plantedPhone[3:], "Jalan Melati"} {
		if strings.Contains(w.log.String(), planted) {
			w.t.Errorf("the log has %s", planted)
		}
	}
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// key is a new idempotency key.
func (w *town) key() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keys++
	return fmt.Sprintf("test-idempotency-key-%06d", w.keys)
}

// head is header lines of a request.
type head map[string]string

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   string
}

// ask sends one request. Bodies are strings; no redirect is followed.
func (w *town) ask(method, path, body string, h head) reply {
	w.t.Helper()
	r, err := w.try(method, path, body, h)
	w.must(err)
	if err := held.judge(method, path, r); err != nil {
		w.t.Errorf("%s %s: %v", method, path, err)
	}
	return r
}

func (w *town) try(method, path, body string, h head) (reply, error) {
	req, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Test-Address", w.from)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for k, v := range h {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, string(data)}, err
}

// into reads a JSON answer, which must have the status.
func (w *town) into(r reply, status int, v any) {
	w.t.Helper()
	if r.status != status {
		w.t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	w.must(json.Unmarshal([]byte(r.body), v))
}

// hash is the live definition of a service.
func (w *town) hash(service string) string {
	w.t.Helper()
	b, err := w.Cases.Catalogue().Live(service)
	w.must(err)
	return b.Hash
}

// answers are good answers to the certificate's form.
func answers() map[string]any {
	return map[string]any{
		"name": plantedName, "nik": plantedNIK, "birth_place": "Kawungraya", "birth_date": "1995-04-17",
		"sex": "perempuan", "phone": plantedPhone, "region": "33.60.01.1001", "street": "Jalan Melati 4", "rt": 2,
		"rw": 5, "lives_since": "2020-01-01", "occupation": "bekerja", "purpose": "bank",
		"surat_pengantar": []string{"counter"}, "ktp": []string{"counter"}, "declaration": true,
	}
}

// application is the body of an application with these answers changed; nil
// takes one out.
func (w *town) application(change map[string]any) map[string]any {
	a := answers()
	for k, v := range change {
		if a[k] = v; v == nil {
			delete(a, k)
		}
	}
	return map[string]any{"definition": w.hash(domicile), "channel": "api", "answers": a}
}

func text(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // a test's own literal
	}
	return string(raw)
}

// accepted is the answer to an application.
type accepted struct {
	Code, Secret string
	Receipt      json.RawMessage
}

const casesPath = "/api/v1/services/" + domicile + "/cases"

// apply hands in an application and gives code and secret.
func (w *town) apply(change map[string]any) accepted {
	w.t.Helper()
	var a accepted
	w.into(w.ask("POST", casesPath, text(w.application(change)), head{"Idempotency-Key": w.key()}), 201, &a)
	return a
}

func (a accepted) path() string { return "/api/v1/cases/" + a.Code }
func (a accepted) bearer() head { return head{"Authorization": "Bearer " + a.Secret} }
func (w *town) write(a accepted) head {
	return head{"Authorization": "Bearer " + a.Secret, "Idempotency-Key": w.key()}
}

// officer lets the one whose turn it is act.
func (w *town) officer(a accepted, d casework.Deed) fold.Case {
	w.t.Helper()
	ctx := context.Background()
	c, err := w.Cases.Track(ctx, a.Code)
	w.must(err)
	d.Stream, d.Seen, d.By, d.Actor = c.Stream, c.Version, c.Holder, "officer-of-the-test"
	c, err = w.Cases.Act(ctx, d)
	w.must(err)
	return c
}

// count is how many rows a table has.
func (w *town) count(table string) int {
	w.t.Helper()
	n, err := countRows(w.DB, table)
	w.must(err)
	return n
}
