package api_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"mime"
	"mime/multipart"
	"net"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// picture is a PNG with a comment that must not stay.
func picture(t testing.TB, width, height int) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = byte(i * 7)
	}
	img.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// pdf is the least that passes for a PDF, of about n bytes.
func pdf(n int) string {
	return "%PDF-1.7\n" + strings.Repeat("% surat pengantar\n", n/18) + "trailer<<>>\nstartxref\n0\n%%EOF\n"
}

// uploaded is the answer to an upload.
type uploaded struct {
	Upload, Group  string
	Offset, Length int64
	Whole          bool
	Type           string
}

func (w *town) upload(query, content string, h head) uploaded {
	w.t.Helper()
	var u uploaded
	all := head{"Idempotency-Key": w.key(), "Content-Type": "application/octet-stream"}
	for k, v := range h {
		all[k] = v
	}
	w.into(w.ask("POST", "/api/v1/uploads"+query, content, all), 201, &u)
	return u
}

func TestUploadsBecomeTheFilesOfTheirCase(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		letter := w.upload("?service="+domicile+"&field=surat_pengantar", pdf(300<<10), head{"Content-Disposition": `attachment; filename="surat RT.pdf"`})
		card := w.upload("?field=ktp", picture(t, 60, 40), head{"Upload-Group": letter.Group})
		if card.Group != letter.Group || card.Type != "image/jpeg" || letter.Type != "application/pdf" || !card.Whole {
			t.Fatalf("%+v %+v", letter, card)
		}
		body := w.application(map[string]any{"surat_pengantar": []string{letter.Upload}, "ktp": []string{card.Upload}})
		body["uploads"] = letter.Group
		var a accepted
		w.into(w.ask("POST", casesPath, text(body), head{"Idempotency-Key": w.key()}), 201, &a)
		if a.Code+"."+a.Secret != letter.Group {
			t.Error("the group did not become the case")
		}
		var c struct {
			Documents []struct{ Kind, Name, Type, Href string }
		}
		w.into(w.ask("GET", a.path(), "", a.bearer()), 200, &c)
		if len(c.Documents) != 2 || c.Documents[0].Name != "surat RT.pdf" {
			t.Fatalf("%+v", c.Documents)
		}
		got := w.ask("GET", c.Documents[0].Href, "", a.bearer())
		if got.body != pdf(300<<10) || got.header.Get("Content-Type") != "application/pdf" || !strings.Contains(got.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%d %v", len(got.body), got.header)
		}
		w.run([]scenario{
			{name: "the group again", method: "POST", path: casesPath, body: text(body), headers: head{"Idempotency-Key": w.key()}, status: 409, has: problem("api.group_used")},
			{name: "a file for a case that waits for nobody", method: "POST", path: "/api/v1/uploads?field=ktp", body: pdf(10),
				headers: head{"Idempotency-Key": w.key(), "Content-Type": "application/pdf", "Upload-Group": letter.Group}, status: 409, has: problem("api.group_closed")},
			{name: "a file of another", method: "GET", path: a.path() + "/documents/01890a5d-ac96-774b-bcce-b302099a8057", headers: a.bearer(), status: 404, has: problem("api.unknown_document")},
		})
	})
}

func TestUploadsThatAreRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		u := w.upload("?service="+midwife, picture(t, 20, 20), nil)
		up := func(name, query, content string, status int, key string, h head) scenario {
			all := head{"Idempotency-Key": w.key(), "Content-Type": "application/octet-stream", "Upload-Group": u.Group}
			for k, v := range h {
				all[k] = v
			}
			return scenario{name: name, method: "POST", path: "/api/v1/uploads" + query, body: content, headers: all, status: status,
				has: problem(key), lacks: []string{plantedNIK}, header: isProblem}
		}
		w.run([]scenario{
			up("a program", "", "\x7fELF\x02\x01\x01"+strings.Repeat("\x00", 200), 415, "attachment.picture_or_pdf", nil),
			up("a page", "", "<html><body>"+plantedNIK+"</body></html>", 415, "attachment.picture_or_pdf", nil),
			up("a page that is called a picture", "", "<html>", 415, "attachment.picture_or_pdf", head{"Content-Type": "image/jpeg"}),
			up("a PDF for a photo", "?field=pasfoto", pdf(100), 415, "attachment.picture_only", nil),
			up("a cut PDF", "", pdf(9000)[:8000], 422, "attachment.pdf_unreadable", nil),
			up("a cut picture", "", picture(t, 90, 90)[:800], 422, "attachment.picture_cut", nil),
			up("too many pixels", "", bomb(), 422, "attachment.picture_unreadable", nil),
			up("nothing", "", "", 422, "attachment.empty", nil),
			up("too large", "", pdf(6<<20), 413, "attachment.too_large", nil),
			up("far too large", "", pdf(26<<20), 413, "", nil),
			up("JSON", "", "{}", 415, "api.content_type", head{"Content-Type": "application/json"}),
			up("no such field", "?field="+plantedNIK, pdf(10), 422, "api.no_file_field", nil),
			up("a field that is no file", "?field=name", pdf(10), 422, "api.no_file_field", nil),
			up("no key", "", pdf(10), 400, "api.key_missing", head{"Idempotency-Key": ""}),
			up("a forged group", "", pdf(10), 404, "api.unknown_group", head{"Upload-Group": "00000-00000-0.0000-0000"}),
			up("no group and no service", "", pdf(10), 422, "api.group_or_service", head{"Upload-Group": ""}),
			up("no such service", "?service=surat-sakti", pdf(10), 404, "casework.unknown_service", head{"Upload-Group": ""}),
			up("no length", "", "", 400, "api.not_bytes", head{"Upload-Length": "many"}),
			up("too long", "", "", 413, "attachment.too_large", head{"Upload-Length": strconv.Itoa(6 << 20)}),
			up("no form", "", "x", 400, "api.no_file_part", head{"Content-Type": "multipart/form-data; boundary=b"}),
		})
		body := map[string]any{"definition": w.hash(domicile), "channel": "api", "uploads": u.Group, "answers": answers()}
		w.run([]scenario{{name: "a group of another service", method: "POST", path: casesPath, body: text(body), headers: head{"Idempotency-Key": w.key()},
			status: 422, has: problem(`{"pointer":"/uploads","key":"api.group_of_another_service"`)}})
	})
}

// bomb is a PNG of a few bytes that states 40,000 by 40,000 pixels.
func bomb() string {
	return "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x9c@\x00\x00\x9c@\x08\x06\x00\x00\x00\x9b\x18\x1b\x9b" + strings.Repeat("\x00", 64)
}

func TestAFileMustFitTheFieldThatNamesIt(t *testing.T) {
	w := newTown(t, sqlite)
	u := w.upload("?service="+midwife, pdf(100), nil)
	other := w.upload("?service="+midwife, pdf(100), nil)
	body := map[string]any{"definition": w.hash(midwife), "channel": "api", "uploads": u.Group,
		"answers": map[string]any{"pasfoto": []string{u.Upload}, "str": []string{other.Upload}, "ktp": []string{"counter"}}}
	w.run([]scenario{{name: "unfit and another's", method: "POST", path: "/api/v1/services/" + midwife + "/cases", body: text(body),
		headers: head{"Idempotency-Key": w.key()}, status: 422,
		has: problem(`{"pointer":"/answers/pasfoto","key":"api.file_unfit"`, `{"pointer":"/answers/str","key":"casework.upload_unknown"`)}})
}

func TestAnUploadSurvivesCuts(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		content := pdf(700 << 10)
		u := w.upload("?service="+domicile+"&field=surat_pengantar", "", head{"Upload-Length": strconv.Itoa(len(content)), "Content-Type": ""})
		if u.Offset != 0 || u.Whole || u.Length != int64(len(content)) {
			t.Fatalf("%+v", u)
		}
		path, group := "/api/v1/uploads/"+u.Upload, head{"Upload-Group": u.Group}
		piece := func(offset int64) head {
			return head{"Upload-Group": u.Group, "Upload-Offset": strconv.FormatInt(offset, 10), "Content-Type": "application/offset+octet-stream"}
		}
		cuts := 0
		for offset := int64(0); offset < u.Length; cuts++ {
			w.cut(path, piece(offset), content[offset:], 100_000)
			r := w.ask("HEAD", path, "", group)
			reached, err := strconv.ParseInt(r.header.Get("Upload-Offset"), 10, 64)
			w.must(err)
			if r.status != 200 || reached < offset {
				t.Fatalf("%d: %d after %d", r.status, reached, offset)
			}
			offset = reached
		}
		if cuts < 7 {
			t.Errorf("%d cuts: pieces were not cut", cuts)
		}
		var whole uploaded
		w.into(w.ask("GET", path, "", group), 200, &whole)
		if !whole.Whole || whole.Upload != u.Upload || whole.Type != "application/pdf" {
			t.Fatalf("%+v", whole)
		}
		body := w.application(map[string]any{"surat_pengantar": []string{u.Upload}})
		body["uploads"] = u.Group
		var a accepted
		w.into(w.ask("POST", casesPath, text(body), head{"Idempotency-Key": w.key()}), 201, &a)
		var c struct{ Documents []struct{ Href string } }
		w.into(w.ask("GET", a.path(), "", a.bearer()), 200, &c)
		if got := w.ask("GET", c.Documents[0].Href, "", a.bearer()); got.body != content {
			t.Errorf("%d bytes came back of %d", len(got.body), len(content))
		}
	})
}

// cut sends a body and closes the connection after n bytes of it.
func (w *town) cut(path string, h head, body string, n int) {
	w.t.Helper()
	u, err := url.Parse(w.url)
	w.must(err)
	conn, err := net.Dial("tcp", u.Host)
	w.must(err)
	defer conn.Close()
	fmt.Fprintf(conn, "PATCH %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n", path, u.Host, len(body))
	for k, v := range h {
		fmt.Fprintf(conn, "%s: %s\r\n", k, v)
	}
	_, err = fmt.Fprintf(conn, "\r\n%s", body[:min(n, len(body))])
	w.must(err)
	w.must(conn.(*net.TCPConn).CloseWrite())
	_, err = bytes.NewBuffer(nil).ReadFrom(conn) // until the server has answered or hung up
	w.must(err)
}

func TestPiecesThatDoNotFitAreRefused(t *testing.T) {
	w := newTown(t, sqlite)
	u := w.upload("?service="+domicile, "", head{"Upload-Length": "1000", "Content-Type": ""})
	path := "/api/v1/uploads/" + u.Upload
	h := func(change head) head {
		all := head{"Upload-Group": u.Group, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
		for k, v := range change {
			all[k] = v
		}
		return all
	}
	w.run([]scenario{
		{name: "a gap", method: "PATCH", path: path, body: "x", headers: h(head{"Upload-Offset": "5"}), status: 409, has: problem("blob.offset")},
		{name: "no offset", method: "PATCH", path: path, body: "x", headers: h(head{"Upload-Offset": ""}), status: 400, has: problem("api.offset_missing")},
		{name: "below nothing", method: "PATCH", path: path, body: "x", headers: h(head{"Upload-Offset": "-1"}), status: 400, has: problem("api.not_bytes")},
		{name: "another type", method: "PATCH", path: path, body: "x", headers: h(head{"Content-Type": "application/pdf"}), status: 415, has: problem("api.content_type")},
		{name: "no group", method: "PATCH", path: path, body: "x", headers: h(head{"Upload-Group": ""}), status: 400, has: problem("api.group_missing")},
		{name: "a piece", method: "PATCH", path: path, body: strings.Repeat("x", 400), headers: h(nil), status: 200, has: []string{`"offset":400`, `"whole":false`}, header: head{"Upload-Offset": "400"}},
		{name: "the piece again", method: "PATCH", path: path, body: strings.Repeat("x", 400), headers: h(nil), status: 409, has: problem("blob.offset")},
		{name: "too much", method: "PATCH", path: path, body: strings.Repeat("x", 900), headers: h(head{"Upload-Offset": "400"}), status: 413, has: problem("blob.longer")},
		{name: "another upload", method: "GET", path: "/api/v1/uploads/01890a5d-ac96-774b-bcce-b302099a8057", headers: h(nil), status: 404, has: problem("attachment.unknown")},
		{name: "what is no file", method: "PATCH", path: path, body: strings.Repeat("x", 600), headers: h(head{"Upload-Offset": "400"}), status: 415, has: problem("attachment.picture_or_pdf")},
		{name: "is forgotten", method: "GET", path: path, headers: h(nil), status: 404},
	})
}

func TestARepeatedUploadIsOneFile(t *testing.T) {
	w := newTown(t, sqlite)
	key, content := head{"Idempotency-Key": w.key(), "Content-Type": "application/pdf"}, pdf(100)
	var first, again uploaded
	w.into(w.ask("POST", "/api/v1/uploads?service="+domicile, content, key), 201, &first)
	w.into(w.ask("POST", "/api/v1/uploads?service="+domicile, content, key), 201, &again)
	if again != first {
		t.Errorf("%+v then %+v", first, again)
	}
	w.run([]scenario{
		{name: "other bytes", method: "POST", path: "/api/v1/uploads?service=" + domicile, body: pdf(200), headers: key, status: 422, has: problem("attachment.key_reused")},
		{name: "another field", method: "POST", path: "/api/v1/uploads?service=" + domicile + "&field=ktp", body: content, headers: key, status: 422, has: problem("key_reused")},
	})
	if n := w.count("draft"); n != 1 {
		t.Errorf("%d drafts", n)
	}
}

// form is a form with one file in it.
func form(t *testing.T, content string) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="../../etc/foto ktp.exe"`}})
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return m.FormDataContentType(), b.String()
}

// Where there is no folder for temporary files, whoever spools fails.
func TestAFormUploadsItsFileWithoutSpoolingIt(t *testing.T) {
	w := newTown(t, sqlite)
	t.Setenv("TMPDIR", t.TempDir()+"/none")
	kind, body := form(t, pdf(4<<20))
	_, params, err := mime.ParseMediaType(kind)
	w.must(err)
	if _, err := multipart.NewReader(strings.NewReader(body), params["boundary"]).ReadForm(0); err == nil {
		t.Fatal("spooling does not fail: nothing is tested")
	}
	u := w.upload("?service="+domicile+"&field=ktp", body, head{"Content-Type": kind})
	if u.Type != "application/pdf" || !u.Whole {
		t.Errorf("%+v", u)
	}
	kind, body = form(t, picture(t, 30, 30))
	if u = w.upload("?field=ktp", body, head{"Content-Type": kind, "Upload-Group": u.Group}); u.Type != "image/jpeg" {
		t.Errorf("%+v", u)
	}
	w.run([]scenario{{name: "a cut form", method: "POST", path: "/api/v1/uploads", body: body[:len(body)-60], status: 400,
		headers: head{"Idempotency-Key": w.key(), "Content-Type": kind, "Upload-Group": u.Group}, has: problem("fault.body_malformed")}})
}

func TestOpeningGroupsIsPaced(t *testing.T) {
	w := newTown(t, sqlite)
	open := func() int {
		return w.ask("POST", "/api/v1/uploads?service="+domicile, pdf(10), head{"Idempotency-Key": w.key(), "Content-Type": "application/pdf"}).status
	}
	for i := range 120 {
		if got := open(); got != 201 {
			t.Fatalf("group %d: %d", i, got)
		}
	}
	if got := open(); got != 429 {
		t.Errorf("the 121st group at once: %d", got)
	}
}
