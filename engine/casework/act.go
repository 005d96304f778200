package casework

import (
	"context"
	"slices"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// Deed is something somebody does to a case.
type Deed struct {
	Stream   string
	Seen     int64  // version of the case the actor saw
	Do       string // flow.DoAct, DoStop, DoResume, DoPapers, DoWrite, DoPublish, DoHide, DoRelay or DoRecallAsked; empty = DoAct
	Action   string
	Step     string // the branch it belongs to, by its present step; "" = the only one that By holds
	Answers  form.Answers
	Checks   map[string]bool
	Defects  []flow.Defect
	Reason   string
	Note     string
	Number   string        // make: as the other system gave it
	Upload   string        // make: id of the file that came with it, stored under the case's key
	Receiver flow.Receiver // deliver, by an officer: who took it
	Given    form.Answers  // an action with fields: what whoever acts answers
	Unit     string        // dispatch, ask: the other unit
	Into     string        // merge: stream of the case that goes on for both; see Other
	Asked    string        // recall what was asked: id of the question
	Public   *flow.Words   // publish, alone or with an act: what everybody may read
	Photos   []string      // publish: which of the case's files go with it
	Word     *fold.Word    // relay: whose word, and what is to become of it
	Uploads  []string      // write, publish: ids of files that come with it, stored under the case's key
	Actor    string        // opaque id; empty = the applicant
	By       fold.Holder   // in which capacity; the door has checked that the actor holds it
	Once     Once
}

// Act carries out a deed. When it returns without a fault, the effect is
// durable; a stale Seen is a Conflict that says so.
func (e *Engine) Act(ctx context.Context, d Deed) (fold.Case, error) {
	var after fold.Case
	err := retry(func() (err error) {
		after, err = e.actOnce(ctx, d)
		return err
	})
	if db.IsConflict(err) {
		return e.actedBefore(ctx, d, err)
	}
	return after, err
}

func (e *Engine) actOnce(ctx context.Context, d Deed) (fold.Case, error) {
	if done, err := e.doneBefore(ctx, d.Once); err != nil {
		return fold.Case{}, err
	} else if done {
		return e.state(ctx, d.Stream)
	}
	before, err := e.present(ctx, d.Stream)
	if err != nil {
		return before, err
	}
	c := d.command()
	a := act{actor: d.Actor, once: d.Once, answers: d.Answers, uploads: d.Uploads}
	if d.Upload != "" {
		if c.File, a.facts, err = e.takeIn(ctx, before, d.Upload); err != nil {
			return before, err
		}
	}
	if err := e.elsewhere(ctx, before, d, &a); err != nil {
		return before, err
	}
	return e.command(ctx, before, c, a)
}

func (d Deed) command() flow.Command {
	c := flow.Command{
		Do: d.Do, Action: d.Action, By: d.By, Seen: d.Seen, Answers: d.Answers,
		Checks: d.Checks, Defects: d.Defects, Reason: d.Reason, Note: d.Note,
		Step: d.Step, Number: d.Number, Receiver: d.Receiver, Given: d.Given,
		Unit: d.Unit, Into: d.Into, Asked: d.Asked, Public: d.Public, Photos: d.Photos, Word: d.Word,
	}
	if c.Do == "" {
		c.Do = flow.DoAct
	}
	return c
}

// elsewhere looks at what a deed says of the world beside its case: the unit
// that it names, and the case that it is merged into.
func (e *Engine) elsewhere(ctx context.Context, c fold.Case, d Deed, a *act) error {
	if d.Unit != "" && e.cat.Government().Unit(d.Unit) == nil {
		return fault.New(fault.Invalid, "casework.unknown_unit").At("unit")
	}
	if d.Into == "" {
		return nil
	}
	if _, err := e.mayJoin(ctx, c, d.Into); err != nil {
		return err
	}
	a.extra = append(a.extra, staysWhole(d.Into))
	return nil
}

// act is what a command needs beside what law sees.
type act struct {
	actor   string
	once    Once
	answers form.Answers // new answers, whose uploads are attached
	uploads []string     // files that come with it, likewise
	facts   flow.Facts
	vault   *vaulting // where the identity among the answers goes; nil where the service keeps none
	extra   []func(db.Tx) error
}

// command decides, seals and commits one command on an existing case.
func (e *Engine) command(ctx context.Context, before fold.Case, c flow.Command, a act) (fold.Case, error) {
	b, err := e.cat.At(ctx, before.Definition)
	if err != nil {
		return before, err
	}
	key, err := e.keys.Get(before.Stream)
	if err != nil {
		return before, err
	}
	if a.answers != nil && before.Vault != "" {
		if a.vault, err = e.vaultOf(ctx, before.Vault); err != nil {
			return before, err
		}
		a.facts.Vault = before.Vault
	}
	uploads := slices.Concat(b.Form.Uploads(a.answers), uploadsGiven(b, before, c), a.uploads)
	if c.Files, err = e.attach(uploads, before.Stream, key); err != nil {
		return before, err
	}
	opened, err := e.opened(ctx, b, before, key)
	if err != nil {
		return before, err
	}
	p, err := e.decide(b, before, c, a, key, opened)
	if err != nil {
		return before, err
	}
	if !a.once.none() {
		p.extra = append(p.extra, a.once.insert(before.Stream, p.last(), key, e.now()))
	}
	if a.answers != nil {
		p.extra = append(p.extra, queueIndex(before.Stream))
	}
	p.extra = append(p.extra, a.extra...)
	return e.commit(p)
}

// decide decides one command on an existing case and seals its events. Answers
// are those that the rules of the present step may read.
func (e *Engine) decide(b *Bound, before fold.Case, c flow.Command, a act, key seal.StreamKey, answers form.Answers) (*prepared, error) {
	now, seq := e.now().UTC().Truncate(time.Microsecond), e.cat.now().seq
	res, err := flow.Decide(flow.Input{
		Service: b.Service, Form: b.Form, Rules: b.Rules, Clock: e.cat.Clock, State: before,
		Answers: answers, Command: c, Facts: a.facts, Now: now,
	})
	if err != nil {
		return nil, err
	}
	return e.prepare(b, before, res, stamp{seq: seq, stream: before.Stream, key: key, actor: a.actor, now: now, vault: a.vault})
}

func (p *prepared) last() int64 { return p.before.Version + int64(len(p.events)) }

// opened gives the answers to the rules of the present step and of those that it
// may lead to, when there are any: nothing is opened that no rule names.
func (e *Engine) opened(ctx context.Context, b *Bound, c fold.Case, key seal.StreamKey) (form.Answers, error) {
	if !flow.Reads(b.Service, c.At) {
		return nil, nil
	}
	return e.answers(ctx, b, c, key)
}

// doneBefore recognises a repeated key before anything is decided, so that a
// retry of an action that moved the case is answered and not refused as stale.
func (e *Engine) doneBefore(ctx context.Context, o Once) (done bool, err error) {
	if o.none() {
		return false, nil
	}
	var r replay
	err = e.db.Read(ctx, func(tx db.Tx) error {
		r, done, err = e.before(tx, o)
		return err
	})
	if err != nil || !done {
		return false, err
	}
	return true, e.same(r, o)
}

// actedBefore answers the loser of two simultaneous requests with one key.
func (e *Engine) actedBefore(ctx context.Context, d Deed, cause error) (fold.Case, error) {
	done, err := e.doneBefore(ctx, d.Once)
	if err != nil {
		return fold.Case{}, err
	}
	if !done {
		return fold.Case{}, fault.Of(cause)
	}
	return e.state(ctx, d.Stream)
}

// present reads a case as it stands now: deadlines that have passed fire first,
// so that nobody acts in the second before a timer comes round.
func (e *Engine) present(ctx context.Context, stream string) (fold.Case, error) {
	for {
		c, err := e.state(ctx, stream)
		if err != nil {
			return c, err
		}
		d, passed := flow.Passed(c, e.now())
		if !passed || !c.Open() {
			return c, nil
		}
		if err := e.lapse(ctx, timer{Stream: stream, ID: d.ID, Due: d.Due}); err != nil {
			return c, err
		}
	}
}

// state reads the row of a case.
func (e *Engine) state(ctx context.Context, stream string) (c fold.Case, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) error {
		c, err = getState(tx, stream)
		return err
	})
	return c, err
}
