package page

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAMethodThatAPageDoesNotTakeIsSaidToBeOne(t *testing.T) {
	var log bytes.Buffer
	_, h := testSite(t, &log)
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"PUT", "/form", 405, "GET, POST, HEAD, OPTIONS"},
		{"DELETE", "/plain/x", 405, "GET, HEAD, OPTIONS"},
		{"POST", "/plain/x", 405, "GET, HEAD, OPTIONS"},
		{"GET", "/upload", 405, "POST, OPTIONS"},
		{"TRACE", "/form", 405, "GET, POST, HEAD, OPTIONS"},
		{"OPTIONS", "/form", 204, "GET, POST, HEAD, OPTIONS"},
		{"POST", "/nowhere", 404, ""},
		{"OPTIONS", "/nowhere", 404, ""},
	} {
		r := httptest.NewRequest(c.method, c.path, strings.NewReader("a body of no known kind"))
		r.Header.Set("Origin", "https://elsewhere.example")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status || w.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: %d, Allow %q", c.method, c.path, w.Code, w.Header().Get("Allow"))
		}
		if w.Code == http.StatusMethodNotAllowed && !strings.Contains(w.Body.String(), "<h1") {
			t.Errorf("%s %s: no page", c.method, c.path)
		}
	}
}

func TestABodyOverItsLimitIsNoMistakeOfOurs(t *testing.T) {
	var log bytes.Buffer
	s, _ := testSite(t, &log)
	h := s.Handler(Route{Pattern: "POST /piece", API: true, Body: 10, Do: func(_ http.ResponseWriter, r *http.Request) error {
		_, err := io.Copy(io.Discard, r.Body)
		return fmt.Errorf("while storing: %w", err)
	}})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("POST", "/piece", strings.NewReader("more than ten bytes")))
	if w.Code != http.StatusRequestEntityTooLarge || strings.Contains(log.String(), "ERROR") {
		t.Errorf("%d, log %s", w.Code, log.String())
	}
}
