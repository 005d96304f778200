package notify

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/kernel/seal"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// makeTogether is how many notices one transaction makes at most.
const makeTogether = 100

// makeAll makes notices of what happened: whom they reach and how, their words
// sealed.
func (e *Engine) makeAll(ctx context.Context, jobs []job.Job) error {
	var all []Notice
	for _, j := range jobs {
		var o order
		if err := json.Unmarshal(j.Payload, &o); err != nil {
			return err
		}
		list, err := e.make(ctx, o)
		if fault.Is(err, fault.Gone) {
			continue // shredded meanwhile: there is nobody left to tell
		}
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	return e.db.Write(func(tx db.Tx) error {
		for _, n := range all {
			if err := e.begin(tx, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// make is the applicant's notice and those of whoever told the same.
func (e *Engine) make(ctx context.Context, o order) ([]Notice, error) {
	c, s, code, err := e.cases.Look(ctx, o.Case)
	if err != nil {
		return nil, err
	}
	if c.Shredded {
		return nil, fault.New(fault.Gone, "fault.shredded")
	}
	n := Notice{
		ID: o.ID, Stream: c.Stream, Subject: c.Stream, Kind: o.Kind, Version: o.Version, Step: o.Step, Service: c.Service, Unit: c.Unit,
		Urgent: o.Urgent, Made: e.moment(),
	}
	if o.Record {
		n.Told = ToldWanted
	}
	if c.Vault != "" {
		n.Stream = c.Vault // where the reporter's identity is, there goes what names it
	}
	to, err := e.contact(ctx, c)
	if err != nil {
		return nil, err
	}
	own, err := e.fill(n, to, e.say(n, s, c, code, to.Lang, o))
	if err != nil {
		return nil, err
	}
	others, err := e.joined(ctx, n)
	return append([]Notice{own}, others...), err
}

// joined are the notices of those whose reports were merged into a case: what
// became of it, under the code of their own.
func (e *Engine) joined(ctx context.Context, n Notice) (list []Notice, err error) {
	if !concernsAll(n.Kind) {
		return nil, nil
	}
	streams, err := e.cases.Joined(ctx, n.Subject)
	for _, stream := range streams {
		c, s, code, err := e.cases.Look(ctx, stream)
		if err != nil {
			return nil, err
		}
		if c.Shredded {
			continue
		}
		f := Notice{
			ID: hex.EncodeToString(e.in.IndexMAC("notice", n.ID, stream)[:16]), Stream: cmp.Or(c.Vault, stream), Subject: stream, Kind: Joined,
			Version: c.Version, Step: c.Step, Service: c.Service, Unit: c.Unit, Made: n.Made,
		}
		to, err := e.contact(ctx, c)
		if err != nil {
			return nil, err
		}
		if f, err = e.fill(f, to, e.say(f, s, c, code, to.Lang, order{})); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, err
}

// contact is where the applicant can be reached: as they said, and the browsers
// that asked for it.
func (e *Engine) contact(ctx context.Context, c fold.Case) (Contact, error) {
	to, err := e.cases.Contact(ctx, c.Stream)
	if err != nil {
		return to, err
	}
	if to.Lang == "" {
		to.Lang = c.Lang
	}
	to.Pushes, err = e.browsers(ctx, c.Stream, sealer(c))
	return to, err
}

// fill finds the ways that lead to somebody and seals the rest.
func (e *Engine) fill(n Notice, to Contact, words content) (Notice, error) {
	key, err := e.keys.Get(n.Stream)
	if err != nil {
		return n, err
	}
	words.To = to
	plain, err := json.Marshal(words)
	if err != nil {
		return n, err
	}
	n.sealed = sealingKey(key).Seal(plain, n.aad())
	n.Changed, n.State = n.Made, Created
	carriers := e.Setup().Carriers
	for _, channel := range e.house.Notices().OrderFor(n.Kind) {
		if _, set := carriers[channel]; set && to.address(channel) != "" {
			n.Channels = append(n.Channels, channel)
		}
	}
	n.Reason = wire.NoAddress
	if len(carriers) == 0 {
		n.Reason = wire.NotSetUp
	}
	return n, nil
}

func (n Notice) aad() []byte { return []byte("notice/" + n.ID + "/" + n.Stream) }

func sealingKey(k seal.StreamKey) seal.StreamKey { return k.Derive("notices") }

// open reads the sealed part of a notice. Gone: its stream was shredded.
func (e *Engine) open(n Notice) (c content, err error) {
	key, err := e.keys.Get(n.Stream)
	if err != nil {
		return c, err
	}
	if len(n.sealed) == 0 {
		return c, fault.New(fault.Gone, "fault.shredded")
	}
	plain, err := sealingKey(key).Open(n.sealed, n.aad())
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(plain, &c)
}

// begin stores a notice, chooses its first channel and queues what follows.
func (e *Engine) begin(tx db.Tx, n Notice) error {
	fresh, err := insert(tx, n)
	if err != nil || !fresh {
		return err
	}
	if n.Told == ToldWanted {
		if err := job.Enqueue(tx, job.Job{Kind: LastJob, Key: LastJob + "/" + n.ID, Payload: []byte(n.ID), RunAt: n.Made.Add(lastCall / e.hasten)}); err != nil {
			return err
		}
	}
	return e.choose(tx, &n, "")
}

// choose takes the first way after one that led nowhere, or puts the notice on
// the page when there is none.
func (e *Engine) choose(tx db.Tx, n *Notice, after string) error {
	rest := n.Channels
	if i := slices.Index(rest, after); after != "" {
		rest = rest[i+1:]
	}
	if len(rest) == 0 {
		return e.move(tx, n, GivenUp, n.Reason)
	}
	n.Channel = rest[0]
	if err := e.move(tx, n, Chosen, ""); err != nil {
		return err
	}
	return e.queue(tx, *n, 1, e.moment())
}

// Words is what is told to somebody whom no case knows: a test message, an
// officer's morning, a follower of the public.
type Words struct {
	Subject, Text, Short, Link string
	Values                     []string // of a gateway's template
}

// Telling is a notice with its address and words, of any stream.
type Telling struct {
	Stream  string // whose key seals it
	Subject string // the case; "" of none
	Kind    string
	Unit    string
	To      Contact
	Words   Words
	Urgent  bool
	Once    string // what makes it the same notice when told again; "" = never
}

// Prepare seals a notice outside a transaction, for Tell.
func (e *Engine) Prepare(t Telling) (Notice, error) {
	n := Notice{ID: event.NewID(), Stream: t.Stream, Subject: t.Subject, Kind: t.Kind, Unit: t.Unit, Urgent: t.Urgent, Made: e.moment()}
	if t.Once != "" {
		n.ID = hex.EncodeToString(e.in.IndexMAC("notice", t.Stream, t.Kind, t.Once)[:16])
	}
	return e.fill(n, t.To, content{Lang: t.To.Lang, Subject: t.Words.Subject, Text: t.Words.Text, Short: brief(t.Words.Short), Link: t.Words.Link, Values: t.Words.Values})
}

// Tell queues a notice in the caller's transaction. The same one a second time is
// left alone.
func (e *Engine) Tell(tx db.Tx, n Notice) error {
	if n.ID == "" || n.Made.IsZero() {
		return errors.New("notify: a notice comes from Prepare")
	}
	return e.begin(tx, n)
}

// TellVault queues, in the transaction of the opening, that two people opened
// the identity of who reported by a case.
func (e *Engine) TellVault(tx db.Tx, c fold.Case) error {
	if !e.Setup().Any() {
		return nil
	}
	return e.order(tx, order{ID: event.NewID(), Case: c.Stream, Kind: Vault, Version: c.Version, Step: c.Step, Record: c.Open()})
}

// say is a notice in words: the code and what to do.
func (e *Engine) say(n Notice, s *definition.Service, c fold.Case, code, lang string, o order) content {
	p := e.words.Printer(lang)
	house := e.house.Name(p.Lang())
	link := e.link(code)
	due, kind := "", n.Kind
	if !o.Due.IsZero() {
		due = p.Date(o.Due.In(e.house.Zone(n.Unit)))
	} else if p.Has("notify." + kind + "_undated") {
		kind += "_undated"
	}
	args := []any{"house", house, "code", code, "due", due, "link", e.where()}
	full := []any{"house", house, "code", code, "due", due, "link", link}
	return content{
		Lang: p.Lang(), Link: link, Values: []string{code, due},
		Subject: p.T("notify."+kind+"_subject", full...), Text: p.T("notify."+kind+"_text", full...), Short: brief(p.T("notify."+kind+"_short", args...)),
	}
}

// link is where the person reads more; the code in it shows the state and no more.
func (e *Engine) link(code string) string { return e.base + "/track/" + code }

// where is the same for a short message: an address to type.
func (e *Engine) where() string {
	_, host, _ := strings.Cut(e.base, "://")
	return host + "/track"
}
