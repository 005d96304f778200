package desk_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/test/htmlcheck"
	"pendopo/test/testkit"
)

const (
	sekararum  = "kel-sekararum"
	kauman     = "kel-kauman-lor"
	domicileID = "surat-keterangan-domisili"
	password   = "kopi tubruk di pasar"
)

// town is a running instance with the demo government, at a Monday morning.
type town struct {
	*app.Instance
	t     *testing.T
	door  http.Handler
	clock time.Time
	ids   map[string]string
	log   *journal
}

// journal is what the instance logged.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

func newTown(t *testing.T) *town {
	t.Helper()
	return newTownAt(t, conf.Place{})
}

// onBoth runs on SQLite and on PostgreSQL.
func onBoth(t *testing.T, run func(*testing.T, *town)) {
	t.Run("sqlite", func(t *testing.T) { run(t, newTown(t)) })
	t.Run("postgres", func(t *testing.T) {
		run(t, newTownAt(t, conf.Place{Database: testkit.Postgres(t), Keys: testkit.Postgres(t)}))
	})
}

func newTownAt(t *testing.T, p conf.Place) *town {
	t.Helper()
	p.Data, p.Node = t.TempDir()+"/data", "test"
	w := &town{t: t, clock: time.Date(2026, 3, 16, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600)), ids: map[string]string{}, log: &journal{}}
	in, err := app.Open(t.Context(), app.Options{
		Place: p, Base: "http://localhost:8080", Create: true,
		Origin: "localhost/log", Now: func() time.Time { return w.clock }, Log: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	w.must(err)
	w.Instance = in
	t.Cleanup(func() { w.must(in.Close()) })
	_, err = in.Publish(context.Background(), government.FS)
	w.must(err)
	w.door, err = in.Handler(app.Face{Base: "http://localhost:8080", Pseudo: true})
	w.must(err)
	return w
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// officer makes an officer with posts, each unit/role, and a password of their own.
func (w *town) officer(login string, posts ...string) {
	w.t.Helper()
	id, err := w.Identity.Create(context.Background(), identity.NewOfficer{
		Login: login, Name: identity.Name{Full: "Petugas " + login}, Password: password, Own: true, Drawn: true,
	})
	w.must(err)
	w.ids[login] = id
	for _, p := range posts {
		unit, role, _ := strings.Cut(p, "/")
		_, err := w.Identity.Assign(context.Background(), id, identity.Assignment{
			Unit: unit, Role: role, From: "2026-01-01", Kind: identity.Definitive,
		}, "", "")
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
}

func (w *town) browser() *browser {
	return &browser{w: w, cookies: map[string]*http.Cookie{}, lang: "id"}
}

// as logs in and gives the browser.
func (w *town) as(login string) *browser {
	w.t.Helper()
	b := w.browser().get("/desk/login")
	b.send("/desk/login", url.Values{"login": {login}, "password": {password}})
	if b.code != http.StatusSeeOther || b.header.Get("Location") != "/desk" {
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

func (b *browser) get(path string) *browser { return b.do(httptest.NewRequest("GET", path, nil)) }

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
	return to, v
}

func (b *browser) post(to string, v url.Values) *browser {
	r := httptest.NewRequest("POST", to, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

// upload is one file of a form.
type upload struct {
	field, name string
	data        []byte
}

// sendFiles sends a form with files, the token first as browsers do.
func (b *browser) sendFiles(action string, typed url.Values, files ...upload) *browser {
	b.w.t.Helper()
	to, v := b.form(action)
	for k, all := range typed {
		v[k] = all
	}
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	b.w.must(m.WriteField("_token", v.Get("_token")))
	v.Del("_token")
	for _, k := range []string{"draft", "once", "definition"} {
		b.w.must(m.WriteField(k, v.Get(k)))
		v.Del(k)
	}
	for k, all := range v {
		for _, one := range all {
			b.w.must(m.WriteField(k, one))
		}
	}
	for _, f := range files {
		part, err := m.CreateFormFile(f.field, f.name)
		b.w.must(err)
		_, err = part.Write(f.data)
		b.w.must(err)
	}
	b.w.must(m.Close())
	r := httptest.NewRequest("POST", to, io.NopCloser(&body))
	r.Header.Set("Content-Type", m.FormDataContentType())
	return b.do(r)
}

// words is the page without its head, for messages.
func (b *browser) words() string {
	_, body, _ := strings.Cut(b.body, "<main")
	return body
}

// shows asks for every text on the page.
func (b *browser) shows(texts ...string) *browser {
	b.w.t.Helper()
	for _, s := range texts {
		if !strings.Contains(b.body, s) {
			b.w.t.Errorf("the page (%d) does not say %q:\n%s", b.code, s, b.words())
		}
	}
	return b
}

func (b *browser) hides(texts ...string) {
	b.w.t.Helper()
	for _, s := range texts {
		if strings.Contains(b.body, s) {
			b.w.t.Errorf("the page says %q", s)
		}
	}
}

func (b *browser) is(code int) *browser {
	b.w.t.Helper()
	if b.code != code {
		b.w.t.Fatalf("answered %d and not %d:\n%s", b.code, code, b.words())
	}
	return b
}

// sound looks at the page as a careful person would who cannot see it.
func (b *browser) sound(where string) {
	b.w.t.Helper()
	p, err := htmlcheck.Parse(b.body)
	b.w.must(err)
	for _, f := range p.Faults() {
		b.w.t.Errorf("%s: %s", where, f)
	}
}

// domicile is what somebody answers, whose papers come to the counter.
func domicile() form.Answers {
	return form.Answers{
		"name": "Sekar Wulandari", "nik": "3360015704950001", "birth_place": "Banyusekar", "birth_date": "1995-04-17",
		"sex": "perempuan", "phone": "+6281200000001", "region": "33.60.01.1001", "street": "Jalan Melati 4", "rt": int64(2),
		"rw": int64(5), "lives_since": "2020-01-01", "occupation": "bekerja", "purpose": "bank",
		"surat_pengantar": []string{form.AtCounter}, "ktp": []string{form.AtCounter}, "declaration": true,
	}
}

// applies submits a domicile case with one real paper and gives code and stream.
func (w *town) applies(key string) casework.Accepted {
	w.t.Helper()
	draft, _, _, err := w.Cases.Begin(domicileID, "portal", "id")
	w.must(err)
	b, err := w.Cases.Catalogue().Live(domicileID)
	w.must(err)
	paper, err := attachment.New(w.Keys, w.Blobs).Take(draft.Stream, *b.Service.Field("ktp"), "ktp.jpg", bytes.NewReader(picture(w.t)))
	w.must(err)
	a := domicile()
	a["ktp"] = []string{paper.ID}
	got, err := w.Cases.Submit(context.Background(), casework.Submission{
		Service: domicileID, Channel: "portal", Lang: "id", Draft: draft.Stream, Answers: a,
		Once: casework.Once{Scope: "test", Key: strings.Repeat("k", 22) + key, Request: []byte(key)},
	})
	w.must(err)
	return got
}

// licence submits a midwife's licence.
func (w *town) licence() casework.Accepted {
	w.t.Helper()
	a := form.Answers{
		"name": "Bidan Rekaan, A.Md.Keb.", "nik": "3360015704950001", "birth_place": "Banyusekar", "birth_date": "1995-04-17",
		"phone": "+6281200000002", "home_address": "Jalan Kenanga 9", "str_number": "00000001", "str_date": "2020-05-01",
		"str_validity": "seumur_hidup", "facility_kind": "klinik", "facility_name": "Klinik Rekaan", "facility_region": "33.60.01.1001",
		"facility_address": "Jalan Seruni 8", "practice_order": "pertama", "declaration": true,
	}
	b, err := w.Cases.Catalogue().Live("sip-bidan")
	w.must(err)
	for _, p := range b.Service.Form.Pages {
		for _, f := range p.Fields {
			if f.Kind == definition.KindFile {
				a[f.ID] = []string{form.AtCounter}
			}
		}
	}
	got, err := w.Cases.Submit(context.Background(), casework.Submission{
		Service: "sip-bidan", Channel: "portal", Lang: "id", Answers: a,
		Once: casework.Once{Scope: "test", Key: strings.Repeat("s", 22), Request: []byte("sip")},
	})
	w.must(err)
	return got
}

func picture(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewRGBA(image.Rect(0, 0, 60, 40)), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// posts is one post as a worklist asks for it.
func posts(unit, role string) []fold.Holder {
	return []fold.Holder{{Who: "role", Unit: unit, Role: role}}
}
