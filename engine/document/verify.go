package document

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

// VerifyNumber tells what is publicly known of a number: kind, date and state,
// nothing personal. Empty when no document has it.
func (e *Engine) VerifyNumber(ctx context.Context, number string) ([]Verdict, error) {
	var facts []Fact
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		facts, err = factsByNumber(tx, number)
		return err
	})
	var verdicts []Verdict
	for _, f := range facts {
		if v := f.judge(e.today()); v.State != Unknown {
			v.Fact.SHA256 = nil
			verdicts = append(verdicts, v)
		}
	}
	return verdicts, err
}

// VerifyID tells the public state of the document that a link's path names.
func (e *Engine) VerifyID(ctx context.Context, id ID) (Verdict, error) {
	f, err := e.fact(ctx, func(tx db.Tx) (Fact, error) { return factByID(tx, id) })
	if err != nil {
		return Verdict{}, err
	}
	return f.judge(e.today()), nil
}

// VerifyPayload checks the text of a QR code, a link or the bare statement.
// What is no statement of ours is a fault that says why (document.forged,
// document.unknown_key, document.payload_unreadable, …).
func (e *Engine) VerifyPayload(ctx context.Context, text string) (Verdict, error) {
	st, err := ReadStatement(text, e.instance.DocumentKeys())
	if err != nil {
		return Verdict{}, err
	}
	f, err := e.fact(ctx, func(tx db.Tx) (Fact, error) { return factByID(tx, st.ID) })
	if err != nil {
		return Verdict{}, err
	}
	v := f.judge(e.today())
	switch {
	case v.State == Unknown:
		v.State = Unlisted
	case !f.says(st):
		v = Verdict{State: Altered, Fact: f}
	}
	v.Statement = &st
	return v, nil
}

// VerifyPDF checks an uploaded file: the very bytes that were handed out are
// genuine; a known identity over other bytes is altered; else unknown.
func (e *Engine) VerifyPDF(ctx context.Context, pdf []byte) (Verdict, error) {
	if len(pdf) > MaxPDF {
		return Verdict{}, fault.New(fault.TooLarge, "document.file_too_large").With("limit", MaxPDF>>20)
	}
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return Verdict{}, fault.New(fault.WrongType, "document.not_pdf")
	}
	sum := sha256.Sum256(pdf)
	f, err := e.fact(ctx, func(tx db.Tx) (Fact, error) { return factBySHA256(tx, sum[:]) })
	if err != nil || f.ID != (ID{}) {
		return f.judge(e.today()), err
	}
	id, ok := DocumentID(pdf)
	if !ok {
		return Verdict{State: Unknown}, nil
	}
	f, err = e.fact(ctx, func(tx db.Tx) (Fact, error) { return factByID(tx, id) })
	if err != nil || f.judge(e.today()).State == Unknown {
		return Verdict{State: Unknown}, err
	}
	return Verdict{State: Altered, Fact: f}, nil
}

// fact reads one row; none is the zero Fact.
func (e *Engine) fact(ctx context.Context, find func(db.Tx) (Fact, error)) (Fact, error) {
	var f Fact
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		f, err = find(tx)
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return Fact{}, nil
	}
	return f, err
}

// today is the calendar date in the government's zone.
func (e *Engine) today() time.Time { return e.now().In(e.zone) }
