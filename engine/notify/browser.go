package notify

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"pendopo/engine/notify/push"
	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// mostBrowsers is how many browsers may be told of one case.
const mostBrowsers = 10

// Asking is what the page of a case needs to offer a browser that it be told:
// the key that browsers subscribe with, "" when this instance notifies none or
// its government never does, and a mark of every browser that is told already:
// the SHA-256 of its subscription's address in base64url, so that a browser knows
// its own and nobody reads an address there.
func (e *Engine) Asking(ctx context.Context, c fold.Case) (key string, marks []string, err error) {
	if notifies(e.house.Notices()) {
		key = e.Setup().Push
	}
	list, err := e.browsers(ctx, c.Stream, sealer(c))
	for _, plain := range list {
		s, _, err := push.ParseSubscription(plain)
		if err != nil {
			return key, nil, err
		}
		sum := sha256.Sum256([]byte(s.Endpoint))
		marks = append(marks, base64.RawURLEncoding.EncodeToString(sum[:]))
	}
	return key, marks, err
}

// notifies reports whether a government tells anything by browser.
func notifies(n definition.Notices) bool {
	return slices.Contains(n.Order, wire.Push) || slices.ContainsFunc(n.Kinds, func(k definition.NoticeKind) bool { return slices.Contains(k.Order, wire.Push) })
}

// sealer is the stream whose key seals what names somebody: where a reporter's
// identity is apart, there goes their browser.
func sealer(c fold.Case) string { return cmp.Or(c.Vault, c.Stream) }

// Subscribe lets a browser be told of a case, by the subscription that the
// browser made (a JSON object of the Push API). The same one again changes
// nothing. One that is none, or of a push service that is not known here, is
// Invalid, and one more than a case may have a Conflict, all at "subscription".
func (e *Engine) Subscribe(c fold.Case, subscription string) error {
	setup := e.Setup()
	if setup.Push == "" {
		return fault.New(fault.Unknown, "notify.push_none")
	}
	s, _, err := push.ParseSubscription(subscription)
	if err != nil {
		return fault.New(fault.Invalid, "notify.push_unreadable").At("subscription").Because(err)
	}
	plain, err := setup.admit(subscription)
	if err != nil {
		return fault.New(fault.Invalid, "notify.push_unknown").At("subscription").Because(err)
	}
	key, err := e.keys.Get(sealer(c))
	if err != nil {
		return err
	}
	b := browser{id: e.browserID(c.Stream, s.Endpoint)}
	b.sealed = sealingKey(key).Seal([]byte(plain), b.aad())
	return e.db.Write(func(tx db.Tx) error {
		others, err := otherBrowsers(tx, c.Stream, b.id)
		if err != nil {
			return err
		}
		if others >= mostBrowsers {
			return fault.New(fault.Conflict, "notify.push_many").With("n", mostBrowsers).At("subscription")
		}
		return putBrowser(tx, b, c.Stream, e.moment())
	})
}

// Unsubscribe ends that for the browser whose subscription has an address; ""
// ends it for every browser that is told of the case.
func (e *Engine) Unsubscribe(c fold.Case, endpoint string) error {
	return e.db.Write(func(tx db.Tx) error {
		if endpoint == "" {
			return dropBrowsers(tx, c.Stream)
		}
		return dropBrowser(tx, e.browserID(c.Stream, endpoint))
	})
}

func (e *Engine) browserID(stream, endpoint string) string {
	return hex.EncodeToString(e.in.IndexMAC("notice browser", stream, endpoint)[:16])
}

func (b browser) aad() []byte { return []byte("browser/" + b.id) }

// browsers are the subscriptions of a case, opened with the key that seals them.
func (e *Engine) browsers(ctx context.Context, stream, sealer string) (out []string, err error) {
	var list []browser
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		list, err = browsersOf(tx, stream)
		return err
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	key, err := e.keys.Get(sealer)
	if err != nil {
		return nil, err
	}
	for _, b := range list {
		plain, err := sealingKey(key).Open(b.sealed, b.aad())
		if err != nil {
			return nil, err
		}
		out = append(out, string(plain))
	}
	return out, nil
}

// still is where a message goes that is for the browsers of a case: to those
// that want it now, which may be fewer than when the notice was made.
func (e *Engine) still(ctx context.Context, n Notice) (to string, err error) {
	list, err := e.browsers(ctx, n.Subject, n.Stream)
	return strings.Join(list, "\n"), err
}

// forgetGone removes the browsers of which the push service says that they are
// gone.
func (e *Engine) forgetGone(tx db.Tx, n Notice, gone []string) (err error) {
	for _, plain := range gone {
		if s, _, bad := push.ParseSubscription(plain); bad == nil {
			err = errors.Join(err, dropBrowser(tx, e.browserID(n.Subject, s.Endpoint)))
		}
	}
	return err
}
