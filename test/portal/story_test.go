package portal_test

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/engine/document"
	"pendopo/law/flow"
	"pendopo/test/testkit/pushed"
)

const (
	name = "Wulan Ayuningtyas"
	nik  = "3360015407950003"
)

// apply fills in the certificate of domicile up to the review.
func (b *browser) apply() *browser {
	b.w.t.Helper()
	b.get("/services/surat-keterangan-domisili").says("Surat keterangan domisili", "10 menit kerja", "Gratis", "Dasar hukum")
	b.send("/services/surat-keterangan-domisili/start").at("/person")
	draft := "/draft/" + b.code()
	b.send(draft+"/person", "name", name, "nik", "3360 0154 0795 0003").at("/birth")
	b.send(draft+"/birth", "birth_place", "Banyusekar", "birth_date-day", "14", "birth_date-month", "7", "birth_date-year", "1995", "sex", "perempuan").at("/contact")
	b.send(draft+"/contact", "phone", "0812 0000 0001").at("/address")
	b.send(draft+"/address", "region", "33.60.01.1001", "street", "Jalan Kenanga 7", "rt", "2", "rw", "5",
		"lives_since-day", "1", "lives_since-month", "3", "lives_since-year", "2020").at("/occupation")
	b.send(draft+"/occupation", "occupation", "bekerja").at("/purpose")
	b.send(draft+"/purpose", "purpose", "bank").at("/papers")
	b.sendFiles(draft+"/papers", []attached{{"surat_pengantar", "pengantar.jpg", photo(b.w.t, 40, 30)}}, "ktp-counter", "yes").at("/statement")
	return b.send(draft+"/statement", "declaration", "yes").at("/review")
}

func TestFromTheFirstPageToADocumentThatAStrangerChecks(t *testing.T) {
	w, service := newTown(t), pushed.NewService(t)
	w.notifies(service)
	w.officer("petugas", "kel-sekararum", "petugas_layanan")
	w.officer("lurah", "kel-sekararum", "lurah")
	b := w.browser()
	b.get("/").says("Kependudukan", "Memulai usaha")
	b.get("/needs/kependudukan").says("Surat keterangan domisili", "10 menit kerja")
	b.get("/search?q=terima+kasih").says("Kami belum menemukannya", "Tanyakan kepada petugas")
	b.get("/search?q=mau+buat+surat+domisilli").says("layanan ditemukan", "Surat keterangan domisili")
	b.apply().says(name, "3360 0154 0795 0003", "14 Juli 1995", "Dibawa ke loket", "pengantar.jpg")

	b.send("/draft/" + b.code() + "/submit").at("/receipt").says("sudah kami terima")
	code, secret := b.code(), b.secret()
	if secret == "" {
		t.Fatal("the receipt does not show the secret")
	}
	b.get("/track/"+code).says("Berkas diperiksa", "Petugas layanan", name)
	me, at := listens(t, w, b, service, code)
	cannotListen(t, w, service, code)
	w.deed(code, "petugas_layanan", casework.Deed{Action: "return", Checks: map[string]bool{"identity": false, "letter": true, "address": true},
		Defects: []flow.Defect{{ID: "identity", Words: "Nama berbeda dengan KTP."}}})
	b.get("/track/"+code).says("Menunggu Anda", "Nama berbeda dengan KTP.")
	hears(t, w, service, me, at, code, secret)
	b.leavesAll(code)

	b.get("/track/" + code + "/fix").says("Nama berbeda dengan KTP.")
	b.send("/track/"+code+"/fix", "name", "")
	b.says("Ada 1 hal yang perlu Anda perbaiki")
	if b.status != 422 {
		t.Errorf("an empty name: %d", b.status)
	}
	b.sendFiles("/track/"+code+"/fix", nil, "name", name+" Dewi", "birth_place", "Banyusekar").at("/track/"+code).says("Perbaikan diterima", name+" Dewi")

	w.deed(code, "petugas_layanan", casework.Deed{Action: "approve"})
	w.deed(code, "lurah", casework.Deed{Action: "approve"})
	if err := w.Jobs.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
	b.get("/track/"+code).says("Disetujui", "Unduh dokumen")
	pdf := b.get("/track/" + code + "/document").body
	if !strings.HasPrefix(pdf, "%PDF-") {
		t.Fatalf("no document: %d %s", b.status, b.header)
	}
	b.get("/track/"+code+"/letter").says("SURAT KETERANGAN DOMISILI", name, "Kelurahan Sekararum", "Nomor:", "Lurah Sekararum", "Yang berlaku adalah berkas PDF")
	b.get("/track/" + code).send("/track/" + code + "/lock").says("Dengan kode rahasia")
	b.get("/track/" + code + "/letter").at("/unlock")
	strangers(t, w, code, []byte(pdf))
}

// strangers check what the holder shows them.
func strangers(t *testing.T, w *town, code string, pdf []byte) {
	s := w.browser()
	s.get("/track/" + code)
	if strings.Contains(s.body, name) {
		t.Error("the code alone shows a name")
	}
	if s.get("/track/" + code + "/document"); strings.HasPrefix(s.body, "%PDF-") {
		t.Error("the code alone gives the document")
	}
	c, err := w.Cases.Track(context.Background(), code)
	if err != nil {
		t.Fatal(err)
	}
	s.get("/verify").send("/verify", "number", strings.ToLower(c.Number)).says("Asli dan berlaku", c.Number)
	if strings.Contains(s.body, name) {
		t.Error("verifying by number shows a name")
	}
	s.get("/verify").send("/verify", "number", "474/999/SKA/III/2026").says("Nomor ini tidak kami kenal")
	s.get("/verify").sendFiles("/verify/file", []attached{{"file", "surat.pdf", pdf}}).says("Asli dan berlaku")
	altered := bytes.Replace(pdf, []byte("%%EOF"), []byte("%%EOF\n% more"), 1)
	s.get("/verify").sendFiles("/verify/file", []attached{{"file", "surat.pdf", altered}}).says("Isinya sudah diubah")
	s.get("/verify").sendFiles("/verify/file", []attached{{"file", "foto.jpg", photo(t, 9, 9)}})
	if s.status != 422 {
		t.Errorf("a photo instead of a PDF: %d", s.status)
	}
	id, ok := document.DocumentID(pdf)
	if !ok {
		t.Fatal("no id in the document")
	}
	s.get(id.Path()).says("Asli dan berlaku")
	s.get("/verify").send("/verify", "payload", "http://localhost:8080"+id.Path()+"#AAAA")
	if s.status != 422 {
		t.Errorf("a forged code: %d", s.status)
	}
}

func TestDraftIsContinuedElsewhere(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/services/surat-keterangan-domisili").send("/services/surat-keterangan-domisili/start")
	code := b.code()
	b.send("/draft/"+code+"/person", "name", name, "nik", "1", "_save", "1").at("/saved")
	secret := b.secret()
	other := w.browser()
	other.get("/draft/" + code).at("/draft?code=" + code)
	other.send("/draft", "code", strings.ToLower(strings.ReplaceAll(code, "-", "")), "secret", "0000-0000")
	if other.status != 422 || strings.Contains(other.body, name) {
		t.Errorf("a wrong secret: %d", other.status)
	}
	other.send("/draft", "code", strings.ToLower(strings.ReplaceAll(code, "-", "")), "secret", strings.ToLower(secret)).at("/person")
	if !strings.Contains(other.body, name) {
		t.Error("what was acceptable is not kept")
	}
	if strings.Contains(other.path, secret) {
		t.Error("the secret is in the address")
	}
	w.clock.pass(31 * 24 * time.Hour)
	if other.get("/draft/" + code + "/person"); other.status != 410 {
		t.Errorf("an expired draft: %d", other.status)
	}
}

func TestSendingTwiceHasOneEffect(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.apply()
	to, form := b.form("/draft/" + b.code() + "/submit")
	first := b.post(to, form).at("/receipt").code()
	if again := b.post(to, form).code(); again != first {
		t.Errorf("a second click made %s besides %s", again, first)
	}
}

func TestWhatIsWrongIsSaidBesideItsField(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/services/surat-keterangan-domisili").send("/services/surat-keterangan-domisili/start")
	draft := "/draft/" + b.code()
	b.send(draft+"/person", "name", "", "nik", "123")
	if b.status != 422 || !strings.Contains(b.body, `href="#nik"`) || !strings.Contains(b.body, `href="#name"`) {
		t.Errorf("%d %s", b.status, b.body)
	}
	b.send(draft+"/person", "name", name, "nik", nik).at("/birth")
	b.send(draft+"/birth", "birth_place", "B", "birth_date-day", "31", "birth_date-month", "2", "birth_date-year", "1995", "sex", "perempuan")
	if b.status != 422 || !strings.Contains(b.body, `href="#birth_date-day"`) || !strings.Contains(b.body, `value="31"`) {
		t.Errorf("%d: the wrong date is not shown again", b.status)
	}
	if b.get(draft+"/review").status != 200 || !strings.Contains(b.body, "/birth?back=review#birth_date-day") {
		t.Error("the review does not lead to what is missing")
	}
	if strings.Contains(b.body, draft+"/submit") {
		t.Error("an incomplete application can be sent")
	}
}

func TestFilesAreTakenByContent(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.apply()
	draft := "/draft/" + b.code()
	b.get(draft + "/papers?back=review").says("pengantar.jpg")
	b.sendFiles(draft+"/papers", []attached{{"surat_pengantar", "virus.jpg", []byte("MZ not a picture at all")}}, "ktp-counter", "yes")
	if b.status != 422 || !strings.Contains(b.body, "bukan foto atau PDF") {
		t.Errorf("%d: a program called .jpg is taken", b.status)
	}
	_, form := b.form(draft + "/papers")
	remove := strings.Split(strings.SplitN(b.body, `name="_remove" value="`, 2)[1], `"`)[0]
	form.Set("_remove", remove)
	b.sendFiles(draft+"/papers", nil, "_remove", remove).at("/papers")
	if strings.Contains(b.body, "pengantar.jpg") {
		t.Error("the file is still there")
	}
}

func TestUnknownCodesAndForgedFormsAreRefused(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	if b.get("/track/AAAAA-AAAAA-A").status != 404 {
		t.Errorf("unknown code: %d", b.status)
	}
	if b.get("/services/none").status != 404 {
		t.Errorf("unknown service: %d", b.status)
	}
	b.get("/track").send("/track", "code", "AAAAA-AAAAA-A")
	if b.status != 422 {
		t.Errorf("unknown code in the form: %d", b.status)
	}
	if b.post("/services/surat-keterangan-domisili/start", url.Values{"_token": {"forged"}}).status != 403 {
		t.Errorf("forged form: %d", b.status)
	}
}

func TestNothingPersonalIsLogged(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.apply()
	b.send("/draft/" + b.code() + "/submit").at("/receipt")
	code, secret := b.code(), b.secret()
	b.get("/track/" + code + "?q=" + url.QueryEscape(name))
	for _, s := range []string{name, nik, "Kenanga", "0812 0000", "62812000", code, secret, "pengantar"} {
		if strings.Contains(w.log.String(), s) {
			t.Errorf("the log says %q", s)
		}
	}
	if !strings.Contains(w.log.String(), `"route":"GET /track/{code}"`) {
		t.Error("the log does not name the route")
	}
}
