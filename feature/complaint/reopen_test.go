package complaint_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/law/form"
	"pendopo/test/htmlcheck"
)

// notSolvedWithPhotos: the reporter shows how it is now, in up to three pictures;
// whoever handles it sees them first, until the work is done again.
func (w *town) notSolvedWithPhotos(officer *browser) {
	w.t.Helper()
	got := w.tells(nil, 0)
	w.dispatches(got.Stream, "dlh")
	w.does(got.Stream, at("dlh"), casework.Deed{Action: "finish", Given: form.Answers{"done": "Lampu diganti.", "proof": []string{w.uploaded(got.Stream)}}})
	b, page := w.browser(), "/track/"+got.Code+"/actions/not_solved"
	b.get("/track/"+got.Code+"/unlock").send("/track/"+got.Code+"/unlock", url.Values{"secret": {got.Secret}}).is(http.StatusSeeOther)
	b.get(page).is(http.StatusOK).sound("not solved").says("Foto keadaannya sekarang", "Paling banyak tiga", `enctype="multipart/form-data"`, "/static/upload.")
	b.sendPhotos(page, "Masih padam, lihat fotonya.", 4).is(http.StatusUnprocessableEntity).sound("four photos").says("Masih padam, lihat fotonya.")
	b.get(page).sendPhotos(page, "", 1).is(http.StatusUnprocessableEntity).says("foto-0.jpg") // kept while words are missing
	b.get(page).sendPhotos(page, "Masih padam, lihat fotonya.", 2).is(http.StatusSeeOther)
	b.get("/track/"+got.Code).is(http.StatusOK).says("Masih padam, lihat fotonya.", "Foto keadaannya sekarang")
	officer.get("/desk/cases/"+got.Code).is(http.StatusOK).sound("opened again").says("Pelapor menyatakan belum selesai", "Masih padam, lihat fotonya.")
	_, top, _ := strings.Cut(officer.body, "Pelapor menyatakan belum selesai")
	top, _, _ = strings.Cut(top, "work-h")
	if n := strings.Count(top, "/desk/cases/"+got.Code+"/files/"); n < 2 {
		w.t.Errorf("%d pictures stand above what is to be done", n)
	}
	w.does(got.Stream, at("dlh"), casework.Deed{Action: "finish", Given: form.Answers{"done": "Diganti lagi.", "proof": []string{w.uploaded(got.Stream)}}})
	w.browser().get("/track/" + got.Code).hides("Masih padam") // nobody without the secret reads it
}

// uploaded is a picture that an officer put into a case.
func (w *town) uploaded(stream string) string {
	w.t.Helper()
	b, err := w.Cases.Catalogue().Live("pengaduan")
	w.must(err)
	file, err := attachment.New(w.Keys, w.Blobs).Take(stream, *b.Service.Field("photos"), "bukti.jpg", bytes.NewReader(picture(w.t, 3)))
	w.must(err)
	return file.ID
}

// sendPhotos sends the form of the present page with words and so many pictures.
func (b *browser) sendPhotos(action, note string, n int) *browser {
	b.w.t.Helper()
	p, err := htmlcheck.Parse(b.body)
	b.w.must(err)
	to, v, ok := p.Form(action)
	if !ok {
		b.w.t.Fatalf("no form %s: %s", action, b.body)
	}
	v.Set("note", note)
	delete(v, "still")
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	b.w.must(m.WriteField("_token", v.Get("_token"))) // before any file
	delete(v, "_token")
	for name, all := range v {
		for _, one := range all {
			b.w.must(m.WriteField(name, one))
		}
	}
	for i := range n {
		part, err := m.CreateFormFile("still", fmt.Sprintf("foto-%d.jpg", i))
		b.w.must(err)
		_, err = part.Write(picture(b.w.t, i))
		b.w.must(err)
	}
	b.w.must(m.Close())
	r := httptest.NewRequest("POST", "https://wening.test"+to, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return b.do(r)
}
