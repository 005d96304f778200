package load

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pendopo/test/testkit/port"
)

// server answers /chunked in pieces, /plain with its length and /refuse badly.
func server(t *testing.T) (addr string, answered *atomic.Int64) {
	t.Helper()
	answered = &atomic.Int64{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answered.Add(1)
		switch r.URL.Path {
		case "/chunked":
			fmt.Fprint(w, strings.Repeat("a", 70_000))
			w.(http.Flusher).Flush()
			fmt.Fprint(w, "end")
		case "/refuse":
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			fmt.Fprint(w, "hello")
		}
	}))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String(), answered
}

func request(path string) func(b []byte, n int64) []byte {
	return func(b []byte, _ int64) []byte { return append(b, Get(path, "id", false)...) }
}

func TestRunCountsGoodAnswers(t *testing.T) {
	addr, answered := server(t)
	for path, length := range map[string]int{"/plain": 5, "/chunked": 70_003} {
		var from Counter
		var wrong atomic.Int64
		before := answered.Load()
		l := Load{Addr: addr, Next: request(path), Status: 200, Keep: func(body []byte) {
			if len(body) != length {
				wrong.Add(1)
			}
		}}
		got, err := l.Run(4, 100*time.Millisecond, &from)
		if err != nil {
			t.Fatal(err)
		}
		if got.Answers == 0 || got.Answers != answered.Load()-before {
			t.Errorf("%s: %d answers counted, %d given", path, got.Answers, answered.Load()-before)
		}
		if wrong.Load() > 0 {
			t.Errorf("%s: %d bodies had another length than %d", path, wrong.Load(), length)
		}
		if got.P50 <= 0 || got.P99 < got.P50 || got.Rate <= 0 {
			t.Errorf("%s: %+v", path, got)
		}
	}
}

// A server that refuses quickly must not look fast.
func TestAnyOtherAnswerFailsTheRun(t *testing.T) {
	addr, _ := server(t)
	var from Counter
	_, err := Load{Addr: addr, Next: request("/refuse"), Status: 200}.Run(2, 50*time.Millisecond, &from)
	if err == nil || !strings.Contains(err.Error(), "answered 503") {
		t.Errorf("a refusal gave %v", err)
	}
}

func TestFetchGivesTheWholeAnswer(t *testing.T) {
	addr, _ := server(t)
	r, raw, err := Fetch(addr, Get("/plain", "id", false))
	if err != nil || r.Status != 200 || string(raw[r.Head:]) != "hello" {
		t.Errorf("%+v, %q, %v", r, raw, err)
	}
}

func TestQuantiles(t *testing.T) {
	var hundred []time.Duration
	for i := 1; i <= 100; i++ {
		hundred = append(hundred, time.Duration(i))
	}
	for _, c := range []struct {
		of      []time.Duration
		percent int
		want    time.Duration
	}{{hundred, 50, 50}, {hundred, 99, 99}, {hundred[:1], 99, 1}, {hundred[:2], 50, 1}, {nil, 50, 0}} {
		if got := quantile(c.of, c.percent); got != c.want {
			t.Errorf("%d %% of %d values: %d, not %d", c.percent, len(c.of), got, c.want)
		}
	}
}

// A process counts with its children, and only while it lives.
func TestATreeIsAProcessAndItsChildren(t *testing.T) {
	addr, _ := server(t)
	p, err := Start(Program{
		Dir: t.TempDir(), Args: []string{"/bin/sh", "-c", "sleep 60 & sleep 60 & wait"}, Addr: addr, Ready: Get("/plain", "id", false),
	})
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(Patience)
	for pids := []int{}; len(pids) != 3; {
		if pids, err = tree(p.PID()); err != nil || time.Now().After(deadline) {
			t.Fatalf("%d processes, %v", len(pids), err)
		}
	}
	all, err := PssOfTree(p.PID())
	one, err2 := p.Memory("smaps_rollup", "Pss")
	if err != nil || err2 != nil || all <= one {
		t.Errorf("the tree has %v MB, its root %v; %v, %v", all, one, err, err2)
	}
	pids, _ := tree(p.PID())
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	if _, err := stat(pids[0]); err == nil {
		t.Error("the process is still there")
	}
	for _, child := range pids[1:] {
		if c, err := os.FindProcess(child); err == nil {
			c.Kill()
		}
	}
}

// What does not begin says why.
func TestAServerThatEndsIsReportedWithItsLastWords(t *testing.T) {
	addr, err := port.Free()
	if err != nil {
		t.Fatal(err)
	}
	_, err = Start(Program{Dir: t.TempDir(), Args: []string{"/bin/sh", "-c", "echo no such key; exit 3"}, Addr: addr, Ready: Get("/", "id", false)})
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "no such key") {
		t.Errorf("it said %v", err)
	}
}

func TestWriteBetweenLeavesTheRestAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(file, []byte("before\n<a>\nold\n</a>\nafter\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteBetween(file, "<a>\n", "</a>", "new\n"); err != nil {
		t.Fatal(err)
	}
	if raw, _ := os.ReadFile(file); string(raw) != "before\n<a>\nnew\n</a>\nafter\n" {
		t.Errorf("it is now %q", raw)
	}
	if err := WriteBetween(file, "<b>\n", "</b>", "new\n"); err == nil {
		t.Error("a page without a place was written to")
	}
}
