package casework

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// What holds for every case at once changes seldom: what is published, and
// whether a unit stands still. Such a change is carried out on every open case
// by a walk over them. So that none slips through between the walk and its own
// commit, whoever changes it holds orders alone, and every command shares it and
// looks whether what it was decided by still holds.
const orders = "casework orders"

// publishedChannel tells every node that something was published.
const publishedChannel = "published"

// lookForNews is how often a node looks by itself, should a note be lost.
const lookForNews = 5 * time.Second

// errOutdated says that something was published since a command was decided.
var errOutdated = errors.New("casework: something was published meanwhile")

// outdated is answered like a collision: decide again.
func outdated() *fault.Fault {
	return fault.New(fault.Conflict, "fault.acted_first").Because(errOutdated)
}

// holds looks, in the transaction of a command, whether what was live when it
// was decided still is.
func (p *prepared) holds(tx db.Tx) error {
	if err := db.Shared(tx, orders); err != nil {
		return err
	}
	var seq int64
	if err := tx.Row(`SELECT coalesce(max(seq), 0) FROM publication`).Scan(&seq); err != nil {
		return err
	}
	if seq != p.seq {
		return outdated()
	}
	return nil
}

// catchUp takes up what was published when a command was refused for it, so that
// deciding it again goes by what holds.
func (e *Engine) catchUp(refused error) error {
	if !errors.Is(refused, errOutdated) {
		return refused
	}
	if err := e.cat.Refresh(context.Background()); err != nil {
		return fault.New(fault.Unavailable, "fault.store_unavailable").Because(err)
	}
	return refused
}

// Refresh loads what is live if something was published since the last time.
func (c *Catalogue) Refresh(ctx context.Context) error {
	if c.apart {
		return nil
	}
	c.loading.Lock()
	defer c.loading.Unlock()
	var seq int64
	err := c.db.Read(ctx, func(tx db.Tx) error {
		return tx.Row(`SELECT coalesce(max(seq), 0) FROM publication`).Scan(&seq)
	})
	if err != nil || seq == c.now().seq {
		return err
	}
	return c.load(ctx)
}

// Follow takes up what other nodes publish until ctx ends: at once after their
// note, and within lookForNews when it was lost.
func (e *Engine) Follow(ctx context.Context) error {
	notes, err := e.db.Listen(ctx, publishedChannel)
	if err != nil {
		return err
	}
	look := time.NewTicker(lookForNews)
	defer look.Stop()
	for {
		if err := e.cat.Refresh(ctx); err != nil && ctx.Err() == nil {
			e.log.Error("what was published is not taken up", slog.Any("error", err))
		}
		select {
		case <-notes:
		case <-look.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Unfinished says which cases an order could not be carried out on. The job that
// is queued with the order tries them again.
type Unfinished struct{ Failed map[string]error } // by stream

func (u *Unfinished) Error() string {
	var words []string
	for stream, err := range u.Failed {
		words = append(words, fmt.Sprintf("case %s: %v", stream, err))
	}
	return strings.Join(words, "; ")
}

// Unwrap gives the causes.
func (u *Unfinished) Unwrap() []error {
	var all []error
	for _, err := range u.Failed {
		all = append(all, err)
	}
	return all
}

// each gives every open case of a unit (all units when empty) that is wanted by
// its row to a function, read afresh and again when somebody was faster. One that
// fails keeps none of the others waiting; which did is told at the end. Cases that
// come in meanwhile are not looked for: they were decided by what holds now.
func (e *Engine) each(ctx context.Context, unit string, wanted func(fold.Case) bool, do func(fold.Case) error) error {
	units := []string{unit}
	if unit == "" {
		err := e.db.Read(ctx, func(tx db.Tx) (err error) {
			units, err = distinct(tx, nextUnit)
			return err
		})
		if err != nil {
			return err
		}
	}
	failed := map[string]error{}
	for _, u := range units {
		if err := e.eachOf(ctx, u, wanted, do, failed); err != nil {
			return err
		}
	}
	if len(failed) > 0 {
		return &Unfinished{failed}
	}
	return nil
}

// openOfUnit is a page of the open cases of a unit, lastOfUnit where they end now.
const (
	openOfUnit = `SELECT stream, state FROM cases WHERE outcome = '' AND unit = ? AND stream > ? AND stream <= ? ORDER BY stream LIMIT 200`
	lastOfUnit = `SELECT stream FROM cases WHERE outcome = '' AND unit = ? ORDER BY stream DESC LIMIT 1`
)

func (e *Engine) eachOf(ctx context.Context, unit string, wanted func(fold.Case) bool, do func(fold.Case) error, failed map[string]error) error {
	var last string
	err := e.db.Read(ctx, func(tx db.Tx) error { return tx.Row(lastOfUnit, unit).Scan(&last) })
	if errors.Is(err, db.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	for after := ""; ; {
		var streams []string
		err := e.db.Read(ctx, func(tx db.Tx) error {
			rows, err := tx.Query(openOfUnit, unit, after, last)
			if err == nil {
				streams, after, err = wantedOf(rows, wanted)
			}
			return err
		})
		if err != nil || after == "" {
			return err
		}
		for _, s := range streams {
			err := e.one(ctx, s, do)
			if fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
				return err // none of the others would do better
			}
			if err != nil {
				failed[s] = err
			}
		}
	}
}

// wantedOf reads a page of cases: the streams of those that are wanted, and the
// last of the page; empty when there was none. One whose row cannot be read is
// among them: it says so when its turn comes.
func wantedOf(rows *db.Rows, wanted func(fold.Case) bool) (streams []string, last string, err error) {
	defer rows.Close()
	for rows.Next() {
		var state []byte
		if err := rows.Scan(&last, &state); err != nil {
			return nil, "", err
		}
		if c, err := parseState(state, nil); err != nil || wanted(c) {
			streams = append(streams, last)
		}
	}
	return streams, last, rows.Err()
}

// one gives a case, if it is open, to a function.
func (e *Engine) one(ctx context.Context, stream string, do func(fold.Case) error) error {
	return retry(func() error {
		c, err := e.present(ctx, stream)
		if err != nil || !c.Open() {
			return err
		}
		return do(c)
	})
}

// amendAll applies the live calendar to every open case, one command each. The
// node that does it may be another than the one that published.
func (e *Engine) amendAll(ctx context.Context, _ job.Job) error {
	if err := e.cat.Refresh(ctx); err != nil {
		return err
	}
	all := func(fold.Case) bool { return true }
	return e.each(ctx, "", all, func(c fold.Case) error { return e.amend(ctx, c) })
}

// amend applies the live calendar to one case.
func (e *Engine) amend(ctx context.Context, c fold.Case) error {
	_, err := e.command(ctx, c, flow.Command{Do: flow.DoAmend, By: system}, act{})
	return err
}
