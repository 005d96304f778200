package casework

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// timer is one deadline that has passed.
type timer struct {
	Stream string
	ID     string
	Due    time.Time
}

// timerBatch is how many lapses are read at a time, timersAtOnce how many of them
// are under way together: on the stroke of an hour many fall due, and commits
// that wait together share one sync.
const (
	timerBatch   = 100
	timersAtOnce = 8
)

// system is the capacity in which timers act.
var system = fold.Holder{Who: "system"}

// Lapse carries out every deadline that has passed and says how many. Each is
// one command on its case: a deadline that somebody met in the meantime is no
// longer running, and is left alone. One that cannot be carried out keeps none
// of the others waiting.
func (e *Engine) Lapse(ctx context.Context) (n int, err error) {
	var failed []error
	var last timer
	for ctx.Err() == nil {
		var due []timer
		err := e.db.Read(ctx, func(tx db.Tx) (err error) {
			due, err = dueDeadlines(tx, e.now(), last, timerBatch)
			return err
		})
		if err != nil {
			return n, errors.Join(append(failed, err)...)
		}
		wrong := e.lapseAll(ctx, due)
		failed, n = append(failed, wrong...), n+len(due)-len(wrong)
		if len(due) < timerBatch {
			break
		}
		last = due[len(due)-1]
	}
	return n, errors.Join(failed...)
}

// lapseAll carries out a batch and gives what failed.
func (e *Engine) lapseAll(ctx context.Context, due []timer) (failed []error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	room := make(chan struct{}, timersAtOnce)
	for _, t := range due {
		room <- struct{}{}
		all.Go(func() {
			if err := e.lapse(ctx, t); err != nil {
				mu.Lock()
				failed = append(failed, err)
				mu.Unlock()
			}
			<-room
		})
	}
	all.Wait()
	return failed
}

func (e *Engine) lapse(ctx context.Context, t timer) error {
	err := retry(func() error {
		before, err := e.state(ctx, t.Stream)
		if err != nil {
			return err
		}
		_, err = e.command(ctx, before, flow.Command{Do: flow.DoLapse, Deadline: t.ID, By: system}, act{})
		return err
	})
	if fault.Is(err, fault.Conflict) { // met, stopped or lapsed meanwhile
		return nil
	}
	return err
}

// RunTimers polls the deadlines until ctx ends; one node at a time does it.
func (e *Engine) RunTimers(ctx context.Context) error {
	return e.db.Lead(ctx, "timers", func(ctx context.Context, _ db.Leader) error {
		tick := time.NewTicker(e.pollEvery)
		defer tick.Stop()
		for {
			if _, err := e.Lapse(ctx); err != nil && ctx.Err() == nil {
				e.log.Error("deadlines", slog.Any("error", err))
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-tick.C:
			}
		}
	})
}

// overdueAfter is how long a deadline that has passed may wait to be carried out.
const overdueAfter = time.Minute

// Overdue counts the deadlines that passed over a minute ago and have not been
// carried out: none, while somebody runs the timers.
func (e *Engine) Overdue(ctx context.Context) (n int64, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) error {
		n, err = countOverdue(tx, e.now().Add(-overdueAfter))
		return err
	})
	return n, err
}

// NextDue is the moment at which the next running deadline falls due; false
// when none runs. Simulations and the demo step along it.
func (e *Engine) NextDue(ctx context.Context) (at time.Time, running bool, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) error {
		next, err := dueDeadlines(tx, time.UnixMicro(never), timer{}, 1)
		if running = len(next) > 0; running {
			at = next[0].Due
		}
		return err
	})
	return at, running, err
}
