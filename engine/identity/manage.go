package identity

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
)

// NewOfficer is what Create needs. Password may be empty: then nobody can log
// in as this officer until SetPassword. It is temporary unless Own says that
// the officer chose it.
type NewOfficer struct {
	Name     Name
	Login    string // 3 to 40 of a-z 0-9 . _ -
	Password string
	Own      bool
	Drawn    bool   // the password is one of NewPassword: nobody can try 80 random bits, so it is hashed quickly
	Actor    string // who adds the officer
}

var (
	loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{2,39}$`)
	nipForm   = regexp.MustCompile(`^[0-9]{18}$`)
)

// plainLogin is a login as it is looked up: case and width do not matter.
func plainLogin(login string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(login)))
}

// Create adds an officer and returns the id. A login that is taken is
// fault.Conflict.
func (e *Engine) Create(ctx context.Context, n NewOfficer) (id string, err error) {
	n.Login = plainLogin(n.Login)
	if err := n.check(); err != nil {
		return "", err
	}
	hash, err := e.hash(ctx, n.Password, n.Drawn)
	if err != nil {
		return "", err
	}
	id, key, err := e.keys.Take()
	if err != nil {
		return "", err
	}
	token := e.index("officer login", n.Login)
	changes := []change{createdBy(key, n.Name, n.Login, token)}
	if hash != "" {
		changes = append(changes, change{passwordSet, clear{Password: checkOf(hash), Temporary: !n.Own}, nil})
	}
	events, err := e.next(Officer{ID: id}, key, n.Actor, changes...)
	if err != nil {
		return "", err
	}
	return id, e.insert(events, token, hash)
}

// insert writes a new officer's events and rows in one transaction.
func (e *Engine) insert(events []event.Event, token []byte, hash string) error {
	o, err := fold(events)
	if err != nil {
		return err
	}
	err = e.db.Write(func(tx db.Tx) error {
		if err := putLogin(tx, token, o.ID); err != nil {
			return err
		}
		if hash != "" {
			if err := putPassword(tx, o.ID, hash); err != nil {
				return err
			}
		}
		return e.write(tx, o, events)
	})
	if db.IsConflict(err) {
		return fault.New(fault.Conflict, "identity.login_taken").At("login").Because(err)
	}
	return err
}

func (e *Engine) write(tx db.Tx, o Officer, events []event.Event) error {
	if err := event.Append(tx, events...); err != nil {
		return err
	}
	return putOfficer(tx, o)
}

func (n NewOfficer) check() error {
	faults := n.Name.check()
	if !loginForm.MatchString(n.Login) {
		faults = append(faults, fault.New(fault.Invalid, "identity.login_form").At("login"))
	}
	if n.Password != "" {
		if err := CheckPassword(n.Password, n.Login); err != nil {
			faults = append(faults, fault.Of(err))
		}
	}
	return fault.Join(faults)
}

func (n Name) check() []*fault.Fault {
	var faults []*fault.Fault
	if size := utf8.RuneCountInString(n.Full); size < 2 || size > 120 || strings.ContainsFunc(n.Full, func(r rune) bool { return r < ' ' }) {
		faults = append(faults, fault.New(fault.Invalid, "identity.name").At("name"))
	}
	if n.NIP != "" && !nipForm.MatchString(n.NIP) {
		faults = append(faults, fault.New(fault.Invalid, "identity.nip").At("nip"))
	}
	return faults
}

// hash takes a slot and hashes, quickly when the password was drawn; an empty one
// stays empty.
func (e *Engine) hash(ctx context.Context, password string, drawn bool) (string, error) {
	if password == "" {
		return "", nil
	}
	if err := e.hashing.enter(ctx); err != nil {
		return "", err
	}
	defer e.hashing.leave()
	if drawn {
		return e.hashing.quick(password), nil
	}
	return e.hashing.make(password), nil
}

// Rename records a new name or NIP.
func (e *Engine) Rename(ctx context.Context, id string, name Name, actor string) error {
	if err := fault.Join(name.check()); err != nil {
		return err
	}
	return e.change(ctx, edit{officer: id, actor: actor, decide: always(change{named, clear{}, &sealed{Name: name}})})
}

// Assign gives a role at a unit and returns the assignment's id. Mandate is the
// decree as it is to be printed in documents; it is sealed. ID and Ended of a
// are not looked at.
func (e *Engine) Assign(ctx context.Context, id string, a Assignment, mandate, actor string) (assignment string, err error) {
	if err := a.check(e.government); err != nil {
		return "", err
	}
	if utf8.RuneCountInString(mandate) > 300 {
		return "", fault.New(fault.Invalid, "identity.mandate_long").At("mandate")
	}
	assignment = event.NewID()
	c := change{assigned, clear{
		Assignment: assignment, Unit: a.Unit, Role: a.Role, Kind: a.Kind, From: a.From, Until: a.Until,
	}, &sealed{Mandate: mandate}}
	return assignment, e.change(ctx, edit{officer: id, actor: actor, decide: always(c)})
}

// Unassign takes an assignment back, from now on. One that is unknown or ended
// already is fault.Unknown.
func (e *Engine) Unassign(ctx context.Context, id, assignment, actor string) error {
	return e.change(ctx, edit{officer: id, actor: actor, decide: func(o Officer) (change, error) {
		if i := o.assignment(assignment); i < 0 || !o.Assignments[i].Ended.IsZero() {
			return change{}, fault.New(fault.Unknown, "identity.unknown_assignment")
		}
		return change{unassigned, clear{Assignment: assignment}, nil}, nil
	}})
}

// SetPassword gives an officer a new password that somebody else knows: it is
// temporary, and every session of the officer ends.
func (e *Engine) SetPassword(ctx context.Context, id, password, actor string) error {
	login, err := e.LoginName(ctx, id)
	if err != nil {
		return err
	}
	if err := CheckPassword(password, login); err != nil {
		return err
	}
	return e.setPassword(ctx, id, password, actor)
}

// setPassword writes a password that has been checked. It is temporary unless
// the officer is the actor.
func (e *Engine) setPassword(ctx context.Context, id, password, actor string) error {
	hash, err := e.hash(ctx, password, false)
	if err != nil {
		return err
	}
	set := change{passwordSet, clear{Password: checkOf(hash), Temporary: actor != id}, nil}
	return e.change(ctx, edit{officer: id, actor: actor, decide: always(set), also: func(tx db.Tx) error {
		if err := putPassword(tx, id, hash); err != nil {
			return err
		}
		return endSessions(tx, id, e.now())
	}})
}

// Disable shuts an officer out: no log-in, and every session ends at once.
// Doing it twice writes nothing the second time. Enable is the reverse.
func (e *Engine) Disable(ctx context.Context, id, actor string) error {
	return e.able(ctx, id, actor, true)
}

// Enable lets a disabled officer in again, with the password they had.
func (e *Engine) Enable(ctx context.Context, id, actor string) error {
	return e.able(ctx, id, actor, false)
}

var errNothing = errors.New("identity: already so")

func (e *Engine) able(ctx context.Context, id, actor string, off bool) error {
	err := e.change(ctx, edit{officer: id, actor: actor, decide: func(o Officer) (change, error) {
		switch {
		case o.Disabled == off:
			return change{}, errNothing
		case off:
			return change{kind: disabled}, nil
		}
		return change{kind: enabled}, nil
	}, also: func(tx db.Tx) error { return endSessions(tx, id, e.now()) }})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

// edit is one event to be added to an officer's stream. decide sees the officer
// as of the version before; also, if any, runs in the same transaction.
type edit struct {
	officer, actor string
	decide         func(Officer) (change, error)
	also           func(db.Tx) error
}

// always decides the same whatever the officer is.
func always(c change) func(Officer) (change, error) {
	return func(Officer) (change, error) { return c, nil }
}

// change makes an edit and refolds the row. When someone else was first it is
// decided again, three times.
func (e *Engine) change(ctx context.Context, ed edit) error {
	var err error
	for range 3 {
		if err = e.changeOnce(ctx, ed); !errors.Is(err, event.ErrStale) {
			return err
		}
	}
	return err
}

func (e *Engine) changeOnce(ctx context.Context, ed edit) error {
	o, err := e.load(ctx, ed.officer)
	if err != nil {
		return err
	}
	c, err := ed.decide(o)
	if err != nil {
		return err
	}
	var key seal.StreamKey
	if c.sealed != nil {
		if key, err = e.keys.Get(ed.officer); err != nil {
			return err
		}
	}
	added, err := e.next(o, key, ed.actor, c)
	if err != nil {
		return err
	}
	if err := o.Apply(added[0]); err != nil {
		return err
	}
	return e.db.Write(func(tx db.Tx) error {
		if err := e.write(tx, o, added); err != nil {
			return err
		}
		if ed.also == nil {
			return nil
		}
		return ed.also(tx)
	})
}

// load folds an officer from the events themselves, not from the row.
func (e *Engine) load(ctx context.Context, id string) (Officer, error) {
	var events []event.Event
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		events, err = event.Load(tx, id)
		return err
	})
	if err != nil {
		return Officer{}, err
	}
	if len(events) == 0 || events[0].Kind != created {
		return Officer{}, fault.New(fault.Unknown, "identity.unknown_officer")
	}
	return fold(events)
}

// CheckAssignment refuses an assignment that Assign would refuse.
func (e *Engine) CheckAssignment(a Assignment) error { return a.check(e.government) }
