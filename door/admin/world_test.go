package admin_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/kernel/folder"
	"pendopo/test/htmlcheck"
	"pendopo/test/testkit"
)

const (
	password   = "kopi tubruk di pasar"
	domicile   = "services/surat-keterangan-domisili.yaml"
	domicileID = "surat-keterangan-domisili"
)

// town is a running instance with the demo government.
type town struct {
	*app.Instance
	t     *testing.T
	door  http.Handler
	clock time.Time
	ids   map[string]string
}

func onBoth(t *testing.T, run func(*testing.T, *town)) {
	t.Run("sqlite", func(t *testing.T) { run(t, newTown(t, conf.Place{})) })
	t.Run("postgres", func(t *testing.T) {
		run(t, newTown(t, conf.Place{Database: testkit.Postgres(t), Keys: testkit.Postgres(t)}))
	})
}

func newTown(t *testing.T, p conf.Place) *town {
	t.Helper()
	p.Data, p.Node = t.TempDir()+"/data", "test"
	w := &town{t: t, clock: time.Date(2026, 3, 16, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600)), ids: map[string]string{}}
	in, err := app.Open(t.Context(), app.Options{Place: p, Base: "http://localhost:8080", Create: true, Origin: "localhost/log", Now: func() time.Time { return w.clock }})
	w.must(err)
	w.Instance = in
	t.Cleanup(func() { w.must(in.Close()) })
	_, err = in.Publish(context.Background(), small(t))
	w.must(err)
	w.door, err = in.Handler(app.Face{Base: "http://localhost:8080", Pseudo: true})
	w.must(err)
	for login, posts := range map[string]string{"ratna": "setda/administrator", "bagus": "setda/administrator", "clerk": "kel-sekararum/petugas_layanan", "lapsed": ""} {
		w.officer(login, strings.Fields(posts)...)
	}
	return w
}

// small is the demo government with two of its services: check of all of them
// after every keystroke of a test takes its time.
func small(t *testing.T) folder.Files {
	t.Helper()
	files, err := casework.SourceFiles(government.FS)
	if err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(files, func(name, _ string) bool {
		return strings.HasPrefix(name, "services/") && name != domicile && name != "services/sip-bidan.yaml"
	})
	return files
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) officer(login string, posts ...string) {
	w.t.Helper()
	id, err := w.Identity.Create(context.Background(), identity.NewOfficer{Login: login, Name: identity.Name{Full: "Petugas " + login}, Password: password, Own: true, Drawn: true})
	w.must(err)
	w.ids[login] = id
	for _, p := range posts {
		unit, role, _ := strings.Cut(p, "/")
		_, err := w.Identity.Assign(context.Background(), id, identity.Assignment{Unit: unit, Role: role, From: "2026-01-01", Kind: identity.Definitive}, "", "")
		w.must(err)
	}
}

// browser is one browser, with its cookies and what it last saw.
type browser struct {
	w       *town
	cookies map[string]*http.Cookie
	lang    string
	code    int
	header  http.Header
	body    string
	path    string
}

func (w *town) browser() *browser {
	return &browser{w: w, cookies: map[string]*http.Cookie{}, lang: "id"}
}

// as logs in and gives the browser.
func (w *town) as(login string) *browser {
	w.t.Helper()
	b := w.browser().get("/desk/login?next=%2Fadmin")
	b.send("/desk/login", url.Values{"login": {login}, "password": {password}})
	if b.code != http.StatusSeeOther || b.header.Get("Location") != "/admin" {
		w.t.Fatalf("log-in of %s: %d %s", login, b.code, b.header.Get("Location"))
	}
	return b
}

func (b *browser) do(r *http.Request) *browser {
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	r.Header.Set("Accept-Language", b.lang)
	rec := httptest.NewRecorder()
	b.w.door.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		b.cookies[c.Name] = c
	}
	b.code, b.header, b.body = rec.Code, rec.Header(), rec.Body.String()
	return b
}

func (b *browser) get(path string) *browser {
	b.path = path
	return b.do(httptest.NewRequest("GET", path, nil))
}

// follow goes where the last answer leads.
func (b *browser) follow() *browser {
	b.w.t.Helper()
	b.is(http.StatusSeeOther)
	to, _, _ := strings.Cut(b.header.Get("Location"), "#")
	return b.get(to).is(http.StatusOK)
}

// send fills in the form of the present page whose action begins so, and sends it.
func (b *browser) send(action string, typed url.Values) *browser {
	b.w.t.Helper()
	to, v := b.form(action)
	for k, all := range typed {
		v[k] = all
	}
	return b.post(to, v)
}

func (b *browser) form(action string) (string, url.Values) {
	b.w.t.Helper()
	p, err := htmlcheck.Parse(b.body)
	b.w.must(err)
	to, v, ok := p.Form(action)
	if !ok {
		b.w.t.Fatalf("no form %s on the page (%d): %s", action, b.code, b.words())
	}
	for _, button := range []string{"do", "add", "remove"} {
		v.Del(button) // the buttons of a form: one is pressed
	}
	return to, v
}

func (b *browser) post(to string, v url.Values) *browser {
	r := httptest.NewRequest("POST", to, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

func (b *browser) words() string {
	_, body, _ := strings.Cut(b.body, "<main")
	body = strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, " ")), " ")
	return body[:min(len(body), 1500)]
}

func (b *browser) shows(texts ...string) *browser {
	b.w.t.Helper()
	for _, s := range texts {
		if !strings.Contains(b.body, s) {
			b.w.t.Errorf("%s (%d) does not say %q:\n%s", b.path, b.code, s, b.words())
		}
	}
	return b
}

func (b *browser) hides(texts ...string) *browser {
	b.w.t.Helper()
	for _, s := range texts {
		if strings.Contains(b.body, s) {
			b.w.t.Errorf("%s says %q", b.path, s)
		}
	}
	return b
}

func (b *browser) is(code int) *browser {
	b.w.t.Helper()
	if b.code != code {
		b.w.t.Fatalf("%s answered %d and not %d:\n%s", b.path, b.code, code, b.words())
	}
	return b
}

// sound looks at the page as a careful person would who cannot see it.
func (b *browser) sound() *browser {
	b.w.t.Helper()
	p, err := htmlcheck.Parse(b.body)
	b.w.must(err)
	for _, f := range p.Faults() {
		b.w.t.Errorf("%s: %s", b.path, f)
	}
	return b
}

// proposes begins a proposal about a file and gives its address.
func (b *browser) proposes(title, file string) string {
	b.w.t.Helper()
	b.get("/admin/start?file=" + url.QueryEscape(file)).is(http.StatusOK).sound()
	b.send("/admin/proposals", url.Values{"title": {title}}).is(http.StatusSeeOther)
	base, _, _ := strings.Cut(b.header.Get("Location"), "/edit")
	b.follow()
	return base
}

// says presses a button of the proposal with the password.
func (b *browser) says(base, do string) *browser {
	b.w.t.Helper()
	b.get(base).is(http.StatusOK)
	_, v := b.form(base)
	return b.post(base, url.Values{"_token": v["_token"], "version": v["version"], "do": {do}, "confirm": {password}})
}
