package intake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/engine/notify"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/law/fold"
	"pendopo/test/htmlcheck"
	"pendopo/test/testkit"
)

// clock is a clock that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// town is an instance of the demo's government with its doors open.
type town struct {
	*app.Instance
	t     testing.TB
	clock *clock
	url   string
	log   *bytes.Buffer
	told  int // messages that were sent to it
}

const gateways = `
channels: {}
inbound:
  utama: {channel: sms, format: form, from: sender, text: message, id: msgid, ref: ref, part: part, parts: parts, secret: a secret of this test, header: X-Secret, reply: body}
`

func onBoth(t *testing.T, run func(t *testing.T, w *town)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, newTown(t, conf.Place{})) })
	t.Run("postgres", func(t *testing.T) {
		run(t, newTown(t, conf.Place{Database: testkit.Postgres(t), Keys: testkit.Postgres(t)}))
	})
}

func newTown(t testing.TB, p conf.Place) *town {
	t.Helper()
	p.Data, p.Node = t.TempDir()+"/data", "test"
	w := &town{t: t, log: &bytes.Buffer{}, clock: &clock{at: time.Date(2026, 3, 16, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600))}}
	setup, err := notify.ParseSetup([]byte(gateways), t.TempDir())
	w.must(err)
	in, err := app.Open(context.Background(), app.Options{Place: p, Base: "http://localhost:8080", Create: true, Origin: "localhost/log", Now: w.clock.Now,
		Notices: setup, Log: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	w.must(err)
	t.Cleanup(func() { w.must(in.Close()) })
	if p, err := in.Publish(context.Background(), government.FS); err != nil {
		t.Fatalf("publish: %v %v", err, p.Findings)
	}
	h, err := in.Handler(app.Face{Base: "http://localhost:8080"})
	w.must(err)
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	w.Instance, w.url = in, srv.URL
	return w
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// cases are the streams of all cases.
func (w *town) cases() []string {
	w.t.Helper()
	list, err := w.Cases.OpenStreams(context.Background())
	w.must(err)
	return list
}

// only is the one case that there is.
func (w *town) only() fold.Case {
	w.t.Helper()
	list := w.cases()
	if len(list) != 1 {
		w.t.Fatalf("%d cases", len(list))
	}
	c, err := w.Cases.State(context.Background(), list[0])
	w.must(err)
	return c
}

// browser is one person's browser, without scripts.
type browser struct {
	w      *town
	client *http.Client
	path   string
	status int
	header http.Header
	body   string
}

func (w *town) browser() *browser {
	jar, err := cookiejar.New(nil)
	w.must(err)
	return &browser{w: w, client: &http.Client{Jar: jar}}
}

func (b *browser) take(r *http.Request) *browser {
	b.w.t.Helper()
	r.Header.Set("Accept-Language", "id")
	resp, err := b.client.Do(r)
	b.w.must(err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	b.w.must(err)
	b.path, b.status, b.header, b.body = resp.Request.URL.RequestURI(), resp.StatusCode, resp.Header, string(data)
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		for _, f := range b.page().Faults() {
			b.w.t.Errorf("%s: %s", b.path, f)
		}
	}
	return b
}

func (b *browser) page() *htmlcheck.Page {
	b.w.t.Helper()
	p, err := htmlcheck.Parse(b.body)
	b.w.must(err)
	return p
}

func (b *browser) get(path string) *browser {
	b.w.t.Helper()
	r, err := http.NewRequest("GET", b.w.url+path, nil)
	b.w.must(err)
	return b.take(r)
}

// attached is a file of a form.
type attached struct {
	field, name string
	data        []byte
}

// form is what the page's own form would send, with some of it set; a value of "-"
// takes it out. Its order is that of the page: what must come before files does.
func (b *browser) form(fields ...string) url.Values {
	b.w.t.Helper()
	_, v, ok := b.page().Form("/report")
	if !ok {
		b.w.t.Fatalf("%s (%d) has no form: %s", b.path, b.status, b.page().Text())
	}
	for i := 0; i < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
		if fields[i+1] == "-" {
			v.Del(fields[i])
		}
	}
	return v
}

func (b *browser) send(files []attached, fields ...string) *browser {
	b.w.t.Helper()
	return b.post(b.form(fields...), files)
}

func (b *browser) post(v url.Values, files []attached) *browser {
	b.w.t.Helper()
	var body bytes.Buffer
	mw := multipart.NewWriter(&body)
	first := []string{"_token", "key", "service", "definition"}
	for _, name := range first {
		b.w.must(mw.WriteField(name, v.Get(name)))
	}
	for name, values := range v {
		for _, value := range values {
			if name != first[0] && name != first[1] && name != first[2] && name != first[3] {
				b.w.must(mw.WriteField(name, value))
			}
		}
	}
	for _, f := range files {
		part, err := mw.CreateFormFile(f.field, f.name)
		b.w.must(err)
		_, err = part.Write(f.data)
		b.w.must(err)
	}
	b.w.must(mw.Close())
	r, err := http.NewRequest("POST", b.w.url+"/report", &body)
	b.w.must(err)
	r.Header.Set("Content-Type", mw.FormDataContentType())
	return b.take(r)
}

// says fails when the page does not say something.
func (b *browser) says(texts ...string) *browser {
	b.w.t.Helper()
	text := b.page().Text()
	for _, t := range texts {
		if !strings.Contains(text, t) {
			b.w.t.Fatalf("%s (%d) does not say %q: %s", b.path, b.status, t, text)
		}
	}
	return b
}

// told is what a complaint answers, in pairs, with some of it changed.
func told(change ...string) []string {
	all := []string{"what", "Lampu jalan di depan SD 2 mati sejak Senin.", "kind", "pengaduan", "category", "lampu", "region", "33.60.01.2004",
		"place_words", "Depan SD 2", "point", "-7.12345,110.40112", "anonymous", "tidak", "confidential", "tidak", "name", "Rukmini Larasati", "phone", "0812 0000 0001"}
	return append(all, change...)
}

// photo is a small picture, different for each number.
func photo(t testing.TB, n int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * (n + 3))
	}
	img.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// script is what the page's script does.
type script struct {
	*browser
	key, token, definition string
}

func (b *browser) script(key string) *script {
	b.w.t.Helper()
	s := &script{browser: b, key: key}
	var ready struct{ Token, Definition string }
	s.ask("GET", "/report/ready?service=pengaduan", nil, nil, &ready)
	s.token, s.definition = ready.Token, ready.Definition
	return s
}

// ask makes one request of the script and reads the answer into out.
func (s *script) ask(method, path string, headers map[string]string, body []byte, out any) int {
	s.w.t.Helper()
	r, err := http.NewRequest(method, s.w.url+path, bytes.NewReader(body))
	s.w.must(err)
	r.Header.Set("Report-Key", s.key)
	r.Header.Set("Report-Service", "pengaduan")
	r.Header.Set("X-Form-Token", s.token)
	for k, v := range headers {
		r.Header.Set(k, v)
	}
	s.take(r)
	if out != nil && s.status < 300 {
		s.w.must(json.Unmarshal([]byte(s.body), out))
	}
	return s.status
}

// receipt is what a report that went out is answered with.
type receipt struct{ Code, Secret, Receipt string }

func (s *script) tell(fields []string, files ...string) (r receipt) {
	s.w.t.Helper()
	v := url.Values{"definition": {s.definition}, "service": {"pengaduan"}}
	for i := 0; i < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	v["photos"] = files
	s.ask("POST", "/report/send", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, []byte(v.Encode()), &r)
	return r
}

// text sends a text message by the gateway and gives the answer.
func (w *town) text(from, message string, more ...string) string {
	w.t.Helper()
	w.told++
	v := url.Values{"sender": {from}, "message": {message}, "msgid": {"m" + strings.Repeat("x", w.told)}}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	status, reply := w.inbound("utama", "a secret of this test", v)
	if status != 200 {
		w.t.Fatalf("%q: %d %s", message, status, reply)
	}
	return reply
}

func (w *town) inbound(gateway, secret string, v url.Values) (int, string) {
	w.t.Helper()
	r, err := http.NewRequest("POST", w.url+"/inbound/"+gateway, strings.NewReader(v.Encode()))
	w.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Secret", secret)
	resp, err := http.DefaultClient.Do(r)
	w.must(err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	w.must(err)
	return resp.StatusCode, string(data)
}
