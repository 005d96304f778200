package portal_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
)

// stream is a page that follows a case.
type stream struct {
	t     *testing.T
	lines chan string
	resp  *http.Response
}

// follow opens the stream of a case; seen is the version that the page shows.
func (w *town) follow(t *testing.T, code, seen string) *stream {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, "GET", w.url+"/track/"+code+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Last-Event-ID", seen)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	s := &stream{t: t, lines: make(chan string, 100), resp: resp}
	go func() {
		defer close(s.lines)
		for in := bufio.NewScanner(resp.Body); in.Scan(); {
			if strings.HasPrefix(in.Text(), "data:") || strings.HasPrefix(in.Text(), "id:") {
				s.lines <- in.Text()
			}
		}
	}()
	t.Cleanup(func() { cancel(); resp.Body.Close() })
	return s
}

// hears waits for the next lines.
func (s *stream) hears(want ...string) {
	s.t.Helper()
	for _, w := range want {
		select {
		case got := <-s.lines:
			if got != w {
				s.t.Fatalf("heard %q, want %q", got, w)
			}
		case <-time.After(time.Minute):
			s.t.Fatalf("did not hear %q", w)
		}
	}
}

// TestAPageHearsThatItsCaseHasChanged: the version and nothing else, once the
// event is in the log, and after a cut what was missed.
func TestAPageHearsThatItsCaseHasChanged(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.apply()
	b.send("/draft/" + b.code() + "/submit").at("/receipt")
	code := b.code()
	b.get("/track/" + code).says("Berkas diperiksa")
	if !strings.Contains(b.body, `id="live" data-version="1"`) || !strings.Contains(b.body, "/static/live.") {
		t.Fatalf("the page does not know what it shows: %s", b.body)
	}
	s := w.follow(t, code, "1")
	if kind := s.resp.Header.Get("Content-Type"); s.resp.StatusCode != 200 || kind != "text/event-stream" || s.resp.Header.Get("Content-Encoding") != "" {
		t.Fatalf("%d %s %v", s.resp.StatusCode, kind, s.resp.Header)
	}
	w.deed(code, "petugas_layanan", casework.Deed{Action: "approve"})
	if _, err := w.Ledger.Sequence(context.Background()); err != nil {
		t.Fatal(err)
	}
	s.hears("id: 2", `data: {"version":2}`)
	w.follow(t, code, "1").hears("id: 2", `data: {"version":2}`)
	w.follow(t, code, "nonsense").hears("id: 2", `data: {"version":2}`)
	b.get("/track/" + code + "?refresh=1")
	if !strings.Contains(b.body, `http-equiv="refresh" content="60"`) {
		t.Error("without scripts the page cannot look again by itself")
	}
}

// TestStreamsAreBounded by case, and given back.
func TestStreamsAreBounded(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.apply()
	b.send("/draft/" + b.code() + "/submit").at("/receipt")
	code := b.code()
	var open []*stream
	for range 6 {
		s := w.follow(t, code, "1")
		if s.resp.StatusCode != 200 {
			t.Fatalf("stream %d: %d", len(open), s.resp.StatusCode)
		}
		open = append(open, s)
	}
	if s := w.follow(t, code, "1"); s.resp.StatusCode != http.StatusTooManyRequests || s.resp.Header.Get("Retry-After") == "" {
		t.Errorf("the seventh: %d %v", s.resp.StatusCode, s.resp.Header)
	}
	open[0].resp.Body.Close()
	for end := time.Now().Add(10 * time.Second); w.follow(t, code, "1").resp.StatusCode != 200; {
		if time.Now().After(end) {
			t.Fatal("a place is not given back")
		}
	}
	for _, path := range []string{"AAAAA-AAAAA-A", "x"} {
		if s := w.follow(t, path, "1"); s.resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, s.resp.StatusCode)
		}
	}
}
