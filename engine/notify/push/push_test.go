package push

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pendopo/engine/notify/wire"
	"pendopo/test/testkit"
	"pendopo/test/testkit/pushed"
)

var enc = base64.RawURLEncoding

// TestTheExampleOfTheStandardOpens seals the words of RFC 8291, section 5, with
// its keys and compares every byte.
func TestTheExampleOfTheStandardOpens(t *testing.T) {
	raw, _ := enc.DecodeString("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
	own, err := ecdh.P256().NewPrivateKey(raw)
	if err != nil {
		t.Fatal(err)
	}
	salt, _ := enc.DecodeString("DGv6ra1nlYgDCS1FRnbzlw")
	var s Subscription
	s.Keys.P256dh, s.Keys.Auth = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "BTBZMqHH6r4Tts7J_aSIgg"
	got, err := sealWith(s, []byte("When I grow up, I want to be a watermelon"), salt, own)
	want := "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
	if err != nil || enc.EncodeToString(got) != want {
		t.Errorf("%v\n got %s\nwant %s", err, enc.EncodeToString(got), want)
	}
}

func newPush(t *testing.T, server *httptest.Server) *Push {
	t.Helper()
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Config{Key: key, Contact: "mailto:admin@example.test", Private: server != nil, Hosts: []string{"127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254"}})
	if err != nil {
		t.Fatal(err)
	}
	if server != nil {
		p.client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
	}
	return p
}

func TestABrowserOpensWhatItWasSent(t *testing.T) {
	b := pushed.NewBrowser(t)
	var got *http.Request
	var body []byte
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusCreated)
	}))
	defer s.Close()
	p := newPush(t, s)
	m := wire.Message{ID: "n1", To: b.Subscription(s.URL + "/push/abc"), Subject: "Sudah dikerjakan: ABC", Text: "Laporan ABC sudah dikerjakan.\n\nhttps://a/track/ABC\n\nKabupaten Contoh",
		Short: "Kabupaten Contoh: ABC. Berhenti: balas STOP", Link: "https://a/track/ABC", Lang: "id"}
	if _, err := p.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	testkit.Golden(t, "shown.json", b.Open(t, body))
	if strings.Contains(string(body), "ABC") || got.Header.Get("TTL") == "" || got.Header.Get("Content-Encoding") != "aes128gcm" || len(got.Header.Get("Topic")) != 32 {
		t.Errorf("headers %v", got.Header)
	}
	signed(t, p, got.Header.Get("Authorization"), s.URL)
}

// signed checks a VAPID header as a push service does.
func signed(t *testing.T, p *Push, header, origin string) {
	t.Helper()
	rest, ok := strings.CutPrefix(header, "vapid t=")
	token, key, ok2 := strings.Cut(rest, ", k=")
	parts := strings.Split(token, ".")
	if !ok || !ok2 || key != p.Public() || len(parts) != 3 {
		t.Fatalf("%q", header)
	}
	raw, _ := enc.DecodeString(key)
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), raw)
	if err != nil {
		t.Fatal(err)
	}
	sig, _ := enc.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if len(sig) != 64 || !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		t.Error("the signature is wrong")
	}
	var claims struct {
		Aud, Sub string
		Exp      int64
	}
	plain, _ := enc.DecodeString(parts[1])
	if err := json.Unmarshal(plain, &claims); err != nil || claims.Aud != origin || claims.Exp > time.Now().Add(24*time.Hour).Unix() || claims.Sub == "" {
		t.Errorf("%s, %v", plain, err)
	}
}

// TestAPushServiceCannotTellWhoseBrowsersBelongTogether: what names a message to it is
// another for every browser, and the same again for the same one.
func TestAPushServiceCannotTellWhoseBrowsersBelongTogether(t *testing.T) {
	var topics []string
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		topics = append(topics, r.Header.Get("Topic"))
		w.WriteHeader(http.StatusCreated)
	}))
	defer s.Close()
	b, p := pushed.NewBrowser(t), newPush(t, s)
	m := wire.Message{ID: "n1", To: b.Subscription(s.URL+"/push/here") + "\n" + b.Subscription(s.URL+"/push/there")}
	for range 2 {
		if _, err := p.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if len(topics) != 4 || topics[0] == topics[1] || topics[0] != topics[2] || topics[1] != topics[3] {
		t.Errorf("topics %q", topics)
	}
}

func TestWhatAPushServiceAnswers(t *testing.T) {
	for status, want := range map[int]string{410: wire.BadAddress, 404: wire.BadAddress, 403: wire.Login, 429: wire.Away, 500: wire.Away, 400: wire.Refused} {
		s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		to := pushed.NewBrowser(t).Subscription(s.URL)
		got, err := newPush(t, s).Send(t.Context(), wire.Message{ID: "n", To: to})
		code, _ := wire.Reason(err)
		gone := want == wire.BadAddress
		if status == 400 {
			want = wire.BadAddress // for good by every browser
		}
		if code != want || slices.Contains(got.Gone, to) != gone {
			t.Errorf("%d: %s, want %s; gone: %v", status, code, want, got.Gone)
		}
		s.Close()
	}
}

func TestNoMachineOfOursIsCalled(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was called") }))
	defer s.Close()
	p := newPush(t, nil)
	u, _ := url.Parse(s.URL)
	for _, address := range []string{s.URL, "https://localhost:" + u.Port(), "https://127.0.0.1", "https://localhost", "https://10.0.0.1", "https://[::1]:" + u.Port(), "https://169.254.169.254/x"} {
		if _, err := p.Send(t.Context(), wire.Message{ID: "n", To: pushed.NewBrowser(t).Subscription(address)}); err == nil {
			t.Errorf("%s was called", address)
		}
	}
}

// A stranger names the address: only push services that are known are called, by
// their whole name and on their own port.
func TestOnlyKnownServicesAreCalled(t *testing.T) {
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Config{Key: key, Contact: "mailto:admin@example.test"})
	if err != nil {
		t.Fatal(err)
	}
	b := pushed.NewBrowser(t)
	for address, want := range map[string]bool{
		"https://fcm.googleapis.com/fcm/send/x": true, "https://updates.push.services.mozilla.com/wpush/v2/x": true, "https://web.push.apple.com/x": true,
		"https://FCM.googleapis.com:443/x": true, "https://fcm.googleapis.com:8443/x": false, "https://evil-fcm.googleapis.com/x": false, "https://push.apple.com.example.test/x": false,
		"https://xpush.apple.com/x": false, "https://push.example.test/x": false, "https://127.0.0.1/x": false, "http://fcm.googleapis.com/x": false,
	} {
		if _, _, err := p.Admit(b.Subscription(address)); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, bad := range []string{"*", "*.", "https://push.example.test", "push.example.test:8443", "Push.example.test"} {
		if _, err := New(Config{Key: key, Contact: "mailto:admin@example.test", Hosts: []string{bad}}); err == nil {
			t.Errorf("hosts: %s was taken", bad)
		}
	}
}

func TestSubscriptionsOfStrangers(t *testing.T) {
	b := pushed.NewBrowser(t)
	if _, _, err := ParseSubscription(b.Subscription("https://push.example.test/x")); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", "{}", "[]", b.Subscription("http://push.example.test"), b.Subscription("https://u:p@push.example.test"), strings.Replace(b.Subscription("https://x.test"), `"p256dh":"B`, `"p256dh":"A`, 1),
		`{"endpoint":"https://x.test","keys":{"p256dh":"","auth":""}}`, `"` + strings.Repeat("x", 3000) + `"`} {
		if _, _, err := ParseSubscription(bad); err == nil {
			t.Errorf("%.60s was taken", bad)
		}
	}
}

func FuzzParseSubscription(f *testing.F) {
	f.Add(`{"endpoint":"https://push.example.test/x","keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}`)
	f.Add(`{"endpoint":"https://web.push.apple.com:443/x","keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}`)
	known, err := New(Config{Key: strings.Repeat("A", 42) + "E", Contact: "mailto:admin@example.test"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		s, plain, err := ParseSubscription(raw)
		if err != nil {
			return
		}
		if _, _, err := known.Admit(raw); err == nil {
			if r, err := http.NewRequest(http.MethodPost, s.Endpoint, nil); err != nil || !serves(r.URL.Hostname()) || r.URL.Scheme != "https" {
				t.Errorf("%s would be called, %v", s.Endpoint, err)
			}
		}
		if again, _, err := ParseSubscription(plain); err != nil || again != s || slices.Contains([]byte(plain), '\n') {
			t.Errorf("%s is read as %s", raw, plain)
		}
	})
}

// serves says what Services means, in other words than Push has for it.
func serves(host string) bool {
	_, below, _ := strings.Cut(strings.ToLower(host), ".")
	ends := func(name string) bool { return below == name || strings.HasSuffix(below, "."+name) }
	return strings.EqualFold(host, "fcm.googleapis.com") || ends("push.services.mozilla.com") || ends("push.apple.com") || ends("notify.windows.com")
}
