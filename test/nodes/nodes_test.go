package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"testing"
	"time"

	"pendopo/test/testkit"
)

// busy is how long anything here may take on a machine that runs much else beside;
// how long it does take is measured by make nodes.
const busy = 30 * time.Second

// TestThreeNodesAreOne tells one story on one cluster: what it takes to make
// three nodes is most of the time.
func TestThreeNodesAreOne(t *testing.T) {
	began := time.Now()
	say := func(words string) { t.Logf("%5.1f s  %s", time.Since(began).Seconds(), words) }
	dir := t.TempDir()
	program, err := build(dir, "pendopo")
	must(t, err)
	ctx, stop := context.WithTimeout(context.Background(), 7*time.Minute)
	defer stop()
	next := make(chan string, 1)
	go func() {
		program, err := newer(dir)
		if err != nil {
			t.Error(err)
		}
		next <- program
	}()
	c, err := newCluster(ctx, dir, program, testkit.Postgres(t), testkit.Postgres(t))
	must(t, err)
	t.Cleanup(c.stopAll)
	say("the instance is made")
	must(t, c.startAll(ctx))
	say("three nodes serve")

	b := &book{}
	l := newLoad(b, c.nodes[0].url(), c.nodes[1].url(), c.nodes[2].url())
	l.rest = 150 * time.Millisecond // every case that is open is gone through twice by an order
	l.begin(ctx, 6)
	must(t, c.commands(ctx, b))
	must(t, c.sameKey(ctx, b))
	must(t, c.session())
	must(t, c.draft())
	must(t, c.pieces(ctx))
	say("commands, keys, sessions, drafts and pieces are one")
	took, err := c.publish(ctx, "Surat keterangan tempat tinggal")
	must(t, err)
	if took > busy {
		t.Errorf("what was published is shown by all after %v", took)
	}
	judged, err := c.guess(ctx, b.accepted[0])
	must(t, err)
	if judged < 20 || judged > 3*30 {
		t.Errorf("%d wrong secrets were judged", judged)
	}

	say("published, guessed")
	killed, lead, head, err := c.takeover(ctx, (*node).kill)
	must(t, err)
	t.Logf("%s was killed: another leads after %v, and has signed after %v", killed.name, lead, head)
	if head > busy {
		t.Errorf("the log stood for %v", head)
	}
	must(t, c.start(killed, c.program))
	must(t, killed.ready(ctx))

	say("the killed node serves again")
	must(t, c.roll(ctx, <-next))
	say("every node is the next release")
	out, err := c.run(ctx, c.program, c.nodes[0], "officer", "list")
	if err == nil || !strings.Contains(out, "newer") {
		t.Errorf("an older program works on a newer database: %s", out)
	}
	l.end()
	c.judge(ctx, t, b)
	say("everything acknowledged was looked for")
}

// judge looks for everything that was acknowledged.
func (c *cluster) judge(ctx context.Context, t *testing.T, b *book) {
	t.Helper()
	must(t, c.settle(ctx))
	s, err := c.look(ctx, b)
	must(t, err)
	t.Logf("sent %d, retried %d, seen elsewhere %d, %+v, longest wait %v", b.sent.Load(), b.retried.Load(), b.seen.Load(), s, time.Duration(b.longest.Load()))
	if s.Lost != 0 || s.Doubled != 0 || s.Acknowledged < 100 || s.Fired < len(c.waiting) {
		t.Errorf("%+v", s)
	}
	for _, wrong := range b.wrong {
		t.Error(wrong)
	}
	must(t, errors.Join(c.keyed(ctx, b), c.heads(ctx)))
	if out, err := c.run(ctx, filepath.Join(c.dir, "pendopo-next"), c.nodes[1], "verify"); err != nil {
		t.Error(out)
	}
	if t.Failed() {
		for _, n := range c.nodes {
			text, _ := os.ReadFile(n.log)
			t.Logf("%s:\n%.4000s", n.name, text)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
