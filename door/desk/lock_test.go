package desk_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A locked desk shows nothing and does nothing until its officer is back.
func TestALockedDeskShowsAndDoesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		w.officer("sari", sekararum+"/petugas_layanan")
		got := w.applies("lock")
		b := w.as("sari").get("/desk/cases/" + got.Code).is(http.StatusOK)
		form, values := b.form("/desk/cases/")
		b.send("/desk/lock", nil).is(http.StatusSeeOther)
		for _, path := range []string{"/desk", "/desk/cases/" + got.Code, "/desk/account", "/desk/enter", "/desk/find"} {
			if b.get(path).is(http.StatusSeeOther); !strings.HasPrefix(b.header.Get("Location"), "/desk/lock?") {
				t.Errorf("%s leads to %s", path, b.header.Get("Location"))
			}
		}
		if b.post(form, values).is(http.StatusSeeOther); b.header.Get("Location") != "/desk/lock?unsent=yes" {
			t.Errorf("a form leads to %s", b.header.Get("Location"))
		}
		b.get("/desk/lock?next=/desk/cases/"+got.Code).is(http.StatusOK).hides(got.Code+"<", "Sekar Wulandari", "Daftar kerja")
		b.sound("lock")
		b.send("/desk/unlock", url.Values{"password": {"bukan ini kata sandinya"}}).is(http.StatusUnprocessableEntity).shows("Kata sandi tidak cocok")
		b.sound("lock with a wrong password")
		b.get("/desk").is(http.StatusSeeOther)
		b.get("/desk/lock?next=/desk/cases/"+got.Code).send("/desk/unlock", url.Values{"password": {password}}).is(http.StatusSeeOther)
		if to := b.header.Get("Location"); to != "/desk/cases/"+got.Code {
			t.Errorf("leads back to %s", to)
		}
		b.get("/desk/cases/" + got.Code).is(http.StatusOK).shows("Sekar Wulandari")
	})
}

// Somebody else sits down at a locked desk: the first is logged out, and
// nothing of theirs goes along, not even the lock.
func TestAnotherOfficerSitsDownAndNothingOfTheFirstStays(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	w.officer("kardi", kauman+"/petugas_layanan")
	got := w.applies("switch")
	b := w.as("sari")
	b.get("/desk").send("/desk/lock", nil)
	first := *b.cookies["pendopo"]
	b.get("/desk/lock").send("/desk/login", url.Values{"login": {"kardi"}, "password": {password}}).is(http.StatusSeeOther)
	b.get("/desk").is(http.StatusOK).shows("Petugas kardi").hides("Petugas sari", got.Code)
	b.get("/desk/cases/" + got.Code).is(http.StatusForbidden)
	old := w.browser()
	old.cookies["pendopo"] = &first
	if old.get("/desk").is(http.StatusSeeOther); old.header.Get("Location") != "/desk/login" {
		t.Errorf("the session of the first leads to %s", old.header.Get("Location"))
	}
}

func TestAnOfficerLogsOutElsewhere(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		w.officer("sari", sekararum+"/petugas_layanan")
		w.officer("kardi", kauman+"/petugas_layanan")
		here, there, third, other := w.as("sari"), w.as("sari"), w.as("sari"), w.as("kardi")
		here.get("/desk/account").shows("Komputer ini", "Keluarkan dari semua tempat lain")
		here.sound("account")
		one := regexp.MustCompile(`name="session" value="([0-9a-f]{16})"`).FindStringSubmatch(here.body)
		here.send("/desk/sessions/end", url.Values{"session": {one[1]}}).is(http.StatusSeeOther)
		here.get("/desk").is(http.StatusOK)
		open := 0
		for _, b := range []*browser{there, third} {
			if b.get("/desk"); b.code == http.StatusOK {
				open++
			}
		}
		if open != 1 {
			t.Errorf("%d of the two others are open", open)
		}
		here.get("/desk/account").hides("Keluarkan dari semua")
		here.send("/desk/sessions/end", url.Values{"session": {""}}).is(http.StatusSeeOther)
		there.get("/desk").is(http.StatusSeeOther)
		third.get("/desk").is(http.StatusSeeOther)
		other.get("/desk").is(http.StatusOK)
	})
}
