package casework

import (
	"context"

	"pendopo/kernel/db"
)

// Earlier gives the answer that a submission under this key was given before;
// false when there was none. The same key with another request is a fault. It
// decides nothing, so it answers also when the definition has changed since.
func (e *Engine) Earlier(ctx context.Context, o Once) (Accepted, bool, error) {
	used, err := e.StreamOf(ctx, o)
	if err != nil || used == "" {
		return Accepted{}, false, err
	}
	a, err := e.again(ctx, Submission{Once: o}, errUnknownCase())
	return a, err == nil, err
}

// BeginOnce is Begin under an idempotency key: the same key and request give
// the same draft.
func (e *Engine) BeginOnce(ctx context.Context, d Draft, o Once) (stream string, err error) {
	if stream, err = e.begun(ctx, o); stream != "" || err != nil {
		return stream, err
	}
	d, _, _, err = e.Begin(d.Service, d.Channel, d.Lang)
	if err != nil {
		return "", err
	}
	key, err := e.keys.Get(d.Stream)
	if err != nil {
		return "", err
	}
	err = e.db.Write(o.insert(d.Stream, 0, key, e.now()))
	if !db.IsConflict(err) {
		return d.Stream, err
	}
	if err := e.DiscardDraft(d.Stream); err != nil { // another request of this moment was first
		return "", err
	}
	return e.begun(ctx, o)
}

// begun is the draft that the key opened before, "" when it opened none.
func (e *Engine) begun(ctx context.Context, o Once) (stream string, err error) {
	var r replay
	var found bool
	err = e.db.Read(ctx, func(tx db.Tx) error {
		r, found, err = e.before(tx, o)
		return err
	})
	if err != nil || !found {
		return "", err
	}
	return r.stream, e.same(r, o)
}
