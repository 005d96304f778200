package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// FuzzApplication posts anything as an application: the answer is always one of
// the few that a caller can act on, refusals change nothing, and no refusal
// says again what was sent.
func FuzzApplication(f *testing.F) {
	w := newTown(f, sqlite)
	for _, b := range w.badApplications() {
		if len(b.body) < 2000 { // what is bad for its length alone is no seed
			f.Add(b.body)
		}
	}
	f.Add(text(w.application(nil)))
	allowed := map[int]bool{201: true, 400: true, 409: true, 413: true, 422: true}
	f.Fuzz(func(t *testing.T, body string) {
		before := cases(t, w)
		req := httptest.NewRequest("POST", casesPath, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", w.key())
		req.Header.Set("Test-Address", "192.0.2.9:1")
		rec := httptest.NewRecorder()
		w.handler.ServeHTTP(rec, req)
		switch after := cases(t, w); {
		case !allowed[rec.Code]:
			t.Fatalf("status %d: %s", rec.Code, rec.Body)
		case rec.Code == http.StatusCreated && after != before+1, rec.Code != http.StatusCreated && after != before:
			t.Fatalf("status %d, and %d cases became %d", rec.Code, before, after)
		case rec.Code != http.StatusCreated && strings.Contains(rec.Body.String(), plantedNIK):
			t.Fatalf("the answer repeats what was sent: %s", rec.Body)
		}
	})
}

func cases(t *testing.T, w *town) int {
	n, err := countRows(w.DB, "cases")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// FuzzDraft saves anything as a draft: it is kept, or refused in one of the ways
// a caller can act on, and no refusal says again what was sent.
func FuzzDraft(f *testing.F) {
	w := newTown(f, sqlite)
	d := w.begin()
	for _, s := range []string{`{"version":1,"answers":{}}`, `{"version":1,"answers":{"name":"` + plantedName + `","nik":"` + plantedNIK + `"}}`, `{"version":1e3,"answers":[]}`, `[]`, `{`, ``} {
		f.Add(s)
	}
	allowed := map[int]bool{200: true, 400: true, 409: true, 413: true, 422: true}
	f.Fuzz(func(t *testing.T, body string) {
		req := httptest.NewRequest("PUT", d.path(), strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", w.key())
		req.Header.Set("Authorization", "Bearer "+d.Secret)
		req.Header.Set("Test-Address", "192.0.2.9:1")
		rec := httptest.NewRecorder()
		w.handler.ServeHTTP(rec, req)
		if !allowed[rec.Code] || rec.Code != 200 && strings.Contains(rec.Body.String(), plantedNIK) {
			t.Fatalf("status %d: %s", rec.Code, rec.Body)
		}
	})
}

// FuzzPlaces asks for places by anything at all.
func FuzzPlaces(f *testing.F) {
	w := newTown(f, sqlite)
	for _, s := range [][4]string{{"33.74", "", "", ""}, {"", "miroto semarang", "village", "3"}, {"x", "\x00", "dusun", "-1"}} {
		f.Add(s[0], s[1], s[2], s[3])
	}
	f.Fuzz(func(t *testing.T, parent, q, level, limit string) {
		query := url.Values{"parent": {parent}, "q": {q}, "level": {level}, "limit": {limit}}
		rec := httptest.NewRecorder()
		w.handler.ServeHTTP(rec, httptest.NewRequest("GET", "/api/v1/regions?"+query.Encode(), nil))
		if rec.Code != http.StatusOK && rec.Code != http.StatusUnprocessableEntity {
			t.Fatalf("status %d: %s", rec.Code, rec.Body)
		}
		rec = httptest.NewRecorder()
		w.handler.ServeHTTP(rec, httptest.NewRequest("GET", "/api/v1/regions/"+url.PathEscape(parent+"x"), nil))
		if rec.Code != http.StatusNotFound {
			t.Fatalf("a place %q: %d", parent+"x", rec.Code)
		}
	})
}
