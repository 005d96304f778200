// Package testkit gives tests real databases of both kinds, conditions to wait
// for, and golden files. Only tests import it.
package testkit

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"pendopo/kernel/db"
	"pendopo/test/testkit/pgserver"
)

// Update says that golden files are to be written: go test -update.
var Update = flag.Bool("update", false, "write golden files")

// OnBoth runs a test on a fresh SQLite file and on a fresh PostgreSQL database,
// as the subtests sqlite and postgres. Without PostgreSQL the test fails.
func OnBoth(t *testing.T, run func(t *testing.T, d *db.DB)) {
	t.Helper()
	OnBothURL(t, func(t *testing.T, url string) { run(t, Open(t, url, db.Options{})) })
}

// OnBothURL is OnBoth for tests that open the database themselves, or twice.
func OnBothURL(t *testing.T, run func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { run(t, Postgres(t)) })
}

// Open opens a database that closes with the test.
func Open(t testing.TB, url string, o db.Options) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), url, o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d
}

// SQLite is the address of a new file in the test's own folder.
func SQLite(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "test.db")
}

// server is the one PostgreSQL of this test process. It ends with the process,
// and must stay reachable: it also ends when its pipe is collected.
var server = sync.OnceValues(func() (*pgserver.Server, error) {
	if url := os.Getenv("PENDOPO_TEST_POSTGRES"); url != "" {
		return &pgserver.Server{URL: url}, nil
	}
	return pgserver.Start()
})

// Postgres is the address of a new, empty database, dropped after the test. It
// lives on the server of PENDOPO_TEST_POSTGRES, or on one started for this process.
func Postgres(t testing.TB) string {
	t.Helper()
	s, err := server()
	if err != nil {
		t.Fatalf("both databases are required: %v", err)
	}
	url, drop, err := pgserver.Database(context.Background(), s.URL, "t_"+random())
	if err != nil {
		t.Fatalf("a new database: %v", err)
	}
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Errorf("drop the database: %v", err)
		}
	})
	return url
}

func random() string {
	b := make([]byte, 8)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// Eventually waits until the condition holds, and fails the test after a minute:
// a machine that runs much else is slow, not wrong. It is what tests use instead
// of sleeping.
func Eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

// Golden compares got with testdata/NAME, or writes it with -update.
func Golden(t testing.TB, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *Update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update writes it anew):\n--- got\n%s\n--- want\n%s", path, got, want)
	}
}
