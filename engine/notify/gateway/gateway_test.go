package gateway

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pendopo/engine/notify/wire"
)

var message = wire.Message{ID: "id-1", Channel: wire.SMS, To: "6281200004711", Short: `Kata "kutip" & baris` + "\n" + `{to} \`, Lang: "id", Report: "https://a/r?x=1&y=2", Values: []string{"K"}}

// asked lets a gateway ask a server, and gives what came.
func asked(t *testing.T, c Config) (*http.Request, string) {
	t.Helper()
	var got *http.Request
	var body string
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got, body = r, string(raw)
	}))
	defer s.Close()
	c.URL = s.URL + c.URL
	g, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	return got, body
}

func TestARequestIsQuotedForWhereItStands(t *testing.T) {
	r, _ := asked(t, Config{URL: "/send", Method: "GET", Form: map[string]string{"t": "{text}", "n": "{plus}", "r": "{report}", "fixed": "{what}"}, Headers: map[string]string{"X-Id": "{id}"}})
	q := r.URL.Query()
	if q.Get("t") != message.Short || q.Get("n") != "+6281200004711" || q.Get("r") != message.Report || q.Get("fixed") != "{what}" || r.Header.Get("X-Id") != "id-1" {
		t.Errorf("%v", q)
	}
	_, body := asked(t, Config{URL: "/x", Form: map[string]string{"t": "{text}"}})
	if f, err := url.ParseQuery(body); err != nil || f.Get("t") != message.Short {
		t.Errorf("%s, %v", body, err)
	}
	_, body = asked(t, Config{URL: "/{to}/x", JSON: `{"messages":[{"to":"{to}","content":{"text":"{text}"},"template":{"values":["{value1}","{value2}"]}}]}`})
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil || at([]byte(body), "messages.0.content.text") != message.Short || at([]byte(body), "messages.0.template.values.0") != "K" {
		t.Errorf("%s, %v", body, err)
	}
}

func TestAnswersAreJudged(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		config Config
		code   string // "" is taken over
		good   bool
		ref    string
	}{
		{name: "taken", status: 200, body: `{"messages":[{"id":"m7"}]}`, config: Config{Ref: "messages.0.id"}, ref: "m7"},
		{name: "a number", status: 200, body: `{"id":12345678901234567890}`, config: Config{Ref: "id"}, ref: "12345678901234567890"},
		{name: "by an expression", status: 202, body: "OK:77:x", config: Config{Ref: `OK:(\d+)`}, ref: "77"},
		{name: "no yes", status: 200, body: "ERR", config: Config{Accepted: "^OK"}, code: wire.Unclear},
		{name: "a no with 200", status: 200, body: "bad number", config: Config{Refused: "bad number"}, code: wire.Refused, good: true},
		{name: "bad request", status: 400, code: wire.Refused, good: true},
		{name: "log-in", status: 401, code: wire.Login},
		{name: "slow down", status: 429, code: wire.Away},
		{name: "trouble", status: 500, code: wire.Unclear},
		{name: "closed", status: 503, code: wire.Away},
		{name: "elsewhere", status: 302, code: wire.Away},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/elsewhere" {
				t.Error("a redirect was followed")
			}
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(c.status)
			io.WriteString(w, c.body)
		}))
		c.config.URL, c.config.Form = s.URL, map[string]string{"to": "{to}"}
		g, err := New(c.config)
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := g.Send(t.Context(), message)
		code, good := "", false
		if err != nil {
			code, good = wire.Reason(err)
			if strings.Contains(err.Error(), "4711") {
				t.Errorf("%s: the number stands in the error: %v", c.name, err)
			}
		}
		if code != c.code || good != c.good || receipt.Ref != c.ref {
			t.Errorf("%s: %q %v %q", c.name, code, good, receipt.Ref)
		}
		s.Close()
	}
}

func TestAGatewayThatIsAwayNeverHadTheMessage(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	address := s.URL
	s.Close()
	g, err := New(Config{URL: address, Form: map[string]string{"to": "{to}"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = g.Send(t.Context(), message)
	if code, _ := wire.Reason(err); code != wire.Away || strings.Contains(err.Error(), "127.0.0.1") {
		t.Error(err)
	}
}

func TestGatewaysThatCannotBeMeantAreRefused(t *testing.T) {
	form := map[string]string{"to": "{to}"}
	for name, c := range map[string]Config{
		"url":     {URL: "gateway", Form: form},
		"url:":    {URL: "http://gateway.example.test", Form: form},
		"form":    {URL: "https://x.test"},
		"form or": {URL: "https://x.test", Form: form, JSON: "{}"},
		"json":    {URL: "https://x.test", JSON: `{"to":{to}}`},
		"method":  {URL: "https://x.test", Form: form, Method: "BREW"},
		"accept":  {URL: "https://x.test", Form: form, Accepted: "("},
		"ref":     {URL: "https://x.test", Form: form, Ref: "(a)(b)"},
		"reports": {URL: "https://x.test", Form: form, Reports: &Reports{Secret: "short", Status: "s", Delivered: []string{"1"}}},
	} {
		if _, err := New(c); err == nil || !strings.HasPrefix(err.Error(), strings.TrimSuffix(name, ":")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func reporting(t testing.TB) *Gateway {
	t.Helper()
	g, err := New(Config{URL: "https://x.test", Form: map[string]string{"to": "{to}"}, Reports: &Reports{
		Secret: "sixteen-letters-x", ID: "data.client_ref", Ref: "data.id", Status: "data.status", Delivered: []string{"read", "delivered"}, Failed: []string{"failed"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestReportsAreRead(t *testing.T) {
	g := reporting(t)
	got := g.Read("sms", wire.Told{Body: []byte(`[{"data":{"id":"7","status":"DELIVERED"}},{"data":{"client_ref":"n1","status":"failed"}},{"data":{"status":"failed"}},{"data":{"id":"8","status":"sent"}},3]`)})
	if len(got) != 2 || got[0] != (wire.Report{Channel: "sms", Ref: "7", Outcome: wire.Arrived}) || got[1] != (wire.Report{Channel: "sms", ID: "n1", Outcome: wire.Lost, Code: wire.Undelivered}) {
		t.Errorf("%+v", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"data":{"id":"7","status":"delivered"}}`), "id=1")
	f.Add([]byte(`[[[[`), "data.status=read&id=x")
	g := reporting(f)
	f.Fuzz(func(t *testing.T, body []byte, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			values = url.Values{}
		}
		for _, r := range g.Read("sms", wire.Told{Values: values, Body: body}) {
			if r.ID == "" && r.Ref == "" || r.Outcome == wire.OnWay || len(r.ID) > 100 || len(r.Ref) > 200 {
				t.Errorf("%+v", r)
			}
		}
	})
}

// FuzzTemplate holds that no value gets out of the string that it stands in.
func FuzzTemplate(f *testing.F) {
	f.Add("a\"b\n{to}", "x&y=z")
	f.Fuzz(func(t *testing.T, text, to string) {
		m := wire.Message{To: to, Short: text, ID: "i"}
		g := &Gateway{Config: Config{URL: "https://x.test/{to}", Method: "POST", JSON: `{"a":{"t":"{text}","n":"{to}"},"z":1}`, Headers: map[string]string{"X": "{text}"}}}
		r, err := g.request(t.Context(), m)
		if err != nil {
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		var v map[string]any
		if err := json.Unmarshal(body, &v); err != nil || len(v) != 2 || len(v["a"].(map[string]any)) != 2 {
			t.Errorf("%s: %v", body, err)
		}
		if r.URL.Host != "x.test" || strings.ContainsAny(r.Header.Get("X"), "\r\n") {
			t.Errorf("%s %q", r.URL, r.Header)
		}
	})
}
