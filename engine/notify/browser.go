package notify

import (
	"context"
	"encoding/hex"
	"strings"

	"pendopo/engine/notify/push"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

// Subscribe lets a browser be told of a case, by the subscription that the
// browser made (a JSON object of the Push API). It is sealed under the key of the
// case. One that is none, or of a push service that is not known here, is Invalid.
func (e *Engine) Subscribe(stream, subscription string) error {
	setup := e.Setup()
	if setup.Push == "" {
		return fault.New(fault.Unknown, "notify.push_none")
	}
	subscription, err := setup.admit(subscription)
	if err != nil {
		return fault.New(fault.Invalid, "notify.push_unknown").Because(err)
	}
	key, err := e.keys.Get(stream)
	if err != nil {
		return err
	}
	id := e.browserID(stream, subscription)
	sealed := sealingKey(key).Seal([]byte(subscription), []byte("browser/"+id))
	return e.db.Write(func(tx db.Tx) error { return putBrowser(tx, id, stream, e.moment(), sealed) })
}

// Unsubscribe ends that.
func (e *Engine) Unsubscribe(stream, subscription string) error {
	if _, plain, err := push.ParseSubscription(subscription); err == nil {
		subscription = plain
	}
	return e.db.Write(func(tx db.Tx) error { return dropBrowser(tx, e.browserID(stream, subscription)) })
}

func (e *Engine) browserID(stream, subscription string) string {
	return hex.EncodeToString(e.in.IndexMAC("notice browser", stream, subscription)[:16])
}

// browsers are the subscriptions of a case.
func (e *Engine) browsers(ctx context.Context, stream string) (out []string, err error) {
	var list []browser
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		list, err = browsersOf(tx, stream)
		return err
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	key, err := e.keys.Get(stream)
	if err != nil {
		return nil, err
	}
	for _, b := range list {
		plain, err := sealingKey(key).Open(b.sealed, []byte("browser/"+b.id))
		if err != nil {
			return nil, err
		}
		out = append(out, strings.ReplaceAll(string(plain), "\n", " "))
	}
	return out, nil
}
