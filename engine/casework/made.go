package casework

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"

	"pendopo/kernel/db"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// largestMade is the largest file of another system whose signatures are looked
// at, in bytes.
const largestMade = 10 << 20

// takeIn looks at the file that came with a product made elsewhere, and keeps it
// from being swept away. What is no PDF has no signatures to look at.
func (e *Engine) takeIn(ctx context.Context, c fold.Case, upload string) (*fold.File, flow.Facts, error) {
	key, err := e.keys.Get(c.Stream)
	if err != nil {
		return nil, flow.Facts{}, err
	}
	f, err := e.upload(upload, c.Stream, key)
	if err != nil {
		return nil, flow.Facts{}, err
	}
	if !f.Finished {
		return nil, flow.Facts{}, errUnknownUpload()
	}
	body, _, err := e.blobs.Open(ctx, upload, key)
	if err != nil {
		return nil, flow.Facts{}, err
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, largestMade+1))
	if err != nil {
		return nil, flow.Facts{}, err
	}
	facts := flow.Facts{Signature: fold.SignatureNone}
	if bytes.HasPrefix(data, []byte("%PDF-")) && e.products != nil {
		if facts.Signature, facts.Signers, err = e.products.Inspect(data); err != nil {
			return nil, flow.Facts{}, err
		}
	}
	return &fold.File{ID: upload, Hash: hex.EncodeToString(f.SealedHash[:])}, facts, e.blobs.Claim(upload)
}

// MadeElsewhere is what is sealed of a product made elsewhere, opened.
type MadeElsewhere struct {
	Number  string
	Signers []flow.Signer
}

// MadeElsewhere opens what an officer wrote of a product made elsewhere: its number, and
// whom its file's signatures name. Who may have it is the caller's to decide.
func (e *Engine) MadeElsewhere(ctx context.Context, stream string) (t MadeElsewhere, err error) {
	key, err := e.keys.Get(stream)
	if err != nil {
		return t, err
	}
	p, _, err := e.last(ctx, stream, key, fold.Taken)
	return MadeElsewhere{p.Number, p.Signers}, err
}

// Revocation is the taking back of a document.
type Revocation struct {
	Stream   string
	Reason   string // one of flow.Grounds
	Decision string // number of the decision, which names no person
	Note     string
	Actor    string      // opaque id of the officer
	By       fold.Holder // the post that signs; the caller has checked that the actor holds it
}

// Revoke takes the document of a case back: the event, the case and what /verify
// says change together.
func (e *Engine) Revoke(ctx context.Context, r Revocation) (fold.Case, error) {
	var after fold.Case
	if e.products == nil {
		return after, errors.New("casework: nobody keeps the documents")
	}
	err := retry(func() error {
		before, err := e.state(ctx, r.Stream)
		if err != nil {
			return err
		}
		c := flow.Command{Do: flow.DoRevoke, By: r.By, Reason: r.Reason, Evidence: r.Decision, Note: r.Note}
		after, err = e.command(ctx, before, c, act{actor: r.Actor, extra: []func(db.Tx) error{
			func(tx db.Tx) error { return e.products.Revoke(tx, before.Document.ID, r.Reason, e.now()) },
		}})
		return err
	})
	return after, err
}
