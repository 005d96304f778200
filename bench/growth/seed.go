package main

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"sync"
	"time"

	"pendopo/engine/casework"
	"pendopo/kernel/blob"
	"pendopo/kernel/job"
)

// How the seeder works.
const (
	batch    = 2000    // lives in one commit
	findable = 200_000 // cases after which codes, keys and index entries are written
	sequence = 5000    // events after which the ledger makes a round
)

// seeder makes a past.
type seeder struct {
	town    *town
	workers []*worker
	bulk    *casework.Bulk
	drawn   int // every so-manieth document is drawn by the real engine; 0: none
	out     io.Writer

	progress
	open    lives
	unheard int // events that the ledger has not taken in
	began   time.Time
}

// turn is what a batch does with one life.
type turn struct {
	life  *life
	moves []*casework.Move
	files []blob.Whole
	draw  bool // the document is drawn after the commit
}

// seed makes the cases, or goes on where it was paused.
func seed(ctx context.Context, t *town, p progress, drawn int, out io.Writer) (progress, error) {
	s := &seeder{town: t, bulk: t.Cases.NewBulk(), drawn: drawn, out: out, progress: p, began: time.Now()}
	for range max(2, runtime.GOMAXPROCS(0)) {
		w, err := newWorker(ctx, t)
		if err != nil {
			return s.progress, err
		}
		s.workers = append(s.workers, w)
	}
	if err := s.resume(ctx); err != nil {
		return s.progress, err
	}
	err := s.years(ctx)
	return s.progress, errors.Join(err, s.end())
}

// resume takes the open cases of a paused folder to hand.
func (s *seeder) resume(ctx context.Context) error {
	if s.Day == 0 {
		return nil
	}
	streams, err := s.town.Cases.OpenStreams(ctx)
	for i, stream := range streams {
		h, err := s.town.Cases.Hold(ctx, stream)
		if err != nil {
			return err
		}
		s.push(&life{held: h, r: rand.New(rand.NewPCG(uint64(i), uint64(s.Day))), n: i})
	}
	return err
}

// push puts a life back among those that wait, unless it has ended.
func (s *seeder) push(l *life) {
	if l.next(s.town.service(l.held.State.Service), s.town.days) {
		heap.Push(&s.open, l)
	}
}

// years lets one day pass after another.
func (s *seeder) years(ctx context.Context) error {
	arrivals := s.town.days.arrivals(s.Cases)
	first := 0
	for _, n := range arrivals[:s.Day] {
		first += n
	}
	for ; s.Day < len(arrivals) && ctx.Err() == nil; s.Day++ {
		for i := range arrivals[s.Day] {
			heap.Push(&s.open, s.arrival(first+i))
		}
		first += arrivals[s.Day]
		if err := s.day(ctx, s.Day); err != nil {
			return err
		}
		s.say()
	}
	return nil
}

// arrival is a case that will be handed in on the present day.
func (s *seeder) arrival(n int) *life {
	l := &life{n: n, r: rand.New(rand.NewPCG(uint64(n), 1)), do: submitting}
	l.at = s.town.days.moment(s.Day, n%4 != 0, l.r)
	if morning := s.town.days.midnight(s.Day); !l.at.Before(s.Until) { // the last day is not over
		l.at = morning.Add(time.Duration(l.r.Float64() * float64(s.Until.Sub(morning))))
	}
	return l
}

// day lets everything happen that happens on one day, in the order of time but
// for what happens to one case within a batch. While one batch is written the
// next one is prepared.
func (s *seeder) day(ctx context.Context, day int) error {
	end := s.town.days.midnight(day + 1)
	if end.After(s.Until) {
		end = s.Until
	}
	var before []*turn
	for {
		now := s.take(end)
		written := make(chan error, 1)
		go func() { written <- s.write(ctx, before) }()
		err := s.prepare(ctx, now)
		if err = errors.Join(err, <-written); err != nil {
			return err
		}
		for _, t := range before {
			s.push(t.life)
		}
		if before = now; len(now) == 0 && (len(s.open) == 0 || !s.open[0].at.Before(end)) {
			return nil
		}
	}
}

func (s *seeder) take(end time.Time) []*turn {
	var out []*turn
	for len(out) < batch && len(s.open) > 0 && s.open[0].at.Before(end) {
		out = append(out, &turn{life: heap.Pop(&s.open).(*life)})
	}
	return out
}

// prepare decides and seals on all cores.
func (s *seeder) prepare(ctx context.Context, turns []*turn) error {
	var all sync.WaitGroup
	failed := make([]error, len(s.workers))
	share := (len(turns) + len(s.workers) - 1) / len(s.workers)
	for i, w := range s.workers {
		from := min(i*share, len(turns))
		mine := turns[from:min(from+share, len(turns))]
		all.Go(func() {
			for _, t := range mine {
				if err := w.turn(ctx, t, s.drawn); err != nil {
					failed[i] = fmt.Errorf("case %d, %s %s at step %q on %s: %w", t.life.n, t.life.do, t.life.action, t.life.step, t.life.at, err)
					return
				}
			}
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

// write commits a batch: files first, then events and rows.
func (s *seeder) write(ctx context.Context, turns []*turn) error {
	if len(turns) == 0 {
		return nil
	}
	var moves []*casework.Move
	var files []blob.Whole
	for _, t := range turns {
		moves, files = append(moves, t.moves...), append(files, t.files...)
	}
	if err := s.town.Blobs.Put(files...); err != nil {
		return err
	}
	if err := s.bulk.Commit(moves); err != nil {
		return err
	}
	for _, m := range moves {
		s.unheard += m.Events()
		s.Events += int64(m.Events())
	}
	for _, t := range turns {
		if t.life.do == submitting {
			s.Made++
		}
		if t.draw {
			if err := s.draw(ctx, t.life); err != nil {
				return err
			}
		}
	}
	if s.unheard >= sequence {
		if err := s.hear(ctx); err != nil {
			return err
		}
	}
	if s.bulk.Waiting() >= findable {
		return s.bulk.Flush()
	}
	return nil
}

// draw has the real engine make a document, at the moment of the case.
func (s *seeder) draw(ctx context.Context, l *life) error {
	s.town.clock.Set(l.at)
	if err := s.town.Docs.Issue(ctx, job.Job{Kind: casework.RenderJob, Payload: []byte(l.held.State.Stream)}); err != nil {
		return err
	}
	var err error
	l.held, err = s.town.Cases.Hold(ctx, l.held.State.Stream)
	return err
}

// hear lets the ledger take in what waits.
func (s *seeder) hear(ctx context.Context) error {
	for {
		n, err := s.town.Ledger.Sequence(ctx)
		if err != nil || n < sequence {
			s.unheard = 0
			return err
		}
	}
}

// end makes the folder whole: everything findable, in the log, and said so.
func (s *seeder) end() error {
	ctx := context.Background()
	err := errors.Join(s.bulk.Flush(), s.hear(ctx))
	if err == nil && s.Day >= len(s.town.days.working) {
		s.State = finished
		s.town.clock.Set(time.Time{})
		err = s.present(ctx)
	} else if err == nil {
		s.State = paused
	}
	s.Took += time.Since(s.began).Seconds()
	return err
}

// present brings the folder to the real present: what fell due since happens now,
// and what follows from it.
func (s *seeder) present(ctx context.Context) error {
	for {
		n, err := s.town.Cases.Lapse(ctx)
		if err = errors.Join(err, s.town.Jobs.Drain(ctx)); err != nil || n == 0 {
			return errors.Join(err, s.hear(ctx))
		}
	}
}

// say tells how far it is and how long it will take.
func (s *seeder) say() {
	spent := time.Since(s.began)
	share := float64(s.Made) / float64(s.Cases)
	left := time.Duration(0)
	if s.Made > 0 {
		left = time.Duration(float64(spent) * (1 - share) / share)
	}
	fmt.Fprintf(s.out, "\r%s  %d of %d cases, %d events, %.0f cases/s, %d open, %s left   ", s.town.days.midnight(s.Day).Format(time.DateOnly),
		s.Made, s.Cases, s.Events, float64(s.Made)/spent.Seconds(), len(s.open), left.Round(time.Second))
}
