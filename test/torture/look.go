package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"pendopo/kernel/db"
	"pendopo/law/fold"
)

// read opens the record beside the server, reads it in one snapshot, and lets
// go of it again: a database that somebody else still holds recovers otherwise
// than one that nobody does.
func (r *round) read(ctx context.Context, fn func(db.Tx) error) error {
	d, err := db.Open(ctx, r.place.RecordURL(), db.Options{MaxReaders: 1})
	if err != nil {
		return err
	}
	return errors.Join(d.Read(ctx, fn), d.Close())
}

// quick looks for every effect that was acknowledged since the last look.
func (r *round) quick(ctx context.Context) error {
	return r.present(ctx, r.journal.take())
}

// present looks for effects by stream and version, and for the keys that stand
// for them.
func (r *round) present(ctx context.Context, list []effect) error {
	return r.read(ctx, func(tx db.Tx) error {
		for _, e := range list {
			if err := r.effect(tx, e); err != nil {
				return fmt.Errorf("%s: %w", e, err)
			}
		}
		return nil
	})
}

func (r *round) effect(tx db.Tx, e effect) error {
	var id, kind, actor string
	err := tx.Row(`SELECT id, kind, actor FROM event WHERE stream = ? AND version = ?`, e.stream, e.version).Scan(&id, &kind, &actor)
	switch {
	case errors.Is(err, db.ErrNone):
		r.journal.fault("LOST: %s was acknowledged and is not there", e)
		return nil
	case err != nil:
		return err
	case kind != e.kind || actor != e.actor || e.event != "" && id != e.event:
		r.journal.fault("%s was acknowledged as %s by %q, and %s by %q is there", e, e.kind, e.actor, kind, actor)
	}
	var stream string
	var version int64
	mark := sha256.Sum256([]byte(e.key))
	err = tx.Row(`SELECT stream, version FROM once WHERE scope = ? AND mark = ?`, e.scope, mark[:]).Scan(&stream, &version)
	switch {
	case errors.Is(err, db.ErrNone):
		r.journal.fault("LOST: the key of %s", e)
		return nil
	case err != nil:
		return err
	case stream != e.stream || version < e.version:
		r.journal.fault("the key of %s stands for %s, version %d", e, stream, version)
	}
	return nil
}

// everything looks at all there is, while the clients rest.
func (r *round) everything(ctx context.Context) error {
	began := time.Now()
	r.resting.Store(true)
	defer r.resting.Store(false)
	defer func() { r.figures.whole++; r.figures.looking += time.Since(began) }()
	if err := r.caughtUp(ctx); err != nil {
		return err
	}
	if err := r.present(ctx, r.journal.all); err != nil {
		return err
	}
	if err := r.read(ctx, r.once); err != nil {
		return err
	}
	if err := r.read(ctx, r.timers); err != nil {
		return err
	}
	_, heads, err := r.log.whole(ctx, r.looker)
	if err != nil {
		r.journal.fault("the log: %v", err)
		return nil
	}
	r.figures.heads = heads
	if err := r.verify(ctx); err != nil {
		r.journal.fault("%v", err)
	}
	return nil
}

// once looks for what is there twice, or in part.
func (r *round) once(tx db.Tx) error {
	for what, query := range map[string]string{
		"cases that were begun more than once":               `SELECT count(*) FROM (SELECT stream FROM event WHERE kind = 'submitted' GROUP BY stream HAVING count(*) > 1) x`,
		"cases that ended or took a number more than once":   `SELECT count(*) FROM (SELECT stream, kind FROM event WHERE kind IN ('withdrawn', 'delivered', 'numbered', 'issued') GROUP BY stream, kind HAVING count(*) > 1) x`,
		"cases that were approved by more than two":          `SELECT count(*) FROM (SELECT stream FROM event WHERE kind = 'approved' GROUP BY stream HAVING count(*) > 2) x`,
		"streams with a gap":                                 `SELECT count(*) FROM (SELECT stream FROM event GROUP BY stream HAVING count(*) <> max(version)) x`,
		"cases without a way to find them":                   `SELECT count(*) FROM cases c WHERE NOT EXISTS (SELECT 1 FROM track t WHERE t.stream = c.stream)`,
		"cases without a row, or the other way round":        `SELECT (SELECT count(*) FROM cases) - (SELECT count(*) FROM event WHERE kind = 'submitted')`,
		"drafts that are a case too":                         `SELECT count(*) FROM draft d WHERE EXISTS (SELECT 1 FROM cases c WHERE c.stream = d.stream)`,
		"number registers with a gap":                        `SELECT count(*) FROM series s WHERE last <> (SELECT count(*) FROM number n WHERE n.series = s.id AND n.period = s.period)`,
		"numbers without their case":                         `SELECT count(*) FROM number n WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.stream = n.stream AND e.kind = 'numbered')`,
		"pieces of work that failed ten times":               `SELECT count(*) FROM job WHERE dead <> 0`,
		"events that are neither in the log nor wait for it": `SELECT count(*) FROM event e WHERE NOT EXISTS (SELECT 1 FROM leaf l WHERE l.event = e.id) AND NOT EXISTS (SELECT 1 FROM unsequenced u WHERE u.id = e.id)`,
		"events that are in the log and wait for it":         `SELECT count(*) FROM unsequenced u WHERE EXISTS (SELECT 1 FROM leaf l WHERE l.event = u.id)`,
	} {
		var n int64
		if err := tx.Row(query).Scan(&n); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if n != 0 {
			r.journal.fault("%d %s", n, what)
		}
	}
	return nil
}

// grace is how late a timer may be while the server is under load.
const grace = 5 * time.Second

// caughtUp waits until no timer is later than that: a server that is killed
// several times a second works them off when it is let be.
func (r *round) caughtUp(ctx context.Context) error {
	return r.until(ctx, "timers are late", func(tx db.Tx) (late int64, err error) {
		err = tx.Row(`SELECT count(*) FROM deadline WHERE state = 'running' AND due < ?`, time.Now().Add(-grace).UnixMicro()).Scan(&late)
		return late, err
	})
}

// clock is what became of one deadline of a case, by its events alone.
type clock struct {
	due           time.Time
	fired, ending int
}

// timers counts, from the events, how often every deadline fired or was ended.
func (r *round) timers(tx db.Tx) error {
	clocks := map[string]*clock{}
	rows, err := tx.Query(`SELECT stream, kind, entered, clear FROM event WHERE kind IN (
		'submitted', 'approved', 'withdrawn', 'numbered', 'issued', 'delivered', 'lapsed') ORDER BY stream, version`)
	if err != nil {
		return err
	}
	defer rows.Close()
	fired := 0
	for rows.Next() {
		var stream, kind, clear string
		var entered int64
		if err := rows.Scan(&stream, &kind, &entered, &clear); err != nil {
			return err
		}
		var c fold.Change
		if err := json.Unmarshal([]byte(clear), &c); err != nil {
			return err
		}
		if kind == fold.Lapsed {
			fired++
		}
		r.follow(clocks, stream, kind, time.UnixMicro(entered), c)
	}
	r.figures.fired = fired
	for id, c := range clocks {
		if c.fired+c.ending == 0 && time.Since(c.due) > 2*grace {
			r.journal.fault("LOST TIMER: %s was due at %s", id, c.due)
		}
	}
	return rows.Err()
}

// follow takes one event into account.
func (r *round) follow(clocks map[string]*clock, stream, kind string, entered time.Time, c fold.Change) {
	for _, d := range c.Set {
		clocks[stream+" "+d.ID] = &clock{due: d.Due}
	}
	if kind == fold.Lapsed {
		k := clocks[stream+" "+c.Deadline]
		switch {
		case k == nil:
			r.journal.fault("a timer fired that was never set: %s %s", stream, c.Deadline)
			return
		case k.fired > 0 || k.ending > 0:
			r.journal.fault("FIRED TWICE, or after its end: %s %s", stream, c.Deadline)
		case entered.Before(k.due):
			r.journal.fault("fired at %s, before its due moment %s: %s %s", entered, k.due, stream, c.Deadline)
		}
		k.fired++
	}
	for _, e := range c.End {
		if k := clocks[stream+" "+e.ID]; k != nil && (kind != fold.Lapsed || e.ID != c.Deadline) {
			k.ending++
		}
	}
}

// still waits until work, log and timers have nothing left to do.
func (r *round) still(ctx context.Context) error {
	return r.until(ctx, "pieces of work, leaves and timers wait", func(tx db.Tx) (int64, error) {
		var jobs, waiting, due int64
		err := errors.Join(tx.Row(`SELECT count(*) FROM job WHERE dead = 0`).Scan(&jobs), tx.Row(`SELECT count(*) FROM unsequenced`).Scan(&waiting),
			tx.Row(`SELECT count(*) FROM deadline WHERE state = 'running' AND due < ?`, time.Now().UnixMicro()).Scan(&due))
		return jobs + waiting + due, err
	})
}

// until asks the record until nothing is left, for two minutes at most.
func (r *round) until(ctx context.Context, what string, left func(db.Tx) (int64, error)) error {
	deadline := time.Now().Add(5 * time.Minute)
	for {
		var n int64
		err := r.read(ctx, func(tx db.Tx) (err error) { n, err = left(tx); return err })
		if err != nil || n == 0 {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("five minutes later %d %s", n, what)
		}
		if err := r.looker.sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// last asks for every application again, its paper and its proof, as a citizen.
func (r *round) last(ctx context.Context) error {
	if err := r.counted(ctx); err != nil {
		return err
	}
	const askers = 16
	work := make(chan *accepted)
	var all sync.WaitGroup
	for i := range askers {
		c := &citizen{client: newClient("http://"+r.addr, 1000+i, r.seed, &r.tried), journal: r.journal, log: r.log}
		all.Go(func() {
			for a := range work {
				if err := r.ask(ctx, c, a); err != nil && ctx.Err() == nil {
					r.journal.fault("%s: %v", a.code, err)
				}
			}
		})
	}
	for _, a := range r.journal.matters {
		work <- a
	}
	close(work)
	all.Wait()
	return r.places(ctx)
}

// ask asks for one application.
func (r *round) ask(ctx context.Context, c *citizen, a *accepted) error {
	got, err := c.ask(ctx, a.request)
	if err != nil {
		return err
	}
	if err := c.sameAs(a, got); err != nil {
		return err
	}
	if err := c.client.prove(ctx, a, r.log, r.journal); err != nil {
		return err
	}
	s, err := c.state(ctx, a)
	if err != nil {
		return err
	}
	for _, d := range s.Documents {
		if err := c.fetch(ctx, a, d.Kind, d.Href); err != nil {
			return err
		}
	}
	if a.paper != nil && len(s.Documents) == 0 {
		c.journal.fault("the paper of %s is gone", a.code)
	}
	return nil
}

// fetch downloads a document: a paper has the bytes that were sent.
func (c *citizen) fetch(ctx context.Context, a *accepted, kind, href string) error {
	q := request{method: http.MethodGet, path: href, header: a.secretHeader()}
	got, err := c.ask(ctx, q)
	if err != nil {
		return err
	}
	if got.status != http.StatusOK || len(got.body) == 0 {
		return wrong(q, got, "a document")
	}
	if kind == "attachment" && (a.paper == nil || sha256.Sum256(got.body) != a.paper.sum) {
		c.journal.fault("a paper of %s is not what was sent: %d bytes", a.code, len(got.body))
	}
	c.journal.count("whole " + kind + "s")
	return nil
}

// counted compares what there is with what was acknowledged: nothing more.
func (r *round) counted(ctx context.Context) error {
	return r.read(ctx, func(tx db.Tx) error {
		for kind, want := range map[string]int{
			"submitted": r.journal.counts["application"] + len(r.waiting), "withdrawn": r.journal.counts["withdraw"], "delivered": r.journal.counts["received"],
			"approved": r.journal.counts["approved by petugas_layanan"] + r.journal.counts["approved by lurah"],
			"numbered": r.journal.counts["approved by lurah"], "issued": r.journal.counts["approved by lurah"],
		} {
			var n int
			if err := tx.Row(`SELECT count(*) FROM event WHERE kind = ?`, kind).Scan(&n); err != nil {
				return err
			}
			if n != want {
				r.journal.fault("%d %s were acknowledged, %d are there", want, kind, n)
			}
		}
		return nil
	})
}

// places looks for the leaf of every receipt in the log.
func (r *round) places(ctx context.Context) error {
	places, heads, err := r.log.whole(ctx, r.looker)
	if err != nil {
		return err
	}
	r.figures.heads, r.figures.leaves = heads, len(places)
	for _, a := range r.journal.matters {
		leaf, err := hex.DecodeString(a.receipt.Leaf)
		if err != nil {
			return err
		}
		if _, ok := places[leafHash(leaf)]; !ok {
			r.journal.fault("the promise of %s was not kept", a.code)
		}
	}
	return nil
}
