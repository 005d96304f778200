package notify_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"pendopo/engine/notify"
	"pendopo/engine/notify/push"
	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/test/testkit/pushed"
)

// TestABrowserThatAskedIsTold: twice is once, a message reaches it sealed, one
// that is gone is removed and then the next channel is taken.
func TestABrowserThatAskedIsTold(t *testing.T) {
	service := pushed.NewService(t)
	onBoth(t, func(w *world) {
		w.notifies(service)
		c := w.begins()
		here, there := pushed.NewBrowser(w.t), pushed.NewBrowser(w.t)
		mine, theirs := service.URL+"/mine/"+c.Stream, service.URL+"/theirs/"+c.Stream
		for _, s := range []string{here.Subscription(mine), here.Subscription(mine), there.Subscription(theirs)} {
			w.must(w.Subscribe(c, s))
		}
		w.listening(c, 2)
		c = w.goes(c)
		got := service.Got(mine)
		if len(got) != 1 || len(service.Got(theirs)) != 1 {
			w.t.Fatalf("%d and %d messages", len(got), len(service.Got(theirs)))
		}
		var shown push.Shown
		w.must(json.Unmarshal(here.Open(w.t, got[0].Body), &shown))
		if shown.Title != "Perlu diperbaiki: AAAAA-BBBBB-C" || !strings.HasPrefix(shown.Body, "AAAAA-BBBBB-C perlu Anda perbaiki") || shown.Lang != "id" || strings.ContainsAny(shown.Body, "\n/") {
			w.t.Errorf("it shows %+v", shown)
		}
		service.Answer(theirs, http.StatusGone)
		c = w.goes(c)
		w.listening(c, 1)
		service.Answer(mine, http.StatusNotFound)
		w.goes(c)
		w.listening(c, 0)
		if w.arrived(wire.Email) != 1 {
			w.t.Error("with no browser left the next channel was not taken")
		}
	})
}

// TestWhoLeftHearsNoMore: a browser that left while a notice waited for the
// morning is not told, one that asks for the first time is not one too many, and
// what is shredded is gone.
func TestWhoLeftHearsNoMore(t *testing.T) {
	service := pushed.NewService(t)
	onBoth(t, func(w *world) {
		w.notifies(service)
		w.at = time.Date(2026, 3, 17, 15, 30, 0, 0, time.UTC) // 22:30 in Jakarta
		c := w.begins()
		at := func(i int) string { return service.URL + "/" + c.Stream + "/" + strconv.Itoa(i) }
		b := pushed.NewBrowser(w.t)
		for i := range 10 {
			w.must(w.Subscribe(c, b.Subscription(at(i))))
		}
		if err := w.Subscribe(c, b.Subscription(at(10))); !fault.Is(err, fault.Conflict) || fault.Of(err).Field != "subscription" {
			w.t.Errorf("an eleventh: %v", err)
		}
		w.must(w.Subscribe(c, b.Subscription(at(9))))
		for i := 1; i < 10; i++ {
			w.must(w.Unsubscribe(c, at(i)))
		}
		w.listening(c, 1)
		c = w.goes(c)
		w.must(w.Unsubscribe(c, ""))
		w.pass(8 * time.Hour)
		w.work()
		if n := len(service.Got(at(0))); n != 0 || w.arrived(wire.Email) != 1 {
			w.t.Errorf("told %d times after leaving", n)
		}
		w.must(w.Subscribe(c, b.Subscription(at(0))))
		w.must(w.db.Write(func(tx db.Tx) error { return notify.Forget(tx, c.Stream) }))
		w.listening(c, 0)
	})
}

// TestWhichBrowsersMayAsk: of services that are known, where there is a key and
// the government uses it, and what names a reporter is sealed with their identity.
func TestWhichBrowsersMayAsk(t *testing.T) {
	onOne(t, func(w *world) {
		service, b, c := pushed.NewService(w.t), pushed.NewBrowser(w.t), w.begins()
		if err := w.Subscribe(c, b.Subscription(service.URL)); !fault.Is(err, fault.Unknown) {
			w.t.Errorf("without a key: %v", err)
		}
		w.notifies(service)
		for sent, key := range map[string]string{b.Subscription("https://push.example.test/x"): "notify.push_unknown", "{}": "notify.push_unreadable", "": "notify.push_unreadable"} {
			if err := w.Subscribe(c, sent); !fault.Is(err, fault.Invalid) || fault.Of(err).Key != key || fault.Of(err).Field != "subscription" || strings.Contains(err.Error(), "example") {
				w.t.Errorf("%.40s: %v", sent, err)
			}
		}
		c.Vault, _, _ = w.keys.Take()
		w.cases[c.Stream] = c
		w.must(w.Subscribe(c, b.Subscription(service.URL+"/x")))
		w.listening(c, 1)
		w.goes(c)
		if len(service.Got(service.URL+"/x")) != 1 {
			w.t.Error("a reporter's browser was not told")
		}
		w.must(w.keys.Shred(c.Vault))
		if _, _, err := w.Asking(w.t.Context(), c); !fault.Is(err, fault.Gone) {
			w.t.Errorf("the vault is shredded and a browser is known: %v", err)
		}
		w.rules.Order = []string{"email"}
		if key, _, _ := w.Asking(w.t.Context(), w.begins()); key != "" {
			w.t.Error("a key is offered where no browser is ever told")
		}
	})
}

// notifies sets a push service up before e-mail.
func (w *world) notifies(s *pushed.Service) {
	w.t.Helper()
	w.rules = definition.Notices{Order: []string{"push", "email"}}.WithDefaults()
	setup, err := notify.ParseSetup([]byte("channels: {push: "+s.Channel()+", email: {kind: file, folder: "+w.t.TempDir()+"}}"), "")
	w.must(err)
	w.Use(setup)
}

// begins is a case to which nothing has happened.
func (w *world) begins() fold.Case {
	w.t.Helper()
	stream, _, err := w.keys.Take()
	w.must(err)
	c := fold.Case{Stream: stream, Service: "izin", Unit: "dinas", Lang: "id", Version: 1, Step: "fix",
		Deadlines: []fold.Deadline{{ID: "fix", Due: w.now().AddDate(0, 0, 14), State: fold.Running}}}
	w.cases[stream] = c
	return c
}

// goes lets it come back once more.
func (w *world) goes(before fold.Case) fold.Case {
	w.t.Helper()
	after, m := before, returned
	after.Version++
	m.Version = after.Version
	after.Marks = append(after.Marks[:len(after.Marks):len(after.Marks)], m)
	w.cases[after.Stream] = after
	w.must(w.db.Write(func(tx db.Tx) error { return w.After(tx, w.service, before, after) }))
	w.work()
	return after
}

// listening holds how many browsers are told of a case against what it should be.
func (w *world) listening(c fold.Case, want int) {
	w.t.Helper()
	key, marks, err := w.Asking(w.t.Context(), c)
	if err != nil || key == "" || len(marks) != want {
		w.t.Fatalf("%d browsers are told, want %d: %v", len(marks), want, err)
	}
}

// arrived counts what a channel delivered.
func (w *world) arrived(channel string) (n int) {
	w.t.Helper()
	list, err := w.List(w.t.Context(), notify.Delivered, 100)
	w.must(err)
	for _, one := range list {
		if one.Channel == channel {
			n++
		}
	}
	return n
}
