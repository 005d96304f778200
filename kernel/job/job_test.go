package job_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/test/testkit"
)

// clock is a time that tests move by hand.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

func (c *clock) add(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.t = c.t.Add(d) }

func onBoth(t *testing.T, run func(t *testing.T, d *db.DB, c *clock)) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		if err := d.Migrate(context.Background(), "job", job.Schema()); err != nil {
			t.Fatal(err)
		}
		run(t, d, &clock{t: time.Date(2026, 3, 17, 9, 0, 0, 0, time.UTC)})
	})
}

func enqueue(t testing.TB, d *db.DB, jobs ...job.Job) {
	t.Helper()
	err := d.Write(func(tx db.Tx) error {
		for _, j := range jobs {
			if err := job.Enqueue(tx, j); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func left(t testing.TB, d *db.DB) (n int) {
	t.Helper()
	err := d.Read(context.Background(), func(tx db.Tx) error { return tx.Row("SELECT COUNT(*) FROM job").Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func dead(t testing.TB, d *db.DB) (jobs []job.Job) {
	t.Helper()
	err := d.Read(context.Background(), func(tx db.Tx) (err error) { jobs, err = job.Dead(tx); return err })
	if err != nil {
		t.Fatal(err)
	}
	return jobs
}

// recorder is a handler that notes what it was given and answers err.
type recorder struct {
	mu  sync.Mutex
	got []string
	err error
}

func (r *recorder) handle(_ context.Context, j job.Job) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, string(j.Payload))
	return r.err
}

func (r *recorder) seen() string { r.mu.Lock(); defer r.mu.Unlock(); return strings.Join(r.got, " ") }

func TestAJobIsThereExactlyWhenItsChangeIs(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB, c *clock) {
		refusal := errors.New("refused")
		err := d.Write(func(tx db.Tx) error {
			return errors.Join(job.Enqueue(tx, job.Job{Kind: "mail"}), refusal)
		})
		if !errors.Is(err, refusal) || left(t, d) != 0 {
			t.Error(err)
		}
		enqueue(t, d, job.Job{Kind: "mail", Payload: []byte("a")})
		var r recorder
		runner := job.NewRunner(d, c.now)
		runner.Handle("mail", r.handle)
		if err := runner.Drain(context.Background()); err != nil || r.seen() != "a" || left(t, d) != 0 {
			t.Errorf("%v, ran %q, %d left", err, r.seen(), left(t, d))
		}
	})
}

func TestAKeyQueuesOnceUntilItIsDone(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB, c *clock) {
		j := job.Job{Kind: "mail", Key: "case 1", Payload: []byte("a")}
		enqueue(t, d, j, j, job.Job{Kind: "mail", Payload: []byte("b")}, job.Job{Kind: "mail", Payload: []byte("c")})
		enqueue(t, d, j)
		var r recorder
		runner := job.NewRunner(d, c.now)
		runner.Handle("mail", r.handle)
		err := runner.Drain(context.Background())
		enqueue(t, d, j)
		if err = errors.Join(err, runner.Drain(context.Background())); err != nil || r.seen() != "a b c a" {
			t.Errorf("%v, ran %q", err, r.seen())
		}
	})
}

func TestDrainRunsWhatJobsQueueAndLeavesWhatIsNotDueOrUnknown(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB, c *clock) {
		enqueue(t, d, job.Job{Kind: "first"}, job.Job{Kind: "stranger"}, job.Job{Kind: "second", Payload: []byte("later"), RunAt: c.now().Add(time.Hour)})
		var r recorder
		runner := job.NewRunner(d, c.now)
		runner.Handle("second", r.handle)
		runner.Handle("first", func(context.Context, job.Job) error {
			return d.Write(func(tx db.Tx) error { return job.Enqueue(tx, job.Job{Kind: "second", Payload: []byte("queued")}) })
		})
		if err := runner.Drain(context.Background()); err != nil || r.seen() != "queued" || left(t, d) != 2 {
			t.Errorf("%v, ran %q, %d left", err, r.seen(), left(t, d))
		}
		c.add(time.Hour)
		if err := runner.Drain(context.Background()); err != nil || r.seen() != "queued later" || left(t, d) != 1 {
			t.Errorf("%v, ran %q, %d left", err, r.seen(), left(t, d))
		}
	})
}

func TestTenFailuresBackOffAndThenAPersonSeesTheJob(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB, c *clock) {
		enqueue(t, d, job.Job{Kind: "mail", Key: "k", Payload: []byte("x")})
		r := recorder{err: errors.New("gateway is down\nsecond line")}
		runner := job.NewRunner(d, c.now)
		runner.Handle("mail", r.handle)
		var reported int
		runner.Report(func(job.Job, error) { reported++ })
		for attempt := range 10 {
			if err := runner.Drain(context.Background()); !errors.Is(err, r.err) {
				t.Fatalf("attempt %d: %v", attempt+1, err)
			}
			base := min(time.Second<<attempt, time.Hour)
			c.add(base - time.Millisecond)
			if err := runner.Drain(context.Background()); err != nil || len(r.got) != attempt+1 {
				t.Fatalf("ran again before %v: %v", base, err)
			}
			c.add(base/2 + time.Millisecond)
		}
		list := dead(t, d)
		if len(list) != 1 || list[0].Attempt != 10 || !strings.HasSuffix(list[0].Cause, "gateway is down") || list[0].Key != "k" || reported != 10 {
			t.Fatalf("dead: %+v, reported %d", list, reported)
		}
		c.add(1000 * time.Hour)
		if err := runner.Drain(context.Background()); err != nil || len(r.got) != 10 {
			t.Errorf("a dead job ran: %v", err)
		}
		r.err = nil
		err := d.Write(func(tx db.Tx) error { return job.Revive(tx, list[0].ID) })
		if err = errors.Join(err, runner.Drain(context.Background())); err != nil || len(r.got) != 11 || left(t, d) != 0 {
			t.Errorf("revived: %v", err)
		}
		if err := d.Write(func(tx db.Tx) error { return job.Revive(tx, list[0].ID) }); !errors.Is(err, db.ErrNone) {
			t.Errorf("revived what is gone: %v", err)
		}
	})
}

func TestAStoreThatIsAwayBringsNoJobToItsEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB, c *clock) {
		enqueue(t, d, job.Job{Kind: "letter"})
		r := recorder{err: fault.New(fault.Unavailable, "fault.store_unavailable")}
		runner := job.NewRunner(d, c.now)
		runner.Handle("letter", r.handle)
		for range 15 {
			if err := runner.Drain(context.Background()); !errors.Is(err, r.err) {
				t.Fatal(err)
			}
			c.add(2 * time.Second) // it is tried again soon, however long this lasts
		}
		if len(r.got) != 15 || len(dead(t, d)) != 0 {
			t.Fatalf("%d attempts, dead: %v", len(r.got), dead(t, d))
		}
		r.err = errors.New("a mistake of ours")
		if err := runner.Drain(context.Background()); !errors.Is(err, r.err) || len(dead(t, d)) != 0 {
			t.Fatalf("its first failure: %v, dead: %v", err, dead(t, d))
		}
		r.err = nil
		c.add(2 * time.Second)
		if err := runner.Drain(context.Background()); err != nil || left(t, d) != 0 {
			t.Errorf("done in the end: %v", err)
		}
	})
}

func TestAPanicIsAFailedAttempt(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB, c *clock) {
		enqueue(t, d, job.Job{Kind: "mail"})
		runner := job.NewRunner(d, c.now)
		runner.Handle("mail", func(context.Context, job.Job) error { panic("boom") })
		if err := runner.Drain(context.Background()); err == nil || !strings.Contains(err.Error(), "boom") || left(t, d) != 1 {
			t.Error(err)
		}
	})
}

func TestAClaimHoldsForItsLeaseAndAnOldWorkerSettlesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB, c *clock) {
		enqueue(t, d, job.Job{Kind: "mail", Payload: []byte("x")})
		slow, other := job.NewRunner(d, c.now), job.NewRunner(d, c.now)
		var r recorder
		other.Handle("mail", r.handle)
		slow.Handle("mail", func(ctx context.Context, j job.Job) error {
			c.add(14 * time.Second)
			if err := other.Drain(ctx); err != nil || r.seen() != "" {
				t.Errorf("taken inside the lease: %v", err)
			}
			c.add(2 * time.Second)
			r.err = errors.New("not now")
			if err := other.Drain(ctx); err == nil || r.seen() != "x" {
				t.Errorf("not taken after the lease: %v", err)
			}
			return nil // too late: the row is the other's
		})
		if err := slow.Drain(context.Background()); err != nil || left(t, d) != 1 {
			t.Errorf("%v, %d left", err, left(t, d))
		}
	})
}

// The ticker of a claim is a real one: the clock of the test moves once a
// renewal has come.
func TestAClaimIsRenewedWhileItsHandlerWorks(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB, c *clock) {
		enqueue(t, d, job.Job{Kind: "mail", Payload: []byte("x")})
		slow, other := job.NewRunner(d, c.now), job.NewRunner(d, c.now)
		var r recorder
		other.Handle("mail", r.handle)
		slow.Handle("mail", func(ctx context.Context, j job.Job) error {
			c.add(10 * time.Second)
			testkit.Eventually(t, "the claim is renewed", func() bool {
				var until time.Time
				err := d.Read(ctx, func(tx db.Tx) error {
					return tx.Row(`SELECT run_at FROM job WHERE id = ?`, j.ID).Scan(&until)
				})
				return err == nil && until.After(j.RunAt)
			})
			c.add(10 * time.Second) // beyond the first lease, within the second
			if err := other.Drain(ctx); err != nil || r.seen() != "" {
				t.Errorf("taken while its handler works: %v", err)
			}
			return nil
		})
		if err := slow.Drain(context.Background()); err != nil || left(t, d) != 0 {
			t.Errorf("%v, %d left", err, left(t, d))
		}
	})
}

func TestRunnersOfTwoNodesNeverShareAJob(t *testing.T) {
	const jobs = 300
	testkit.OnBothURL(t, func(t *testing.T, url string) {
		first := testkit.Open(t, url, db.Options{})
		nodes := []*db.DB{first, first}
		if first.Dialect() == db.Postgres {
			nodes[1] = testkit.Open(t, url, db.Options{})
		}
		if err := first.Migrate(context.Background(), "job", job.Schema()); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		ran := map[string]int{}
		ctx, stop := context.WithCancel(context.Background())
		var all sync.WaitGroup
		for _, d := range nodes {
			runner := job.NewRunner(d, time.Now)
			runner.Handle("n", func(_ context.Context, j job.Job) error {
				mu.Lock()
				defer mu.Unlock()
				ran[string(j.Payload)]++
				return nil
			})
			all.Go(func() {
				if err := runner.Run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		for i := range jobs {
			enqueue(t, first, job.Job{Kind: "n", Payload: fmt.Append(nil, i)})
		}
		testkit.Eventually(t, "all jobs are done", func() bool { return left(t, first) == 0 })
		stop()
		all.Wait()
		if len(ran) != jobs {
			t.Errorf("%d of %d ran", len(ran), jobs)
		}
		for payload, n := range ran {
			if n != 1 {
				t.Errorf("%s ran %d times", payload, n)
			}
		}
	})
}

func TestRunEndsAfterTheJobsUnderWay(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB, c *clock) {
		enqueue(t, d, job.Job{Kind: "slow"})
		ctx, stop := context.WithCancel(context.Background())
		finished := false
		runner := job.NewRunner(d, c.now)
		runner.Handle("slow", func(ctx context.Context, _ job.Job) error {
			stop()
			<-ctx.Done()
			finished = true
			return nil
		})
		if err := runner.Run(ctx); err != nil || !finished || left(t, d) != 0 {
			t.Errorf("%v, finished %v", err, finished)
		}
	})
}

func TestWorkThatAStoppingNodeBreaksOffIsTakenUpAtOnceByAnother(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB, c *clock) {
		enqueue(t, d, job.Job{Kind: "long", Payload: []byte("x")})
		ctx, stop := context.WithCancel(context.Background())
		stopping, other := job.NewRunner(d, c.now), job.NewRunner(d, c.now)
		stopping.Handle("long", func(ctx context.Context, _ job.Job) error { stop(); return ctx.Err() })
		stopping.Report(func(_ job.Job, err error) { t.Errorf("reported as a failure: %v", err) })
		if err := stopping.Run(ctx); err != nil {
			t.Fatal(err)
		}
		var r recorder
		other.Handle("long", func(ctx context.Context, j job.Job) error {
			if j.Failures != 0 {
				t.Errorf("%d failures", j.Failures)
			}
			return r.handle(ctx, j)
		})
		if err := other.Drain(context.Background()); err != nil || r.seen() != "x" || left(t, d) != 0 {
			t.Errorf("%v, ran %q, %d left", err, r.seen(), left(t, d))
		}
	})
}

func TestOneBadJobOfABatchDoesNotTakeTheOthersDown(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB, c *clock) {
		r := job.NewRunner(d, c.now)
		var sizes []int
		r.HandleMany("index", 3, func(_ context.Context, jobs []job.Job) error {
			sizes = append(sizes, len(jobs))
			for _, j := range jobs {
				if string(j.Payload) == "bad" {
					return errors.New("cannot be read")
				}
			}
			return nil
		})
		for _, payload := range []string{"a", "bad", "b", "c"} {
			enqueue(t, d, job.Job{Kind: "index", Payload: []byte(payload)})
		}
		if err := r.Drain(context.Background()); err == nil {
			t.Error("nobody was told")
		}
		if n := left(t, d); n != 1 {
			t.Errorf("%d left, want the bad one alone", n)
		}
		if fmt.Sprint(sizes) != "[3 1 1 1 1]" {
			t.Errorf("batches of %v", sizes)
		}
	})
}

func TestDrainLeavesNothingThatItClaimed(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB, c *clock) {
		r, done := job.NewRunner(d, c.now), map[string]int{}
		for _, kind := range []string{"one", "index", "notices"} {
			enqueue(t, d, job.Job{Kind: kind})
			many := func(_ context.Context, jobs []job.Job) error { done[jobs[0].Kind] += len(jobs); return nil }
			if kind == "one" {
				r.Handle(kind, func(ctx context.Context, j job.Job) error { return many(ctx, []job.Job{j}) })
			} else {
				r.HandleMany(kind, 10, many)
			}
		}
		if err := r.Drain(context.Background()); err != nil || len(done) != 3 || left(t, d) != 0 {
			t.Errorf("%v, done %v, %d left", err, done, left(t, d))
		}
	})
}

func TestWorkThatCanWaitIsDoneInAQuietMoment(t *testing.T) {
	onBoth(t, func(t *testing.T, d *db.DB, c *clock) {
		r := job.NewRunner(d, c.now)
		done := make(chan int)
		r.HandleMany("index", 100, func(ctx context.Context, jobs []job.Job) error {
			select {
			case done <- len(jobs):
			case <-ctx.Done():
			}
			return nil
		})
		for range 5 {
			enqueue(t, d, job.Job{Kind: "index"})
		}
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error)
		go func() { ended <- r.Run(ctx) }()
		if n := <-done; n != 5 {
			t.Errorf("%d at once", n)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
