package portal_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pendopo/engine/notify"
	"pendopo/engine/notify/push"
	"pendopo/test/testkit/pushed"
)

// notifies sets up a push service of the test.
func (w *town) notifies(s *pushed.Service) {
	w.t.Helper()
	setup, err := notify.ParseSetup([]byte("channels: {push: "+s.Channel()+"}"), "")
	if err != nil {
		w.t.Fatal(err)
	}
	w.Notices.Use(setup)
}

// works does all work that waits.
func (w *town) works() {
	w.t.Helper()
	if err := w.Jobs.Drain(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// subscribes says what the script of the page would, and gives what it is told.
func (b *browser) subscribes(code, token, subscription string) map[string]string {
	b.w.t.Helper()
	b.post("/track/"+code+"/push", url.Values{"_token": {token}, "subscription": {subscription}})
	out := map[string]string{}
	if b.status < 500 && strings.HasPrefix(b.header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal([]byte(b.body), &out); err != nil {
			b.w.t.Fatal(err)
		}
	}
	return out
}

// listens has a browser told of a case and gives what opens its messages.
func listens(t *testing.T, w *town, b *browser, s *pushed.Service, code string) (pushed.Browser, string) {
	w.works() // what was to be told before
	_, form := b.get("/track/" + code).form("/track/" + code + "/push")
	token, me, at := form.Get("_token"), pushed.NewBrowser(t), s.URL+"/"+code
	mark := sha256.Sum256([]byte(at))
	shown := `data-known="` + base64.RawURLEncoding.EncodeToString(mark[:]) + `"`
	if !strings.Contains(b.body, `data-key="`+w.Notices.Setup().Push+`"`) || strings.Contains(b.body, `id="push-all"`) {
		t.Error("the page does not offer it, or offers to end what has not begun")
	}
	for range 2 {
		if said := b.subscribes(code, token, me.Subscription(at)); b.status != http.StatusOK {
			t.Fatalf("%d %v", b.status, said)
		}
	}
	if b.get("/track/" + code); !strings.Contains(b.body, shown) || strings.Contains(b.body, s.URL) {
		t.Errorf("twice is not once, or the page shows the address: %s", b.body)
	}
	for _, wrong := range []struct {
		subscription, field, says string
		status                    int
	}{{me.Subscription("https://push.example.test/x"), "subscription", "tidak dikenal di sini", 422}, {"{", "subscription", "tidak terbaca", 422}, {strings.Repeat("x", 9000), "", "", 413}} {
		said := b.subscribes(code, token, wrong.subscription)
		if b.status != wrong.status || said["field"] != wrong.field || !strings.Contains(said["text"], wrong.says) || strings.Contains(b.body, "example") {
			t.Errorf("%.40s: %d %v", wrong.subscription, b.status, said)
		}
	}
	if b.subscribes(code, "", me.Subscription(at+"x")); b.status != http.StatusForbidden {
		t.Errorf("without the token: %d", b.status)
	}
	for i := range 9 {
		b.subscribes(code, token, me.Subscription(fmt.Sprint(at, i)))
	}
	if said := b.subscribes(code, token, me.Subscription(at+"9")); b.status != http.StatusConflict || !strings.Contains(said["text"], "10 peramban") {
		t.Errorf("an eleventh: %d %v", b.status, said)
	}
	for i := range 9 {
		b.post("/track/"+code+"/push/off", url.Values{"_token": {token}, "endpoint": {fmt.Sprint(at, i)}})
	}
	if b.get("/track/" + code); !strings.Contains(b.body, shown) {
		t.Error("one that left took another with it")
	}
	return me, at
}

// cannotListen is a stranger who has the code alone.
func cannotListen(t *testing.T, w *town, s *pushed.Service, code string) {
	b := w.browser()
	if b.get("/track/" + code); strings.Contains(b.body, `id="push`) {
		t.Error("a stranger is offered it")
	}
	_, form := b.get("/track").form("/track")
	said := b.subscribes(code, form.Get("_token"), pushed.NewBrowser(t).Subscription(s.URL+"/stranger"))
	if b.status != http.StatusForbidden || !strings.Contains(said["text"], "kode rahasia") {
		t.Errorf("a stranger subscribed: %d %v", b.status, said)
	}
	if b.post("/track/"+code+"/push/off", url.Values{"_token": {form.Get("_token")}}); b.status != http.StatusForbidden {
		t.Errorf("a stranger ended it: %d", b.status)
	}
	if b.get("/track/worker.js"); b.status != http.StatusOK || b.header.Get("Service-Worker-Allowed") != "" || b.header.Get("Content-Type") != "text/javascript; charset=utf-8" ||
		b.header.Get("Content-Security-Policy") != "default-src 'none'" || b.header.Get("Cache-Control") != "no-cache" {
		t.Errorf("the worker: %d %v", b.status, b.header)
	}
}

// hears opens what came: the code, what to do, and nothing of anybody.
func hears(t *testing.T, w *town, s *pushed.Service, me pushed.Browser, at, code, secret string) {
	w.works()
	got := s.Got(at)
	if len(got) != 1 {
		t.Fatalf("%d messages came", len(got))
	}
	plain := string(me.Open(t, got[0].Body))
	var shown push.Shown
	if err := json.Unmarshal([]byte(plain), &shown); err != nil || shown.Title != "Perlu diperbaiki: "+code || !strings.Contains(shown.Body, "perlu Anda perbaiki") || shown.Lang != "id" {
		t.Errorf("%s, %v", plain, err)
	}
	for _, private := range []string{secret, "Wulan", nik, "Nama berbeda", "http", "STOP"} {
		if strings.Contains(plain, private) {
			t.Errorf("it holds %q: %s", private, plain)
		}
	}
}

// leavesAll ends it with the button that needs no script.
func (b *browser) leavesAll(code string) {
	b.w.t.Helper()
	b.get("/track/" + code).says("Hentikan di semua peramban").send("/track/" + code + "/push/off").at("/track/" + code)
	if strings.Contains(b.body, `id="push-all"`) {
		b.w.t.Error("it did not end")
	}
}
