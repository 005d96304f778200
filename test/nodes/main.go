package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	clients := flag.Int("clients", 16, "how many use the cluster at a time")
	kills := flag.Int("kills", 5, "how often the leader is killed")
	keep := flag.Bool("keep", false, "leave the folder for looking at")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *clients, *kills, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "nodes:", err)
		os.Exit(1)
	}
}

// rig is all that a run needs.
type rig struct {
	*cluster
	*load
	servers []*postgres // of the first the second is a replica, of the second the third
	proxy   *proxy
	cable   *cable // to the third node
	next    string // program of the next release
	clients int
	began   time.Time
}

// say prints what was measured.
func (r *rig) say(what, words string, args ...any) {
	fmt.Printf("%6.1f s  %-44s %s\n", time.Since(r.began).Seconds(), what, fmt.Sprintf(words, args...))
}

// run tells the whole story and prints its figures.
func run(ctx context.Context, clients, kills int, keep bool) (err error) {
	dir, err := os.MkdirTemp("", "pendopo-nodes-")
	if err != nil {
		return err
	}
	r := &rig{began: time.Now(), clients: clients}
	defer func() {
		r.down()
		if keep || err != nil {
			fmt.Println("the folder stays:", dir)
		} else {
			err = os.RemoveAll(dir)
		}
	}()
	if err := r.up(ctx, dir); err != nil {
		return err
	}
	r.load.begin(ctx, clients)
	for _, part := range []func(context.Context) error{
		func(ctx context.Context) error { return r.killNodes(ctx, kills) },
		r.freeze, r.cutOff, r.release, r.failover,
	} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	if err := r.whole(ctx, 0); err != nil {
		return err
	}
	return r.asynchronous(ctx, clients)
}

// up makes the pair of servers, the cluster, and the proxy in front.
func (r *rig) up(ctx context.Context, dir string) error {
	program, err := build(dir, "pendopo")
	if err != nil {
		return err
	}
	if r.next, err = newer(dir); err != nil {
		return err
	}
	if r.cable, err = lay(); err != nil {
		return err
	}
	for _, name := range []string{"db1", "db2", "db3"} {
		p, err := newPostgres(dir, name)
		if err != nil {
			return err
		}
		r.servers = append(r.servers, p)
	}
	first, second := r.servers[0], r.servers[1]
	if err := errors.Join(first.primary(ctx), second.replica(ctx, first), first.insist(ctx, second.name)); err != nil {
		return err
	}
	r.say("a server and its replica", "synchronous_standby_names = %s", second.name)
	if r.cluster, err = newCluster(ctx, dir, program, several(r.servers, "pendopo"), several(r.servers, "pendopo_keys")); err != nil {
		return err
	}
	r.behind(r.nodes[2])
	if err := r.startAll(ctx); err != nil {
		return err
	}
	if r.proxy, err = newProxy(ctx, dir, r.nodes); err != nil {
		return err
	}
	r.load = newLoad(&book{}, "http://"+r.proxy.addr)
	r.load.rest = 5 * time.Millisecond
	r.say("three nodes behind haproxy", "%s", r.proxy.addr)
	return nil
}

// behind puts a node at the far end of the cable.
func (r *rig) behind(n *node) {
	port := n.addr[strings.LastIndex(n.addr, ":"):]
	n.addr, n.within = nodeAt+port, r.cable.in
	n.place.Database = strings.ReplaceAll(n.place.Database, "127.0.0.1", databasesAt)
	n.place.Keys = strings.ReplaceAll(n.place.Keys, "127.0.0.1", databasesAt)
}

func (r *rig) down() {
	if r.cable != nil {
		defer r.cable.remove()
	}
	if r.proxy != nil {
		r.proxy.stop()
	}
	if r.cluster != nil {
		r.stopAll()
	}
	for _, p := range r.servers {
		p.kill()
	}
}

// killNodes kills one that follows, and then whoever leads, again and again.
func (r *rig) killNodes(ctx context.Context, kills int) error {
	pause(ctx, 5*time.Second)
	leader, others := r.leaderOf(ctx, "ledger")
	if leader == nil {
		return errors.New("nobody leads")
	}
	others[0].kill()
	if err := r.again(ctx, others[0]); err != nil {
		return err
	}
	r.say("a node was killed (-9) and came back", "%s", others[0].name)
	var leads, heads []time.Duration
	for range kills {
		old, lead, head, err := r.takeover(ctx, (*node).kill)
		if err != nil {
			return err
		}
		leads, heads = append(leads, lead), append(heads, head)
		if err := r.again(ctx, old); err != nil {
			return err
		}
	}
	r.say("the leader was killed (-9)", "%d times; another led after %v at most and had signed after %v", kills, slices.Max(leads), slices.Max(heads))
	return nil
}

// again starts a node that was killed and waits until it is ready.
func (r *rig) again(ctx context.Context, n *node) error {
	return errors.Join(r.start(n, r.program), n.ready(ctx))
}

// freeze stops the leader's process in the middle: its kernel goes on answering.
func (r *rig) freeze(ctx context.Context) error {
	old, lead, _, err := r.takeover(ctx, func(n *node) { n.signal(syscall.SIGSTOP) })
	if err != nil {
		return err
	}
	usual := time.Duration(r.longest.Swap(0))
	old.signal(syscall.SIGCONT)
	if err := old.ready(ctx); err != nil {
		return err
	}
	pause(ctx, time.Second)
	r.say("the leader was frozen (-STOP)", "another led after %v; %s woke up as a follower; who had asked it waited for %v, everyone else %v at most",
		lead.Round(time.Millisecond), old.name, time.Duration(r.longest.Swap(0)).Round(time.Millisecond), usual.Round(time.Millisecond))
	return nil
}

// cutOff pulls the cable between the leader and the databases.
func (r *rig) cutOff(ctx context.Context) error {
	far := r.nodes[2]
	for range 20 { // until the node behind the cable leads
		leader, _ := r.leaderOf(ctx, "ledger")
		if leader == far {
			break
		}
		if leader != nil {
			if err := errors.Join(leader.stop(ctx), r.again(ctx, leader)); err != nil {
				return err
			}
		}
	}
	r.longest.Store(0)
	var cut error
	old, lead, head, err := r.takeover(ctx, func(*node) { cut = r.cable.cut() })
	if err := errors.Join(err, cut); err != nil {
		return err
	}
	if old != far {
		return errors.New("the node behind the cable never led")
	}
	if err := errors.Join(r.cable.mend(), far.ready(ctx)); err != nil {
		return err
	}
	r.say("the leader's cable was pulled", "another led after %v and had signed after %v; the longest wait for an answer was %v",
		lead.Round(time.Millisecond), head.Round(time.Millisecond), time.Duration(r.longest.Swap(0)).Round(time.Millisecond))
	return nil
}

// release publishes, and replaces every node by the next release, whose tables
// are newer.
func (r *rig) release(ctx context.Context) error {
	took, err := r.publish(ctx, "Surat keterangan tempat tinggal")
	if err != nil {
		return err
	}
	r.say("published at the command line", "every node shows it after %v; none took what was over", took)
	began, retried := time.Now(), r.retried.Load()
	if err := r.roll(ctx, r.next); err != nil {
		return err
	}
	r.program = r.next
	r.say("rolling release with a change of tables", "%v for three nodes, %d requests asked again", time.Since(began).Round(time.Millisecond), r.retried.Load()-retried)
	return nil
}

// failover kills the server of the databases and promotes its replica.
func (r *rig) failover(ctx context.Context) error {
	retried := r.retried.Load()
	r.servers[0].kill()
	began := time.Now()
	if err := r.servers[1].promote(); err != nil {
		return err
	}
	promoted := time.Since(began)
	if err := r.accepts(ctx); err != nil {
		return err
	}
	took := time.Since(began)
	led := time.Now()
	if err := until(ctx, "the log goes on", func() bool { return looker{r.record}.signed(ctx, led) > 0 }); err != nil {
		return err
	}
	r.say("failover to the replica", "promoted in %v, accepted again after %v, signed after %v, %d requests asked again",
		promoted.Round(time.Millisecond), took.Round(time.Millisecond), time.Since(began).Round(time.Millisecond), r.retried.Load()-retried)
	pause(ctx, 3*time.Second)
	return nil
}

// accepts waits until more applications are acknowledged than can have been on
// their way.
func (r *rig) accepts(ctx context.Context) error {
	count := func() int { r.mu.Lock(); defer r.mu.Unlock(); return len(r.accepted) }
	enough := count() + r.clients + 1
	return until(ctx, "applications are accepted", func() bool { return count() >= enough })
}

// whole ends the load and looks for everything.
func (r *rig) whole(ctx context.Context, lost int) error {
	r.load.end()
	if err := r.settle(ctx); err != nil {
		return err
	}
	s, err := r.look(ctx, r.book)
	if err != nil {
		return err
	}
	r.say("requests", "%d sent, %d asked again, longest wait for an answer since the cable %v", r.sent.Load(), r.retried.Load(), time.Duration(r.longest.Load()).Round(time.Millisecond))
	r.say("acknowledged", "%d applications, %d seen at another node at once", s.Acknowledged, r.seen.Load())
	r.say("LOST and DOUBLED", "%d lost, %d doubled, %d limits fired once each", s.Lost, s.Doubled, s.Fired)
	for _, wrong := range r.wrong {
		err = errors.Join(err, errors.New(wrong))
	}
	if s.Lost != lost || s.Doubled != 0 {
		err = errors.Join(err, errors.New("not everything acknowledged is there once"))
	}
	if err = errors.Join(err, r.keyed(ctx, r.book), r.heads(ctx)); err != nil {
		return err
	}
	out, err := r.cluster.run(ctx, r.program, r.nodes[0], "verify")
	r.say("pendopo verify", "%s", out)
	return err
}

// asynchronous shows what the same costs when commits do not wait for the replica,
// and that it is noticed.
func (r *rig) asynchronous(ctx context.Context, clients int) error {
	second, third := r.servers[1], r.servers[2]
	if err := third.replica(ctx, second); err != nil {
		return err
	}
	b := &book{}
	l := newLoad(b, "http://"+r.proxy.addr)
	used, leave := context.WithCancel(ctx)
	defer leave()
	l.begin(used, clients)
	pause(ctx, 3*time.Second)
	for _, set := range []string{"ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()"} { // the replica falls behind
		if err := third.do("psql", "-q", "-h", "127.0.0.1", "-p", third.port, "-U", "postgres", "-c", set); err != nil {
			return err
		}
	}
	pause(ctx, 3*time.Second)
	second.kill()
	if err := third.promote(); err != nil {
		return err
	}
	refusals := 0
	for _, n := range r.nodes {
		if err := until(ctx, n.name+" refuses to sign", func() bool { return says(n, "ledger.behind") }); err != nil {
			return err
		}
		refusals++
	}
	leave() // no node is ready: a person has to look first
	l.end()
	s, err := r.look(ctx, b)
	if err != nil {
		return err
	}
	r.say("ASYNCHRONOUS failover, for comparison", "of %d acknowledged %d are lost; %d of 3 nodes refuse to sign over it", s.Acknowledged, s.Lost, refusals)
	if s.Lost == 0 {
		return errors.New("nothing was lost: the comparison shows nothing")
	}
	if _, err := r.cluster.run(ctx, r.program, r.nodes[0], "log", "continue", "--lost"); err != nil {
		return err
	}
	for _, n := range r.nodes {
		if err := n.ready(ctx); err != nil {
			return err
		}
	}
	if err := r.settle(ctx); err != nil {
		return err
	}
	out, err := r.cluster.run(ctx, r.program, r.nodes[0], "verify")
	r.say("pendopo log continue --lost, verify", "%s", out)
	return err
}

// says reports whether a node's log has a word.
func says(n *node, word string) bool {
	text, err := os.ReadFile(filepath.Clean(n.log))
	return err == nil && strings.Contains(string(text), word)
}
