package document

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"pendopo/kernel/blob"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/kernel/seal"
)

// Deps is what the engine stands on.
type Deps struct {
	DB       *db.DB
	Keys     *seal.Keys
	Instance *seal.Instance
	Blobs    *blob.Store
	Cases    Cases
	Words    *page.Catalogue
	Base     string         // address of the portal, https://host, printed and in QR codes
	Zone     *time.Location // the government's, for the day a validity ends
	Now      func() time.Time
}

// Engine makes, keeps and verifies documents. It is safe for concurrent use.
type Engine struct {
	db       *db.DB
	keys     *seal.Keys
	instance *seal.Instance
	blobs    *blob.Store
	cases    Cases
	words    *page.Catalogue
	base     string
	zone     *time.Location
	now      func() time.Time
}

// New makes an engine; its tables must have been migrated (see Schema).
func New(d Deps) *Engine {
	return &Engine{db: d.DB, keys: d.Keys, instance: d.Instance, blobs: d.Blobs, cases: d.Cases, words: d.Words, base: d.Base, zone: d.Zone, now: d.Now}
}

// File opens the stored PDF of a case. A shredded case is Gone, a case without
// document Unknown. Who may have it is the caller's to decide.
func (e *Engine) File(ctx context.Context, stream string) (io.ReadCloser, blob.Blob, error) {
	var w work
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		w, err = findWork(tx, stream)
		return err
	})
	if err != nil && !errors.Is(err, db.ErrNone) {
		return nil, blob.Blob{}, err
	}
	key, err := e.keys.Get(stream) // first: of a shredded case nothing is left but that it was
	if err != nil {
		return nil, blob.Blob{}, err
	}
	if w.blob == "" {
		return nil, blob.Blob{}, fault.New(fault.Unknown, "document.none")
	}
	return e.blobs.Open(ctx, w.blob, key)
}

// PublishedKeys is the JSON served at /.well-known/pendopo-keys.
func (e *Engine) PublishedKeys(issuer string) ([]byte, error) {
	return EncodeKeys(issuer, e.instance.DocumentKeys())
}

// Of names the document of a case, in the transaction of what wants to know.
func Of(tx db.Tx, stream string) (ID, error) {
	w, err := findWork(tx, stream)
	return w.id, err
}

// Revoke takes a document back, in the transaction of the event that says so.
// Reason is a code, for it is shown to everyone.
func Revoke(tx db.Tx, id ID, reason string, now time.Time) error {
	return move(tx, id, [2]string{rowIssued, rowIssued}, rowRevoked, reason, now)
}

// RevokeCase is Revoke by the id as a case's event has it.
func RevokeCase(tx db.Tx, id, reason string, now time.Time) error {
	known, ok := ParseID(id)
	if !ok {
		return fault.New(fault.Unknown, "document.none")
	}
	return Revoke(tx, known, reason, now)
}

// IsRevoked says whether a document, by its id as a case's event has it, is told to
// have been taken back. One that is not there is not.
func IsRevoked(tx db.Tx, id string) (bool, error) {
	known, ok := ParseID(id)
	if !ok {
		return false, nil
	}
	f, err := factByID(tx, known)
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	return f.state == rowRevoked, err
}

// MakeVoid says that a number was taken and will not be used, and why: a code.
func MakeVoid(tx db.Tx, id ID, reason string, now time.Time) error {
	return move(tx, id, [2]string{rowNumbered, rowStored}, rowVoid, reason, now)
}

// Forget drops what a shredded case leaves behind here. The public facts stay:
// verification goes on. The bytes go with blob.Delete and with the key.
func Forget(tx db.Tx, stream string) error { return deleteWork(tx, stream) }

// saltOf is a value in the file that only the stream's key can tell again: once
// the key is destroyed nobody can guess what file a public hash belongs to.
func saltOf(key seal.StreamKey) [16]byte {
	return [16]byte(key.Derive("document/salt").Commitment()[:16])
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }
