package complaint_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/test/htmlcheck"
	"pendopo/test/testkit"
)

// town is a running instance with the demo government, at a Monday morning.
type town struct {
	*app.Instance
	t     testing.TB
	door  http.Handler
	clock time.Time
	told  int
}

// onBoth runs on SQLite and on PostgreSQL.
func onBoth(t *testing.T, run func(w *town)) {
	t.Run("sqlite", func(t *testing.T) { run(newTown(t, conf.Place{})) })
	t.Run("postgres", func(t *testing.T) {
		run(newTown(t, conf.Place{Database: testkit.Postgres(t), Keys: testkit.Postgres(t)}))
	})
}

func newTown(t testing.TB, p conf.Place) *town {
	t.Helper()
	p.Data, p.Node = t.TempDir()+"/data", "test"
	w := &town{t: t, clock: time.Date(2026, 3, 16, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600))}
	in, err := app.Open(context.Background(), app.Options{
		Place: p, Base: "https://wening.test", Create: true, Origin: "localhost/log", Now: func() time.Time { return w.clock },
	})
	w.must(err)
	w.Instance = in
	t.Cleanup(func() { w.must(in.Close()) })
	found, err := in.Publish(context.Background(), government.FS)
	if err != nil {
		t.Fatal(err, found.Findings)
	}
	w.door, err = in.Handler(app.Face{Base: "https://wening.test"})
	w.must(err)
	return w
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// answers are those of a plain complaint about a lamp, with the reporter's name
// and number; changed overrides them.
func answers(changed form.Answers) form.Answers {
	a := form.Answers{
		"kind": "pengaduan", "category": "lampu", "region": "33.60.01.1001", "point": "-7.05000,110.90000",
		"what": "Lampu jalan di tikungan padam sejak Jumat, gelap sekali. Rahasia pelapor: bunga kantil.", "place_words": "Depan pos ronda",
		"anonymous": "tidak", "confidential": "tidak", "name": "Sekar Wulandari", "phone": "+6281200000001",
	}
	for k, v := range changed {
		a[k] = v
	}
	return a
}

// tells submits a report, with so many photos.
func (w *town) tells(changed form.Answers, photos int) casework.Accepted {
	w.t.Helper()
	draft, _, _, err := w.Cases.Begin("pengaduan", "portal", "id")
	w.must(err)
	b, err := w.Cases.Catalogue().Live("pengaduan")
	w.must(err)
	a := answers(changed)
	var ids []string
	for i := range photos {
		file, err := attachment.New(w.Keys, w.Blobs).Take(draft.Stream, *b.Service.Field("photos"), "foto.jpg", bytes.NewReader(picture(w.t, i)))
		w.must(err)
		ids = append(ids, file.ID)
	}
	if ids != nil {
		a["photos"] = ids
	}
	w.told++
	got, err := w.Cases.Submit(context.Background(), casework.Submission{
		Service: "pengaduan", Channel: "portal", Lang: "id", Draft: draft.Stream, Answers: a,
		Once: casework.Once{Scope: "test", Key: fmt.Sprintf("%030d", w.told), Request: []byte("x")},
	})
	w.must(err)
	return got
}

func picture(t testing.TB, n int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for i := range 60 * 40 {
		img.Set(i%60, i/60, color.RGBA{uint8(n * 40), uint8(i), 90, 255})
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// coordinator, at and reporter are capacities in which something is done.
var (
	coordinator = fold.Holder{Who: "role", Role: "koordinator_pengaduan", Unit: "setda"}
	reporter    = fold.Holder{Who: "applicant"}
)

func at(unit string) fold.Holder {
	return fold.Holder{Who: "role", Role: "pengelola_pengaduan", Unit: unit}
}

// does carries out a deed on what stands now.
func (w *town) does(stream string, by fold.Holder, d casework.Deed) fold.Case {
	w.t.Helper()
	c, err := w.Cases.State(context.Background(), stream)
	w.must(err)
	w.clock = w.clock.Add(time.Minute)
	w.told++
	d.Stream, d.Seen, d.By, d.Actor = stream, c.Version, by, "somebody"
	d.Once = casework.Once{Scope: "test", Key: fmt.Sprintf("%030d", w.told), Request: []byte("x")}
	c, err = w.Cases.Act(context.Background(), d)
	w.must(err)
	return c
}

func (w *town) shows(stream string, words flow.Words, photos ...string) {
	w.t.Helper()
	w.does(stream, coordinator, casework.Deed{Do: flow.DoPublish, Public: &words, Photos: photos})
}

func (w *town) dispatches(stream, unit string) {
	w.t.Helper()
	w.does(stream, coordinator, casework.Deed{Action: "dispatch", Unit: unit, Checks: map[string]bool{"clear": true, "ours": true, "decent": true},
		Given: form.Answers{"kind": "pengaduan", "category": "lampu"}})
}

// files are the ids of the files of a case.
func (w *town) files(stream string) (ids []string) {
	w.t.Helper()
	c, err := w.Cases.State(context.Background(), stream)
	w.must(err)
	for _, f := range c.Files {
		ids = append(ids, f.ID)
	}
	return ids
}

// browser is one browser, with its cookies and what it last saw.
type browser struct {
	w       *town
	cookies map[string]*http.Cookie
	code    int
	header  http.Header
	body    string
	asked   http.Header
}

func (w *town) browser() *browser {
	return &browser{w: w, cookies: map[string]*http.Cookie{}, asked: http.Header{"Accept-Language": {"id"}}}
}

func (b *browser) do(r *http.Request) *browser {
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	for k, v := range b.asked {
		r.Header[k] = v
	}
	rec := httptest.NewRecorder()
	b.w.door.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		b.cookies[c.Name] = c
	}
	b.code, b.header, b.body = rec.Code, rec.Header(), rec.Body.String()
	return b
}

func (b *browser) get(path string) *browser {
	return b.do(httptest.NewRequest("GET", "https://wening.test"+path, nil))
}

// send sends the form of the present page whose action begins so.
func (b *browser) send(action string, typed url.Values) *browser {
	b.w.t.Helper()
	p, err := htmlcheck.Parse(b.body)
	b.w.must(err)
	to, v, ok := p.Form(action)
	if !ok {
		b.w.t.Fatalf("no form %s on the page (%d): %s", action, b.code, b.body)
	}
	for k, all := range typed {
		v[k] = all
	}
	r := httptest.NewRequest("POST", "https://wening.test"+to, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

func (b *browser) is(code int) *browser {
	b.w.t.Helper()
	if b.code != code {
		b.w.t.Fatalf("answered %d and not %d:\n%s", b.code, code, b.body)
	}
	return b
}

func (b *browser) says(texts ...string) *browser {
	b.w.t.Helper()
	for _, s := range texts {
		if !strings.Contains(b.body, s) {
			_, body, _ := strings.Cut(b.body, "<main")
			b.w.t.Errorf("the page (%d) does not say %q:\n%s", b.code, s, body)
		}
	}
	return b
}

func (b *browser) hides(texts ...string) *browser {
	b.w.t.Helper()
	for _, s := range texts {
		if strings.Contains(b.body, s) {
			b.w.t.Errorf("the page (%d) says %q", b.code, s)
		}
	}
	return b
}

// sound looks at the page as a careful person would who cannot see it.
func (b *browser) sound(where string) *browser {
	b.w.t.Helper()
	p, err := htmlcheck.Parse(b.body)
	b.w.must(err)
	for _, f := range p.Faults() {
		b.w.t.Errorf("%s: %s", where, f)
	}
	return b
}
