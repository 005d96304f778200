package admin_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pendopo/engine/administration"
	"pendopo/kernel/conf"
)

// TestAChangeIsMadeByTwo is the whole way of a change: one prepares it in plain
// fields, another agrees, citizens see it, and it can be taken back.
func TestAChangeIsMadeByTwo(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ratna, bagus, citizen := w.as("ratna"), w.as("bagus"), w.browser()
		base := ratna.proposes("Ringkasan yang lebih jelas", domicile)
		edit := base + "/edit?file=" + url.QueryEscape(domicile)
		ratna.sound().shows("Penjelasan singkat (Bahasa Indonesia)")

		ratna.send(edit, url.Values{"v.summary.id": {"Bukti bahwa Anda tinggal di sini: resmi, gratis."}, "do": {"save"}})
		ratna.follow().shows("Tersimpan dalam usulan").sound()
		citizen.get("/services/" + domicileID).is(http.StatusOK).hides("resmi, gratis.")

		ratna.get(base).is(http.StatusOK).sound().shows("Ringkasan yang lebih jelas", "Penjelasan singkat", "resmi, gratis.", "Lolos pemeriksaan")
		ratna.get(base+"/diff?file="+url.QueryEscape(domicile)).is(http.StatusOK).sound().shows("<ins>+   id:", "<del>−   id:")
		ratna.get(base+"/preview/"+domicileID).is(http.StatusOK).shows("resmi, gratis.", "Beginilah warga akan melihatnya")

		ratna.says(base, "approve").is(http.StatusConflict)
		ratna.says(base, "propose").follow().shows("Menunggu persetujuan")
		ratna.says(base, "approve").is(http.StatusForbidden)
		bagus.get("/admin").is(http.StatusOK).sound().shows("menunggu persetujuan Anda")
		bagus.get(base).is(http.StatusOK).sound()
		bagus.send(base, url.Values{"do": {"approve"}, "confirm": {"bukan kata sandinya"}}).is(http.StatusUnprocessableEntity).shows("Kata sandi Anda tidak cocok")
		citizen.get("/services/" + domicileID).hides("resmi, gratis.")
		w.clock = w.clock.Add(time.Minute)
		bagus.says(base, "approve").follow().shows("Sudah terbit", "Petugas ratna", "Petugas bagus")
		citizen.get("/services/" + domicileID).shows("resmi, gratis.")

		versions, err := w.Cases.SourceVersions(context.Background())
		w.must(err)
		if len(versions) != 2 || len(versions[0].By) != 2 || versions[0].By[0] != w.ids["ratna"] || versions[0].By[1] != w.ids["bagus"] {
			t.Errorf("published as %+v", versions)
		}
		_, files, err := w.Cases.Source(context.Background())
		w.must(err)
		before, err := w.Cases.SourceAt(context.Background(), versions[1].Hash)
		w.must(err)
		if d := differing(before[domicile], files[domicile]); d != 1 {
			t.Errorf("%d lines of the file changed", d)
		}

		bagus.get("/admin/versions").is(http.StatusOK).sound()
		bagus.send("/admin/versions/"+versions[1].Hash, nil).is(http.StatusSeeOther)
		back := bagus.header.Get("Location")
		bagus.says(back, "propose").is(http.StatusSeeOther)
		bagus.says(back, "approve").is(http.StatusForbidden)
		w.clock = w.clock.Add(time.Minute)
		ratna.says(back, "approve").is(http.StatusSeeOther)
		citizen.get("/services/" + domicileID).hides("resmi, gratis.")

		ratna.get("/admin/record").is(http.StatusOK).sound().shows("Usulan disetujui dan terbit", "Ringkasan yang lebih jelas", "Petugas bagus", "Usulan dimulai")
		w.proves()
	})
}

func differing(a, b string) (n int) {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	if len(x) != len(y) {
		return -1
	}
	for i := range x {
		if x[i] != y[i] {
			n++
		}
	}
	return n
}

// proves wants rows and record to agree.
func (w *town) proves() {
	w.t.Helper()
	w.must(w.VerifyRows(context.Background(), func(words string) { w.t.Error(words) }))
}

func TestCheckStandsBesideTheField(t *testing.T) {
	w := newTown(t, townPlace)
	b := w.as("ratna")
	base := b.proposes("Salah tulis", domicile)
	at := base + "/edit?file=" + url.QueryEscape(domicile)
	b.get(at + "&part=time").is(http.StatusOK).sound()
	b.send(at, url.Values{"v.limit.within": {"soon"}, "v.limit.within#unit": {"working days"}, "do": {"save"}})
	b.follow().sound().shows(`class="fld bad"`, "Janji waktu layanan:")
	b.get(base).shows("Perbaiki dahulu").sound()
	b.says(base, "propose").is(http.StatusUnprocessableEntity)
	b.get(base + "/preview/" + domicileID).is(http.StatusOK).shows("setelah temuan pemeriksaan diperbaiki")
	b.get(base+"/text?file="+url.QueryEscape(domicile)).is(http.StatusOK).sound().shows("soon working days", "Baris ")

	b.send(base+"/text", url.Values{"text": {"id: [\n"}}).follow().shows("Pemeriksaan menemukan")
	b.get(at).is(http.StatusSeeOther) // only the text can be shown
	b.says(base, "undo")
	b.get(base).shows("Yang berubah")
}

func TestListsGrowAndShrink(t *testing.T) {
	w := newTown(t, townPlace)
	b := w.as("ratna")
	base := b.proposes("Syarat baru", domicile)
	at := base + "/edit?file=" + url.QueryEscape(domicile) + "&part=requirements"
	b.get(at).is(http.StatusOK)
	b.send(base+"/edit", url.Values{"add": {"standard.requirements"}, "n.standard.requirements#text#id": {"Bukti lunas: PBB"}}).is(http.StatusUnprocessableEntity).shows("Isi semua bahasa", "Bukti lunas: PBB")
	b.send(base+"/edit", url.Values{"add": {"standard.requirements"}, "n.standard.requirements#text#id": {"Bukti lunas: PBB"}, "n.standard.requirements#text#en": {"Proof of land tax"}})
	b.follow().shows("Bukti lunas: PBB").sound()
	p := w.only()
	if text := p.Changes[0].Body; !strings.Contains(text, `text: {id: "Bukti lunas: PBB", en: Proof of land tax}`) {
		t.Errorf("written as\n%s", text[:3000])
	}
	b.get(base).shows("Lolos pemeriksaan", "Bukti lunas: PBB")
	b.get(at)
	items := strings.Count(b.body, `name="remove"`)
	b.send(base+"/edit", url.Values{"remove": {"standard.requirements[0]"}})
	if b.follow(); strings.Count(b.body, `name="remove"`) != items-1 {
		t.Error("nothing was taken out")
	}
	b.send(base+"/edit", url.Values{"remove": {"flow"}}).is(http.StatusUnprocessableEntity)
}

var townPlace = conf.Place{}

// only is the one proposal there is.
func (w *town) only() administration.Proposal {
	w.t.Helper()
	list, err := w.Admin.Proposals(context.Background())
	w.must(err)
	p, err := w.Admin.Proposal(context.Background(), list[0].ID)
	w.must(err)
	return p
}

func TestTwoWhoEditTheSameProposalDoNotOverwriteEachOther(t *testing.T) {
	w := newTown(t, townPlace)
	ratna, bagus := w.as("ratna"), w.as("bagus")
	base := ratna.proposes("Berdua", "units.yaml")
	at := base + "/edit?file=units.yaml"
	ratna.get(at).is(http.StatusOK).sound()
	bagus.get(at).is(http.StatusOK)
	ratna.send(base+"/edit", url.Values{"v.units[0].phone": {"(0299) 550 999"}}).follow().shows("(0299) 550 999")
	bagus.send(base+"/edit", url.Values{"v.units[0].address": {"Jalan Baru 1"}}).is(http.StatusConflict).shows("orang lain mengubah usulan ini", "Jalan Baru 1")
}

func TestAFileThatChangedMeanwhileCollides(t *testing.T) {
	w := newTown(t, townPlace)
	ratna, bagus := w.as("ratna"), w.as("bagus")
	first, second := ratna.proposes("Yang pertama", "units.yaml"), ratna.proposes("Yang kedua", "units.yaml")
	for base, phone := range map[string]string{first: "(0299) 550 111", second: "(0299) 550 222"} {
		ratna.get(base + "/edit?file=units.yaml")
		ratna.send(base+"/edit", url.Values{"v.units[0].phone": {phone}}).is(http.StatusSeeOther)
		ratna.says(base, "propose").is(http.StatusSeeOther)
	}
	bagus.says(first, "approve").is(http.StatusSeeOther)
	bagus.get(second).is(http.StatusOK).shows("Bertabrakan", "Pertahankan perubahan ini")
	bagus.says(second, "approve").is(http.StatusConflict)
	_, v := bagus.get(second).form(second)
	bagus.post(second, url.Values{"_token": v["_token"], "version": v["version"], "do": {"keep"}, "file": {"units.yaml"}}).is(http.StatusSeeOther)
	bagus.says(second, "propose").is(http.StatusSeeOther)
	ratna.says(second, "approve").is(http.StatusSeeOther)
	if got := w.Cases.Government().Units[0].Phone; got != "(0299) 550 222" {
		t.Errorf("the phone is %s", got)
	}
}

func TestAHolidayOfTheRegionIsAddedWithoutYAML(t *testing.T) {
	w := newTown(t, townPlace)
	ratna, bagus := w.as("ratna"), w.as("bagus")
	base := ratna.proposes("Hari jadi", "units.yaml")
	ratna.get(base + "/new").is(http.StatusOK).sound()
	decree := url.Values{"do": {"decree"}, "decree": {"Keputusan Bupati 400/18/2026"}, "decree_date": {"2026-03-10"}, "date": {"2026-08-25"}, "day_id": {"Hari jadi kabupaten"}}
	ratna.send(base+"/new", decree).is(http.StatusUnprocessableEntity).shows("Isi semua bahasa", "Keputusan Bupati 400/18/2026")
	decree.Set("day_en", "Anniversary of the regency")
	ratna.send(base+"/new", decree).follow().shows("Hari jadi kabupaten").sound()
	ratna.get(base).shows("Lolos pemeriksaan")
	ratna.says(base, "propose").is(http.StatusSeeOther)
	bagus.says(base, "approve").is(http.StatusSeeOther)
	clock, err := w.Cases.Catalogue().Clock("setda")
	w.must(err)
	if !strings.Contains(string(clock.Set.Canonical()), "Hari jadi kabupaten") {
		t.Error("the calendar does not know the day")
	}
}

func TestAServiceLikeAnother(t *testing.T) {
	w := newTown(t, townPlace)
	b := w.as("ratna")
	base := b.proposes("Layanan baru", "units.yaml")
	b.get(base + "/new")
	b.send(base+"/new", url.Values{"do": {"service"}, "like": {domicile}, "service": {"Salah Kode"}, "service_name": {"X"}}).is(http.StatusUnprocessableEntity)
	b.send(base+"/new", url.Values{"do": {"service"}, "like": {domicile}, "service": {"surat-tinggal-sementara"}, "service_name": {"Surat keterangan tinggal sementara"}})
	b.follow().shows("Surat keterangan tinggal sementara").sound()
	b.get(base).shows("Lolos pemeriksaan")
	b.get(base + "/preview/surat-tinggal-sementara").is(http.StatusOK).shows("Surat keterangan tinggal sementara")
}
