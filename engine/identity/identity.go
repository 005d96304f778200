package identity

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
	"pendopo/law/policy"
)

// Options of New. All but Policies and Log are needed.
type Options struct {
	DB         *db.DB
	Instance   *seal.Instance
	Keys       *seal.Keys
	Government Government
	Policies   *policy.Set      // nil: nobody may do anything until SetPolicies
	Node       string           // writing node of events
	Now        func() time.Time // the clock
	Log        *slog.Logger     // nil: nothing is logged
}

// database is what of *db.DB the engine uses; a test counts its statements.
type database interface {
	Read(ctx context.Context, fn func(db.Tx) error) error
	Write(fn func(db.Tx) error) error
}

// Engine is identity at work; safe for use by many goroutines.
type Engine struct {
	db         database
	keys       *seal.Keys
	index      func(parts ...string) []byte
	government Government
	policies   atomic.Pointer[policy.Set]
	hashing    *hashing
	node       string
	now        func() time.Time
	log        *slog.Logger
}

// New makes an engine over a database that has been migrated with Schema.
func New(o Options) *Engine {
	e := &Engine{
		db: o.DB, keys: o.Keys, index: o.Instance.IndexMAC, government: o.Government,
		hashing: newHashing(o.Instance.IndexMAC), node: o.Node, log: o.Log,
		now: func() time.Time { return o.Now().UTC().Truncate(time.Microsecond) },
	}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	e.policies.Store(o.Policies)
	return e
}

// SetPolicies puts newly published policies in force, from the next question on.
func (e *Engine) SetPolicies(set *policy.Set) { e.policies.Store(set) }

// Allow answers who may do what. A policy that could not be evaluated is logged
// and refuses.
func (e *Engine) Allow(ctx context.Context, r policy.Request) policy.Decision {
	d := e.policies.Load().Allow(r)
	if d.Err != nil {
		e.log.ErrorContext(ctx, "access decision failed", "action", r.Action, "policy", d.Policy, "err", d.Err)
	}
	return d
}

// Require is Allow as an error: nil, or fault.Forbidden.
func (e *Engine) Require(ctx context.Context, r policy.Request) error {
	if d := e.Allow(ctx, r); !d.Allowed {
		return fault.New(fault.Forbidden, "identity.forbidden").Because(errors.Join(errors.New("policy "+d.Policy), d.Err))
	}
	return nil
}

// Officer reads the clear part of an officer; an unknown id is fault.Unknown.
func (e *Engine) Officer(ctx context.Context, id string) (o Officer, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		o, err = officerOf(tx, id)
		return err
	})
	return o, unknown(err)
}

// Officers reads all of them, oldest first. It opens nothing sealed.
func (e *Engine) Officers(ctx context.Context) (all []Officer, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		all, err = allOfficers(tx)
		return err
	})
	return all, err
}

// Principal is an officer as law/policy sees them now: only what is held now.
func (e *Engine) Principal(ctx context.Context, id string) (policy.Officer, error) {
	o, err := e.Officer(ctx, id)
	if err != nil {
		return policy.Officer{}, err
	}
	return o.Principal(e.now(), e.government), nil
}

// Name opens an officer's name; a shredded officer is fault.Gone.
func (e *Engine) Name(ctx context.Context, id string) (Name, error) {
	s, err := e.open(ctx, id, func(ev event.Event) bool { return ev.Kind == created || ev.Kind == named })
	return s.Name, err
}

// LoginName opens an officer's log-in name; for the administrator's list.
func (e *Engine) LoginName(ctx context.Context, id string) (string, error) {
	s, err := e.open(ctx, id, func(ev event.Event) bool { return ev.Kind == created })
	return s.Login, err
}

// open reads the sealed part of the last event that matches.
func (e *Engine) open(ctx context.Context, id string, match func(event.Event) bool) (sealed, error) {
	var found *event.Event
	err := e.db.Read(ctx, func(tx db.Tx) error {
		events, err := event.Load(tx, id)
		for i := range events {
			if match(events[i]) {
				found = &events[i]
			}
		}
		return err
	})
	if err != nil {
		return sealed{}, err
	}
	if found == nil {
		return sealed{}, fault.New(fault.Unknown, "identity.unknown_officer")
	}
	key, err := e.keys.Get(id)
	if err != nil {
		return sealed{}, err
	}
	return unseal(key, *found)
}

func unknown(err error) error {
	if errors.Is(err, db.ErrNone) {
		return fault.New(fault.Unknown, "identity.unknown_officer").Because(err)
	}
	return err
}

// Sweep removes sessions and counts of failed log-ins whose time is over; run
// it every hour.
func (e *Engine) Sweep() (rows int64, err error) {
	now := e.now()
	err = e.db.Write(func(tx db.Tx) (err error) {
		rows, err = sweep(tx, now.Add(-sessionLife), now.Add(-forgotten))
		return err
	})
	return rows, err
}

// Open counts the officers' sessions that are open now.
func (e *Engine) Open(ctx context.Context) (n int64, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) error {
		n, err = countSessions(tx, e.now().Add(-sessionLife), e.now().Add(-sessionIdle))
		return err
	})
	return n, err
}

// Forget removes what dies with an officer's key: log-in, password, sessions.
// Call it in the transaction that appends the stream's shredding.
func (e *Engine) Forget(tx db.Tx, officer string) error { return forget(tx, officer) }
