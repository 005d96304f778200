package casework

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/kernel/seal"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// RenderJob is the kind of job that makes and signs the product of a case; its
// payload is the stream.
const RenderJob = "document.render"

// prepared is a decision that is ready to be written: events sealed and
// hashed, but for those that still take a number.
type prepared struct {
	seq     int64 // of the newest publication that it was decided by
	before  fold.Case
	events  []event.Event
	drafts  []flow.Draft // beside events, for the numbers
	effects []string
	unit    string
	key     seal.StreamKey

	folded   *folded                    // the row to be, when no number is still to come
	number   *definition.NumberRegister // the register that a draft takes a number of,
	day      time.Time                  // on this day at its unit,
	unitCode string                     // whose letters carry this code
	extra    []func(db.Tx) error        // further inserts of the same transaction, before the events
	service  *definition.Service        // that the case follows
	vault    *vaulted                   // the identity of the reporter, apart from the case; nil when none is told
	said     *Said                      // what the events say to the public
	beside   beside                     // who is told of them
}

// prepare seals a decision into events, outside any transaction.
func (e *Engine) prepare(b *Bound, before fold.Case, res flow.Result, at stamp) (*prepared, error) {
	p := &prepared{seq: at.seq, before: before, drafts: res.Drafts, effects: res.Effects, key: at.key, unit: before.Unit, service: b.Service, beside: e.beside}
	if before.Version == 0 {
		p.unit = res.Drafts[0].Change.Unit
	}
	entered := at.now.UTC().Truncate(time.Microsecond)
	if entered.Before(before.Changed) {
		entered = before.Changed // the clock was set back; the record never is
	}
	var err error
	if p.vault, err = e.apart(b, res, at, entered); err != nil {
		return nil, err
	}
	for i, d := range res.Drafts {
		ev := event.Event{
			ID: event.NewID(), Stream: at.stream, Version: before.Version + int64(i) + 1, Kind: d.Kind, Schema: fold.Schema,
			Entered: entered, Received: received(at.received, entered), Node: e.node, Actor: at.actor, Definition: b.Hash,
		}
		if ev.Received.Before(entered) {
			ev.Evidence = at.evidence
		}
		if err := e.seal(&ev, d, p); err != nil {
			return nil, err
		}
		p.events = append(p.events, ev)
		if d.Private.Public != nil {
			p.said = &Said{*d.Private.Public, ev.Version}
		}
	}
	if p.number != nil {
		return p, nil
	}
	p.folded, err = p.fold()
	return p, err
}

// folded is a state and its row.
type folded struct {
	state fold.Case
	row   []any
}

// fold is the state after the prepared events, as its row stores it.
func (p *prepared) fold() (*folded, error) {
	after := p.before
	for i, ev := range p.events {
		after = fold.Apply(after, ev, p.drafts[i].Change)
	}
	row, err := rowOf(after)
	return &folded{after, row}, err
}

// stamp is what every event of one command has in common.
type stamp struct {
	seq      int64 // of the newest publication, read before anything else that is live
	stream   string
	key      seal.StreamKey
	actor    string
	now      time.Time
	received time.Time // zero = now
	evidence string    // code of what shows an earlier time of receipt
	vault    *vaulting // where the identity of the reporter goes; nil where there is none
}

func received(at, entered time.Time) time.Time {
	if at.IsZero() || at.After(entered) {
		return entered
	}
	return at.UTC().Truncate(time.Microsecond)
}

// seal fills clear and sealed parts and, unless a number is still to come, the leaf.
func (e *Engine) seal(ev *event.Event, d flow.Draft, p *prepared) error {
	var err error
	if ev.Clear, err = json.Marshal(d.Change); err != nil {
		return err
	}
	if !d.Private.Empty() {
		plain, err := json.Marshal(d.Private)
		if err != nil {
			return err
		}
		ev.Sealed = p.key.Seal(plain, ev.AAD())
	}
	if d.Series == "" {
		ev.Finish()
		return nil
	}
	if p.number, err = e.cat.Register(d.Series); err != nil {
		return err
	}
	clock, err := e.cat.Clock(p.unit)
	if err != nil {
		return err
	}
	p.day = ev.Entered.In(clock.Office.Zone)
	p.unitCode = e.cat.Government().Unit(p.unit).Code
	return nil
}

// write inserts a prepared decision. It runs inside the transaction and does
// nothing that could be done before it, but for numbers.
func (p *prepared) write(tx db.Tx) (fold.Case, error) {
	if err := p.holds(tx); err != nil {
		return p.before, err
	}
	for _, f := range p.extra {
		if err := f(tx); err != nil {
			return p.before, err
		}
	}
	f := p.folded
	if f == nil {
		if err := p.numberAll(tx); err != nil {
			return p.before, err
		}
		var err error
		if f, err = p.fold(); err != nil {
			return p.before, err
		}
	}
	if err := event.Append(tx, p.events...); err != nil {
		return p.before, err
	}
	after, err := f.state, putRow(tx, p.before, f)
	if err != nil {
		return p.before, err
	}
	if err == nil && slices.Contains(p.effects, flow.EffectRender) {
		err = job.Enqueue(tx, job.Job{Kind: RenderJob, Key: RenderJob + "/" + after.Stream, Payload: []byte(after.Stream)})
	}
	for _, then := range []func(tx db.Tx, after fold.Case) error{p.vault.write, p.queue, p.tellBeside} {
		if err == nil {
			err = then(tx, after)
		}
	}
	return after, err
}

// tellBeside tells those who keep something of their own about cases.
func (p *prepared) tellBeside(tx db.Tx, after fold.Case) error {
	if b := p.beside; b.projection != nil && p.service.Public != nil {
		if err := b.projection.Project(tx, p.before, after, p.said); err != nil {
			return err
		}
	}
	if p.beside.notices == nil {
		return nil
	}
	return p.beside.notices.After(tx, p.before, after)
}

// numberAll takes the numbers that drafts ask for and finishes their events.
func (p *prepared) numberAll(tx db.Tx) error {
	for i := range p.drafts {
		d := &p.drafts[i]
		if d.Series == "" {
			continue
		}
		ev := &p.events[i]
		printed, err := takeNumber(tx, p.number.ID, p.period(), ev.Stream, func(n int64) (string, error) {
			return definition.PrintNumber(p.number.Pattern, n, p.unitCode, p.day)
		})
		if err != nil {
			return err
		}
		d.Change.Number = printed
		if ev.Clear, err = json.Marshal(d.Change); err != nil {
			return err
		}
		ev.Finish()
	}
	return nil
}

// period is the part of the register that counts from one: a year or all time,
// of one unit or of all.
func (p *prepared) period() string {
	period := "all"
	if p.number.Resets == "yearly" {
		period = strconv.Itoa(p.day.Year())
	}
	if p.number.Per == "unit" {
		period += "/" + p.unit
	}
	return period
}

// commit writes a prepared decision durably.
func (e *Engine) commit(p *prepared) (fold.Case, error) {
	var after fold.Case
	err := e.db.Write(func(tx db.Tx) (err error) {
		after, err = p.write(tx)
		return err
	})
	if err != nil {
		return p.before, e.catchUp(err)
	}
	return after, nil
}

// attempts is how often a command is prepared anew when someone else was faster.
const attempts = 3

// retry runs a prepare-and-commit until it does not collide, at most three times.
func retry(run func() error) error {
	var err error
	for range attempts {
		if err = run(); !isStale(err) {
			return err
		}
	}
	return err
}

func isStale(err error) bool {
	f := fault.Of(err)
	return f != nil && f.Kind == fault.Conflict && f.Key == "fault.acted_first"
}
