package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pendopo/engine/casework"
	"pendopo/kernel/blob"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// stages are how far reports come, by the word in the file.
func stages() map[string]func(*report) {
	return map[string]func(*report){
		"waiting": func(*report) {}, "flood_words": func(*report) {}, "flood_phone": func(*report) {}, "flood_place": func(*report) {},
		"back": (*report).back, "sent": (*report).sent, "late": (*report).sent, "work": (*report).worked, "secretwork": (*report).worked,
		"order": (*report).ordered, "reply": func(r *report) { r.finished(4) }, "solved": (*report).solved, "silence": func(r *report) { r.finished(6) },
		"reopened": (*report).reopened, "reopensolved": (*report).reopenedAndSolved, "rejected": (*report).rejected, "objected": (*report).objected,
		"merged": (*report).merged, "withdrawn": (*report).withdrawn, "helped": (*report).helped, "checked": (*report).checked, "notours": (*report).notOurs,
	}
}

// act1 plans a deed some working days after the report was told, unless that is
// still to come.
func (r *report) act1(days int, login string, d casework.Deed) {
	if days > r.days {
		return // not yet
	}
	r.deed(r.moment(r.days-days, days), login, d)
}

// sent: the coordinator has looked, shows it where it may be shown, and sends it on.
func (r *report) sent() { r.dispatched(1, r.unit) }

func (r *report) dispatched(days int, unit string) {
	d := casework.Deed{Action: "dispatch", Unit: unit, Given: form.Answers{"kind": r.kind(), "category": r.category}}
	if r.title != "" && !r.has("secret") {
		d.Public = &flow.Words{Title: r.title, Text: r.text}
	}
	r.lazily(days, coordinator, d, func(d *casework.Deed) error {
		if d.Public != nil {
			d.Photos = r.photos
		}
		return nil
	})
}

// lazily plans a deed that is completed when its time has come: with files, which
// are stored under a key that there is only then.
func (r *report) lazily(days int, login string, d casework.Deed, complete func(*casework.Deed) error) {
	if days > r.days {
		return
	}
	at := r.moment(r.days-days, days)
	r.tale.w.plan1(at, func(context.Context) error {
		if r.skip {
			return nil
		}
		return complete(&d)
	})
	r.deedOf(at, login, &d)
}

// answered: the unit says what it will do.
func (r *report) answered(days int) {
	r.act1(days, worker(r.unit), casework.Deed{Action: "answer", Given: form.Answers{"first_answer": said(answersOf(r.kind()), r.n)}})
}

func (r *report) worked() {
	r.sent()
	r.answered(3)
	if r.n%3 == 0 {
		r.act1(5, "", casework.Deed{Do: flow.DoWrite, Note: said(asking(), r.n)})
		r.act1(6, worker(r.unit), casework.Deed{Do: flow.DoWrite, Note: said(replies(), r.n)})
	}
}

// finished: done, with a picture or a letter for proof; now it is for the reporter
// to say something.
func (r *report) finished(days int) {
	r.sent()
	if r.n%2 == 0 {
		r.answered(2)
		r.done(days, false)
		return
	}
	r.done(days-1, true) // done before a first answer was due
}

// done ends the work. At the step of the first answer the picture of what was
// done may be shown at once.
func (r *report) done(days int, show bool) {
	d := casework.Deed{Action: "finish", Given: form.Answers{"done": said(doneOf(r.category), r.n)}}
	r.lazily(days, worker(r.unit), d, func(d *casework.Deed) error {
		id, err := r.proof(r.stream)
		if err != nil {
			return err
		}
		d.Given["proof"] = []string{id}
		if show && r.title != "" && !r.has("secret") && r.picture != "-" {
			d.Public, d.Photos = &flow.Words{Title: r.title, Text: r.text}, append(slices.Clone(r.photos), id)
		}
		return nil
	})
}

// proof is the same picture after the work, or a letter.
func (r *report) proof(stream string) (string, error) {
	if r.picture == "-" {
		return r.tale.w.paper(stream, "Berita acara penanganan", r.unit)
	}
	content, err := scene(r.picture, uint64(r.n+1), true)
	if err != nil {
		return "", err
	}
	return r.tale.w.store(stream, blob.Info{Name: "sesudah.jpg", Type: "image/jpeg"}, content)
}

// solved: the reporter says so. Every third went through the hands of a field
// officer.
func (r *report) solved() {
	if r.n%3 == 0 && fielder(r.unit) != "" && r.picture != "-" {
		r.ordered()
		r.fielded(5)
		r.done(6, false)
	} else {
		r.finished(6)
	}
	r.act1(8, "", casework.Deed{Action: "solved"})
}

// ordered: a field officer has a work order.
func (r *report) ordered() {
	r.sent()
	r.answered(2)
	r.act1(3, worker(r.unit), casework.Deed{Action: "order", Unit: r.unit, Given: form.Answers{"order_words": said(orders(), r.n)}})
}

// fielded: the field officer was there, and has photographed before and after.
func (r *report) fielded(days int) {
	if days > r.days {
		return
	}
	at := r.moment(r.days-days, days)
	child := r.asked(at, "perintah-kerja")
	d := casework.Deed{Action: "done", Given: form.Answers{"work_words": said(doneOf(r.category), r.n+1)}}
	r.evidence(child, at, &d, "before", "after")
	child.deedOf(at, fielder(r.unit), &d)
}

// evidence stores pictures of another case under its own key: before the work and
// after it.
func (r *report) evidence(child *tale, at time.Time, d *casework.Deed, fields ...string) {
	r.tale.w.plan1(at, func(context.Context) error {
		if child.skip {
			return nil
		}
		for i, f := range fields {
			content, err := scene(r.picture, uint64(r.n+1), i > 0 || len(fields) == 1)
			if err != nil {
				return err
			}
			id, err := r.tale.w.store(child.stream, blob.Info{Name: f + ".jpg", Type: "image/jpeg"}, content)
			if err != nil {
				return err
			}
			d.Given[f] = []string{id}
		}
		return nil
	})
}

func (r *report) reopened() {
	r.finished(4)
	d := casework.Deed{Action: "not_solved", Note: said(unsolved(), r.n), Given: form.Answers{}}
	r.lazily(6, "", d, func(d *casework.Deed) error {
		if r.picture == "-" {
			return nil
		}
		content, err := scene(r.picture, uint64(r.n+2), false)
		if err != nil {
			return err
		}
		id, err := r.tale.w.store(r.stream, blob.Info{Name: "sekarang.jpg", Type: "image/jpeg"}, content)
		d.Given["still"] = []string{id}
		return err
	})
}

func (r *report) reopenedAndSolved() {
	r.reopened()
	r.done(10, false)
	r.act1(12, "", casework.Deed{Action: "solved"})
}

func (r *report) rejected() {
	r.act1(1, coordinator, casework.Deed{Action: "reject", Reason: "not_government"})
}

func (r *report) objected() {
	r.rejected()
	r.act1(4, "", casework.Deed{Action: "object", Note: "Sekolah itu sekolah negeri dan iurannya diumumkan di papan sekolah, jadi menurut saya tetap urusan dinas."})
}

// merged: the same as another report, which goes on for both.
func (r *report) merged() {
	at := r.moment(r.days-1, 1)
	d := casework.Deed{Action: "merge"}
	r.tale.w.plan1(at, func(context.Context) error {
		if d.Into = r.into.stream; d.Into == "" && !r.skip {
			return errors.New("demo: what a report goes into is not there")
		}
		return nil
	})
	r.deedOf(at, coordinator, &d)
}

func (r *report) withdrawn() { r.act1(1, "", casework.Deed{Action: "withdraw"}) }

func (r *report) back() {
	r.sendBack(r.moment(r.days-1, 1), coordinator, "clear", "Sebutkan nama jalan atau patokan terdekat, supaya petugas dapat menemukannya.")
}

// helped: another unit has helped.
func (r *report) helped() {
	r.sent()
	r.answered(2)
	helper := "dlh"
	r.act1(3, worker(r.unit), casework.Deed{Action: "help", Unit: helper, Given: form.Answers{"help_words": "Mohon dibantu membersihkan lokasi supaya alat berat dapat masuk."}})
	if r.days < 20 {
		return // still asked
	}
	child := r.asked(r.moment(r.days-5, 5), "bantuan-unit")
	child.deed(r.moment(r.days-5, 5), worker(helper), casework.Deed{Action: "done", Given: form.Answers{"help_result": "Lokasi sudah dibersihkan dan dipagari sementara."}})
	r.done(7, false)
	r.act1(9, "", casework.Deed{Action: "solved"})
}

// checked: a second unit has looked whether it is really solved.
func (r *report) checked() {
	r.sent()
	r.answered(2)
	other := map[bool]string{true: "dlh", false: "dpupr"}[r.unit == "dpupr"]
	r.act1(4, worker(r.unit), casework.Deed{Action: "look", Unit: other, Given: form.Answers{"look_words": "Mohon dilihat apakah pekerjaan di lokasi sudah tuntas."}})
	at := r.moment(r.days-6, 6)
	child := r.asked(at, "cek-lapangan")
	d := casework.Deed{Action: "done", Given: form.Answers{"state": "solved", "seen_words": "Kami datangi tadi pagi, keadaannya sudah baik."}}
	r.evidence(child, at, &d, "seen_photo")
	child.deedOf(at, fielder(other), &d)
	r.done(7, false)
	r.act1(9, "", casework.Deed{Action: "solved"})
}

// notOurs: the first unit sends it back, the right one takes it up.
func (r *report) notOurs() {
	wrong := map[bool]string{true: "dishub", false: "dpupr"}[r.unit == "dpupr"]
	r.dispatched(1, wrong)
	r.act1(2, worker(wrong), casework.Deed{Action: "not_ours", Note: "Setelah kami lihat, ini bukan wewenang kami. Mohon diteruskan ke unit yang tepat."})
	r.dispatched(3, r.unit)
	r.answered(5)
}

// inquiries are reports about officials, which the Inspectorate alone handles.
func (w *world) inquiries() {
	for i, q := range []struct {
		days                           int
		category, region, office, text string
		anonymous                      bool
	}{
		{40, "pungli", "33.60.01.1003", "Petugas pasar Tegalwangi", "Petugas meminta uang keamanan lima puluh ribu seminggu di luar karcis. Yang menolak lapaknya digeser.", true},
		{18, "aset", "33.60.02.2003", "Perangkat desa", "Mobil siaga desa dipakai untuk mengantar barang dagangan keluarga hampir setiap hari.", true},
		{9, "disiplin", "33.60.03.1001", "Pegawai kelurahan", "Pegawai datang absen pagi lalu pergi dan baru kembali sore. Ini sudah berbulan-bulan.", false},
		{1, "wewenang", "33.60.01.1001", "Kepala bidang", "Anak kepala bidang diterima sebagai tenaga kontrak tanpa pengumuman, pelamar lain tidak pernah dipanggil.", true},
	} {
		who := reporter(500 + i)
		a := form.Answers{"category": q.category, "region": q.region, "what": q.text, "accused_unit": q.office, "anonymous": "ya", "phone": who.phone()}
		if !q.anonymous {
			a["anonymous"], a["name"] = "tidak", who.name
		}
		t := w.submit(fmt.Sprintf("inquiry-%d", i), w.at(q.days, fmt.Sprintf("%02d:20", 9+i)), casework.Submission{Service: inquiryService, Channel: "portal", Answers: a})
		if q.days < 3 {
			continue
		}
		t.act(w.at(q.days-2, "10:15"), "dewi", "approve")
		t.deed(w.at(q.days-4, "13:40"), "dewi", casework.Deed{Action: "answer", Given: form.Answers{"first_answer": "Laporan Anda kami periksa. Tim akan meminta keterangan tanpa menyebut sumber laporan."}})
	}
	w.opening()
}

// opening: two guards of the identity open one, because somebody is in danger.
func (w *world) opening() {
	for _, t := range w.opened {
		w.plan1(t.moment(t.days-3, 3), func(ctx context.Context) error {
			if t.skip {
				return nil
			}
			guard := func(login string) casework.Guard {
				return casework.Guard{Officer: w.ids[login], By: fold.Holder{Who: "role", Role: "penjaga_identitas", Unit: "inspektorat"}}
			}
			_, err := w.in.Cases.OpenVault(ctx, casework.VaultOpening{Stream: t.stream, Guards: [2]casework.Guard{guard("arif"), guard("lestari")}, Reason: "danger", Words: "Pelapor menulis bahwa ia diikuti orang; polisi meminta dapat menghubunginya malam ini."})
			return err
		})
	}
}
