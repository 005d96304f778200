package portal_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pendopo/engine/casework"
	"pendopo/government"
	"pendopo/kernel/blob"
	"pendopo/law/fold"
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

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
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

// TestTheApplicantFollowsEveryBranch: who has it, until when, and which are done.
func TestTheApplicantFollowsEveryBranch(t *testing.T) {
	w := newTown(t)
	w.widened()
	got := w.asks("uji-izin", form.Answers{"scale": "besar", "area": int64(60)})
	w.deed(got.Code, "petugas_ptsp", casework.Deed{Action: "approve", Checks: map[string]bool{"identity": true, "large": true}})
	b := w.browser().get("/track/" + got.Code)
	b.says("Dinas menilai", "Bagian yang berjalan bersamaan", "Tata ruang dinilai", "Dinas Perhubungan", "Rp60.000", "9 hari kerja")

	c, err := w.Cases.Track(context.Background(), got.Code)
	w.must(err)
	_, err = w.Cases.Act(context.Background(), casework.Deed{Stream: c.Stream, Seen: c.Version, Action: "approve", Step: "traffic", Actor: "officer/test",
		By: fold.Holder{Who: "role", Role: "petugas_lalu_lintas", Unit: "dishub"}})
	w.must(err)
	b.get("/track/"+got.Code).says("Menunggu bagian lain", "Tahap selesai: Lalu lintas dinilai")
	d, _ := c.Deadline("building")
	w.clock.pass(d.Due.Sub(w.clock.Now()) + time.Minute)
	b.get("/track/" + got.Code).says("Terlambat")
}

// TestTheApplicantFetchesWhatAnotherSystemMade with its number and its file, which
// nobody sees who has the code alone.
func TestTheApplicantFetchesWhatAnotherSystemMade(t *testing.T) {
	w := newTown(t)
	w.widened()
	got := w.asks("uji-kartu", nil)
	w.deed(got.Code, "verifikator_dukcapil", casework.Deed{Action: "approve"})
	key, err := w.Keys.Get(got.Stream)
	w.must(err)
	card := []byte("%PDF-1.7\nstartxref\n%%EOF\n")
	id, err := w.Blobs.Create(got.Stream, key, blob.Info{Name: "kartu.pdf", Type: "application/pdf"})
	w.must(err)
	_, err = w.Blobs.Append(id, key, 0, bytes.NewReader(card))
	w.must(err)
	_, err = w.Blobs.Finish(id, key)
	w.must(err)
	w.deed(got.Code, "operator_siak", casework.Deed{Action: "made", Number: "1234-AB", Upload: id})

	stranger := w.browser().get("/track/" + got.Code)
	stranger.says("Kartu siap diambil")
	if strings.Contains(stranger.body, "1234-AB") {
		t.Error("the code alone shows the number")
	}
	b := w.browser().get("/track/" + got.Code + "/unlock")
	b.send("/track/"+got.Code+"/unlock", "secret", got.Secret)
	b.get("/track/"+got.Code).says("1234-AB", "Dibuat di SIAK", "tanpa tanda tangan elektronik")
	if b.get("/track/" + got.Code + "/document"); b.status != 200 || b.body != string(card) {
		t.Errorf("the file: %d, %d bytes", b.status, len(b.body))
	}
}

// TestAGrantByRuleWithItsFeeFromTheFirstPage: what it costs stands on the review
// page and on the slip; nobody is waited for, and the page says by which rule.
func TestAGrantByRuleWithItsFeeFromTheFirstPage(t *testing.T) {
	w := newTown(t)
	w.widened()
	w.officer("kepala", "dpmptsp", "kepala_dpmptsp")
	b := w.browser()
	b.get("/services/uji-izin")
	b.send("/services/uji-izin/start").at("/person")
	draft := "/draft/" + b.code()
	b.send(draft+"/person", "name", "Sekar Wulandari", "nik", "3360 0157 0495 0001").at("/matter")
	b.send(draft+"/matter", "scale", "sedang", "area", "40").at("/papers")
	b.sendFiles(draft+"/papers", []attached{{"ktp", "ktp.jpg", photo(w.t, 40, 30)}}).at("/review").says("Rp40.000")
	b.get(draft + "/matter?back=review")
	b.send(draft+"/matter", "scale", "kecil").at("/review").says("Gratis")
	b.send(draft + "/submit").at("/receipt").says("Biaya: Gratis")
	code := b.code()
	w.must(w.Jobs.Drain(context.Background()))
	b.get("/track/"+code).says("Permohonan disetujui", "Oleh sistem menurut aturan", "memenuhi seluruh syarat sebuah aturan", "Perbup 1/2026", "Unduh")
}
