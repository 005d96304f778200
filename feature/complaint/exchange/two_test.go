package exchange_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/feature/complaint/exchange"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/law/flow"
	"pendopo/law/form"
)

// instance is a whole Pendopo at loopback.
type instance struct {
	*app.Instance
	t    *testing.T
	url  string
	lose atomic.Int32 // how many answers to POST are lost on the way, after they were given
}

func newInstance(t *testing.T, now func() time.Time) *instance {
	t.Helper()
	in, err := app.Open(context.Background(), app.Options{Place: conf.Place{Data: t.TempDir() + "/data", Node: "test"}, Create: true, Origin: "localhost/log", Now: now})
	must(t, err)
	t.Cleanup(func() { must(t, in.Close()) })
	_, err = in.Publish(context.Background(), government.FS)
	must(t, err)
	i := &instance{Instance: in, t: t}
	h, err := in.Handler(app.Face{})
	must(t, err)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && i.lose.Add(-1) >= 0 {
			h.ServeHTTP(httptest.NewRecorder(), r)
			cutOff(w)
			return
		}
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	i.url = srv.URL
	return i
}

// shown files a report and lets the coordinator show it.
func (i *instance) shown(text string) casework.Accepted {
	i.t.Helper()
	ctx := context.Background()
	got, err := i.Cases.Submit(ctx, casework.Submission{Service: "pengaduan", Channel: "api", Lang: "id", Answers: form.Answers{"kind": "pengaduan", "category": "jalan",
		"what": text, "region": "33.60.01.1001", "point": "-7.06000,110.90000", "anonymous": "ya", "confidential": "tidak"}})
	must(i.t, err)
	i.show(got.Code, text)
	return got
}

func (i *instance) show(code, text string) {
	i.t.Helper()
	ctx := context.Background()
	c, err := i.Cases.Track(ctx, code)
	must(i.t, err)
	_, err = i.Cases.Act(ctx, casework.Deed{Stream: c.Stream, Action: "dispatch", Seen: c.Version, By: c.Holder, Actor: "koordinator", Unit: "dpupr",
		Given: form.Answers{"kind": "pengaduan", "category": c.Answers["category"]}, Checks: map[string]bool{"clear": true, "ours": true, "decent": true},
		Public: &flow.Words{Title: "Jalan berlubang", Text: text}})
	must(i.t, err)
}

// TestTwoInstancesExchangeReports: a report of one becomes a case of the other,
// once, though the first answers are lost; and what becomes of it comes back.
func TestTwoInstancesExchangeReports(t *testing.T) {
	now := time.Date(2026, 3, 16, 9, 0, 0, 0, wib)
	clock := func() time.Time { return now }
	ours, theirs := newInstance(t, clock), newInstance(t, clock)
	_, key, err := theirs.Open311Keys().Make("kabupaten tetangga", "", 0)
	must(t, err)
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "key"), []byte(key), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "x.yaml"), []byte(`
peers:
  - {name: provinsi, url: `+theirs.url+`/open311/v2, insecure: true, key_file: key, format: xml, idempotent: true, lists: after_review, updates: true, send: [{category: jalan, service_code: jalan}]}
`), 0o600))
	c, err := exchange.LoadConfig(filepath.Join(dir, "x.yaml"))
	must(t, err)
	x := ours.UseExchange(c)
	got := ours.shown("Jalan provinsi berlubang besar di depan pasar.")
	theirs.lose.Store(3)
	ctx := context.Background()
	for range 12 {
		now = now.Add(20 * time.Minute)
		x.Round(ctx)
	}
	rows, err := x.Status(ctx, "", 10)
	must(t, err)
	if len(rows) != 1 || rows[0].State != exchange.Confirmed || rows[0].Attempts < 2 {
		t.Fatalf("%+v", rows)
	}
	remote, err := theirs.Cases.Track(ctx, rows[0].Remote)
	must(t, err)
	a, _, err := theirs.Cases.Own(ctx, remote.Stream)
	must(t, err)
	if a["what"] != "Jalan provinsi berlubang besar di depan pasar.\n\n[banyusekarkab.example/"+got.Code+"]" || a["region"] != "33.60.01.1002" {
		t.Errorf("over there: %v", a)
	}
	theirs.show(rows[0].Remote, "Jalan berlubang.")
	now = now.Add(20 * time.Minute)
	x.Round(ctx)
	said, err := x.Updates(ctx, got.Stream)
	must(t, err)
	if len(said) != 1 || said[0].Status != "open" || said[0].Words == "" {
		t.Errorf("what they said: %+v", said)
	}
	found, err := x.Reconcile(ctx, "", now.Add(-24*time.Hour), now, false)
	if err != nil || len(found) != 0 {
		t.Errorf("reconciled: %+v, %v", found, err)
	}
}
