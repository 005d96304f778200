package main

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"pendopo/test/testkit/pgserver"
)

// Addresses of RFC 2544, which no network routes: on the database's side of the
// cable, and on the node's; one pair for the database and one for the clients.
const (
	databaseAt = "198.18.7.1"
	clientsAt  = "198.18.8.1"
	nodeAt     = "198.18.8.2"
	longest    = 25 * time.Second // that any answer may take while the cable is cut
)

// cable is one between here and a network of the node's own, which is gone with
// the process that holds it.
type cable struct {
	t  *testing.T
	in []string // what a command begins with to run at the node's end
}

func lay(t *testing.T) cable {
	t.Helper()
	hold := exec.Command("sleep", "600")
	hold.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if err := hold.Start(); err != nil {
		t.Fatalf("a network of its own needs root: %v", err)
	}
	t.Cleanup(func() { hold.Process.Kill(); hold.Wait() })
	pid := strconv.Itoa(hold.Process.Pid)
	c := cable{t, []string{"nsenter", "--target", pid, "--net", "--"}}
	do(t, "ip", "link", "add", "pendopo0", "type", "veth", "peer", "name", "pendopo1", "netns", pid)
	do(t, "ip", "address", "add", databaseAt+"/30", "dev", "pendopo0")
	do(t, "ip", "address", "add", clientsAt+"/30", "dev", "pendopo0")
	do(t, "ip", "link", "set", "pendopo0", "up")
	c.do("ip", "address", "add", "198.18.7.2/30", "dev", "pendopo1")
	c.do("ip", "address", "add", nodeAt+"/30", "dev", "pendopo1")
	c.do("ip", "link", "set", "pendopo1", "up")
	c.do("ip", "link", "set", "lo", "up")
	return c
}

// do runs a command at the node's end.
func (c cable) do(args ...string) {
	c.t.Helper()
	do(c.t, append(c.in[:len(c.in):len(c.in)], args...)...)
}

// cut lets everything that the node sends to the database vanish without a
// word, as a cable does that was pulled behind a switch: the frames go to an
// address that no card has.
func (c cable) cut() {
	c.t.Helper()
	c.do("ip", "neighbour", "replace", databaseAt, "lladdr", "02:00:00:00:00:99", "nud", "permanent", "dev", "pendopo1")
}

func (c cable) mend() {
	c.t.Helper()
	c.do("ip", "neighbour", "delete", databaseAt, "dev", "pendopo1")
}

func TestACutCableToTheDatabaseIsSaidInTimeAndForgotten(t *testing.T) {
	t.Parallel()
	c := lay(t)
	pg, err := pgserver.StartLasting(databaseAt)
	if err != nil {
		t.Fatal(err)
	}
	w := newTown(t, ofSQLite, func(r *round) {
		r.kind, r.pg, r.within, r.addr = ofPostgres, pg, c.in, nodeAt+":8080"
		for name, url := range map[string]*string{"record": &r.place.Database, "keys": &r.place.Keys} {
			if _, _, err := pgserver.Database(t.Context(), pg.URL, name); err != nil {
				t.Fatal(err)
			}
			*url = fmt.Sprintf("postgres://postgres@%s:%d/%s", databaseAt, pgserver.Port, name)
		}
	})
	w.opens()
	w.applies(5)
	w.proved()
	c.cut()
	refused := w.allRefused(24)
	c.mend()
	for _, r := range refused {
		w.again(r)
	}
	w.applies(5)
	w.whole()
}

// allRefused sends requests of every kind at once while the cable is cut and
// wants each refused in time; it gives the applications among them.
func (w *town) allRefused(n int) (applications []request) {
	w.t.Helper()
	type answer struct {
		reply
		took time.Duration
		err  error
	}
	answers := make(chan answer)
	for i := range n {
		r := request{method: http.MethodGet, path: w.journal.matters[0].path(), header: w.journal.matters[0].secretHeader()}
		if i%2 == 0 {
			r = w.attempt()
			applications = append(applications, r)
		}
		c := newClient("http://"+w.addr, 200+i, w.seed, &w.tried)
		go func() {
			ctx, stop := context.WithTimeout(w.t.Context(), 2*longest)
			defer stop()
			began := time.Now()
			got, err := c.once(ctx, r)
			answers <- answer{got, time.Since(began), err}
		}()
	}
	var most time.Duration
	for range n {
		a := <-answers
		w.must(a.err)
		w.later(a.reply)
		most = max(most, a.took)
	}
	w.t.Logf("the longest answer took %s", most)
	if most > longest {
		w.t.Errorf("an answer took %s", most)
	}
	return applications
}
