package app_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/fold"
	"pendopo/test/testkit"
)

// neighbour is another node of the same instance: its own data folder, the same
// keys and databases.
func (w *town) neighbour() *town {
	w.t.Helper()
	p := w.Place
	p.KeysDir = p.InstanceKeys()
	p.Data, p.Node = w.t.TempDir()+"/data", "neighbour"
	in, err := app.Open(context.Background(), app.Options{Place: p, Base: "http://localhost:8080", Now: w.clock.Now})
	w.must(err)
	w.t.Cleanup(func() {
		if err := in.Close(); err != nil {
			w.t.Error(err)
		}
	})
	return &town{in, w.t, w.clock}
}

// twoNodes gives two nodes on one PostgreSQL, and a connection beside them.
func twoNodes(t *testing.T) (a, b *town, beside *pgx.Conn) {
	t.Helper()
	p := conf.Place{Database: testkit.Postgres(t), Keys: testkit.Postgres(t)}
	a = newTown(t, p)
	b = a.neighbour()
	beside, err := pgx.Connect(context.Background(), p.Database)
	a.must(err)
	t.Cleanup(func() { beside.Close(context.Background()) })
	return a, b, beside
}

// blocked says how many transactions of this database wait for a lock.
func blocked(w *town, beside *pgx.Conn) (n int) {
	w.t.Helper()
	w.must(beside.QueryRow(context.Background(), `SELECT count(*) FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&n))
	return n
}

// TestACaseThatComesInDuringTheOrderStandsStillToo holds an application in the
// middle of its commit while its office is suspended: it has looked whether the
// office stands still, and the walk over the open cases does not see it yet.
func TestACaseThatComesInDuringTheOrderStandsStillToo(t *testing.T) {
	w, other, beside := twoNodes(t)
	ctx := context.Background()
	hold, err := beside.Begin(ctx)
	w.must(err)
	_, err = hold.Exec(ctx, "LOCK TABLE cases IN SHARE MODE") // nobody writes a row of a case
	w.must(err)
	var got casework.Accepted
	accepted := make(chan error, 1)
	go func() {
		var err error
		got, err = w.Cases.Submit(ctx, casework.Submission{Service: "surat-keterangan-domisili", Channel: "portal", Lang: "id", Answers: domicile(), Once: once("n", "one")})
		accepted <- err
	}()
	testkit.Eventually(t, "the application waits to be committed", func() bool { return blocked(w, beside) == 1 })
	suspended := make(chan error, 1)
	go func() {
		_, err := other.Cases.Suspend(ctx, casework.Suspension{Unit: "kel-sekararum", Evidence: "800/1/2026", By: [2]string{"a", "b"}})
		suspended <- err
	}()
	over := false
	testkit.Eventually(t, "the order is given, or waits for the application", func() bool {
		select {
		case err := <-suspended:
			w.must(err)
			over = true
		default:
		}
		return over || blocked(w, beside) == 2
	})
	w.must(hold.Rollback(ctx))
	w.must(<-accepted)
	if !over {
		w.must(<-suspended)
	}
	w.must(w.Jobs.Drain(ctx))
	state, err := w.Cases.State(ctx, got.Stream)
	w.must(err)
	if d, _ := state.Deadline(fold.CaseDeadline); d.State != fold.Paused {
		t.Errorf("its clock is %s while its office stands still", d.State)
	}
	w.whole()
}

// TestAnOrderThatFailsOnOneCaseIsCarriedOutOnTheOthersAndTriedAgain damages the
// first of three cases, suspends their office, and mends it.
func TestAnOrderThatFailsOnOneCaseIsCarriedOutOnTheOthersAndTriedAgain(t *testing.T) {
	w := newTown(t, conf.Place{Database: testkit.Postgres(t), Keys: testkit.Postgres(t)})
	ctx := context.Background()
	var all []casework.Accepted
	for i := range 3 {
		all = append(all, w.apply(once(string(rune('p'+i)), fmt.Sprint(i))))
	}
	keys, err := pgx.Connect(ctx, w.Place.Keys)
	w.must(err)
	defer keys.Close(ctx)
	first := all[0].Stream
	set := func(to string) { // its key cannot be read
		_, err := keys.Exec(ctx, "UPDATE stream_key SET wrap = "+to+" WHERE stream = $1", first)
		w.must(err)
	}
	set("'x' || wrap")
	fresh := w.neighbour() // which remembers no key
	n, err := fresh.Cases.Suspend(ctx, casework.Suspension{Unit: "kel-sekararum", Evidence: "800/1/2026", By: [2]string{"a", "b"}})
	var left *casework.Unfinished
	if !errors.As(err, &left) || len(left.Failed) != 1 || left.Failed[first] == nil || n != 2 {
		t.Fatalf("%d stand still, %v", n, err)
	}
	paused := func() (n int) {
		for _, c := range all {
			state, err := w.Cases.State(ctx, c.Stream)
			w.must(err)
			if d, _ := state.Deadline(fold.CaseDeadline); d.State == fold.Paused {
				n++
			}
		}
		return n
	}
	if n := paused(); n != 2 {
		t.Errorf("%d stand still", n)
	}
	set("substr(wrap, 2)")
	w.clock.now = w.clock.now.Add(2 * time.Minute)
	w.must(fresh.Jobs.Drain(ctx))
	if n := paused(); n != 3 {
		t.Errorf("%d stand still in the end", n)
	}
	w.whole()
}

// changed is the government with another text in one of its files.
func changed(t *testing.T, file, from, to string) fs.FS {
	t.Helper()
	text, err := fs.ReadFile(government.FS, file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), from) {
		t.Fatalf("%s has no %q", file, from)
	}
	return overlay(t, map[string]string{file: strings.Replace(string(text), from, to, 1)})
}

// TestANodeThatHasNotTakenUpAnswersRight publishes on one node and asks the other
// before any note can have reached it: nothing of it listens.
func TestANodeThatHasNotTakenUpAnswersRight(t *testing.T) {
	w, stale, _ := twoNodes(t)
	ctx := context.Background()
	const service = "surat-keterangan-domisili"
	before, err := stale.Cases.Catalogue().Live(service)
	w.must(err)
	_, err = w.Publish(ctx, changed(t, "services/"+service+".yaml", "id: Surat keterangan domisili", "id: Surat Keterangan Tempat Tinggal"))
	w.must(err)
	after, err := w.Cases.Catalogue().Live(service)
	w.must(err)
	if before.Hash == after.Hash {
		t.Fatal("nothing was published")
	}
	apply := func(on *town, definition, key string) (casework.Accepted, error) {
		return on.Cases.Submit(ctx, casework.Submission{Service: service, Definition: definition, Channel: "portal", Lang: "id", Answers: domicile(), Once: once(key, key)})
	}
	if _, err := apply(stale, before.Hash, "a"); !fault.Is(err, fault.Conflict) || fault.Of(err).Key != "casework.definition_over" {
		t.Errorf("what is no longer live: %v", err)
	}
	third := w.neighbour()
	_, err = w.Publish(ctx, government.FS) // back again
	w.must(err)
	if _, err := apply(third, before.Hash, "b"); err != nil {
		t.Errorf("what this node does not know to be live: %v", err)
	}
	fourth := w.neighbour()
	_, err = w.Publish(ctx, changed(t, "services/"+service+".yaml", "id: Surat keterangan domisili", "id: Surat Keterangan Kediaman"))
	w.must(err)
	got, err := apply(fourth, "", "c") // whatever is live
	w.must(err)
	state, err := w.Cases.State(ctx, got.Stream)
	w.must(err)
	if now, err := w.Cases.Catalogue().Live(service); err != nil || state.Definition != now.Hash {
		t.Errorf("bound to what was live before: %v", err)
	}
}

// TestWhatOneNodePublishesEveryNodeTakesUp: definitions, names and policies.
func TestWhatOneNodePublishesEveryNodeTakesUp(t *testing.T) {
	w, other, beside := twoNodes(t)
	ctx, stop := context.WithCancel(context.Background())
	var following sync.WaitGroup
	following.Go(func() { other.Cases.Follow(ctx) })
	defer following.Wait()
	defer stop()
	named := func(name string) func() bool {
		return func() bool { return other.Cases.Government().Profile.Name.In("id") == name }
	}
	publish := func(name string) {
		_, err := w.Publish(ctx, changed(t, "government.yaml", "Pemerintah Kabupaten Banyusekar", name))
		w.must(err)
	}
	publish("Pemerintah Kabupaten Banyubening")
	testkit.Eventually(t, "the other node shows the new name", named("Pemerintah Kabupaten Banyubening"))
	_, err := beside.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`)
	w.must(err)
	publish("Pemerintah Kabupaten Banyubiru")
	testkit.Eventually(t, "it shows the next, although nobody listened", named("Pemerintah Kabupaten Banyubiru"))
	_, err = beside.Exec(ctx, `INSERT INTO publication (kind, id, hash, at)
		SELECT kind, id, hash, at FROM publication WHERE kind = 'government' ORDER BY seq LIMIT 1`) // without a note
	w.must(err)
	testkit.Eventually(t, "it shows the first again, although no note came", named("Pemerintah Kabupaten Banyusekar"))
}

// TestTwoWhoPublishTheSameAtOncePublishItOnce as three nodes do that start together.
func TestTwoWhoPublishTheSameAtOncePublishItOnce(t *testing.T) {
	w, other, beside := twoNodes(t)
	ctx := context.Background()
	folder := changed(t, "government.yaml", "Pemerintah Kabupaten Banyusekar", "Pemerintah Kabupaten Banyubening")
	var count int
	was := w.count("publication")
	var all sync.WaitGroup
	for _, node := range []*town{w, other, w, other} {
		all.Go(func() {
			if _, err := node.Publish(ctx, folder); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.must(beside.QueryRow(ctx, "SELECT count(*) FROM publication").Scan(&count))
	if count != was+2 { // the government, and the list of its files
		t.Errorf("published %d times", count-was)
	}
}

// TestTheSameKeyAtTwoNodesHasOneEffect sends one application from 16 callers to
// each of two nodes.
func TestTheSameKeyAtTwoNodesHasOneEffect(t *testing.T) {
	w, other, _ := twoNodes(t)
	codes := make([]string, 32)
	var all sync.WaitGroup
	for i := range codes {
		node := []*town{w, other}[i%2]
		all.Go(func() {
			got, err := node.Cases.Submit(context.Background(), casework.Submission{
				Service: "surat-keterangan-domisili", Channel: "portal", Lang: "id", Answers: domicile(), Once: once("s", "same"),
			})
			if err != nil {
				t.Error(err)
			}
			codes[i] = got.Code + got.Secret
		})
	}
	all.Wait()
	for _, c := range codes {
		if c != codes[0] {
			t.Errorf("%s and %s", c, codes[0])
		}
	}
	if n := w.count("cases"); n != 1 {
		t.Errorf("%d cases", n)
	}
	w.whole()
}

// TestADraftSavedMeanwhileIsNotOverwritten: two requests have loaded the same
// draft; the second to save it must load it again.
func TestADraftSavedMeanwhileIsNotOverwritten(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		begun, _, _, err := w.Cases.Begin("surat-keterangan-domisili", "portal", "id")
		w.must(err)
		load := func() casework.Draft {
			d, err := w.Cases.LoadDraft(ctx, begun.Stream)
			w.must(err)
			return d
		}
		one, other := load(), load()
		one.Answers["name"] = "Sekar Wulandari"
		w.must(w.Cases.SaveDraft(one))
		other.Answers["street"] = "Jalan Melati 4"
		if err := w.Cases.SaveDraft(other); !fault.Is(err, fault.Conflict) {
			t.Fatalf("saved over the other's answers: %v", err)
		}
		again := load()
		again.Answers["street"] = "Jalan Melati 4"
		w.must(w.Cases.SaveDraft(again))
		if now := load(); now.Answers["name"] == nil || now.Answers["street"] == nil {
			t.Errorf("kept %v", now.Answers)
		}
	})
}

// TestTwoNodesCarryALimitOutOnce: both are at it, as when a lead changes hands
// while the old holder does not know yet.
func TestTwoNodesCarryALimitOutOnce(t *testing.T) {
	w, other, _ := twoNodes(t)
	for i := range 6 {
		w.apply(once(string(rune('a'+i)), fmt.Sprint(i)))
	}
	w.clock.now = w.clock.now.Add(24 * time.Hour)
	var all sync.WaitGroup
	for _, node := range []*town{w, other, w, other} {
		all.Go(func() {
			if _, err := node.Cases.Lapse(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var twice, lapsed int
	w.must(w.DB.Read(context.Background(), func(tx db.Tx) error {
		return errors.Join(
			tx.Row(`SELECT count(*) FROM event WHERE kind = 'lapsed'`).Scan(&lapsed),
			tx.Row(`SELECT count(*) FROM (SELECT stream FROM event WHERE kind = 'lapsed' GROUP BY stream, clear HAVING count(*) > 1) x`).Scan(&twice))
	}))
	if lapsed < 6 || twice > 0 {
		t.Errorf("%d carried out, %d of them more than once", lapsed, twice)
	}
	w.whole()
}
