package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// Purposes for which sealed values are opened.
const (
	PurposeHandle    = "handle"    // the officer whose turn it is
	PurposeSupervise = "supervise" // a superior looks
	PurposeDocument  = "document"  // the system renders the product
	PurposeHelp      = "help"      // the applicant is at the counter
	PurposeConsult   = "consult"   // the system passes answers on to a unit that is asked
	PurposeLetter    = "letter"    // the address of the applicant, to send a letter
	PurposeIdentity  = "identity"  // who told it, where the reporter is not anonymous
	PurposeVault     = "vault"     // who told it, by two guards: an event of the vault itself
)

// Opened is the kind of an access event.
const Opened = "opened"

// Access is the clear part of an access event: who opened, what for. When is
// the event's own time. It has no sealed part.
type Access struct {
	Case    string `json:"case"`
	Actor   string `json:"actor"`
	Role    string `json:"role,omitempty"`
	Unit    string `json:"unit,omitempty"`
	Purpose string `json:"purpose"`
	Second  string `json:"second,omitempty"` // vault: the other guard
	Reason  string `json:"reason,omitempty"` // vault: code of the listed reason
}

// Reader is who opens a case and what for.
type Reader struct {
	Actor   string
	By      fold.Holder
	Purpose string
}

// Dossier is an opened case.
type Dossier struct {
	Case    fold.Case
	Answers form.Answers
	Defects []flow.Defect
	History []History
}

// Open opens a case to somebody. The access event is durable before a single
// value is opened; when it cannot be written, nothing is opened.
func (e *Engine) Open(ctx context.Context, stream string, r Reader) (Dossier, error) {
	c, err := e.state(ctx, stream)
	if err != nil {
		return Dossier{}, err
	}
	if err := e.note(ctx, stream, r); err != nil {
		return Dossier{}, err
	}
	d := Dossier{Case: c}
	if d.Answers, d.Defects, err = e.read(ctx, c); err != nil {
		return Dossier{}, err
	}
	d.History, err = e.history(ctx, stream)
	return d, err
}

// accessStream is where the openings of a case are kept: apart from the case,
// so that they outlive its key.
func accessStream(stream string) string { return "access/" + stream }

// note writes the access event, one for each actor, case, purpose and hour.
func (e *Engine) note(ctx context.Context, stream string, r Reader) error {
	return retry(func() error {
		last, now, noted, err := e.noted(ctx, stream, r)
		if err != nil || noted {
			return err
		}
		hour := hourOf(now)
		ev, err := e.accessEvent(stream, r, last+1, now)
		if err != nil {
			return err
		}
		err = e.db.Write(func(tx db.Tx) error {
			_, err := tx.Exec(`INSERT INTO access (stream, actor, purpose, hour) VALUES (?, ?, ?, ?)`,
				ev.Stream, r.Actor, r.Purpose, hour)
			if err != nil {
				return err
			}
			return event.Append(tx, ev)
		})
		if db.IsConflict(err) && !isStale(err) {
			return nil // noted by another request of the same hour
		}
		return err
	})
}

func hourOf(t time.Time) int64 { return t.Truncate(time.Hour).Unix() }

// noted reads the newest version of the access stream, the moment that a new
// opening would be entered at, and whether that hour's opening is already there.
// The moment is never before the stream's last: a clock may be set back, the
// record is not.
func (e *Engine) noted(ctx context.Context, stream string, r Reader) (last int64, now time.Time, noted bool, err error) {
	s := accessStream(stream)
	now = e.now().UTC().Truncate(time.Microsecond)
	err = e.db.Read(ctx, func(tx db.Tx) error {
		var entered int64
		err := tx.Row(`SELECT coalesce(max(version), 0), coalesce(max(entered), 0) FROM event WHERE stream = ?`, s).Scan(&last, &entered)
		if err != nil {
			return err
		}
		if before := moment(entered); before.After(now) {
			now = before
		}
		var one int
		err = tx.Row(`SELECT 1 FROM access WHERE stream = ? AND actor = ? AND purpose = ? AND hour = ?`,
			s, r.Actor, r.Purpose, hourOf(now)).Scan(&one)
		if noted = err == nil; errors.Is(err, db.ErrNone) {
			return nil
		}
		return err
	})
	return last, now, noted, err
}

func (e *Engine) accessEvent(stream string, r Reader, version int64, now time.Time) (event.Event, error) {
	clear, err := json.Marshal(Access{Case: stream, Actor: r.Actor, Role: r.By.Role, Unit: r.By.Unit, Purpose: r.Purpose})
	ev := event.Event{
		ID: event.NewID(), Stream: accessStream(stream), Version: version, Kind: Opened, Schema: fold.Schema,
		Entered: now, Received: now, Node: e.node, Actor: r.Actor, Clear: clear,
	}
	ev.Finish()
	return ev, err
}

// history reads all events of a case with their sealed words.
func (e *Engine) history(ctx context.Context, stream string) ([]History, error) {
	key, err := e.keys.Get(stream)
	if err != nil {
		return nil, err
	}
	var events []event.Event
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		events, err = event.Load(tx, stream)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]History, len(events))
	for i, ev := range events {
		out[i].Event = ev
		if err := json.Unmarshal(ev.Clear, &out[i].Change); err != nil {
			return nil, err
		}
		if out[i].Private, err = open(ev, key); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Seen is one opening of a case, as its applicant may read it.
type Seen struct {
	At time.Time
	Access
}

// Openings lists who opened a case, or the vault of who told it, newest first.
func (e *Engine) Openings(ctx context.Context, stream string) ([]Seen, error) {
	var events []event.Event
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		events, err = event.Load(tx, accessStream(stream))
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []Seen
	for _, ev := range events {
		s := Seen{At: ev.Entered}
		if err := json.Unmarshal(ev.Clear, &s.Access); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	c, err := e.state(ctx, stream)
	if err != nil && !fault.Is(err, fault.Unknown) {
		return nil, err
	}
	vault, err := e.openingsOf(ctx, c.Vault)
	out = append(out, vault...)
	slices.Reverse(out)
	slices.SortStableFunc(out, func(a, b Seen) int { return b.At.Compare(a.At) })
	return out, err
}

// accessKey is the row of an access event as one string; verify and rebuild
// compare and write by it.
func accessKey(ev event.Event) string {
	var a Access
	if json.Unmarshal(ev.Clear, &a) != nil {
		return ev.Stream + " unreadable"
	}
	return fmt.Sprint(ev.Stream, " ", a.Actor, " ", a.Purpose, " ", ev.Entered.Truncate(time.Hour).Unix())
}
