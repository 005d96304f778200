package page

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"pendopo/kernel/fault"
	"pendopo/web/scope"
)

// hello is a page with a form.
var hello = templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
	_, err := io.WriteString(w, `<h1>Halo</h1><form method="post"><input type="hidden" name="_token" value="`+scope.Token(ctx)+`"></form>`)
	return err
})

const secretValue = "3360014507950003"

func testSite(t *testing.T, log *bytes.Buffer) (*Site, http.Handler) {
	t.Helper()
	s, err := New(Options{Pseudo: true, Key: []byte("test key"), Log: slog.New(slog.NewJSONHandler(log, nil)),
		House: House{Name: map[string]string{"id": "Pemerintah Kabupaten Contoh"}}})
	if err != nil {
		t.Fatal(err)
	}
	show := func(w http.ResponseWriter, r *http.Request) error {
		return s.Show(w, r, View{Title: "Halo", Body: hello})
	}
	plain := templ.Raw("<h1>Tetap</h1>")
	return s, s.Handler(
		Route{Pattern: "GET /form", Do: show},
		Route{Pattern: "POST /form", Do: show, Body: 4096},
		Route{Pattern: "GET /plain/{x}", Do: func(w http.ResponseWriter, r *http.Request) error {
			return s.Show(w, r, View{Title: "Tetap", Body: plain})
		}},
		Route{Pattern: "POST /upload", Upload: true, Body: 8 << 20, Do: func(w http.ResponseWriter, r *http.Request) error {
			for {
				p, err := PartsOf(r).Next()
				if err != nil || p == nil {
					return err
				}
				v, err := p.Value()
				if err != nil {
					return err
				}
				io.WriteString(w, p.Name+"="+v+";")
			}
		}},
		Route{Pattern: "GET /panic", Do: func(http.ResponseWriter, *http.Request) error { panic("value " + secretValue) }},
		Route{Pattern: "GET /busy", Do: func(http.ResponseWriter, *http.Request) error {
			return fault.New(fault.TooMany, "fault.internal").After(300*time.Second + time.Millisecond)
		}},
		Route{Pattern: "GET /full", Do: func(http.ResponseWriter, *http.Request) error {
			return fault.New(fault.Unavailable, "fault.internal").Because(errors.New("disk"))
		}},
		Route{Pattern: "POST /api/v1/x", API: true, Do: func(http.ResponseWriter, *http.Request) error {
			return fault.Join([]*fault.Fault{fault.New(fault.Invalid, "fault.body_large").At("nik").With("limit", "1 kB"), fault.New(fault.Invalid, "fault.body_type").At("/a/0")})
		}},
	)
}

type browser struct {
	t       *testing.T
	h       http.Handler
	cookies map[string]*http.Cookie
}

func (b *browser) do(r *http.Request) *httptest.ResponseRecorder {
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	b.h.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		if b.cookies == nil {
			b.cookies = map[string]*http.Cookie{}
		}
		b.cookies[c.Name] = c
	}
	return rec
}

func (b *browser) get(path string) *httptest.ResponseRecorder {
	return b.do(httptest.NewRequest("GET", path, nil))
}

func (b *browser) post(path string, v url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

var tokenIn = regexp.MustCompile(`name="_token" value="([^"]+)"`)

func tokenOf(t *testing.T, body string) string {
	t.Helper()
	m := tokenIn.FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no token in %s", body)
	}
	return m[1]
}

func TestPolicyAllowsExactlyTheStyleOfThePage(t *testing.T) {
	_, h := testSite(t, &bytes.Buffer{})
	rec := (&browser{t: t, h: h}).get("/form")
	style := regexp.MustCompile(`<style>(.*)</style>`).FindStringSubmatch(rec.Body.String())
	if style == nil {
		t.Fatal("no style in the page")
	}
	sum := sha256.Sum256([]byte(style[1]))
	want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	policy := rec.Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, want) || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q does not say %q", policy, want)
	}
	if strings.Contains(rec.Body.String(), `style="`) {
		t.Error("an inline style attribute would be blocked")
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	_, h := testSite(t, &bytes.Buffer{})
	b := &browser{t: t, h: h}
	for _, path := range []string{"/form", "/nowhere", "/panic", "/full", "/static/none.css"} {
		header := b.get(path).Header()
		for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Request-Id", "Permissions-Policy"} {
			if header.Get(name) == "" {
				t.Errorf("%s: no %s", path, name)
			}
		}
	}
}

func TestFormNeedsTheTokenOfItsBrowser(t *testing.T) {
	_, h := testSite(t, &bytes.Buffer{})
	mine, other := &browser{t: t, h: h}, &browser{t: t, h: h}
	token := tokenOf(t, mine.get("/form").Body.String())
	stolen := tokenOf(t, other.get("/form").Body.String())
	cases := map[string]struct {
		token string
		want  int
	}{"own": {token, 200}, "someone else's": {stolen, 403}, "none": {"", 403}, "cut": {token[:10], 403}, "altered": {"AAAA" + token[4:], 403}}
	for name, c := range cases {
		if got := mine.post("/form", url.Values{"_token": {c.token}}).Code; got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if again := tokenOf(t, mine.get("/form").Body.String()); again == token {
		t.Error("two pages carry the same token")
	}
}

func TestOtherSiteIsRefused(t *testing.T) {
	_, h := testSite(t, &bytes.Buffer{})
	b := &browser{t: t, h: h}
	token := tokenOf(t, b.get("/form").Body.String())
	r := httptest.NewRequest("POST", "/form", strings.NewReader("_token="+token))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if got := b.do(r).Code; got != 403 {
		t.Errorf("cross-site post: %d", got)
	}
}

func TestBodyLimits(t *testing.T) {
	_, h := testSite(t, &bytes.Buffer{})
	b := &browser{t: t, h: h}
	token := tokenOf(t, b.get("/form").Body.String())
	if got := b.post("/form", url.Values{"_token": {token}, "x": {strings.Repeat("a", 5000)}}).Code; got != 413 {
		t.Errorf("too large: %d", got)
	}
	if got := b.post("/upload", url.Values{"_token": {token}, "x": {strings.Repeat("a", 2<<20)}}).Code; got != 413 {
		t.Errorf("files may be large, what is typed beside them may not: %d", got)
	}
	many := url.Values{"_token": {token}}
	for range mostFields + 1 {
		many.Add("y", "")
	}
	if got := b.post("/form", many).Code; got != 413 {
		t.Errorf("too many fields: %d", got)
	}
	r := httptest.NewRequest("POST", "/form", strings.NewReader("{}"))
	r.Header.Set("Content-Type", "application/json")
	if got := b.do(r).Code; got != 415 {
		t.Errorf("json to a page: %d", got)
	}
	if got := b.post("/form", url.Values{"_token": {token}, "x": {"%zz"}}).Code; got != 200 {
		t.Errorf("an encoded percent is no trouble: %d", got)
	}
	r = httptest.NewRequest("POST", "/form", strings.NewReader("_token=%zz"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if got := b.do(r).Code; got != 400 {
		t.Errorf("unreadable: %d", got)
	}
}

func TestUploadChecksTheTokenFirst(t *testing.T) {
	_, h := testSite(t, &bytes.Buffer{})
	b := &browser{t: t, h: h}
	token := tokenOf(t, b.get("/form").Body.String())
	send := func(fields ...string) *httptest.ResponseRecorder {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		for i := 0; i < len(fields); i += 2 {
			w.WriteField(fields[i], fields[i+1])
		}
		w.Close()
		r := httptest.NewRequest("POST", "/upload", &body)
		r.Header.Set("Content-Type", w.FormDataContentType())
		return b.do(r)
	}
	if rec := send("_token", token, "a", "1", "b", "2"); rec.Code != 200 || rec.Body.String() != "a=1;b=2;" {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	if rec := send("a", "1", "_token", token); rec.Code != 403 {
		t.Errorf("token last: %d", rec.Code)
	}
	if rec := send("_token", "x", "a", "1"); rec.Code != 403 {
		t.Errorf("forged: %d", rec.Code)
	}
}

func TestFaultPagesSayWhatToDoAndNothingElse(t *testing.T) {
	var log bytes.Buffer
	_, h := testSite(t, &log)
	b := &browser{t: t, h: h}
	rec := b.get("/panic")
	id := rec.Header().Get("X-Request-Id")
	if rec.Code != 500 || !strings.Contains(rec.Body.String(), id) || !strings.Contains(log.String(), id) {
		t.Errorf("a panic must show the code that the log has: %d", rec.Code)
	}
	if strings.Contains(rec.Body.String(), secretValue) || strings.Contains(log.String(), secretValue) {
		t.Error("the words of the panic leak")
	}
	if rec := b.get("/full"); rec.Code != 503 || rec.Header().Get("Retry-After") == "" {
		t.Errorf("unavailable: %d, Retry-After %q", rec.Code, rec.Header().Get("Retry-After"))
	}
	if rec := b.get("/busy"); rec.Code != 429 || rec.Header().Get("Retry-After") != "301" {
		t.Errorf("told to wait five minutes and a little: %d, Retry-After %q", rec.Code, rec.Header().Get("Retry-After"))
	}
	if rec := b.get("/nowhere/" + secretValue); rec.Code != 404 || !strings.Contains(rec.Body.String(), "<h1>") {
		t.Errorf("unknown: %d", rec.Code)
	}
	if strings.Contains(log.String(), secretValue) {
		t.Error("the log has the address asked for")
	}
}

func TestProblemDocument(t *testing.T) {
	_, h := testSite(t, &bytes.Buffer{})
	r := httptest.NewRequest("POST", "/api/v1/x", strings.NewReader("{}"))
	r.Header.Set("Accept-Language", "en")
	rec := (&browser{t: t, h: h}).do(r)
	var p problem
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if rec.Code != 422 || p.Status != 422 || rec.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %+v", rec.Code, p)
	}
	if len(p.Errors) != 2 || p.Errors[0].Pointer != "/nik" || p.Errors[1].Pointer != "/a/0" || !strings.Contains(p.Errors[0].Message, "1 kB") {
		t.Errorf("%+v", p.Errors)
	}
	if got := (&browser{t: t, h: h}).get("/api/v1/none"); got.Header().Get("Content-Type") != "application/problem+json" {
		t.Error("an unknown address of the API answers a page")
	}
}

func TestLanguage(t *testing.T) {
	_, h := testSite(t, &bytes.Buffer{})
	for accept, want := range map[string]string{"": "id", "en-GB,en;q=0.8": "en", "fr": "id", "jv-ID": "id", "su": "id", "*": "id"} {
		r := httptest.NewRequest("GET", "/plain/1", nil)
		r.Header.Set("Accept-Language", accept)
		if got := (&browser{t: t, h: h}).do(r).Body.String(); !strings.Contains(got, `<html lang="`+want+`"`) {
			t.Errorf("%q is not answered in %s", accept, want)
		}
	}
	b := &browser{t: t, h: h}
	b.get("/plain/1?lang=en")
	if got := b.get("/plain/1").Body.String(); !strings.Contains(got, `<html lang="en"`) {
		t.Error("the choice is not kept")
	}
}

func TestUnchangedPageIsNotSentAgain(t *testing.T) {
	_, h := testSite(t, &bytes.Buffer{})
	b := &browser{t: t, h: h}
	tag := b.get("/plain/1").Header().Get("Etag")
	r := httptest.NewRequest("GET", "/plain/1", nil)
	r.Header.Set("If-None-Match", tag)
	if rec := b.do(r); tag == "" || rec.Code != 304 || rec.Body.Len() > 0 {
		t.Errorf("tag %q: %d, %d bytes", tag, rec.Code, rec.Body.Len())
	}
	if got := b.get("/form").Header().Get("Etag"); got != "" {
		t.Error("a page with a form token may not be kept")
	}
}

func TestATextIsAboutWhatThePageIsAbout(t *testing.T) {
	s, _ := testSite(t, &bytes.Buffer{})
	plain := s.Texts().Printer("id")
	about := plain.About("report")
	for _, c := range [][2]string{
		{plain.T("portal.start"), "Mulai mengajukan"}, {about.T("portal.start"), "Lapor sekarang"},
		{about.T("portal.search_button"), plain.T("portal.search_button")}, {about.About("").T("portal.start"), "Mulai mengajukan"},
	} {
		if c[0] != c[1] {
			t.Errorf("got %q, want %q", c[0], c[1])
		}
	}
}

func TestPrinterWritesLocalForms(t *testing.T) {
	s, _ := testSite(t, &bytes.Buffer{})
	id, en := s.Texts().Printer("id"), s.Texts().Printer("en")
	at := time.Date(2026, 3, 19, 9, 5, 0, 0, time.FixedZone("WIB", 7*3600))
	for _, c := range [][2]string{
		{id.Number(1250000), "1.250.000"}, {en.Number(1250000), "1,250,000"}, {id.Number(-999), "−999"}, {id.Number(1000), "1.000"}, {id.Number(0), "0"},
		{id.Rupiah(1250000), "Rp1.250.000"}, {id.Fee(0), "Gratis"}, {id.Size(1_250_000), "1,2 MB"}, {en.Size(1_250_000), "1.2 MB"}, {id.Size(2_000_000), "2 MB"}, {id.Size(900), "900 B"},
		{id.Date(at), "19 Maret 2026"}, {id.Moment(at), "Kamis, 19 Maret 2026 pukul 09.05 WIB"}, {en.Moment(at), "Thursday, 19 March 2026 at 09:05 WIB"},
		{id.DayShort(at), "Kam 19 Mar"}, {id.List([]string{"a", "b", "c"}), "a, b dan c"}, {id.List([]string{"a"}), "a"},
	} {
		if c[0] != c[1] {
			t.Errorf("got %q, want %q", c[0], c[1])
		}
	}
}
