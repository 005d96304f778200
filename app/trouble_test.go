package app_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pendopo/app"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/test/testkit"
)

// serve is the instance behind its doors.
func (w *town) serve() *httptest.Server {
	w.t.Helper()
	h, err := w.Handler(app.Face{Base: "http://localhost:8080"})
	w.must(err)
	s := httptest.NewServer(h)
	w.t.Cleanup(s.Close)
	return s
}

const answers = `{"name":"Sekar Wulandari","nik":"3360015704950001","birth_place":"Banyusekar",
"birth_date":"1995-04-17","sex":"perempuan","phone":"+6281200000001","region":"33.60.01.1001","street":"Jalan Melati 4","rt":2,
"rw":5,"lives_since":"2020-01-01","occupation":"bekerja","purpose":"bank","surat_pengantar":["counter"],"ktp":["counter"],
"declaration":true}`

// post sends an application under the idempotency key of a number.
func (w *town) post(s *httptest.Server, key int) (*http.Response, string) {
	w.t.Helper()
	b, err := w.Cases.Catalogue().Live("surat-keterangan-domisili")
	w.must(err)
	body := fmt.Sprintf(`{"definition":%q,"channel":"api","answers":%s}`, b.Hash, answers)
	req, err := http.NewRequest(http.MethodPost, s.URL+"/api/v1/services/surat-keterangan-domisili/cases", strings.NewReader(body))
	w.must(err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", fmt.Sprintf("%032d", key))
	res, err := s.Client().Do(req)
	w.must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	w.must(err)
	return res, string(text)
}

// TestAFullDiskRefusesWholeAndTheRetryWorks lets SQLite run out of pages.
func TestAFullDiskRefusesWholeAndTheRetryWorks(t *testing.T) {
	w := newTown(t, conf.Place{})
	s := w.serve()
	w.must(w.exec(`PRAGMA max_page_count = 1`)) // no more than there are now
	key, events := 0, 0
	for res := (&http.Response{StatusCode: http.StatusCreated}); res.StatusCode == http.StatusCreated; key++ {
		if key == 500 {
			t.Fatal("the disk never filled up")
		}
		var body string
		events = w.count("event")
		if res, body = w.post(s, key); res.StatusCode == http.StatusCreated {
			continue
		}
		if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
			t.Fatalf("%d %v %s", res.StatusCode, res.Header, body)
		}
		if strings.Contains(body, "3360015704950001") || strings.Contains(strings.ToLower(body), "sqlite") {
			t.Errorf("the refusal tells too much: %s", body)
		}
	}
	if n := w.count("event"); n != events {
		t.Errorf("%d events before, %d after a refused application", events, n)
	}
	for range 2 { // the writer has reopened without the limit; a retry has one effect
		if res, body := w.post(s, key-1); res.StatusCode != http.StatusCreated {
			t.Fatalf("the retry: %d %s", res.StatusCode, body)
		}
	}
	if n := w.count("cases"); n != key {
		t.Errorf("%d cases of %d keys", n, key)
	}
}

// TestALostDatabaseIsSaidAndFoundAgain cuts every connection of PostgreSQL.
func TestALostDatabaseIsSaidAndFoundAgain(t *testing.T) {
	url := testkit.Postgres(t)
	w := newTown(t, conf.Place{Database: url, Keys: testkit.Postgres(t)})
	s := w.serve()
	killer := testkit.Open(t, url, db.Options{})
	for range 3 {
		w.must(killer.Read(context.Background(), func(tx db.Tx) error {
			var n int
			return tx.Row(`SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
				WHERE datname = current_database() AND pid <> pg_backend_pid()`).Scan(&n)
		}))
		var status int
		testkit.Eventually(t, "the database is found again", func() bool {
			res, body := w.post(s, 1)
			status = res.StatusCode
			if status != http.StatusCreated && status != http.StatusServiceUnavailable {
				t.Fatalf("%d %s", status, body)
			}
			return status == http.StatusCreated
		})
	}
	if n := w.count("cases"); n != 1 {
		t.Errorf("%d cases of one key", n)
	}
}
