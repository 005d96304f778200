package casework

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"pendopo/kernel/blob"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/ledger"
	"pendopo/kernel/seal"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// Submission is an application as a door hands it in.
type Submission struct {
	Service    string
	Definition string // hash the client filled in; empty = whatever is live
	Channel    string // portal, counter, api
	Lang       string
	Draft      string // stream of the draft or upload group whose key the case takes over; empty = a new one
	Answers    form.Answers
	Received   time.Time   // when the matter reached the government; zero = now
	Evidence   string      // code of what shows the time received
	Actor      string      // opaque id; empty = the applicant
	By         fold.Holder // in which capacity; zero = applicant
	Flags      []string    // why an officer should look twice: codes that the door gives
	Once       Once
	parent     string // the case that asks by this one,
	unit       string // and the unit that it asks; empty = as the service says
}

// Accepted is the answer to a submission that is durable.
type Accepted struct {
	Stream  string
	Version int64
	Code    string
	Secret  string
	Receipt ledger.Receipt
	Again   bool // the same key and request had been accepted before
}

// Submit accepts an application: when it returns without a fault, the case is
// on disk, has its clocks, and will be in the log within a minute.
func (e *Engine) Submit(ctx context.Context, s Submission) (a Accepted, err error) {
	err = retry(func() error {
		a, err = e.submit(ctx, s)
		return err
	})
	return a, err
}

func (e *Engine) submit(ctx context.Context, s Submission) (Accepted, error) {
	b, err := e.bound(s)
	if err != nil {
		return Accepted{}, err
	}
	stream, key, err := e.pair(s.Draft)
	if err != nil {
		return Accepted{}, err
	}
	p, err := e.prepareSubmit(b, s, stream, key)
	if err != nil {
		return Accepted{}, err
	}
	if _, err = e.commit(p); err != nil {
		if db.IsConflict(err) {
			return e.again(ctx, s, err)
		}
		return Accepted{}, err
	}
	return e.accepted(p), nil
}

// bound finds the definition the submission was filled in against.
func (e *Engine) bound(s Submission) (*Bound, error) {
	b, err := e.cat.Live(s.Service)
	if err == nil && s.Definition != "" && s.Definition != b.Hash { // over, or newer than this node knows
		if err = e.cat.Refresh(context.Background()); err == nil {
			b, err = e.cat.Live(s.Service)
		}
	}
	if err != nil {
		return nil, err
	}
	if s.Definition != "" && s.Definition != b.Hash {
		return nil, errDefinitionOver()
	}
	return b, nil
}

// pair is the stream and key of the new case: the draft's, or the next one.
func (e *Engine) pair(draft string) (string, seal.StreamKey, error) {
	if draft == "" {
		return e.keys.Take()
	}
	key, err := e.keys.Get(draft)
	return draft, key, err
}

func (e *Engine) prepareSubmit(b *Bound, s Submission, stream string, key seal.StreamKey) (*prepared, error) {
	now, seq := e.now().UTC().Truncate(time.Microsecond), e.cat.now().seq
	if live := e.cat.now().services[s.Service]; live == nil || live.Hash != b.Hash {
		return nil, outdated() // since the definition was found
	}
	files, err := e.attach(b.Form.Uploads(s.Answers), stream, key)
	if err != nil {
		return nil, err
	}
	unit, err := e.unitFor(b, s)
	if err != nil {
		return nil, err
	}
	vault, err := e.newVault(b)
	if err != nil {
		return nil, err
	}
	if err := s.receive(now); err != nil {
		return nil, err
	}
	if s.By.Who == "" {
		s.By.Who = "applicant"
	}
	res, err := flow.Decide(flow.Input{
		Service: b.Service, Form: b.Form, Rules: b.Rules, Clock: e.cat.Clock, Now: now,
		Command: flow.Command{Do: flow.DoSubmit, By: s.By, Answers: s.Answers, Files: files, Evidence: s.Evidence},
		Facts: flow.Facts{Stream: stream, Channel: s.Channel, Lang: s.Lang, Unit: unit, Received: s.Received,
			Commitment: hex.EncodeToString(key.Commitment()), Parent: s.parent, Vault: vault.id(), Flags: s.Flags},
	})
	if err != nil {
		return nil, err
	}
	p, err := e.prepare(b, fold.Case{}, res, stamp{
		seq: seq, stream: stream, key: key, actor: s.Actor, now: now, received: s.Received, evidence: s.Evidence, vault: vault,
	})
	if err != nil {
		return nil, err
	}
	p.extra = append(e.opening(s, stream, key, now), standStill(unit, stream))
	return p, nil
}

// unitFor is the unit that handles a new case.
func (e *Engine) unitFor(b *Bound, s Submission) (string, error) {
	if s.unit != "" {
		return s.unit, nil
	}
	return e.cat.UnitFor(b.Service, s.Answers)
}

// Evidences are the codes of what may show that a matter was received before it
// was typed in.
func Evidences() []string {
	return []string{"stamped_paper", "register_book", "queue_ticket", "message"}
}

// receive settles the time received: now, or an earlier time with evidence.
func (s *Submission) receive(now time.Time) error {
	if s.Received.IsZero() {
		s.Received, s.Evidence = now, ""
		return nil
	}
	if s.Received.Before(now) && !slices.Contains(Evidences(), s.Evidence) {
		return fault.New(fault.Invalid, "casework.evidence_missing").At("evidence")
	}
	return nil
}

// opening is what a new case writes beside its events: the key of the request,
// the way to find it by code, and the end of its draft.
func (e *Engine) opening(s Submission, stream string, key seal.StreamKey, now time.Time) []func(db.Tx) error {
	out := []func(db.Tx) error{queueIndex(stream)}
	if !s.Once.none() {
		out = append(out, s.Once.insert(stream, 1, key, now))
	}
	if s.Draft == "" {
		return append(out, e.insertTrack(stream))
	}
	return append(out, func(tx db.Tx) error {
		n, err := tx.Exec(`DELETE FROM draft WHERE stream = ?`, stream)
		if err == nil && n == 0 {
			return errDraftOver()
		}
		return err
	})
}

func (e *Engine) insertTrack(stream string) func(db.Tx) error {
	mac := e.codes.Index(e.codes.Code(stream))
	return func(tx db.Tx) error {
		_, err := tx.Exec(`INSERT INTO track (mac, stream) VALUES (?, ?)`, mac, stream)
		return err
	}
}

func (e *Engine) accepted(p *prepared) Accepted {
	first := p.events[0]
	return Accepted{
		Stream: first.Stream, Version: p.events[len(p.events)-1].Version,
		Code: e.codes.Code(first.Stream), Secret: e.codes.Secret(first.Stream, 0), Receipt: e.ledger.Receipt(first),
	}
}

// again answers a repeated submission with what the first one was answered.
func (e *Engine) again(ctx context.Context, s Submission, cause error) (Accepted, error) {
	var r replay
	var found bool
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		r, found, err = e.before(tx, s.Once)
		return err
	})
	if err != nil {
		return Accepted{}, err
	}
	if !found {
		return Accepted{}, cause
	}
	if err := e.same(r, s.Once); err != nil {
		return Accepted{}, err
	}
	first, err := e.event(ctx, r.stream, 1)
	if err != nil {
		return Accepted{}, err
	}
	return Accepted{
		Stream: r.stream, Version: r.version, Again: true,
		Code: e.codes.Code(r.stream), Secret: e.codes.Secret(r.stream, 0), Receipt: e.ledger.Receipt(first),
	}, nil
}

// attach looks up uploads: they must be whole and of this stream. They are
// claimed, synced, before the event that names their hash.
func (e *Engine) attach(ids []string, stream string, key seal.StreamKey) ([]fold.File, error) {
	var out []fold.File
	for _, id := range ids {
		f, err := e.upload(id, stream, key)
		if err != nil {
			return nil, err
		}
		if !f.Finished {
			return nil, errUnknownUpload()
		}
		out = append(out, fold.File{ID: id, Hash: hex.EncodeToString(f.SealedHash[:])})
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return out, e.blobs.Claim(ids...)
}

// upload finds a file of a stream. A store that cannot be asked says so: the
// file may well be there.
func (e *Engine) upload(id, stream string, key seal.StreamKey) (blob.Blob, error) {
	f, err := e.blobs.Stat(id, key)
	switch {
	case fault.Is(err, fault.Unavailable):
		return f, err
	case err != nil || f.Stream != stream:
		return f, errUnknownUpload()
	}
	return f, nil
}
