package operate

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pendopo/test/testkit"
	"pendopo/test/testkit/served"
)

func TestMain(m *testing.M) {
	status := m.Run()
	served.Remove()
	os.Exit(status)
}

const service = "surat-keterangan-domisili"

// application is a whole application of an invented person.
func application(t *testing.T, c *served.Client, name string) string {
	t.Helper()
	var live struct{ Definition string }
	if got := c.Get("/api/v1/services/" + service); got.Status != http.StatusOK || json.Unmarshal([]byte(got.Body), &live) != nil || live.Definition == "" {
		t.Fatalf("the service: %d %.300s", got.Status, got.Body)
	}
	body, err := json.Marshal(map[string]any{"definition": live.Definition, "channel": "api", "answers": map[string]any{
		"name": name, "nik": "3360015703950071", "birth_place": "Kawungsandhya", "birth_date": "1995-03-17", "sex": "perempuan",
		"phone": "+6281200077713", "region": "33.60.01.1001", "street": "Gang Melur 19", "rt": 2, "rw": 5, "lives_since": "2020-08-01",
		"occupation": "bekerja", "purpose": "lainnya", "purpose_text": "mengurus warisan",
		"surat_pengantar": []string{"counter"}, "ktp": []string{"counter"}, "declaration": true,
	}})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// outcome is what a client knows of one application after the server stopped.
type outcome struct{ key, code string }

// TestStoppingUnderLoadLosesNothingAndDoesNothingTwice: sixteen clients apply
// while the server is told to stop. Every answer that begins is whole, whatever
// was acknowledged is there, and what was not is done once when asked again.
func TestStoppingUnderLoadLosesNothingAndDoesNothingTwice(t *testing.T) {
	s := served.Start(t, "--drain", "1500ms")
	body := application(t, s.From("127.0.0.1"), "Warga Contoh")
	var mu sync.Mutex
	var all []outcome
	var stopped atomic.Bool
	var work sync.WaitGroup
	began := make(chan struct{}, 1<<12)
	for i := range 16 {
		c := s.From(fmt.Sprintf("127.0.9.%d", i+1))
		work.Go(func() {
			for n := 0; ; n++ {
				o := outcome{key: fmt.Sprintf("stopping-under-load-%02d-%06d-key", i, n)}
				got, err := c.Ask("POST", "/api/v1/services/"+service+"/cases", strings.NewReader(body), "Idempotency-Key", o.key, "Content-Type", "application/json")
				if err == nil && got.Status == http.StatusCreated {
					o.code = codeOf(t, got.Body)
				} else if err == nil {
					t.Errorf("%d %.200s", got.Status, got.Body)
				} else if !stopped.Load() || !refused(err) {
					t.Errorf("a request broke: %v", err)
				}
				mu.Lock()
				all = append(all, o)
				mu.Unlock()
				began <- struct{}{}
				if err != nil {
					return
				}
			}
		})
	}
	for range 100 { // under load now
		<-began
	}
	stopped.Store(true)
	if err := syscall.Kill(s.PID(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	onlooker := s.From("127.0.0.1")
	testkit.Eventually(t, "/readyz says that it stops while others are still answered", func() bool {
		got, err := onlooker.Ask("GET", "/readyz", nil)
		if err != nil {
			t.Fatalf("it stopped before it said so: %v", err)
		}
		return got.Status == http.StatusServiceUnavailable && strings.Contains(got.Body, `"stopping"`)
	})
	work.Wait()
	s.Ended()
	if _, err := os.Stat(s.Place.Data + "/pendopo.db-wal"); err == nil {
		t.Error("the write-ahead log was not moved into the database")
	}
	s.Again()
	again(t, s, body, all)
}

// refused says that a request never reached a handler: the connection was not
// taken, or closed before anything came back.
func refused(err error) bool {
	for _, words := range []string{"connection refused", "connection reset", "EOF", "broken pipe", "server closed idle connection"} {
		if strings.Contains(err.Error(), words) {
			return true
		}
	}
	return false
}

func codeOf(t *testing.T, body string) string {
	t.Helper()
	var got struct{ Code string }
	if err := json.Unmarshal([]byte(body), &got); err != nil || got.Code == "" {
		t.Errorf("an answer that is not whole: %v %q", err, body)
	}
	return got.Code
}

// again asks everything once more, with the same keys.
func again(t *testing.T, s *served.Server, body string, all []outcome) {
	t.Helper()
	codes := map[string]bool{}
	acknowledged := 0
	c := s.From("127.0.0.1")
	for _, o := range all {
		got := c.Must("POST", "/api/v1/services/"+service+"/cases", strings.NewReader(body), "Idempotency-Key", o.key, "Content-Type", "application/json")
		code := codeOf(t, got.Body)
		if o.code != "" {
			acknowledged++
			if code != o.code {
				t.Errorf("%s was acknowledged as %s and is %s", o.key, o.code, code)
			}
		}
		if codes[code] {
			t.Errorf("%s is there twice", code)
		}
		codes[code] = true
	}
	t.Logf("%d applications, %d acknowledged before the server stopped", len(all), acknowledged)
	if acknowledged < 80 {
		t.Errorf("only %d were acknowledged: there was no load", acknowledged)
	}
}

// TestASecondSignalEndsAtOnce: one request hangs, so that the first signal waits.
func TestASecondSignalEndsAtOnce(t *testing.T) {
	s := served.Start(t)
	conn, err := net.Dial("tcp", s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /track HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000\r\n\r\nhalf")
	testkit.Eventually(t, "the request is being answered", func() bool { return strings.Contains(s.Scrape(), "\npendopo_requests_in_flight 1\n") })
	signal := func() {
		if err := syscall.Kill(s.PID(), syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	signal()
	testkit.Eventually(t, "it no longer accepts", func() bool {
		late, err := net.Dial("tcp", s.Addr)
		if err == nil {
			late.Close()
		}
		return err != nil
	})
	began := time.Now()
	signal()
	s.Ended()
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("the second signal took %v", took)
	}
}
