package desk_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"testing"
)

var changing = regexp.MustCompile(`name="_token" value="[^"]*"|name="login" type="text" value="[^"]*"`)

func TestUnknownNameAndWrongPasswordGetTheSameAnswer(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	answer := func(login string) (int, string) {
		b := w.browser().get("/desk/login")
		b.send("/desk/login", url.Values{"login": {login}, "password": {"salah sekali kata ini"}})
		return b.code, changing.ReplaceAllString(b.body, "")
	}
	code, wrong := answer("sari")
	if code != http.StatusUnauthorized {
		t.Errorf("a wrong password is answered %d", code)
	}
	if other, unknown := answer("nobody"); other != code || unknown != wrong {
		t.Errorf("an unknown name is answered otherwise: %d\n%s\n%s", other, unknown, wrong)
	}
}

func TestLogInTurnsSessionAndTokenOver(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	b := w.browser()
	b.cookies["pendopo"] = &http.Cookie{Name: "pendopo", Value: "planted"}
	b.get("/desk/login")
	_, before := b.form("/desk/login")
	b.send("/desk/login", url.Values{"login": {"sari"}, "password": {password}}).is(http.StatusSeeOther)
	c := b.cookies["pendopo"]
	if c.Value == "planted" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge > 0 || !c.Expires.IsZero() {
		t.Errorf("the cookie after log-in: %+v", c)
	}
	b.post("/desk/logout", before).is(http.StatusForbidden)
	old := *c
	b.get("/desk/account").is(http.StatusOK)
	b.send("/desk/logout", nil).is(http.StatusSeeOther)
	b.cookies["pendopo"] = &old
	if b.get("/desk").is(http.StatusSeeOther); b.header.Get("Location") != "/desk/login" {
		t.Errorf("after log-out the old cookie leads to %s", b.header.Get("Location"))
	}
}

func TestDisabledOfficerIsOutAtOnce(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	b := w.as("sari").get("/desk").is(http.StatusOK)
	w.must(w.Identity.Disable(context.Background(), w.ids["sari"], ""))
	b.get("/desk").is(http.StatusSeeOther)
}

func TestTemporaryPasswordMustBeChangedFirst(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	w.must(w.Identity.SetPassword(context.Background(), w.ids["sari"], "sementara saja dulu", ""))
	b := w.browser().get("/desk/login")
	b.send("/desk/login", url.Values{"login": {"sari"}, "password": {"sementara saja dulu"}}).is(http.StatusSeeOther)
	if b.get("/desk").is(http.StatusSeeOther); b.header.Get("Location") != "/desk/account" {
		t.Fatalf("a temporary password leads to %s", b.header.Get("Location"))
	}
	b.get("/desk/account").is(http.StatusOK).sound("account")
	first := b.cookies["pendopo"].Value
	b.send("/desk/password", url.Values{"old": {"bukan yang lama itu"}, "password": {password}, "again": {password}}).is(422)
	b.send("/desk/password", url.Values{"old": {"sementara saja dulu"}, "password": {password}, "again": {"lain"}}).is(422)
	b.shows("Kedua kata sandi baru tidak sama")
	b.send("/desk/password", url.Values{"old": {"sementara saja dulu"}, "password": {password}, "again": {password}}).is(http.StatusSeeOther)
	if b.cookies["pendopo"].Value == first {
		t.Error("the session is the same after the change")
	}
	b.get("/desk").is(http.StatusOK)
}

func TestTooManyWrongPasswordsAreTurnedAway(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	b := w.browser().get("/desk/login")
	for range 30 {
		b.send("/desk/login", url.Values{"login": {"sari"}, "password": {"salah sekali kata ini"}})
		if b.code == http.StatusTooManyRequests {
			if b.header.Get("Retry-After") == "" {
				t.Error("it does not say when to come again")
			}
			return
		}
	}
	t.Error("thirty wrong passwords were all looked at")
}

func TestLogInLeadsBackInsideOnly(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	for to, want := range map[string]string{
		"/desk/enter": "/desk/enter", "https://elsewhere.example/": "/desk", "//elsewhere.example/desk/": "/desk", "/track": "/desk", `/desk/\elsewhere`: "/desk",
	} {
		b := w.browser().get("/desk/login?next=" + url.QueryEscape(to))
		b.send("/desk/login", url.Values{"login": {"sari"}, "password": {password}})
		if got := b.header.Get("Location"); got != want {
			t.Errorf("%s leads to %s", to, got)
		}
	}
}
