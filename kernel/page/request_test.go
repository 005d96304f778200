package page

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pendopo/kernel/fault"
)

// TestTheIDIsInTheAnswerAndInEveryLineOfItsRequest: the doors' lines, those of
// whoever logs below them, and the page that people see.
func TestTheIDIsInTheAnswerAndInEveryLineOfItsRequest(t *testing.T) {
	var log bytes.Buffer
	below := slog.New(Identified(slog.NewJSONHandler(&log, nil)))
	var seen []Seen
	s, err := New(Options{Log: below, Observe: func(x Seen) { seen = append(seen, x) }})
	if err != nil {
		t.Fatal(err)
	}
	h := s.Handler(
		Route{Pattern: "GET /lost/{x}", Do: func(_ http.ResponseWriter, r *http.Request) error {
			below.WarnContext(r.Context(), "an engine says something")
			return fault.New(fault.Unavailable, "fault.store_unavailable").Because(errors.New("disk"))
		}},
		Route{Pattern: "GET /panic", Do: func(http.ResponseWriter, *http.Request) error { panic("oh") }},
	)
	for _, path := range []string{"/lost/1234", "/panic", "/nowhere"} {
		log.Reset()
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		id := rec.Header().Get("X-Request-Id")
		if id == "" || rec.Code >= 500 && path == "/panic" && !strings.Contains(rec.Body.String(), id) {
			t.Errorf("%s: id %q is not on the page", path, id)
		}
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		for _, line := range lines {
			var said struct{ ID string }
			if err := json.Unmarshal([]byte(line), &said); err != nil || said.ID != id || strings.Count(line, `"id":`) != 1 {
				t.Errorf("%s, id %s: %s (%v)", path, id, line, err)
			}
		}
		if want := map[string]int{"/lost/1234": 3, "/panic": 3, "/nowhere": 1}[path]; len(lines) != want {
			t.Errorf("%s: %d lines", path, len(lines))
		}
	}
	if len(seen) != 3 || seen[0].Route != "GET /lost/{x}" || seen[0].Status != 503 || seen[1].Status != 500 || seen[2].Route != "/" || seen[2].Status != 404 {
		t.Errorf("%+v", seen)
	}
}

func TestOnlyAProxyOfOursNamesARequest(t *testing.T) {
	trusted := false
	s, err := New(Options{Log: slog.New(slog.DiscardHandler), Trust: func(*http.Request) bool { return trusted }})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		given   string
		trusted bool
		kept    bool
	}{
		{"7f3a-proxy.1_x", true, true}, {"7f3a-proxy.1_x", false, false}, {"short", true, false},
		{strings.Repeat("x", 65), true, false}, {"with space and more", true, false}, {"<script>alert(1)</script>", true, false}, {"nama-Indonesiá", true, false},
	} {
		trusted = c.trusted
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("X-Request-Id", c.given)
		rec := httptest.NewRecorder()
		s.Handler().ServeHTTP(rec, r)
		if got := rec.Header().Get("X-Request-Id"); (got == c.given) != c.kept || got == "" {
			t.Errorf("%q, trusted %v: %q", c.given, c.trusted, got)
		}
	}
}

func TestAPackedBodyIsRefused(t *testing.T) {
	s, err := New(Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	read := func(_ http.ResponseWriter, r *http.Request) error { _, err := ReadBody(r); return err }
	h := s.Handler(Route{Pattern: "POST /api/x", Do: read, API: true}, Route{Pattern: "POST /x", Do: read}, Route{Pattern: "PATCH /script", Do: read, Script: true})
	for _, c := range []struct{ method, path string }{{"POST", "/api/x"}, {"POST", "/x"}, {"PATCH", "/script"}} {
		for coding, want := range map[string]bool{"gzip": true, "br": true, "deflate, gzip": true, "identity": false, "": false} {
			r := httptest.NewRequest(c.method, c.path, strings.NewReader("x"))
			r.Header.Set("Content-Encoding", coding)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if refused := rec.Code == http.StatusUnsupportedMediaType; refused != want {
				t.Errorf("%s with %q: %d", c.path, coding, rec.Code)
			}
		}
	}
}

// FuzzHeaders: whatever a stranger sends in cookies and headers, a page answers.
func FuzzHeaders(f *testing.F) {
	for _, s := range []string{"", "en-GB,en;q=0.8", "id;q=0", "*;q=1,;;,=,q", strings.Repeat("a-", 300), "lang=en; form=AAAAAAAAAAAAAAAAAAAAAA", `form="\x00`} {
		f.Add(s, s, s)
	}
	s, err := New(Options{Log: slog.New(slog.DiscardHandler), Key: []byte("k"), Trust: func(*http.Request) bool { return true }})
	if err != nil {
		f.Fatal(err)
	}
	h := s.Handler(Route{Pattern: "POST /x", Do: func(http.ResponseWriter, *http.Request) error { return nil }})
	f.Fuzz(func(t *testing.T, language, cookie, token string) {
		r := httptest.NewRequest("POST", "/x", strings.NewReader("_token="+token))
		r.Header = http.Header{"Accept-Language": {language}, "Cookie": {cookie}, "X-Request-Id": {token}, "Accept-Encoding": {language},
			"Content-Type": {"application/x-www-form-urlencoded"}, "X-Form-Token": {token}}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code == http.StatusOK || rec.Code >= 500 {
			t.Errorf("%d", rec.Code)
		}
		if id := rec.Header().Get("X-Request-Id"); !formed(id) {
			t.Errorf("id %q", id)
		}
	})
}

// FuzzParts: a form in parts ends as itself or as a fault of the sender.
func FuzzParts(f *testing.F) {
	f.Add("b", "--b\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\nx\r\n--b--\r\n")
	f.Add("b", "--b\r\nContent-Disposition: form-data; name=\"_token\"; filename=\"..\"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n--c--\r\n--b--")
	f.Add("", "--\r\n\r\n")
	s, err := New(Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, boundary, body string) {
		rq := &request{site: s, route: &Route{Body: 1 << 20}, printer: &Printer{}}
		r := httptest.NewRequest("POST", "/x", strings.NewReader(body))
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, rq))
		if err := s.admitParts(r, rq, boundary); err == nil {
			t.Error("a form without a good token came in")
		} else if kind := fault.Of(err).Kind; kind == fault.Internal {
			t.Errorf("a fault of ours: %v", err)
		}
		for p := rq.parts; p != nil; {
			part, err := p.Next()
			if err != nil || part == nil {
				return
			}
			if _, err := part.Value(); err != nil {
				return
			}
		}
	})
}
