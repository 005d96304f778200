package admin_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pendopo/engine/administration"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/kernel/job"
)

// TestAnOfficerIsAddedGivenARoleAndShutOut is what an administrator does with people.
func TestAnOfficerIsAddedGivenARoleAndShutOut(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		b := w.as("ratna")
		b.get("/admin/officers").is(http.StatusOK).sound().shows("Petugas clerk", "Tidak memegang peran.")
		fresh := url.Values{"name": {"Wulan Rekaan, S.Sos."}, "login": {"wulan"}, "confirm": {"bukan kata sandinya"}}
		b.send("/admin/officers", fresh).is(http.StatusUnprocessableEntity).shows("Kata sandi Anda tidak cocok", "Wulan Rekaan")
		fresh.Set("confirm", password)
		b.send("/admin/officers", fresh).is(http.StatusOK).sound().shows("hanya terlihat sekali")
		once := regexp.MustCompile(`Kata sandi: <code>([^<]+)</code>`).FindStringSubmatch(b.body)
		if once == nil {
			t.Fatal("no password is shown")
		}
		her := regexp.MustCompile(`href="(/admin/officers/[^"]+)">Beri Wulan`).FindStringSubmatch(b.body)[1]
		wulan := w.browser().get("/desk/login")
		wulan.send("/desk/login", url.Values{"login": {"wulan"}, "password": {once[1]}}).is(http.StatusSeeOther)
		if wulan.header.Get("Location") != "/desk/account" {
			t.Error("the password needs no change")
		}

		b.get(her).is(http.StatusOK).sound().hides(once[1])
		give := func(role string) *browser {
			_, v := b.get(her).form(her)
			return b.post(her, url.Values{"_token": v["_token"], "do": {"assign"}, "unit": {"kel-sekararum"}, "role": {role}, "kind": {"plt"}, "from": {"2026-03-01"}, "confirm": {password}})
		}
		give("petugas_layanan").is(http.StatusUnprocessableEntity).shows("memerlukan tanggal berakhir").sound()
		_, v := b.get(her).form(her)
		post := url.Values{"_token": v["_token"], "do": {"assign"}, "unit": {"kel-sekararum"}, "role": {"petugas_layanan"}, "kind": {"plt"}, "from": {"2026-03-01"}, "until": {"2026-06-30"}, "mandate": {"SK 800/1/2026"}, "confirm": {password}}
		b.post(her, post)
		b.follow().sound().shows("Peran diberikan", "Petugas layanan", "1 Maret 2026 sampai 30 Juni 2026")

		mail := func(address, confirm string) *browser {
			_, v := b.get(her).form(her)
			return b.post(her, url.Values{"_token": v["_token"], "do": {"email"}, "email": {address}, "confirm": {confirm}})
		}
		b.get(her).shows("Belum ada alamat.")
		mail("bukan-alamat", password).is(http.StatusUnprocessableEntity).sound().shows("Tulis alamat surel")
		mail("wulan@contoh.example", "bukan kata sandinya").is(http.StatusUnprocessableEntity).sound().shows("Belum ada alamat.")
		mail("Wulan@Contoh.example", password)
		b.follow().sound().shows("Alamat surel disimpan", "W•••@contoh.example", "Alamat surel diatur").hides("ulan@")
		if address, err := w.Identity.Email(t.Context(), her[strings.LastIndex(her, "/")+1:]); err != nil || address != "Wulan@contoh.example" {
			t.Errorf("the address is %q, %v", address, err)
		}
		mail("", password)
		b.follow().shows("Belum ada alamat.")

		for _, step := range []struct{ do, says string }{{"disable", "Akses ditutup"}, {"enable", "Akses dibuka"}} {
			_, v := b.get(her).form(her)
			b.post(her, url.Values{"_token": v["_token"], "do": {step.do}, "confirm": {"bukan sandinya"}}).is(http.StatusUnprocessableEntity).
				sound().shows(`<details class="fold" open>`, `id="confirm-`+step.do+`-error"`)
			b.post(her, url.Values{"_token": v["_token"], "do": {step.do}, "confirm": {password}})
			b.follow().shows(step.says)
		}
		b.get("/admin/record").is(http.StatusOK).sound().shows("Wulan Rekaan, S.Sos.: Petugas ditambahkan", "Diberi peran", "Akses dibuka", "Petugas ratna")
		w.proves()
	})
}

func TestAnAdministratorIsMadeByTwo(t *testing.T) {
	w := newTown(t, conf.Place{})
	ratna, bagus := w.as("ratna"), w.as("bagus")
	at := "/admin/officers/" + w.ids["clerk"]
	_, v := ratna.get(at).form(at)
	ratna.post(at, url.Values{"_token": v["_token"], "do": {"assign"}, "unit": {"setda"}, "role": {"administrator"}, "kind": {"definitive"}, "from": {"2026-03-01"}, "confirm": {password}})
	ratna.follow().shows("memerlukan persetujuan administrator lain")
	if err := w.holds("clerk"); err == nil {
		t.Error("one was enough")
	}
	ratna.get("/admin/officers").shows("Peran yang menunggu administrator kedua").sound()
	ratna.send("/admin/requests/", url.Values{"do": {"agree"}, "confirm": {password}}).is(http.StatusForbidden)
	bagus.get("/admin").shows("Peran yang menunggu persetujuan: 1")
	bagus.get("/admin/officers")
	bagus.send("/admin/requests/", url.Values{"do": {"agree"}, "confirm": {password}}).is(http.StatusSeeOther)
	w.must(w.holds("clerk"))
	own := "/admin/officers/" + w.ids["ratna"]
	_, v = ratna.get("/admin/officers").form("/admin/officers")
	ratna.post(own, url.Values{"_token": v["_token"], "do": {"disable"}, "confirm": {password}}).is(http.StatusForbidden)
}

// TestOneAdministratorIsNotTwo: whoever could set the password of the second
// administrator could agree to their own proposals.
func TestOneAdministratorIsNotTwo(t *testing.T) {
	w := newTown(t, conf.Place{})
	ratna := w.as("ratna")
	reset := func(login string) *browser {
		at := "/admin/officers/" + w.ids[login]
		_, v := ratna.get(at).form(at)
		return ratna.post(at, url.Values{"_token": v["_token"], "do": {"password"}, "confirm": {password}})
	}
	reset("bagus").is(http.StatusConflict).sound().shows("tidak dapat diganti oleh satu administrator").hides("hanya terlihat sekali")
	w.as("bagus").get("/admin").is(http.StatusOK)
	reset("clerk").is(http.StatusOK).shows("hanya terlihat sekali")
}

// holds reports whether an officer is an administrator now.
func (w *town) holds(login string) error {
	who, err := w.Identity.Principal(context.Background(), w.ids[login])
	w.must(err)
	for _, p := range who.Posts {
		if p.Role == "administrator" {
			return nil
		}
	}
	return errors.New("not an administrator")
}

func TestDeadWorkIsTriedAgainOrGivenUpForAReason(t *testing.T) {
	for _, w := range []*town{newTown(t, conf.Place{})} {
		w.Jobs.Handle("test.fails", func(context.Context, job.Job) error { return errors.New("the printer is away") })
		w.must(w.DB.Write(func(tx db.Tx) error { return job.Enqueue(tx, job.Job{Kind: "test.fails"}) }))
		for range 12 {
			_ = w.Jobs.Drain(context.Background())
			w.clock = w.clock.Add(3 * time.Hour)
		}
		b := w.as("ratna")
		b.get("/admin/system").is(http.StatusOK).sound().shows("test.fails", "the printer is away")
		b.send("/admin/system/jobs/", url.Values{"do": {"drop"}}).is(http.StatusUnprocessableEntity)
		b.get("/admin/system").send("/admin/system/jobs/", url.Values{"do": {"revive"}}).follow().hides("the printer is away")
		b.get("/admin/record").shows("Pekerjaan dicoba lagi")
		for range 12 {
			_ = w.Jobs.Drain(context.Background())
			w.clock = w.clock.Add(3 * time.Hour)
		}
		b = w.as("ratna")
		b.get("/admin/system").send("/admin/system/jobs/", url.Values{"do": {"drop"}, "reason": {"done_by_hand"}}).follow().hides("test.fails")
		b.get("/admin/record").shows("Pekerjaan dihentikan: Sudah dikerjakan dengan tangan").sound()
	}
}

func TestTheRecordIsProvenFromThePage(t *testing.T) {
	w := newTown(t, conf.Place{})
	b := w.as("ratna")
	b.get("/admin/system").is(http.StatusOK).shows("Belum pernah diperiksa").sound()
	b.send("/admin/system/verify", nil).follow().shows("sedang berjalan")
	w.must(w.Jobs.Drain(context.Background()))
	if _, err := w.Ledger.Sequence(context.Background()); err != nil {
		t.Fatal(err)
	}
	b.get("/admin/system").hides("sedang berjalan")
	list, err := w.Admin.Deeds(context.Background(), 1, administration.Verified)
	w.must(err)
	if len(list) != 1 {
		t.Fatal("nothing was found out")
	}
}
