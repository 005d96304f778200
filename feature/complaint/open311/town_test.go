package open311_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/feature/complaint/georeport"
	"pendopo/feature/complaint/open311"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/law/fold"
	"pendopo/test/testkit"
)

// The planted values of who reports: invented, and found nowhere but in the vault.
const (
	plantedFirst = "Sekar"
	plantedLast  = "Wulandari"
	plantedPhone = "081200000001"
	plantedMail  = "sekar@contoh.example"
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

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// town is the demo government behind all its doors.
type town struct {
	*app.Instance
	t     testing.TB
	clock *clock
	url   string
	keys  *open311.Keys
	key   string // of a program that may file what it likes
	log   *bytes.Buffer
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
	w := &town{t: t, log: &bytes.Buffer{}, clock: &clock{now: time.Date(2026, 3, 16, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600))}}
	in, err := app.Open(context.Background(), app.Options{Place: p, Base: "https://layanan.example", Create: true, Origin: "localhost/log",
		Now: w.clock.Now, Log: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	w.must(err)
	t.Cleanup(func() { w.must(in.Close()) })
	_, err = in.Publish(context.Background(), government.FS)
	w.must(err)
	w.Instance = in
	handler, err := in.Handler(app.Face{Base: "https://layanan.example"})
	w.must(err)
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	w.url = srv.URL + "/open311/v2/"
	w.keys = open311.NewKeys(in.DB, in.Instance.IndexMAC, w.clock.Now)
	_, w.key, err = w.keys.Make("an app", "", 0)
	w.must(err)
	return w
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   string
}

// ask sends one request with header lines in pairs.
func (w *town) ask(method, path string, form url.Values, head ...string) reply {
	w.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, strings.Replace(w.url+path, "v2/../", "", 1), body)
	w.must(err)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	req.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	w.must(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	w.must(err)
	return reply{res.StatusCode, res.Header, string(raw)}
}

func (w *town) get(path string, head ...string) reply {
	w.t.Helper()
	return w.ask("GET", path, nil, head...)
}

// report is a good report with some parameters changed; "" takes one out.
func (w *town) report(change ...string) url.Values {
	v := url.Values{"api_key": {w.key}, "service_code": {"lampu"}, "lat": {"-7.06"}, "long": {"110.9"}, "address_id": {"33.60.01.1001"},
		"description": {"Lampu jalan di tikungan pasar mati sejak seminggu."}}
	for i := 0; i+1 < len(change); i += 2 {
		v.Set(change[i], change[i+1])
		if change[i+1] == "" {
			v.Del(change[i])
		}
	}
	return v
}

// file files a report and gives its id.
func (w *town) file(change ...string) string {
	w.t.Helper()
	return w.receipt(w.ask("POST", "requests.json", w.report(change...)))
}

// receipt is the id of a report that was filed.
func (w *town) receipt(r reply) string {
	w.t.Helper()
	if r.status != http.StatusOK {
		w.t.Fatalf("status %d: %s", r.status, r.body)
	}
	var got []georeport.Receipt
	w.must(json.Unmarshal([]byte(r.body), &got))
	if len(got) != 1 || got[0].ID == "" || got[0].Token != "" {
		w.t.Fatalf("receipt %s", r.body)
	}
	return got[0].ID
}

// list asks for requests and gives them by name.
func (w *town) list(query string) []map[string]any {
	w.t.Helper()
	r := w.get("requests.json?" + query)
	if r.status != http.StatusOK {
		w.t.Fatalf("status %d: %s", r.status, r.body)
	}
	var got []map[string]any
	w.must(json.Unmarshal([]byte(r.body), &got))
	return got
}

// refused wants a status and one error for each fault, in their order.
func (w *town) refused(r reply, status int, faults ...string) {
	w.t.Helper()
	var got []georeport.Failure
	if err := json.Unmarshal([]byte(r.body), &got); err != nil || r.status != status {
		w.t.Errorf("status %d, want %d: %s", r.status, status, r.body)
		return
	}
	if len(got) != len(faults) {
		w.t.Errorf("%d errors, want %d: %s", len(got), len(faults), r.body)
		return
	}
	for i, f := range got {
		if f.Code != status || !strings.HasPrefix(f.Description, faults[i]) {
			w.t.Errorf("error %d is %q, want one that begins %q", i, f.Description, faults[i])
		}
	}
}

// state is the case behind an id.
func (w *town) state(id string) fold.Case {
	w.t.Helper()
	c, err := w.Cases.Track(context.Background(), id)
	w.must(err)
	return c
}

// confPlace is a place for SQLite.
func confPlace() conf.Place { return conf.Place{} }
