package intake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

const secret = "a secret of this test"

func TestGatewaysAreReadFromTheirFile(t *testing.T) {
	good := "utama:\n    channel: sms\n    format: form\n    from: sender\n    text: message\n    id: msgid\n    secret: 0123456789abcdef\n    header: X-Secret\n    reply: body\n"
	list, err := ReadGateways([]byte(good))
	if err != nil || list["utama"].From != "sender" {
		t.Fatalf("%+v %v", list, err)
	}
	for what, change := range map[string][2]string{
		"an unknown channel":       {"channel: sms", "channel: pigeon"},
		"an unknown member":        {"reply: body", "replies: body"},
		"a short secret":           {"0123456789abcdef", "short"},
		"no proof":                 {"    header: X-Secret\n", ""},
		"two proofs":               {"    header: X-Secret\n", "    header: X-Secret\n    signature: X-Sign\n"},
		"no id":                    {"    id: msgid\n", ""},
		"a query that is signed":   {"format: form", "format: query\n    signature: X"},
		"a window that is no time": {"reply: body", "reply: body\n    window: soon"},
	} {
		if _, err := ReadGateways([]byte(strings.Replace(good, change[0], change[1], 1))); err == nil {
			t.Errorf("%s is taken", what)
		} else if strings.Contains(err.Error(), "0123456789abcdef") {
			t.Errorf("%s: the secret is told: %v", what, err)
		}
	}
}

func signed(body, stamp, with string) string {
	mac := hmac.New(sha256.New, []byte(with))
	io.WriteString(mac, stamp+body)
	return hex.EncodeToString(mac.Sum(nil))
}

func TestAGatewayProvesItself(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	stamp := func(age time.Duration) string { return strconv.FormatInt(now.Add(-age).Unix(), 10) }
	byHeader := Gateway{Secret: secret, Header: "Authorization"}
	bySign := Gateway{Secret: secret, Signature: "X-Sign"}
	byTime := Gateway{Secret: secret, Signature: "X-Sign", Time: "X-Time"}
	for name, c := range map[string]struct {
		g       Gateway
		headers map[string]string
		want    bool
	}{
		"the secret":             {byHeader, map[string]string{"Authorization": "Bearer " + secret}, true},
		"another":                {byHeader, map[string]string{"Authorization": "Bearer " + secret + "x"}, false},
		"none":                   {byHeader, nil, false},
		"signed":                 {bySign, map[string]string{"X-Sign": "sha256=" + signed("body", "", secret)}, true},
		"signed by another":      {bySign, map[string]string{"X-Sign": signed("body", "", "another secret of this")}, false},
		"another body":           {bySign, map[string]string{"X-Sign": signed("bodi", "", secret)}, false},
		"no signature":           {bySign, nil, false},
		"of this minute":         {byTime, map[string]string{"X-Time": stamp(time.Minute), "X-Sign": signed("body", stamp(time.Minute)+".", secret)}, true},
		"too old":                {byTime, map[string]string{"X-Time": stamp(time.Hour), "X-Sign": signed("body", stamp(time.Hour)+".", secret)}, false},
		"of tomorrow":            {byTime, map[string]string{"X-Time": stamp(-24 * time.Hour), "X-Sign": signed("body", stamp(-24*time.Hour)+".", secret)}, false},
		"a time that is another": {byTime, map[string]string{"X-Time": stamp(0), "X-Sign": signed("body", stamp(time.Minute)+".", secret)}, false},
		"no time":                {byTime, map[string]string{"X-Sign": signed("body", ".", secret)}, false},
	} {
		r := httptest.NewRequest(http.MethodPost, "/inbound/x", strings.NewReader("body"))
		for k, v := range c.headers {
			r.Header.Set(k, v)
		}
		if got := c.g.proves(r, []byte("body"), now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestMessagesAreFoundInEveryFormat(t *testing.T) {
	want := texted{From: "+62 812-0000-1111", Text: "LAPOR lampu mati", ID: "7"}
	for name, c := range map[string]struct {
		g    Gateway
		url  string
		body string
	}{
		"query": {Gateway{Format: "query", From: "from", Text: "text", ID: "id"}, "/?from=%2B62+812-0000-1111&text=LAPOR+lampu+mati&id=7", ""},
		"form":  {Gateway{Format: "form", From: "from", Text: "text", ID: "id"}, "/", "from=%2B62+812-0000-1111&text=LAPOR+lampu+mati&id=7"},
		"JSON": {Gateway{Format: "json", From: "entry.0.from", Text: "entry.0.text.body", ID: "entry.0.id"}, "/",
			`{"entry":[{"from":"+62 812-0000-1111","id":7,"text":{"body":"LAPOR lampu mati"}}]}`},
	} {
		got, err := c.g.read(httptest.NewRequest(http.MethodPost, c.url, nil), []byte(c.body))
		if err != nil || got != want {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

// FuzzInbound: whatever a gateway sends, its message is read or refused.
func FuzzInbound(f *testing.F) {
	for _, seed := range []string{`{"a":[{"b":"c"}]}`, "from=1&text=2", "%", `[[[[`, `{"a":{"0":1}}`, ""} {
		f.Add(seed, "a.0.b")
	}
	f.Fuzz(func(t *testing.T, body, path string) {
		for _, format := range []string{"json", "form", "query"} {
			g := Gateway{Format: format, From: path, Text: "text", ID: "a"}
			m, err := g.read(httptest.NewRequest(http.MethodPost, "/?text=x", nil), []byte(body))
			if err != nil {
				continue
			}
			if p := dialled(m.From); p != "" && (p[0] != '+' || len(p) > 16) {
				t.Fatalf("%q", p)
			}
			Read(m.Text)
		}
	})
}

func TestNumbersAreDialled(t *testing.T) {
	for given, want := range map[string]string{"0812-0000-1111": "+6281200001111", "+62 812 0000 1111": "+6281200001111", "6281200001111": "+6281200001111",
		"81200001111": "+6281200001111", "0062812000011": "+62812000011", "LAYANAN": "", "": "", "12": "", "+6281234567890123456": ""} {
		if got := dialled(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
