package casework

import (
	"context"
	"crypto/hmac"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/ledger"
	"pendopo/kernel/seal"
	"pendopo/law/deadline"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// Code is the code of a stream, as printed.
func (e *Engine) Code(stream string) string { return e.codes.Code(stream) }

// Secret is the secret of a stream, as printed; a door shows it once, to the
// one who has just submitted.
func (e *Engine) Secret(stream string) string { return e.codes.Secret(stream, 0) }

// Track gives the state of a case to anyone who has its code: clear parts only.
// A code that is wrong, unknown or a draft's is the same fault after the same
// statement.
func (e *Engine) Track(ctx context.Context, code string) (c fold.Case, err error) {
	p, _ := ParseCode(code)
	var state []byte
	err = e.db.Get(ctx, `SELECT c.state FROM track t JOIN cases c ON c.stream = t.stream WHERE t.mac = ?`,
		[]any{e.codes.Index(p)}, &state)
	return parseState(state, err)
}

// TrackFrom is Track for somebody at an address who has shown nothing but the
// code: codes that are nobody's are paced, so that they cannot be tried in masses.
// A case by which one unit asks another is followed through the one that asks.
func (e *Engine) TrackFrom(ctx context.Context, code, from string) (fold.Case, error) {
	if err := e.guesses.look(from); err != nil {
		return fold.Case{}, err
	}
	c, err := e.Track(ctx, code)
	if err == nil && c.Parent != "" {
		c, err = fold.Case{}, errUnknownCase()
	}
	if fault.Is(err, fault.Unknown) {
		if uncounted := e.guesses.missed(from); uncounted != nil {
			return c, uncounted
		}
	}
	return c, err
}

// Found is what a code and its secret open: a case, or a draft.
type Found struct {
	Stream string
	Draft  bool
}

// Unlock checks code and secret for somebody at an address, at the pace of
// guesses. Unknown code and wrong secret are the same fault after the same work.
func (e *Engine) Unlock(ctx context.Context, code, secret, from string) (Found, error) {
	p, _ := ParseCode(code)
	try, err := e.guesses.begin(ctx, from, p)
	if err != nil {
		return Found{}, err
	}
	f, err := e.unlock(ctx, p, secret)
	if !fault.Is(err, fault.Unknown) {
		try.Right() // our own trouble is nobody's guess
		return f, err
	}
	if uncounted := try.Wrong(); uncounted != nil {
		return Found{}, uncounted
	}
	return f, err
}

// Voucher is what a browser keeps beside a secret that has opened its code: by
// it the next look is no guess, whatever neighbours behind the same address do.
func (e *Engine) Voucher(code, secret string) string {
	p, _ := ParseCode(code)
	return hex.EncodeToString(e.codes.in.TrackMAC("voucher", p, plain(secret))[:16])
}

// Reopen is Unlock for who has the voucher of code and secret; any other is
// judged by Unlock.
func (e *Engine) Reopen(ctx context.Context, code, secret, voucher, from string) (Found, error) {
	if !hmac.Equal([]byte(voucher), []byte(e.Voucher(code, secret))) {
		return e.Unlock(ctx, code, secret, from)
	}
	p, _ := ParseCode(code)
	return e.unlock(ctx, p, secret)
}

func (e *Engine) unlock(ctx context.Context, p, secret string) (Found, error) {
	mac := e.codes.Index(p)
	var f Found
	var cases int
	err := e.db.Read(ctx, func(tx db.Tx) error {
		return tx.Row(`SELECT t.stream, (SELECT count(*) FROM cases c WHERE c.stream = t.stream) FROM track t WHERE t.mac = ?`, mac).
			Scan(&f.Stream, &cases)
	})
	if err != nil && !errors.Is(err, db.ErrNone) {
		return Found{}, err
	}
	opens := e.codes.Opens(f.Stream, 0, secret)
	if err != nil || !opens {
		return Found{}, fault.New(fault.Unknown, "casework.code_or_secret")
	}
	f.Draft = cases == 0
	return f, nil
}

// State reads the state of a case by its stream.
func (e *Engine) State(ctx context.Context, stream string) (fold.Case, error) {
	return e.state(ctx, stream)
}

// Receipt is the signed promise for the first event of a case.
func (e *Engine) Receipt(ctx context.Context, stream string) (ledger.Receipt, error) {
	first, err := e.event(ctx, stream, 1)
	if err != nil {
		return ledger.Receipt{}, err
	}
	return e.ledger.Receipt(first), nil
}

// Proof computes again what the calendar of a deadline said, day by day.
func (e *Engine) Proof(ctx context.Context, c fold.Case, id string) (deadline.Proof, error) {
	d, ok := c.Deadline(id)
	if !ok {
		return deadline.Proof{}, errUnknownCase()
	}
	span, err := deadline.ParseSpan(d.Within)
	if err != nil {
		return deadline.Proof{}, err
	}
	clock, err := e.cat.ClockAt(ctx, d.Unit, d.Calendar)
	if err != nil {
		return deadline.Proof{}, err
	}
	return clock.Due(span, d.From, flow.StopsFor(c.Stops, d))
}

// Own opens the answers of a case to the applicant, who has shown the secret.
func (e *Engine) Own(ctx context.Context, stream string) (form.Answers, []flow.Defect, error) {
	c, err := e.state(ctx, stream)
	if err != nil {
		return nil, nil, err
	}
	return e.read(ctx, c)
}

// OwnHistory opens the events of a case to the applicant, who has shown the
// secret. Which of their words are meant for the applicant is the door's to say.
func (e *Engine) OwnHistory(ctx context.Context, stream string) ([]History, error) {
	c, err := e.state(ctx, stream)
	if err != nil {
		return nil, err
	}
	if c.Shredded {
		return nil, errShredded()
	}
	return e.history(ctx, stream)
}

// read opens what the case holds: the answers as last given, and the words of
// the last return.
func (e *Engine) read(ctx context.Context, c fold.Case) (form.Answers, []flow.Defect, error) {
	if c.Shredded {
		return nil, nil, errShredded() // this node may still hold the key that another destroyed
	}
	b, err := e.cat.At(ctx, c.Definition)
	if err != nil {
		return nil, nil, err
	}
	key, err := e.keys.Get(c.Stream)
	if err != nil {
		return nil, nil, err
	}
	a, err := e.answers(ctx, b, c, key)
	if err != nil {
		return nil, nil, err
	}
	p, _, err := e.last(ctx, c.Stream, key, fold.Returned)
	return a, p.Defects, err
}

// answers joins the clear and the sealed answers as last given, and the papers
// that came to the counter since.
func (e *Engine) answers(ctx context.Context, b *Bound, c fold.Case, key seal.StreamKey) (form.Answers, error) {
	given, err := e.given(ctx, c.Stream)
	if err != nil {
		return nil, err
	}
	out := form.Answers{}
	for _, ev := range given {
		p, err := open(ev, key)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, p.Answers)
	}
	maps.Copy(out, c.Answers)
	return b.Form.Stored(out), nil
}

// given are the events that hold the answers as they stand: the last time that
// the form was sent, and the papers that came to the counter since.
func (e *Engine) given(ctx context.Context, stream string) (out []event.Event, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) error {
		all, err := event.Load(tx, stream)
		for _, ev := range all {
			switch ev.Kind {
			case fold.Submitted, fold.Resubmitted:
				out = []event.Event{ev}
			case fold.Papers:
				out = append(out, ev)
			}
		}
		return err
	})
	return out, err
}

// last opens the newest event of some kinds.
func (e *Engine) last(ctx context.Context, stream string, key seal.StreamKey, kinds ...string) (p flow.Private, found bool, err error) {
	var newest event.Event
	err = e.db.Read(ctx, func(tx db.Tx) error {
		newest, err = event.Last(tx, stream, kinds...)
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return p, false, nil
	}
	if err != nil {
		return p, false, err
	}
	p, err = open(newest, key)
	return p, true, err
}

// open decrypts the sealed part of an event.
func open(e event.Event, key seal.StreamKey) (flow.Private, error) {
	var p flow.Private
	if len(e.Sealed) == 0 {
		return p, nil
	}
	plain, err := key.Open(e.Sealed, e.AAD())
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(plain, &p)
}

// event reads one event of a stream.
func (e *Engine) event(ctx context.Context, stream string, version int64) (event.Event, error) {
	var events []event.Event
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		events, err = event.Load(tx, stream)
		return err
	})
	if err != nil {
		return event.Event{}, err
	}
	for _, ev := range events {
		if ev.Version == version {
			return ev, nil
		}
	}
	return event.Event{}, errUnknownCase()
}

// History opens the events of a case with their sealed words, for the officer
// who has just opened it.
type History struct {
	Event   event.Event
	Change  fold.Change
	Private flow.Private
}
