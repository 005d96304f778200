package desk_test

import (
	"bytes"
	"context"
	"io/fs"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"pendopo/engine/casework"
	"pendopo/government"
	"pendopo/law/form"
)

// widened publishes the services of law/flow's tests beside those of the demo.
func (w *town) widened() {
	w.t.Helper()
	all := fstest.MapFS{}
	for _, from := range []fs.FS{government.FS, os.DirFS("../../law/flow/testdata")} {
		w.must(fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(from, name)
			all[name] = &fstest.MapFile{Data: data}
			return err
		}))
	}
	_, err := w.Publish(context.Background(), all)
	w.must(err)
}

func (w *town) asks(service string, more form.Answers) casework.Accepted {
	w.t.Helper()
	a := form.Answers{"name": "Sekar Wulandari", "nik": "3360015704950001", "ktp": []string{form.AtCounter}}
	for id, v := range more {
		a[id] = v
	}
	got, err := w.Cases.Submit(context.Background(), casework.Submission{Service: service, Channel: "portal", Lang: "id", Answers: a})
	w.must(err)
	return got
}

// TestEachAgencyMeetsItsOwnBranch: three officers of two agencies see one case,
// each the part that is theirs, and none of them the others'.
func TestEachAgencyMeetsItsOwnBranch(t *testing.T) {
	w := newTown(t)
	w.widened()
	w.officer("tono", "dpmptsp/petugas_ptsp")
	w.officer("sita", "dpupr/tim_tata_ruang", "dpupr/tim_bangunan")
	w.officer("lani", "dishub/petugas_lalu_lintas")
	got := w.asks("uji-izin", form.Answers{"scale": "besar", "area": int64(60)})
	at := "/desk/cases/" + got.Code
	w.as("tono").get(at).send(at+"/act", url.Values{"action": {"approve"}, "check-identity": {"ok"}, "check-large": {"ok"}}).is(303)

	w.officer("hadi", "dpupr/kepala_dpupr")
	w.as("hadi").get("/desk/unit?unit=dpupr").is(200).shows("Tim tata ruang", "Tim bangunan").hides("Tidak ada pekerjaan terbuka")
	lani := w.as("lani")
	lani.get("/desk").is(200).shows(got.Code, "Lalu lintas dinilai")
	lani.get(at).is(200).shows("Sekar Wulandari", "Bagian yang berjalan bersamaan", "Tata ruang dinilai", "Bangunan diperiksa", "Rp60.000")
	lani.sound("branches")
	_, v := lani.form(at + "/act?step=traffic")
	lani.post(at+"/act?step=spatial", with(v, "action", "approve", "check-zone", "ok")).is(403)
	lani.get(at).send(at+"/act?step=traffic", url.Values{"action": {"approve"}}).is(303)
	lani.get(at).is(403)

	// Who holds two of them chooses by the address, and acts on that one.
	sita := w.as("sita")
	sita.get(at + "?step=building").is(200).shows("Berdiri").hides("Zona cocok")
	sita.send(at+"/act?step=building", url.Values{"action": {"approve"}, "check-stands": {"ok"}}).is(303)
	sita.get(at).is(200).shows("Zona cocok")
	sita.send(at+"/act?step=spatial", url.Values{"action": {"approve"}, "check-zone": {"ok"}}).is(303)
	c, err := w.Cases.State(context.Background(), got.Stream)
	w.must(err)
	if c.At("spatial") || !c.At("opinion") {
		t.Errorf("after both: %+v", c.Branches)
	}
}

// TestACardOfAnotherSystemFromTheOfficerToThePerson: its number is taken in with
// its file, and whoever hands it over writes down who took it.
func TestACardOfAnotherSystemFromTheOfficerToThePerson(t *testing.T) {
	w := newTown(t)
	w.widened()
	w.officer("vera", "disdukcapil/verifikator_dukcapil")
	w.officer("opik", "disdukcapil/operator_siak")
	w.officer("lilis", "disdukcapil/petugas_dukcapil")
	got := w.asks("uji-kartu", nil)
	at := "/desk/cases/" + got.Code
	w.as("vera").get(at).send(at+"/act", url.Values{"action": {"approve"}, "check-identity": {"ok"}}).is(303)

	opik := w.as("opik").get(at).is(200).shows("Nomor dari SIAK", "Berkas dari SIAK", "9999-AA")
	opik.sound("made")
	opik.sendMade(at, "12", nil).is(422).shows("Bentuk nomor ini tidak seperti biasanya", "Lampirkan berkas")
	opik.sendMade(at, "1234-AB", pdf("<< /ByteRange [0 20 40 10] /Contents <00> >>")).is(422)
	opik.shows("Tanda tangan elektronik tidak cocok")
	opik.sendMade(at, "1234-AB", pdf("")).is(303)

	lilis := w.as("lilis").get(at).is(200).shows("Nama yang menerima")
	lilis.hides("1234-AB", "Sekar Wulandari")
	lilis.send(at+"/act", url.Values{"action": {"handed"}}).is(422).shows("Tuliskan nama orang yang menerima", "Pilih apakah yang menerima")
	lilis.send(at+"/act", url.Values{"action": {"handed"}, "receiver": {"Sekar Wulandari"}, "relation": {"self"}}).is(303)
	c, err := w.Cases.State(context.Background(), got.Stream)
	w.must(err)
	if c.Outcome != "granted" || c.Made == nil || c.Marks[len(c.Marks)-1].Relation != "self" {
		t.Errorf("handed over: %s %+v", c.Outcome, c.Made)
	}
}

// sendMade sends the form for a product of another system.
func (b *browser) sendMade(at, number string, file []byte) *browser {
	b.w.t.Helper()
	to, v := b.form(at + "/made")
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, k := range []string{"_token", "seen", "once"} {
		b.w.must(m.WriteField(k, v.Get(k)))
	}
	b.w.must(m.WriteField("number", number))
	if file != nil {
		part, err := m.CreateFormFile("file", "kartu.pdf")
		b.w.must(err)
		_, err = part.Write(file)
		b.w.must(err)
	}
	b.w.must(m.WriteField("action", "made"))
	b.w.must(m.Close())
	r := httptest.NewRequest("POST", to, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return b.do(r)
}

// pdf is a file as another system would hand it out, without a signature.
func pdf(object string) []byte {
	return []byte("%PDF-1.4\n" + object + "\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n" +
		"trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n")
}

// TestWhoSignsTakesADocumentBack at the desk, and the page says so from then on.
func TestWhoSignsTakesADocumentBack(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	w.officer("ratih", sekararum+"/lurah")
	got := w.applies("back")
	at := "/desk/cases/" + got.Code
	clerk, head := w.as("sari"), w.as("ratih")
	clerk.get(at).send(at+"/act", with(checked, "action", "approve")).is(303)
	head.get(at).send(at+"/act", url.Values{"action": {"approve"}}).is(303)
	w.must(w.Jobs.Drain(context.Background()))

	clerk.get(at).is(200).hides("Cabut dokumen")
	head.get(at).is(200).shows("Cabut dokumen ini", "putusan pengadilan")
	head.send(at+"/revoke", url.Values{"ground": {"wrong_data"}, "decision": {""}}).is(422).shows("Tuliskan nomor keputusan")
	head.sound("revoke")
	head.send(at+"/revoke", url.Values{"ground": {"wrong_data"}, "decision": {"474/12/2026"}}).is(303)
	head.get(at).is(200).shows("Dokumen ini sudah dicabut", "isi dokumen ternyata salah").hides("Cabut dokumen ini")
	if !strings.Contains(clerk.get(at).body, "Dicabut") {
		t.Error("a colleague is not told")
	}
}
