package casework

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
)

// Once is an idempotency key with what it is a key to: the same key and request
// have one effect and one answer. The zero Once protects nothing.
type Once struct {
	Scope   string // door, client or draft, and kind of command
	Key     string // at least 128 bits, as the client made it
	Request []byte // the canonical request
}

// minimalKey is the least length of a key: 128 bits as 22 characters of base 64.
const minimalKey = 22

// maximalKey bounds what a client may send as a key.
const maximalKey = 200

// Check says whether the key is long enough to be nobody else's.
func (o Once) Check() error {
	if len(o.Key) < minimalKey || len(o.Key) > maximalKey {
		return fault.New(fault.Malformed, "casework.key_length").At("Idempotency-Key")
	}
	return nil
}

func (o Once) none() bool { return o.Key == "" }

// mark is how the key stands in the data.
func (o Once) mark() []byte {
	sum := sha256.Sum256([]byte(o.Key))
	return sum[:]
}

// insert records the key in the transaction of its effect. The request is kept
// as a MAC under the stream's own key: worthless once that is destroyed.
func (o Once) insert(stream string, version int64, key seal.StreamKey, now time.Time) func(db.Tx) error {
	mark, mac := o.mark(), key.RequestMAC(o.Request)
	return func(tx db.Tx) error {
		_, err := tx.Exec(`INSERT INTO once (scope, mark, stream, version, mac, at) VALUES (?, ?, ?, ?, ?, ?)`,
			o.Scope, mark, stream, version, mac, micros(now))
		return err
	}
}

// replay is what a key was used for before.
type replay struct {
	stream  string
	version int64
	mac     []byte
}

// before finds an earlier use of the key; ok is false when there is none.
func (e *Engine) before(tx db.Tx, o Once) (r replay, ok bool, err error) {
	err = tx.Row(`SELECT stream, version, mac FROM once WHERE scope = ? AND mark = ?`, o.Scope, o.mark()).
		Scan(&r.stream, &r.version, &r.mac)
	if errors.Is(err, db.ErrNone) {
		return r, false, nil
	}
	return r, err == nil, err
}

// same checks that a repeated key came with the same request, and that what it
// did then may be answered for: it is where it must be (see db.Confirm).
func (e *Engine) same(r replay, o Once) error {
	if err := e.db.Write(db.Confirm); err != nil {
		return err
	}
	key, err := e.keys.Get(r.stream)
	if err != nil {
		return err
	}
	if !hmac.Equal(r.mac, key.RequestMAC(o.Request)) {
		return fault.New(fault.Invalid, "casework.key_reused").At("Idempotency-Key")
	}
	return nil
}

// StreamOf is the stream that a key was used for, empty when it was not: for
// whoever would rather not prepare a request that was already accepted.
func (e *Engine) StreamOf(ctx context.Context, o Once) (stream string, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) error {
		r, _, err := e.before(tx, o)
		stream = r.stream
		return err
	})
	return stream, err
}
