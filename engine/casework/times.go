package casework

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/fold"
)

// Times says how long the journeys of a service really took. What it says is
// worked out anew now and then, not for every page that shows it.
type Times struct {
	e     *Engine
	mu    sync.Mutex
	known map[string]*times
	one   sync.Mutex // one service is worked out at a time: it reads hundreds of cases
}

// times is what is known of one service.
type times struct {
	all   []time.Duration // of each journey that ended, shortest first
	at    time.Time       // when it was worked out; zero before the first time
	under bool            // somebody works it out
}

// What the times of a service are taken from: its newest answers, of a year.
const (
	timesOf    = 500
	timesSince = 365 * 24 * time.Hour
	timesKeep  = time.Hour
)

const newestAnswered = `SELECT stream FROM cases WHERE service = ? AND outcome IN ('granted', 'rejected') AND changed > ?
	ORDER BY changed DESC LIMIT ?`

// NewTimes is the times of an engine's services.
func NewTimes(e *Engine) *Times { return &Times{e: e, known: map[string]*times{}} }

// Times gives how many journeys of a service had their answer within the last
// year, at most the newest 500, and within what time of the clock half and nine
// tenths of them had it, from the first application to the answer. The zero
// count comes without an error, also while the first figure is being worked out.
func (t *Times) Times(ctx context.Context, service string) (count int, median, p90 time.Duration, err error) {
	t.mu.Lock()
	k := t.known[service]
	if k == nil {
		k = &times{}
		t.known[service] = k
	}
	if !k.under && t.e.now().Sub(k.at) > timesKeep {
		k.under = true
		go t.renew(context.WithoutCancel(ctx), service, k)
	}
	all := k.all
	t.mu.Unlock()
	if len(all) == 0 {
		return 0, 0, 0, nil
	}
	return len(all), all[(len(all)-1)/2], all[(9*len(all)+9)/10-1], nil
}

// Renew works the times of a service out now.
func (t *Times) Renew(ctx context.Context, service string) error {
	all, err := t.e.took(ctx, service)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.known[service] = &times{all: all, at: t.e.now()}
	return nil
}

func (t *Times) renew(ctx context.Context, service string, k *times) {
	t.one.Lock()
	all, err := t.e.took(ctx, service)
	t.one.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	k.under, k.at = false, t.e.now()
	if err != nil {
		t.e.log.Error("times of a service", slog.String("service", service), slog.Any("error", err))
		return
	}
	k.all = all
}

// took is how long the newest journeys of a service took, shortest first.
func (e *Engine) took(ctx context.Context, service string) (all []time.Duration, err error) {
	var streams []string
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		streams, err = texts(tx.Query(newestAnswered, service, micros(e.now().Add(-timesSince)), timesOf))
		return err
	})
	counted := map[string]bool{}
	for _, stream := range streams {
		if err != nil {
			return nil, err
		}
		if counted[stream] {
			continue
		}
		var j Journey
		if j, err = e.journeyOrAlone(ctx, stream); err != nil {
			return nil, err
		}
		for _, c := range j.Cases {
			counted[c.Stream] = true
		}
		if at, ended := j.Answered(); ended {
			all = append(all, at.Sub(j.Began()))
		}
	}
	slices.Sort(all)
	return all, err
}

// journeyOrAlone is the journey of a case, or the case by itself when its key
// is destroyed and nobody can tell any more whose it was.
func (e *Engine) journeyOrAlone(ctx context.Context, stream string) (Journey, error) {
	j, err := e.Journey(ctx, stream)
	if f := (*fault.Fault)(nil); !errors.As(err, &f) || f.Kind != fault.Gone {
		return j, err
	}
	c, err := e.state(ctx, stream)
	return Journey{Cases: []fold.Case{c}}, err
}
