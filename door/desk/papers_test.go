package desk_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/law/fold"
)

// TestAPaperIsTakenInAtTheCounterWithoutOpeningAnything: a colleague of the
// clerk scans one paper and looks at another.
func TestAPaperIsTakenInAtTheCounterWithoutOpeningAnything(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	w.officer("darmo", sekararum+"/sekretaris_kelurahan")
	w.officer("other", kauman+"/petugas_layanan")
	got := w.bringsAll("two")
	at := "/desk/cases/" + got.Code
	colleague := w.as("darmo").get(at).is(200).shows("Akan dibawa ke loket", "Hasil pindai atau foto: KTP", "Terima berkas", "Sudah diperiksa, tidak dipindai")
	colleague.sound("awaited")

	colleague.sendPaper(at, "ktp", "kept").is(422).shows("Pilih hasil pindai", `href="#paper-ktp"`)
	colleague.sound("no file")
	colleague.sendPaper(at, "ktp", "kept", upload{"file", "ktp.exe", []byte("MZ this is no card")}).is(http.StatusUnsupportedMediaType).shows("bukan foto atau PDF")
	colleague.sound("no card")
	colleague.sendPaper(at, "ktp", "kept", upload{"file", "ktp.jpg", picture(t)}).is(303)
	colleague.get(colleague.header.Get("Location")).is(200).shows("Berkas diterima di loket", "Surat pengantar RT dan RW").hides("ktp.jpg", "Sekar Wulandari")
	colleague.sendPaper(at, "surat_pengantar", "looked", upload{"file", "tidak-jadi.jpg", picture(t)}).is(303)
	colleague.get(at).is(200).hides("Akan dibawa ke loket", "Terima berkas")
	if seen, err := w.Cases.Openings(context.Background(), got.Stream); err != nil || len(seen) > 0 {
		t.Errorf("something was opened: %v, %v", seen, err)
	}

	c, err := w.Cases.State(context.Background(), got.Stream)
	w.must(err)
	if c.Version != 3 || len(c.Files) != 1 || !slices.Equal(c.Seen, []string{"surat_pengantar"}) || c.Step != "review" {
		t.Errorf("%+v", c)
	}
	key, err := w.Keys.Get(got.Stream)
	w.must(err)
	if kept, err := w.Blobs.List(got.Stream, key); err != nil || len(kept) != 1 || kept[0].ID != c.Files[0].ID {
		t.Errorf("kept: %+v, %v", kept, err)
	}
	w.as("sari").get(at).is(200).shows("ktp.jpg", "Sudah diperiksa di loket", "/files/"+c.Files[0].ID)
	w.as("other").post(at+"/papers", url.Values{"_token": {w.token(w.as("other"))}}).is(403)
	w.must(w.VerifyRows(context.Background(), func(words string) { t.Error(words) }))
}

// bringsAll submits a domicile case with both papers to be brought.
func (w *town) bringsAll(key string) (got struct{ Code, Stream string }) {
	w.t.Helper()
	a, err := w.Cases.Submit(context.Background(), casework.Submission{
		Service: domicileID, Channel: "portal", Lang: "id", Answers: domicile(),
		Once: casework.Once{Scope: "test", Key: strings.Repeat("k", 22) + key, Request: []byte(key)},
	})
	w.must(err)
	got.Code, got.Stream = a.Code, a.Stream
	return got
}

// sendPaper sends the form of one awaited paper as a browser does: the button
// last.
func (b *browser) sendPaper(at, field, do string, files ...upload) *browser {
	b.w.t.Helper()
	if !strings.Contains(b.body, `value="`+field+`"`) {
		b.get(at)
	}
	to, v := b.form(at + "/papers")
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, k := range []string{"_token", "seen", "once"} {
		b.w.must(m.WriteField(k, v.Get(k)))
	}
	b.w.must(m.WriteField("field", field))
	for _, f := range files {
		part, err := m.CreateFormFile(f.field, f.name)
		b.w.must(err)
		_, err = part.Write(f.data)
		b.w.must(err)
	}
	b.w.must(m.WriteField("do", do))
	b.w.must(m.Close())
	r := httptest.NewRequest("POST", to, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return b.do(r)
}

func TestAPaperSentTwiceComesOnceAndTheSecondOfficerIsTold(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	w.officer("darmo", sekararum+"/sekretaris_kelurahan")
	got := w.bringsAll("three")
	at := "/desk/cases/" + got.Code
	first, second := w.as("sari").get(at), w.as("darmo").get(at)
	page := first.body
	for range 2 {
		first.body = page
		first.sendPaper(at, "ktp", "kept", upload{"file", "ktp.jpg", picture(t)}).is(303)
	}
	first.body = page
	first.sendPaper(at, "ktp", "looked").is(422)
	second.sendPaper(at, "ktp", "kept", upload{"file", "ktp.jpg", picture(t)}).is(409).shows("Orang lain bertindak lebih dahulu")
	c, err := w.Cases.State(context.Background(), got.Stream)
	w.must(err)
	if c.Version != 2 || len(c.Files) != 1 || c.Marks[1].By.Role != "petugas_layanan" {
		t.Errorf("%+v", c)
	}
}

// TestACaseThatALimitGrantedSaysSo: nobody acts, so the file counts as complete
// and then as granted.
func TestACaseThatALimitGrantedSaysSo(t *testing.T) {
	w := newTown(t)
	w.officer("tiara", "dpmptsp/kepala_dpmptsp")
	got := w.licence()
	w.pass(30 * 24 * time.Hour)
	c, err := w.Cases.State(context.Background(), got.Stream)
	w.must(err)
	if c.Basis == "" {
		t.Fatalf("not granted: %+v", c)
	}
	due, _ := c.Deadline(fold.CaseDeadline)
	b := w.as("tiara").get("/desk/cases/" + got.Code).is(200)
	b.shows("Dikabulkan karena batas waktu terlewati", "UU 30/2014 pasal 53", due.Due.In(w.clock.Location()).Format("15.04"))
	if strings.Index(b.body, "Dikabulkan karena") > strings.Index(b.body, `class="strip`) {
		t.Error("it is said below the days")
	}
	p := w.browser().get("/track/" + got.Code).is(200)
	p.shows("Dikabulkan karena batas waktu terlewati", "UU 30/2014 pasal 53")
	if strings.Index(p.body, "Dikabulkan karena") > strings.Index(p.body, `class="strip`) {
		t.Error("it is said below the days")
	}
}

// pass lets time go by, and every limit that ends in it.
func (w *town) pass(by time.Duration) {
	w.t.Helper()
	for end := w.clock.Add(by); w.clock.Before(end); w.clock = w.clock.Add(time.Hour) {
		_, err := w.Cases.Lapse(context.Background())
		w.must(err)
	}
}
