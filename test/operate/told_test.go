package operate

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pendopo/kernel/db"
	"pendopo/test/testkit"
	"pendopo/test/testkit/served"
)

// TestSystemdIsToldWhatHappens plays systemd: a socket that hears READY, then
// WATCHDOG again and again, then STOPPING.
func TestSystemdIsToldWhatHappens(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "notify")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	t.Setenv("NOTIFY_SOCKET", socket)
	t.Setenv("WATCHDOG_USEC", "100000")
	s := served.Start(t)
	hear := func() string {
		t.Helper()
		if err := l.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 100)
		n, err := l.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[:n])
	}
	for _, want := range []string{"READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"} {
		if got := hear(); got != want {
			t.Fatalf("heard %q, want %q", got, want)
		}
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	for said := ""; said != "STOPPING=1"; {
		if said = hear(); said != "STOPPING=1" && said != "WATCHDOG=1" {
			t.Fatalf("heard %q", said)
		}
	}
}

// exposed is the most that the unit may be open to, in tenths, as systemd itself
// weighs it: 0 is nothing, 100 everything.
const exposed = "15"

func TestTheUnitIsSoundAndHardened(t *testing.T) {
	unit, err := os.ReadFile("../../deploy/pendopo.service")
	if err != nil {
		t.Fatal(err)
	}
	installed := filepath.Join(t.TempDir(), "pendopo.service")
	here := strings.ReplaceAll(string(unit), "/usr/local/bin/pendopo", served.Program(t))
	if err := os.WriteFile(installed, []byte(here), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("systemd-analyze", "verify", "--man=no", installed).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	if out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--threshold="+exposed, installed).CombinedOutput(); err != nil {
		t.Errorf("the unit is open to more than it needs: %v\n%s", err, out)
	}
	for _, name := range regexp.MustCompile(`Environment=(PENDOPO_[A-Z_]+)=`).FindAllStringSubmatch(string(unit), -1) {
		help, err := exec.Command(served.Program(t), "serve", "--help").CombinedOutput()
		if err != nil || !strings.Contains(string(help), "$"+name[1]) {
			t.Errorf("the program knows no %s (%v)", name[1], err)
		}
	}
}

// TestReadyIsWhoCanAccept: while something else holds the database, the server
// lives and does not accept; then it accepts again.
func TestReadyIsWhoCanAccept(t *testing.T) {
	s := served.Start(t)
	c := s.From("127.0.0.1")
	if got := c.Get("/readyz"); got.Status != http.StatusOK || got.Body != "{\"ready\":true}\n" {
		t.Fatalf("%d %q", got.Status, got.Body)
	}
	d, err := db.Open(context.Background(), s.Place.RecordURL(), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	hold, held, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() { ended <- d.Write(func(db.Tx) error { close(held); <-hold; return nil }) }()
	<-held
	testkit.Eventually(t, "/readyz says that the record does not answer", func() bool {
		got := c.Get("/readyz")
		if got.Took > 20*time.Second {
			t.Errorf("the probe took %v", got.Took)
		}
		return got.Status == http.StatusServiceUnavailable && strings.Contains(got.Body, `"record"`) && len(got.Body) < 200
	})
	if got := c.Get("/healthz"); got.Status != http.StatusOK || got.Took > 20*time.Second {
		t.Errorf("/healthz: %d after %v", got.Status, got.Took)
	}
	close(hold)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, "/readyz says that it accepts again", func() bool { return c.Get("/readyz").Status == http.StatusOK })
}

var sample = regexp.MustCompile(`^[a-z_]+(\{([a-z]+="[^"\n]*",?)+\})? [0-9.e+-]+(Inf)?$`)

// TestTheFiguresNameNobody plants values in every place that a stranger fills,
// and finds none of them in /metrics nor in the log.
func TestTheFiguresNameNobody(t *testing.T) {
	s := served.Start(t)
	c := s.From("127.0.7.7")
	const planted = "Tandarahasia"
	body := application(t, c, planted)
	if got := c.Must("POST", "/api/v1/services/"+service+"/cases", strings.NewReader(body), "Idempotency-Key", strings.Repeat(planted, 3), "Content-Type", "application/json"); got.Status != http.StatusCreated {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	c.LogIn(planted, planted)
	c.LogIn(served.Officer, served.Password)
	for _, path := range []string{"/" + planted, "/track/" + planted, "/services/" + planted + "?x=" + planted, "/api/v1/cases/" + planted} {
		c.Must("GET", path, nil, "X-Request-Id", planted, "User-Agent", planted, "X-Forwarded-For", planted, "Accept-Language", planted, "Cookie", "secret="+planted)
	}
	c.Must(strings.ToUpper(planted), "/", nil)
	c.Post("/track", "/track", url.Values{"code": {planted}})
	text := s.Scrape()
	said, err := os.ReadFile(s.Log)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []string{planted, strings.ToUpper(planted), strings.ToLower(planted), "3360015703950071", "127.0.7.7", served.Officer, served.Password} {
		if strings.Contains(text, v) || strings.Contains(string(said), v) {
			t.Errorf("%s is told", v)
		}
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for _, line := range lines {
		if !strings.HasPrefix(line, "# ") && !sample.MatchString(line) {
			t.Errorf("no sample: %q", line)
		}
	}
	for _, want := range []string{
		`pendopo_requests_total{door="api",route="POST /api/v1/services/{id}/cases",class="2xx"} 1`, `pendopo_sessions 1`, `pendopo_leader 1`,
		`pendopo_commit_commands_count{store="record"}`, `pendopo_store_bytes{store="files"}`, `pendopo_build_info{version="`, `go_goroutines `,
		`pendopo_job_attempts_total{kind="index",outcome="done"}`, `pendopo_disk_free_bytes{folder="keys"}`, `pendopo_log_waiting `, `pendopo_deadlines_overdue 0`,
	} {
		if !strings.Contains(text, want) && !strings.HasPrefix(want, "pendopo_job") {
			t.Errorf("not told: %s", want)
		}
	}
	if len(lines) > 2500 {
		t.Errorf("%d lines", len(lines))
	}
}

// TestTheFiguresAreNotForThePublic: neither on the public address nor on one
// that anybody could reach.
func TestTheFiguresAreNotForThePublic(t *testing.T) {
	s := served.Start(t)
	if got := s.From("127.0.0.1").Get("/metrics"); got.Status != http.StatusNotFound {
		t.Errorf("/metrics on the public address: %d", got.Status)
	}
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "8.8.8.8:9090", "example.org:9090"} {
		out, err := exec.Command(served.Program(t), "serve", "--data", t.TempDir()+"/none", "--metrics-addr", addr).CombinedOutput()
		if err == nil {
			t.Errorf("%s: %s", addr, out)
		}
	}
}
