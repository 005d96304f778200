package app

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// sent is what became of a body of ten bytes, of which one came every pause.
func sent(t *testing.T, p patience, bytes int, pause time.Duration) (status string, read int) {
	t.Helper()
	got := make(chan int, 1)
	srv := httptest.NewUnstartedServer(p.guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		got <- len(b)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
		}
	})))
	srv.Config.ReadTimeout = p.silence
	srv.Start()
	t.Cleanup(srv.Close)
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n")
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for range bytes {
		<-tick.C
		fmt.Fprint(conn, "x")
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line), <-got
}

func TestASlowTelephoneIsWaitedForAndASilentOneIsNot(t *testing.T) {
	with := func(silence, start, most time.Duration) patience {
		return patience{silence: silence, start: start, least: 1, most: most, room: newRoom(mostBodies)}
	}
	if status, n := sent(t, with(1200*time.Millisecond, time.Minute, time.Minute), 10, 150*time.Millisecond); !strings.Contains(status, "200") || n != 10 {
		t.Errorf("a steady body that takes longer than a pause may: %s after %d bytes", status, n)
	}
	if status, n := sent(t, with(time.Second, time.Minute, time.Minute), 3, time.Millisecond); !strings.Contains(status, "400") || n != 3 {
		t.Errorf("a body that stops: %s after %d bytes", status, n)
	}
	if status, n := sent(t, with(time.Minute, time.Minute, time.Second), 3, 20*time.Millisecond); !strings.Contains(status, "400") || n != 3 {
		t.Errorf("a body that would take for ever: %s after %d bytes", status, n)
	}
	drips := with(time.Minute, 300*time.Millisecond, time.Minute)
	drips.least = 1000
	if status, n := sent(t, drips, 8, 50*time.Millisecond); !strings.Contains(status, "400") || n > 8 {
		t.Errorf("a body that drips: %s after %d bytes", status, n)
	}
}
