package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"time"

	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/job"
	"pendopo/kernel/ledger"
	"pendopo/kernel/seal"
)

// Looked is an instance that was opened to look at it: nothing is made, locked,
// migrated or changed. What did not open is nil, and Trouble says why.
type Looked struct {
	Place    conf.Place
	Now      func() time.Time
	Instance *seal.Instance
	Keys     *seal.Keys
	DB       *db.DB
	Ledger   *ledger.Ledger
	Cases    *casework.Engine // with what has been published, when that could be read
	Identity *identity.Engine
	Trouble  map[Part]error
}

// Part is a part of an instance that opens by itself.
type Part string

// The parts, in the order in which each needs those before it.
const (
	PartInstance    Part = "instance"    // the five instance keys
	PartKeys        Part = "keys"        // the store of stream keys
	PartRecord      Part = "record"      // the database
	PartDefinitions Part = "definitions" // what has been published
)

// Look opens what there is of an instance, each part by itself: it works beside
// a running server, on a stopped one, and on a disk that cannot be written to.
func Look(ctx context.Context, place conf.Place, now func() time.Time) *Looked {
	l := &Looked{Place: place, Now: now, Trouble: map[Part]error{}}
	note := func(p Part, err error) {
		if err != nil {
			l.Trouble[p] = err
		}
	}
	var err error
	if l.Instance, err = seal.LoadInstance(place.InstanceKeys()); err != nil {
		l.Instance = nil
		note(PartInstance, err)
	} else {
		l.Keys, err = seal.LookKeys(ctx, place.KeyStoreURL(), l.Instance)
		note(PartKeys, err)
	}
	l.DB, err = db.Look(ctx, place.RecordURL())
	note(PartRecord, err)
	if l.DB != nil && l.Instance != nil {
		note(PartDefinitions, l.engines(ctx))
	}
	return l
}

// engines makes the engines that can answer questions, and reads what is live.
func (l *Looked) engines(ctx context.Context) (err error) {
	if l.Ledger, err = ledger.New(l.DB, l.Instance, l.Place.Heads()); err != nil {
		return err
	}
	silent := slog.New(slog.DiscardHandler)
	cases := casework.New(casework.Deps{
		DB: l.DB, Keys: l.Keys, Instance: l.Instance, Ledger: l.Ledger, Jobs: job.NewRunner(l.DB, l.Now), Log: silent, Now: l.Now, Node: l.Place.Node,
	})
	if err := cases.Load(ctx); err != nil {
		return err
	}
	l.Cases = cases
	l.Identity = identity.New(identity.Options{
		DB: l.DB, Instance: l.Instance, Keys: l.Keys, Government: offices{cases}, Node: l.Place.Node, Now: l.Now, Log: silent,
	})
	if g := cases.Government(); g != nil {
		set, err := policies(g)
		if err != nil {
			return err
		}
		l.Identity.SetPolicies(set)
	}
	return nil
}

// Close closes what was opened.
func (l *Looked) Close() error {
	var errs []error
	if l.Keys != nil {
		errs = append(errs, l.Keys.Leave())
	}
	if l.DB != nil {
		errs = append(errs, l.DB.Close())
	}
	return errors.Join(errs...)
}

// Sample opens the newest sealed value of the record with its key, to see that
// the keys are those of the data; done is false when nothing is sealed yet.
func (l *Looked) Sample(ctx context.Context) (done bool, err error) {
	var e event.Event
	err = l.DB.Get(ctx, `SELECT id, stream, version, kind, sealed FROM event WHERE sealed IS NOT NULL ORDER BY id DESC LIMIT 1`, nil,
		&e.ID, &e.Stream, &e.Version, &e.Kind, &e.Sealed)
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	key, err := l.Keys.Get(e.Stream)
	if err != nil {
		return false, err
	}
	_, err = key.Open(e.Sealed, e.AAD())
	return err == nil, err
}

// Newest is when the newest event was entered; zero when there is none.
func (l *Looked) Newest(ctx context.Context) (at time.Time, err error) {
	err = l.DB.Get(ctx, `SELECT entered FROM event ORDER BY id DESC LIMIT 1`, nil, &at)
	if errors.Is(err, db.ErrNone) {
		return time.Time{}, nil
	}
	return at, err
}

// Tables is how far the tables of one module are: what ran, and what this
// program knows.
type Tables struct {
	Module     string
	Has, Knows int64
}

// Tables lists the modules whose tables are not what this program makes.
func (l *Looked) Tables(ctx context.Context) (list []Tables, err error) {
	for _, m := range schemas() {
		files, err := fs.Glob(m.files, "*.sql")
		if err != nil {
			return nil, err
		}
		t := Tables{Module: m.name, Knows: int64(len(files))}
		if err := l.DB.Get(ctx, `SELECT max(version_id) FROM schema_`+m.name+` WHERE is_applied`, nil, &t.Has); err != nil {
			return nil, err
		}
		if t.Has != t.Knows {
			list = append(list, t)
		}
	}
	return list, nil
}
