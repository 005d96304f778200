package desk_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"pendopo/engine/identity"
)

// The head sees what is late and what soon will be, who has too much to do and
// who holds what until when; nothing sealed.
func TestASupervisorSeesTheUnit(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		w.officer("sari", sekararum+"/petugas_layanan")
		w.officer("ratih", sekararum+"/lurah")
		w.officer("darmo")
		_, err := w.Identity.Assign(context.Background(), w.ids["darmo"], identity.Assignment{
			Unit: sekararum, Role: "sekretaris_kelurahan", From: "2026-03-10", Until: "2026-03-31", Kind: identity.Plt}, "", "")
		w.must(err)
		got := w.applies("unit")
		b := w.as("ratih").get("/desk/unit").is(http.StatusOK)
		b.shows("Kelurahan Sekararum", got.Code, "Tidak ada yang terlambat", "Pelaksana tugas (Plt.)", "10 Maret 2026 sampai 31 Maret 2026", "Petugas darmo")
		b.hides("Sekar Wulandari")
		b.sound("unit")
		w.clock = w.clock.Add(48 * time.Hour)
		b = w.as("ratih").get("/desk/unit").is(http.StatusOK).shows(got.Code, "Tidak ada yang mendesak")
		w.as("sari").get("/desk/unit").is(http.StatusForbidden)
	})
}

// A unit stands still by the word of two, with a letter; and runs on likewise.
func TestTwoOfficersLetAUnitStand(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		w.officer("ratih", sekararum+"/lurah")
		w.officer("sari", sekararum+"/petugas_layanan")
		w.officer("kardi", kauman+"/petugas_layanan")
		got := w.applies("stand")
		b := w.as("ratih")
		order := func(second, secret string) *browser {
			return b.get("/desk/unit").send("/desk/unit/suspend", url.Values{"evidence": {"800/12/2026"}, "second": {second}, "second-password": {secret}, "do": {"suspend"}})
		}
		order("sari", "bukan kata sandinya").is(http.StatusUnprocessableEntity).shows("tidak cocok")
		b.sound("a wrong second")
		order("ratih", password).is(http.StatusUnprocessableEntity).shows("orang lain")
		order("kardi", password).is(http.StatusUnprocessableEntity).shows("orang lain")
		b.get("/desk/unit").send("/desk/unit/suspend", url.Values{"second": {"sari"}, "second-password": {password}, "do": {"suspend"}}).is(http.StatusUnprocessableEntity).shows("nomor surat")
		order("sari", password).is(http.StatusSeeOther)
		b.get("/desk/unit").is(http.StatusOK).shows("Unit ini sedang berhenti", "800/12/2026", "Petugas ratih, Petugas sari")
		b.sound("a unit that stands")
		c, err := w.Cases.State(context.Background(), got.Stream)
		w.must(err)
		if _, standing := c.Standing(); !standing {
			t.Error("the case runs on")
		}
		b.get("/desk/unit").send("/desk/unit/suspend", url.Values{"second": {"sari"}, "second-password": {password}, "do": {"unsuspend"}}).is(http.StatusSeeOther)
		b.get("/desk/unit").hides("Unit ini sedang berhenti")
	})
}
