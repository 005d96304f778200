package job

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

// workers is how many jobs of one runner are under way at a time; lease is how
// long a claim holds unless it is renewed, which happens every renewal while the
// handler works, so that what a killed node had claimed soon passes to another;
// longest is after what time the handler's context ends; look is how often a
// runner looks for work that another node queued.
const (
	workers = 4
	lease   = 15 * time.Second
	renewal = 5 * time.Second
	longest = 5 * time.Minute
	look    = 2 * time.Second
)

// Work that is done many at once can wait, and gives way to people who do not:
// it is taken up when nothing was queued for the time of quiet, or after
// patience at the latest, and rests for a breath between two batches.
const (
	quiet    = 100 * time.Millisecond
	patience = 3 * time.Second
	breath   = 50 * time.Millisecond
)

// Runner claims due jobs and gives them to their handlers.
type Runner struct {
	db       *db.DB
	now      func() time.Time
	handlers map[string]handling
	kinds    []string // of jobs done one by one
	bulk     []string // of jobs done many at once
	report   func(Job, error)
	observe  func(kind string, err error)
	wake     chan struct{}
}

// handling is how jobs of one kind are done: up to most of them at once.
type handling struct {
	most int
	do   func(ctx context.Context, jobs []Job) error
}

// NewRunner makes a runner; register its kinds before Run or Drain.
func NewRunner(d *db.DB, now func() time.Time) *Runner {
	return &Runner{db: d, now: now, handlers: map[string]handling{}, report: func(Job, error) {}, observe: func(string, error) {}, wake: make(chan struct{}, 1)}
}

// Handle registers the handler of a kind. Jobs of kinds without one stay.
func (r *Runner) Handle(kind string, h func(ctx context.Context, j Job) error) {
	r.HandleMany(kind, 1, func(ctx context.Context, jobs []Job) error { return h(ctx, jobs[0]) })
}

// HandleMany registers a handler that does up to most jobs of a kind at once,
// where that is cheaper than one by one. When it fails they are done again one
// by one, so that the one at fault does not take its neighbours down.
func (r *Runner) HandleMany(kind string, most int, h func(ctx context.Context, jobs []Job) error) {
	list := &r.kinds
	if most > 1 {
		list = &r.bulk
	}
	if r.handlers[kind].do == nil {
		*list = append(*list, kind)
	}
	r.handlers[kind] = handling{most, h}
}

// Report registers who is told of failed attempts and of a store that cannot
// be asked (then with the zero Job).
func (r *Runner) Report(fn func(Job, error)) { r.report = fn }

// Observe registers who is told of every attempt, good and bad, for counting.
func (r *Runner) Observe(fn func(kind string, err error)) { r.observe = fn }

// Wake makes a running runner look for work now.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends, waits for the jobs under way, and returns nil. A
// store that is unavailable is asked again later.
func (r *Runner) Run(ctx context.Context) error {
	queued, stop := r.db.Watch(Topic)
	defer stop()
	var running sync.WaitGroup
	defer running.Wait()
	slots := make(chan struct{}, workers)
	calm := lull{since: time.Now(), behind: time.Now()}
	for ctx.Err() == nil {
		bulk := calm.wait() == 0
		claimed, err := r.claim(workers-len(slots), bulk)
		if err != nil {
			r.report(Job{}, err)
		}
		for _, jobs := range claimed {
			slots <- struct{}{}
			running.Go(func() {
				r.attempt(ctx, jobs)
				<-slots
				r.Wake()
			})
		}
		wait := time.Duration(0)
		switch {
		case bulk && r.anyFull(claimed):
			wait = breath
		case bulk:
			calm.behind = time.Now()
		}
		if wait == 0 && len(claimed) == 0 {
			wait = r.untilNext(ctx)
			if !bulk {
				wait = calm.wait()
			}
		}
		calm.heard(rest(ctx, queued, r.wake, wait))
	}
	return nil
}

// lull knows when work that can wait may be taken up.
type lull struct {
	since  time.Time // when work was last queued
	behind time.Time // when there was last nothing of it left to do
}

// wait is how long it still has to wait.
func (l *lull) wait() time.Duration {
	return max(0, min(time.Until(l.since.Add(quiet)), time.Until(l.behind.Add(patience))))
}

func (l *lull) heard(queued bool) {
	if queued {
		l.since = time.Now()
	}
}

// anyFull reports whether a batch was as large as it may be: there may be more.
func (r *Runner) anyFull(claimed [][]Job) bool {
	return slices.ContainsFunc(claimed, func(jobs []Job) bool {
		most := r.handlers[jobs[0].Kind].most
		return most > 1 && len(jobs) == most
	})
}

// rest waits until there may be work, and says whether some was queued.
func rest(ctx context.Context, queued <-chan struct{}, wake <-chan struct{}, most time.Duration) bool {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-queued:
		return true
	case <-wake:
	case <-timer.C:
	}
	return false
}

// untilNext is the time to the earliest job, look at most.
func (r *Runner) untilNext(ctx context.Context) time.Duration {
	wait := look
	r.db.Read(ctx, func(tx db.Tx) error {
		var next time.Time
		query := "SELECT run_at FROM job WHERE dead = 0 AND kind IN (" + marks(len(r.handlers)) + ") ORDER BY run_at LIMIT 1"
		if err := tx.Row(query, anyOf(r.kinds, r.bulk)...).Scan(&next); err != nil {
			return err
		}
		wait = min(look, max(next.Sub(r.now()), 10*time.Millisecond))
		return nil
	})
	return wait
}

// Drain runs every job that is due, and those they queue, until none is left,
// one after another. It returns what failed, joined; failed jobs stay for later.
func (r *Runner) Drain(ctx context.Context) error {
	var failed []error
	for ctx.Err() == nil {
		if due, err := r.anyDue(ctx); err != nil || !due {
			return errors.Join(append(failed, err)...)
		}
		claimed, err := r.claim(1, true)
		if err != nil {
			return errors.Join(append(failed, err)...)
		}
		if len(claimed) == 0 {
			return errors.Join(failed...)
		}
		for _, jobs := range claimed {
			if err := r.attempt(ctx, jobs); err != nil {
				failed = append(failed, err)
			}
		}
	}
	return errors.Join(append(failed, ctx.Err())...)
}

// anyDue reports whether there is a job to claim, without asking for a commit.
func (r *Runner) anyDue(ctx context.Context) (due bool, err error) {
	if len(r.handlers) == 0 {
		return false, nil
	}
	query := "SELECT EXISTS (SELECT 1 FROM job WHERE dead = 0 AND run_at <= ? AND kind IN (" + marks(len(r.handlers)) + "))"
	err = r.db.Get(ctx, query, append([]any{r.now().UnixMicro()}, anyOf(r.kinds, r.bulk)...), &due)
	return due, err
}

// claim takes up to n due jobs that are done one by one and, if bulk, a batch of
// each kind that is done many at once.
func (r *Runner) claim(n int, bulk bool) ([][]Job, error) {
	if n <= 0 {
		return nil, nil
	}
	now := r.now()
	var claimed [][]Job
	err := r.db.Write(func(tx db.Tx) error {
		claimed = nil
		single, err := r.take(tx, now, n, r.kinds...)
		for _, j := range single {
			claimed = append(claimed, []Job{j})
		}
		for i := 0; bulk && i < len(r.bulk) && err == nil; i++ {
			var jobs []Job
			if jobs, err = r.take(tx, now, r.handlers[r.bulk[i]].most, r.bulk[i]); len(jobs) > 0 {
				claimed = append(claimed, jobs)
			}
		}
		return err
	})
	return claimed, err
}

// take claims up to n due jobs of some kinds by one statement, oldest first.
func (r *Runner) take(tx db.Tx, now time.Time, n int, kinds ...string) ([]Job, error) {
	if len(kinds) == 0 {
		return nil, nil
	}
	skip := ""
	if r.db.Dialect() == db.Postgres {
		skip = " FOR UPDATE SKIP LOCKED"
	}
	query := "UPDATE job SET attempt = attempt + 1, run_at = ? WHERE id IN (SELECT id FROM job WHERE dead = 0 AND run_at <= ? AND kind IN (" +
		marks(len(kinds)) + ") ORDER BY run_at, id LIMIT ?" + skip + ") RETURNING " + columns
	args := append([]any{now.Add(lease).UnixMicro(), now.UnixMicro()}, anyOf(kinds)...)
	jobs, err := list(tx.Query(query, append(args, n)...))
	slices.SortFunc(jobs, func(a, b Job) int { return int(a.ID - b.ID) })
	return jobs, err
}

// attempt runs the handler and settles the jobs by what it said.
func (r *Runner) attempt(ctx context.Context, jobs []Job) error {
	inner, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	letGo := r.hold(jobs)
	err := guard(inner, r.handlers[jobs[0].Kind].do, jobs)
	letGo()
	if err != nil && len(jobs) > 1 {
		return r.oneByOne(ctx, jobs)
	}
	interrupted := err != nil && ctx.Err() != nil
	if err != nil {
		err = fmt.Errorf("job %s %d, attempt %d: %w", jobs[0].Kind, jobs[0].ID, jobs[0].Attempt, err)
	}
	if err != nil && !interrupted {
		r.report(jobs[0], err)
	}
	for _, j := range jobs {
		r.observe(j.Kind, err)
	}
	settled := r.db.Write(func(tx db.Tx) error {
		for _, j := range jobs {
			if err := settle(tx, j, err, interrupted, r.now()); err != nil {
				return err
			}
		}
		return nil
	})
	if settled != nil {
		r.report(jobs[0], settled)
	}
	return errors.Join(err, settled)
}

// hold renews the claim of jobs until it is let go.
func (r *Runner) hold(jobs []Job) (letGo func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(renewal)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			if err := r.db.Write(func(tx db.Tx) error { return renew(tx, jobs, r.now()) }); err != nil {
				r.report(jobs[0], fmt.Errorf("job: renew the claim: %w", err))
			}
		}
	}()
	return func() { close(done); <-ended }
}

// renew moves the end of a claim on; one that passed to another stays theirs.
func renew(tx db.Tx, jobs []Job, now time.Time) error {
	for _, j := range jobs {
		if _, err := tx.Exec("UPDATE job SET run_at = ? WHERE id = ? AND attempt = ? AND dead = 0", now.Add(lease).UnixMicro(), j.ID, j.Attempt); err != nil {
			return err
		}
	}
	return nil
}

func (r *Runner) oneByOne(ctx context.Context, jobs []Job) error {
	var failed []error
	for i := range jobs {
		failed = append(failed, r.attempt(ctx, jobs[i:i+1]))
	}
	return errors.Join(failed...)
}

// guard makes an error of a panic.
func guard(ctx context.Context, do func(context.Context, []Job) error, jobs []Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do(ctx, jobs)
}

// settle deletes a job that is done and puts off or gives up one that failed.
// The attempt number keeps a worker whose lease ran out from doing either. A
// store that is away is no failure of the work: it is tried again soon, for ever.
// Nor is a node that stops: any other may take the work up at once.
func settle(tx db.Tx, j Job, failed error, interrupted bool, now time.Time) error {
	if failed == nil {
		_, err := tx.Exec("DELETE FROM job WHERE id = ? AND attempt = ?", j.ID, j.Attempt)
		return err
	}
	failures, wait := j.Failures, backoff(1)
	switch {
	case interrupted:
		wait = 0
	case !fault.Is(failed, fault.Unavailable):
		failures++
		wait = backoff(failures)
	}
	_, err := tx.Exec("UPDATE job SET dead = ?, failures = ?, run_at = ?, cause = ? WHERE id = ? AND attempt = ?",
		failures >= maxFailures, failures, now.Add(wait).UnixMicro(), brief(failed), j.ID, j.Attempt)
	return err
}

// backoff is the wait after so many failures.
func backoff(failures int) time.Duration {
	wait := min(time.Second<<(failures-1), time.Hour)
	return wait + rand.N(wait/2)
}

// brief is the first line of an error, short enough for a table.
func brief(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	if len(line) > 300 {
		line = strings.ToValidUTF8(line[:300], "")
	}
	return line
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// anyOf are lists of kinds as arguments.
func anyOf(lists ...[]string) []any {
	var args []any
	for _, list := range lists {
		for _, kind := range list {
			args = append(args, kind)
		}
	}
	return args
}
