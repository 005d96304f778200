package document

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"

	"pendopo/kernel/blob"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/kernel/seal"
	"pendopo/law/definition"
)

// Issue is the handler of the job that follows the event numbered; its payload
// is the stream. It may be cut off anywhere and run again: the id is fixed
// before the first byte is drawn, stored bytes are found and never drawn
// again, and casework is told until it has said yes.
func (e *Engine) Issue(ctx context.Context, j job.Job) error {
	stream := string(j.Payload)
	key, err := e.keys.Get(stream)
	if err != nil {
		if fault.Is(err, fault.Gone) {
			return nil // shredded meanwhile: nothing is left to make
		}
		return err
	}
	w, err := e.begin(ctx, stream)
	if err != nil || w.state == rowIssued || w.state == rowRevoked || w.state == rowVoid {
		return err
	}
	p, err := e.cases.Product(ctx, stream)
	if err != nil {
		return err
	}
	if w.id == (ID{}) {
		if w, err = e.number(stream, p); err != nil {
			return err
		}
	}
	if w.state == rowNumbered {
		if w, err = e.make(ctx, w, p, key); err != nil {
			return err
		}
	}
	return e.tell(ctx, w, p, key)
}

// begin finds what an earlier run left; nothing is the zero work.
func (e *Engine) begin(ctx context.Context, stream string) (work, error) {
	var w work
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		w, err = findWork(tx, stream)
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return work{stream: stream}, nil
	}
	return w, err
}

// number fixes the document's identity.
func (e *Engine) number(stream string, p Product) (work, error) {
	hash, err := templateHash(p.Template)
	w := work{stream: stream, id: NewID(), template: hash, state: rowNumbered}
	if err != nil {
		return w, err
	}
	return w, e.db.Write(func(tx db.Tx) error { return insertWork(tx, w, p, e.now()) })
}

// make signs, draws and stores the document.
func (e *Engine) make(ctx context.Context, w work, p Product, key seal.StreamKey) (work, error) {
	keyID, private := e.instance.DocumentKey()
	statement, err := Sign(statementOf(w.id, p), keyID, private)
	if err != nil {
		return w, err
	}
	pdf, err := Render(p.Template, e.inputOf(w.id, p, Link(e.base, w.id, statement), saltOf(key)))
	if err != nil {
		return w, err
	}
	b, err := e.keep(w, p, key, pdf)
	if err != nil {
		return w, err
	}
	sum := sha256.Sum256(pdf)
	w.blob, w.sealedHash, w.sha256 = b.ID, hexOf(b.SealedHash[:]), sum[:]
	w.statement, w.state = key.Seal(statement, statementAAD(w)), rowStored
	if err := ctx.Err(); err != nil {
		return w, err // the lease has ended: another run may be making it
	}
	return w, e.db.Write(func(tx db.Tx) error { return storeWork(tx, w, e.now()) })
}

// keep stores the file. When another run was faster, its file stands, and this
// one is an orphan that is swept.
func (e *Engine) keep(w work, p Product, key seal.StreamKey, pdf []byte) (blob.Blob, error) {
	id, err := e.blobs.Create(w.stream, key, blob.Info{Name: fileName(p), Type: "application/pdf", Size: int64(len(pdf))})
	if err != nil {
		return blob.Blob{}, err
	}
	if _, err := e.blobs.Append(id, key, 0, bytes.NewReader(pdf)); err != nil {
		return blob.Blob{}, err
	}
	return e.blobs.Finish(id, key)
}

// tell keeps the file from being swept, has casework commit the event, and
// then lets the public list say issued.
func (e *Engine) tell(ctx context.Context, w work, p Product, key seal.StreamKey) error {
	if err := e.blobs.Claim(w.blob); err != nil {
		return err
	}
	statement, err := key.Open(w.statement, statementAAD(w))
	if err != nil {
		return err
	}
	facts := Issued{ID: w.id, Number: p.Number, Date: p.Date, ValidUntil: p.ValidUntil, SHA256: hexOf(w.sha256),
		SealedHash: w.sealedHash, Template: w.template, Blob: w.blob, Statement: statement}
	if err := e.cases.Issued(ctx, w.stream, facts); err != nil {
		return err
	}
	return e.db.Write(func(tx db.Tx) error {
		return move(tx, w.id, [2]string{rowStored, rowIssued}, rowIssued, "", e.now())
	})
}

func statementAAD(w work) []byte {
	return []byte("document/statement/" + w.stream + "/" + w.id.String())
}

func statementOf(id ID, p Product) Statement {
	st := Statement{
		Issuer: cut(p.Government.Name.In("id"), textBytes), Kind: p.Template.ID, Number: p.Number,
		Date: day(days(p.Date)), ID: id, Proved: map[string]string{},
	}
	if !p.ValidUntil.IsZero() {
		st.ValidUntil = day(days(p.ValidUntil))
	}
	if p.Deemed != nil && !p.Deemed.Rule {
		st.Deemed = cut(p.Deemed.Basis, textBytes)
	}
	for _, field := range p.Template.Proved {
		if value := p.Values[field]; value != "" {
			st.Proved[field] = value
		}
	}
	return st
}

func (e *Engine) inputOf(id ID, p Product, link string, salt [16]byte) Input {
	return Input{
		Government: p.Government, Unit: p.Unit, Mark: p.Mark, Place: p.Place, Values: p.Values, Number: p.Number, Date: p.Date,
		ValidUntil: p.ValidUntil, Words: e.words.Printer(p.Lang), Signatory: p.Signatory, ID: id, Salt: salt,
		Link: link, VerifyAt: strings.TrimRight(e.base, "/") + "/verify", Deemed: p.Deemed,
	}
}

// templateHash is the SHA-256 of a template's JSON, whose map keys are sorted.
func templateHash(t definition.Template) (string, error) {
	canonical, err := json.Marshal(t)
	sum := sha256.Sum256(canonical)
	return hexOf(sum[:]), err
}

// fileName is what a device calls the download: kind and number, no person.
func fileName(p Product) string {
	safe := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}
	return p.Template.ID + "-" + strings.Map(safe, p.Number) + ".pdf"
}
