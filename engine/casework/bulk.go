package casework

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/seal"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// Held is a case at hand: its state, its key and the answers as last given, so
// that many commands on it read nothing.
type Held struct {
	State   fold.Case
	Answers form.Answers
	key     seal.StreamKey
	opened  int64           // version of its access stream,
	last    time.Time       // and when that was entered
	noted   map[string]bool // openings of the last hours, by actor, purpose and hour
}

// Key is the key of the case's stream.
func (h *Held) Key() seal.StreamKey { return h.key }

// Move is a command on a held case that is decided, sealed and folded, and not
// written yet; or an opening of it.
type Move struct {
	held    *Held
	command *prepared
	opening *event.Event
	access  Access
	answers form.Answers // as given by this command; nil when it gives none
	late    late
}

// Also writes something more in the transaction of the move.
func (m *Move) Also(insert func(db.Tx) error) { m.command.extra = append(m.command.extra, insert) }

// Events says how many events the move adds to the record.
func (m *Move) Events() int {
	if m.opening != nil {
		return 1
	}
	return len(m.command.events)
}

// late is what a Bulk writes later, in the order of its keys: rows that fall at
// random places of their tables, each of which would be a page.
type late struct {
	tracks  []trackRow
	onces   []onceRow
	entries []seal.Entry
}

type trackRow struct {
	mac    []byte
	stream string
}

type onceRow struct {
	o       Once
	stream  string
	version int64
	mac     []byte
	at      time.Time
}

// HoldSubmit is Submit without the commit. The clock is the engine's.
func (e *Engine) HoldSubmit(s Submission) (*Held, *Move, error) {
	b, err := e.bound(s)
	if err != nil {
		return nil, nil, err
	}
	stream, key, err := e.pair("")
	if err != nil {
		return nil, nil, err
	}
	p, err := e.prepareSubmit(b, s, stream, key)
	if err != nil {
		return nil, nil, err
	}
	p.extra, p.beside.notices = []func(db.Tx) error{standStill(p.unit, stream)}, nil // what was taken over is old news
	h := &Held{State: fold.Case{Stream: stream}, key: key, noted: map[string]bool{}}
	m := &Move{held: h, command: p, answers: given(p)}
	m.late.tracks = []trackRow{{e.codes.Index(e.codes.Code(stream)), stream}}
	m.late.entries = []seal.Entry{{Stream: stream, Tokens: e.tokens(b, m.answers)}}
	m.key(s.Once, 1)
	return h, m, nil
}

// HoldAct is a command on a held case without the commit: a deed, a deadline
// that has passed, or the product that was made. Work that the flow asks for
// (rendering) is not queued; the caller does it.
func (e *Engine) HoldAct(ctx context.Context, h *Held, c flow.Command, actor string, facts flow.Facts, o Once) (*Move, error) {
	b, err := e.cat.At(ctx, h.State.Definition)
	if err != nil {
		return nil, err
	}
	a := act{actor: actor, facts: facts}
	if c.Answers != nil && h.State.Vault != "" {
		if a.vault, err = e.vaultOf(ctx, h.State.Vault); err != nil {
			return nil, err
		}
		a.facts.Vault = h.State.Vault
	}
	p, err := e.decide(b, h.State, c, a, h.key, h.Answers)
	if err != nil {
		return nil, err
	}
	p.effects, p.beside.notices = nil, nil
	m := &Move{held: h, command: p}
	if c.Answers != nil {
		m.answers = given(p)
		m.late.entries = []seal.Entry{{Stream: h.State.Stream, Tokens: e.tokens(b, m.answers)}}
	}
	m.key(o, p.last())
	return m, nil
}

// given are the answers that a prepared command stores, clear and sealed.
func given(p *prepared) form.Answers {
	out := form.Answers{}
	for _, d := range p.drafts {
		maps.Copy(out, d.Change.Answers)
		maps.Copy(out, d.Private.Answers)
	}
	return out
}

// key notes the key of the request.
func (m *Move) key(o Once, version int64) {
	if o.none() {
		return
	}
	ev := m.command.events[0]
	m.late.onces = []onceRow{{o, ev.Stream, version, m.held.key.RequestMAC(o.Request), ev.Entered}}
}

// HoldOpening is an opening of a held case without the commit; nil when this
// reader's opening of this hour is noted already.
func (e *Engine) HoldOpening(h *Held, r Reader) (*Move, error) {
	now := e.now().UTC().Truncate(time.Microsecond)
	if now.Before(h.last) {
		now = h.last
	}
	ev, err := e.accessEvent(h.State.Stream, r, h.opened+1, now)
	if err != nil {
		return nil, err
	}
	if key := accessKey(ev); h.noted[key] {
		return nil, nil
	} else if h.noted == nil || len(h.noted) > 8 {
		h.noted = map[string]bool{key: true}
	} else {
		h.noted[key] = true
	}
	h.opened, h.last = h.opened+1, now
	return &Move{held: h, opening: &ev, access: Access{Case: h.State.Stream, Actor: r.Actor, Purpose: r.Purpose}}, nil
}

// Hold takes an open case to hand.
func (e *Engine) Hold(ctx context.Context, stream string) (*Held, error) {
	h := &Held{}
	var err error
	if h.State, err = e.state(ctx, stream); err != nil {
		return nil, err
	}
	if h.key, err = e.keys.Get(stream); err != nil {
		return nil, err
	}
	b, err := e.cat.At(ctx, h.State.Definition)
	if err != nil {
		return nil, err
	}
	if h.Answers, err = e.answers(ctx, b, h.State, h.key); err != nil {
		return nil, err
	}
	err = e.db.Read(ctx, func(tx db.Tx) error {
		var entered int64
		err := tx.Row(`SELECT coalesce(max(version), 0), coalesce(max(entered), 0) FROM event WHERE stream = ?`, accessStream(stream)).
			Scan(&h.opened, &entered)
		h.last = moment(entered)
		return err
	})
	return h, err
}

// OpenStreams lists the streams of open cases, in order.
func (e *Engine) OpenStreams(ctx context.Context) (streams []string, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		streams, err = texts(tx.Query(`SELECT stream FROM cases WHERE outcome = '' ORDER BY stream`))
		return err
	})
	return streams, err
}

// Bulk writes many moves in one commit: for taking over cases from elsewhere
// and for measuring growth. Events, rows and numbers are those of the one-by-one
// way. Codes, keys of requests and index entries are written by Flush: until
// then the record is whole, and some of its cases cannot be found.
type Bulk struct {
	e    *Engine
	late late
}

// NewBulk makes an empty one. It has one user at a time.
func (e *Engine) NewBulk() *Bulk { return &Bulk{e: e} }

// Commit writes moves in their order, all or none, and brings the held cases to
// their new states.
func (b *Bulk) Commit(moves []*Move) error {
	after := make([]fold.Case, len(moves))
	err := b.e.db.Write(func(tx db.Tx) (err error) {
		for i, m := range moves {
			if after[i], err = m.write(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, m := range moves {
		if m.opening == nil {
			m.held.State = after[i]
		}
		if m.answers != nil {
			m.held.Answers = m.answers
		}
		b.late.tracks = append(b.late.tracks, m.late.tracks...)
		b.late.onces = append(b.late.onces, m.late.onces...)
		b.late.entries = append(b.late.entries, m.late.entries...)
	}
	return nil
}

func (m *Move) write(tx db.Tx) (fold.Case, error) {
	if m.opening == nil {
		return m.command.write(tx)
	}
	_, err := tx.Exec(`INSERT INTO access (stream, actor, purpose, hour) VALUES (?, ?, ?, ?)`,
		m.opening.Stream, m.access.Actor, m.access.Purpose, hourOf(m.opening.Entered))
	if err != nil {
		return fold.Case{}, err
	}
	return fold.Case{}, event.Append(tx, *m.opening)
}

// Waiting says how many cases Flush would make findable.
func (b *Bulk) Waiting() int { return len(b.late.entries) }

// together is how many rows one commit of Flush takes.
const together = 20_000

// Flush writes what was put off.
func (b *Bulk) Flush() error {
	l := b.late
	b.late = late{}
	slices.SortFunc(l.tracks, func(x, y trackRow) int { return bytes.Compare(x.mac, y.mac) })
	slices.SortFunc(l.onces, func(x, y onceRow) int {
		return cmp.Or(strings.Compare(x.o.Scope, y.o.Scope), bytes.Compare(x.o.mark(), y.o.mark()))
	})
	for rows := range slices.Chunk(l.tracks, together) {
		if err := b.e.db.Write(func(tx db.Tx) error { return insertTracks(tx, rows) }); err != nil {
			return err
		}
	}
	for rows := range slices.Chunk(l.onces, together) {
		if err := b.e.db.Write(func(tx db.Tx) error { return insertOnces(tx, rows) }); err != nil {
			return err
		}
	}
	size := len(l.entries)
	if b.e.db.Dialect() == db.Postgres {
		size = together / 20 // each has some twenty tokens, and a write has thirty seconds
	}
	for entries := range slices.Chunk(l.entries, max(1, size)) {
		if err := b.e.keys.PutIndexes(entries); err != nil {
			return err
		}
	}
	return nil
}

func insertTracks(tx db.Tx, rows []trackRow) error {
	for _, r := range rows {
		if _, err := tx.Exec(`INSERT INTO track (mac, stream) VALUES (?, ?)`, r.mac, r.stream); err != nil {
			return err
		}
	}
	return nil
}

func insertOnces(tx db.Tx, rows []onceRow) error {
	for _, r := range rows {
		_, err := tx.Exec(`INSERT INTO once (scope, mark, stream, version, mac, at) VALUES (?, ?, ?, ?, ?, ?)`,
			r.o.Scope, r.o.mark(), r.stream, r.version, r.mac, micros(r.at))
		if err != nil {
			return err
		}
	}
	return nil
}
