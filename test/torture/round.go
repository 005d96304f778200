package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pendopo/kernel/conf"
	"pendopo/test/testkit/pgserver"
	"pendopo/test/testkit/port"
)

// kind is what is killed, and on what the server stands.
type kind string

const (
	ofSQLite   kind = "sqlite"   // the server on SQLite
	ofPostgres kind = "postgres" // the server on PostgreSQL
	ofDatabase kind = "database" // PostgreSQL, under a server that stays
)

// plan is a round to be run.
type plan struct {
	kind              kind
	kills             int
	seed              uint64
	clients           int
	program           string        // built already; empty = to be built
	shortest, longest time.Duration // life between ready and the next kill
	whole             int           // kills between two looks at everything
	folder            string
	least             map[string]int  // of what must be acknowledged before the round may end
	enough            <-chan struct{} // closed: end early, with every look; nil = never
	gently            bool            // a database is stopped as an operator does
	out               io.Writer       // progress and the seed; nil = nobody looks
}

// desks are so many of the clients: three in four check papers, one signs.
func (p plan) desks() int { return max(4, p.clients/8) }

// round is a plan being run.
type round struct {
	plan
	*instance
	pg      *pgserver.Server // nil on SQLite
	addr    string
	server  *server
	rng     *rand.Rand
	journal *journal
	tried   tries
	looker  *client // the rig's own

	definition string // of the service, as it is live
	log        *logReader
	ending     atomic.Bool // clients begin nothing new
	resting    atomic.Bool // clients wait
	living     sync.WaitGroup
	began      time.Time
	figures    figures
}

func newRound(p plan) *round {
	return &round{plan: p, rng: rand.New(rand.NewPCG(p.seed, 0)), journal: newJournal(), began: time.Now(), figures: figures{kind: p.kind, seed: p.seed}}
}

// run runs a plan: it gives an error when anything was wrong.
func run(ctx context.Context, p plan) (figures, error) {
	r := newRound(p)
	if p.out != nil {
		fmt.Fprintf(p.out, "%s: %d kills, seed %d\n", p.kind, p.kills, p.seed)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	err := r.all(ctx)
	stop()
	r.living.Wait()
	err = errors.Join(err, r.close())
	r.figures.sum(r)
	if list, more := r.journal.wrong(); len(list) > 0 {
		err = errors.Join(err, fmt.Errorf("seed %d: %d wrong:\n%s", p.seed, len(list)+more, strings.Join(list, "\n")))
	}
	return r.figures, err
}

// all is the course of a round.
func (r *round) all(ctx context.Context) error {
	if err := r.lay(ctx); err != nil {
		return err
	}
	if err := r.make(ctx, ahead); err != nil {
		return err
	}
	if err := r.begin(ctx, "--government", r.government); err != nil {
		return err
	}
	if err := r.people(ctx); err != nil {
		return err
	}
	for n := 1; n <= r.kills; n++ {
		if err := r.kill(ctx); err != nil {
			return fmt.Errorf("kill %d: %w", n, err)
		}
		if err := r.quick(ctx); err != nil {
			return fmt.Errorf("after kill %d: %w", n, err)
		}
		if n%r.whole == 0 && n < r.kills {
			if err := r.everything(ctx); err != nil {
				return fmt.Errorf("after kill %d: %w", n, err)
			}
		}
		if list, _ := r.journal.wrong(); len(list) > 0 || r.over() {
			break
		}
		r.progress(n)
	}
	if err := r.fill(ctx); err != nil {
		return err
	}
	return r.finish(ctx)
}

// over says whether somebody wants the round to end early.
func (r *round) over() bool {
	select {
	case <-r.enough:
		return true
	default:
		return false
	}
}

// fill lets the clients go on until so much was acknowledged that the round
// shows something, also on a machine that is busy with other things.
func (r *round) fill(ctx context.Context) error {
	end := time.Now().Add(time.Minute)
	for !r.journal.has(r.least) && time.Now().Before(end) {
		if err := r.looker.sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	return r.quick(ctx)
}

// lay makes what an instance needs: its program, and databases.
func (r *round) lay(ctx context.Context) (err error) {
	in := &instance{dir: r.folder, government: filepath.Join(r.folder, "government"), place: conf.Place{Data: filepath.Join(r.folder, "data"), Node: "node1"}}
	r.instance = in
	for i := range r.desks() {
		role := "petugas_layanan"
		if i%4 == 3 {
			role = "lurah"
		}
		in.officers = append(in.officers, login{name: fmt.Sprintf("petugas%d", i), role: role})
	}
	if in.program = r.plan.program; in.program == "" {
		if in.program, err = build(r.folder, "pendopo/cmd/pendopo"); err != nil {
			return err
		}
	}
	if r.kind != ofSQLite {
		if r.pg, err = pgserver.StartLasting(""); err != nil {
			return err
		}
		for name, url := range map[string]*string{"record": &in.place.Database, "keys": &in.place.Keys} {
			if *url, _, err = pgserver.Database(ctx, r.pg.URL, name); err != nil {
				return err
			}
		}
	}
	r.addr, err = port.Free()
	return err
}

// ahead is how many cases are made whose limits pass one after the other in the
// first ten seconds.
const ahead = 20

// begin starts the server and learns what a stranger can.
func (r *round) begin(ctx context.Context, more ...string) (err error) {
	if r.server, err = r.serve(r.addr, more...); err != nil {
		return err
	}
	if err := r.server.ready(ctx); err != nil {
		return err
	}
	if err := r.server.answers(ctx, "/log/key", http.StatusOK); err != nil { // the first head takes a moment
		return err
	}
	r.looker = newClient("http://"+r.addr, 0, r.seed, &r.tried)
	if r.log == nil {
		if r.log, err = newLogReader(ctx, r.looker); err != nil {
			return err
		}
	}
	r.definition, err = r.live(ctx)
	return err
}

// people begin to live. Each that ends before the round does has met something
// that must not be. Officers are logged in before the first kill: an attempt
// that is cut off counts as a failed one.
func (r *round) people(ctx context.Context) error {
	papers, signatures := make(chan task, 64), make(chan task, 64)
	alive := func(live func(context.Context) error) {
		r.living.Go(func() {
			if err := live(ctx); err != nil {
				r.journal.fault("%v", err)
			}
		})
	}
	for i, l := range r.officers {
		o := &officer{client: newClient("http://"+r.addr, i+1, r.seed, &r.tried), journal: r.journal, login: l, work: papers, next: signatures, ending: &r.ending, resting: &r.resting}
		if l.role == "lurah" {
			o.work, o.next = signatures, nil
		}
		if err := o.logIn(ctx); err != nil {
			return err
		}
		alive(o.live)
	}
	for i := range r.clients - len(r.officers) {
		alive(r.citizen(100+i, papers).live)
	}
	return nil
}

// citizen is the n-th.
func (r *round) citizen(n int, papers chan<- task) *citizen {
	return &citizen{client: newClient("http://"+r.addr, n, r.seed, &r.tried), journal: r.journal, definition: r.definition,
		toOfficers: papers, ending: &r.ending, resting: &r.resting, log: r.log}
}

// kill lets the server live a while, ends it or its database, and brings it back.
func (r *round) kill(ctx context.Context) error {
	if err := r.let(ctx); err != nil {
		return err
	}
	down := time.Now()
	if r.kind == ofDatabase {
		end := r.pg.Crash
		if r.gently {
			end = r.pg.Down
		}
		if err := errors.Join(end(), r.pg.Again()); err != nil {
			return err
		}
	} else {
		r.server.kill()
		var more []string
		if r.rng.IntN(10) == 0 { // as a unit file would
			more = []string{"--government", r.government}
		}
		var err error
		if r.server, err = r.serve(r.addr, more...); err != nil {
			return err
		}
	}
	err := r.server.ready(ctx)
	r.figures.down = append(r.figures.down, time.Since(down))
	r.figures.kills++
	return err
}

// let lets the server live: so long, and on a machine that is busy with other
// things until so much was acknowledged, so that a kill hits something.
func (r *round) let(ctx context.Context) error {
	life := r.shortest + time.Duration(r.rng.Int64N(int64(r.longest-r.shortest)))
	end, enough := time.Now().Add(3*life), r.rng.IntN(2*r.clients/3+1)
	if err := r.looker.sleep(ctx, life); err != nil {
		return err
	}
	for r.journal.waiting() < enough && time.Now().Before(end) {
		if err := r.looker.pause(ctx, time.Millisecond, 10*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// finish lets everybody end what they began, looks at everything, stops the
// server, and looks at what is on disk.
func (r *round) finish(ctx context.Context) error {
	r.ending.Store(true)
	ended := make(chan struct{})
	go func() { r.living.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(2 * time.Minute):
		return errors.New("clients wait for answers two minutes after the last kill")
	}
	if err := r.quick(ctx); err != nil {
		return err
	}
	if err := r.still(ctx); err != nil {
		return err
	}
	if err := r.everything(ctx); err != nil {
		return err
	}
	if err := r.last(ctx); err != nil {
		return err
	}
	if err := r.server.stop(); err != nil {
		return err
	}
	return r.verify(ctx)
}

// close ends what still runs.
func (r *round) close() error {
	if r.server != nil {
		r.server.kill()
	}
	if r.pg != nil {
		_ = r.pg.Stop() // tells how the server ended
	}
	return nil
}

// progress says now and then how far the round is.
func (r *round) progress(n int) {
	if r.out == nil || n%25 != 0 && n != r.kills {
		return
	}
	gone := time.Since(r.began)
	left := gone / time.Duration(n) * time.Duration(r.kills-n)
	fmt.Fprintf(r.out, "%s: %d of %d kills, %d acknowledged, %s gone, %s left\n", r.kind, n, r.kills,
		len(r.journal.all), gone.Round(time.Second), left.Round(time.Second))
}

// live asks which definition of the service is live.
func (r *round) live(ctx context.Context) (definition string, err error) {
	got, err := r.looker.get(ctx, "/api/v1/services/"+service)
	if err != nil {
		return "", err
	}
	var view struct{ Definition string }
	err = json.Unmarshal(got.body, &view)
	if err == nil && (got.status != http.StatusOK || view.Definition == "") {
		err = fmt.Errorf("no service: %d %s", got.status, got.body)
	}
	return view.Definition, err
}
