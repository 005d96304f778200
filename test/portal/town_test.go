// Package portal_test walks through the citizen's door as a browser without
// JavaScript does: pages, forms, cookies.
package portal_test

import (
	"bytes"
	"context"
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
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/law/fold"
	"pendopo/test/htmlcheck"
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

// town is an instance with its doors open.
type town struct {
	*app.Instance
	t       testing.TB
	clock   *clock
	url     string
	log     *bytes.Buffer
	handler http.Handler
}

func newTown(t testing.TB) *town {
	t.Helper()
	c := &clock{at: time.Date(2026, 3, 16, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600))} // a Monday
	log := &bytes.Buffer{}
	in, err := app.Open(context.Background(), app.Options{
		Place: conf.Place{Data: t.TempDir() + "/data", Node: "test"}, Base: "http://localhost:8080", Create: true, Origin: "localhost/log",
		Now: c.Now, Log: slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	if p, err := in.Publish(context.Background(), government.FS); err != nil {
		t.Fatalf("publish: %v %v", err, p.Findings)
	}
	h, err := in.Handler(app.Face{Demo: true, Pseudo: true, Base: "http://localhost:8080"})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return &town{Instance: in, t: t, clock: c, url: srv.URL, log: log, handler: h}
}

// officer makes an officer with one post.
func (w *town) officer(login, unit, role string) {
	w.t.Helper()
	ctx := context.Background()
	id, err := w.Identity.Create(ctx, identity.NewOfficer{Login: login, Name: identity.Name{Full: "Petugas " + login}, Password: identity.NewPassword(), Drawn: true})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err = w.Identity.Assign(ctx, id, identity.Assignment{Unit: unit, Role: role, From: "2026-01-01", Kind: identity.Definitive}, "", ""); err != nil {
		w.t.Fatal(err)
	}
}

// deed lets an officer act on a case, ten seconds later.
func (w *town) deed(code, role string, d casework.Deed) fold.Case {
	w.t.Helper()
	w.clock.pass(10 * time.Second)
	c, err := w.Cases.Track(context.Background(), code)
	if err != nil {
		w.t.Fatal(err)
	}
	d.Stream, d.Seen, d.Actor, d.By = c.Stream, c.Version, "officer/test", fold.Holder{Who: "role", Role: role, Unit: c.Holder.Unit}
	if d.Action == "approve" && d.Checks == nil {
		d.Checks = w.allGood(c)
	}
	after, err := w.Cases.Act(context.Background(), d)
	if err != nil {
		w.t.Fatalf("%s at %s: %v", d.Action, c.Step, err)
	}
	return after
}

// allGood ticks every line of the present step's checklist.
func (w *town) allGood(c fold.Case) map[string]bool {
	b, err := w.Cases.Catalogue().At(context.Background(), c.Definition)
	if err != nil {
		w.t.Fatal(err)
	}
	checks := map[string]bool{}
	for _, k := range b.Service.Step(c.Step).Checklist {
		if k.When == "" {
			checks[k.ID] = true
		}
	}
	return checks
}

// browser is one person's browser: cookies, the page it shows, no JavaScript.
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
	if err != nil {
		w.t.Fatal(err)
	}
	return &browser{w: w, client: &http.Client{Jar: jar}}
}

func (b *browser) take(r *http.Request) *browser {
	b.w.t.Helper()
	r.Header.Set("Accept-Language", "id")
	resp, err := b.client.Do(r)
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		b.w.t.Fatal(err)
	}
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
	if err != nil {
		b.w.t.Fatalf("%s: %v", b.path, err)
	}
	return p
}

func (b *browser) get(path string) *browser {
	b.w.t.Helper()
	r, err := http.NewRequest("GET", b.w.url+path, nil)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return b.take(r)
}

// form is what the browser would send with the form to action, and where to.
func (b *browser) form(action string) (string, url.Values) {
	b.w.t.Helper()
	to, v, ok := b.page().Form(action)
	if !ok {
		b.w.t.Fatalf("%s has no form to %s: %s", b.path, action, b.page().Text())
	}
	return to, v
}

// send fills in the form to action and sends it. fields are pairs.
func (b *browser) send(action string, fields ...string) *browser {
	b.w.t.Helper()
	to, v := b.form(action)
	for i := 0; i < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	return b.post(to, v)
}

func (b *browser) post(to string, v url.Values) *browser {
	b.w.t.Helper()
	r, err := http.NewRequest("POST", b.w.url+to, strings.NewReader(v.Encode()))
	if err != nil {
		b.w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.take(r)
}

// attach sends a form with files: name=file name, content.
type attached struct {
	field, name string
	data        []byte
}

func (b *browser) sendFiles(action string, files []attached, fields ...string) *browser {
	b.w.t.Helper()
	to, v := b.form(action)
	for i := 0; i < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	var body bytes.Buffer
	mw := multipart.NewWriter(&body)
	put := func(err error) {
		if err != nil {
			b.w.t.Fatal(err)
		}
	}
	put(mw.WriteField("_token", v.Get("_token")))
	for name, values := range v {
		for _, value := range values {
			if name != "_token" {
				put(mw.WriteField(name, value))
			}
		}
	}
	for _, f := range files {
		part, err := mw.CreateFormFile(f.field, f.name)
		put(err)
		_, err = part.Write(f.data)
		put(err)
	}
	put(mw.Close())
	r, err := http.NewRequest("POST", b.w.url+to, &body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", mw.FormDataContentType())
	return b.take(r)
}

// at fails when the browser is not where it should be.
func (b *browser) at(suffix string) *browser {
	b.w.t.Helper()
	if !strings.HasSuffix(b.path, suffix) || b.status >= 400 {
		b.w.t.Fatalf("at %s (%d), want …%s: %s", b.path, b.status, suffix, b.page().Text())
	}
	return b
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

// photo is a small picture.
func photo(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 7)
	}
	img.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var inPath = regexp.MustCompile(`/(?:draft|track)/([0-9A-Z-]+)`)

// code of the draft or case the browser is at.
func (b *browser) code() string {
	b.w.t.Helper()
	m := inPath.FindStringSubmatch(b.path)
	if m == nil {
		b.w.t.Fatalf("no code in %s", b.path)
	}
	return m[1]
}

var secretIn = regexp.MustCompile(`<dd>([0-9A-Z]{4}-[0-9A-Z]{4})</dd>`)

// secret as the page shows it, or "".
func (b *browser) secret() string {
	if m := secretIn.FindStringSubmatch(b.body); m != nil {
		return m[1]
	}
	return ""
}
