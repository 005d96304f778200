package desk_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pendopo/door/desk"
	"pendopo/kernel/page"
)

// table says what each route answers to whom. The columns:
//
//	nobody     not logged in
//	temporary  logged in with a password that somebody else gave
//	lapsed     an officer without any post
//	clerk      whose turn it is
//	secretary  another role at the unit of the case
//	head       of that unit, who also may send back once more
//	elsewhere  the clerk's role at another unit
//	admin      the administrator
//
// login and account stand for a redirect there; what may be done but was not
// filled in is 422, and what is not there is 404.
const table = `
route                                      nobody  temporary lapsed clerk secretary head elsewhere admin
GET /desk/login                            200     303       303    303   303       303  303       303
GET /desk/lock                             login   303       303    303   303       303  303       303
POST /desk/sessions/end                    login   account   account account account account account account
GET /desk/account                          login   200       200    200   200       200  200       200
POST /desk/password                        login   422       422    422   422       422  422       422
POST /desk/email                           login   account   303    303   303       303  303       303
GET /desk                                  login   account   200    200   200       200  200       200
GET /desk/find                             login   account   303    303   303       303  303       303
POST /desk/find/person                     login   account   403    422   422       422  422       403
GET /desk/cases/{code}                     login   account   403    200   200       200  403       403
POST /desk/cases/{code}/open               login   account   403    200   403       200  403       403
POST /desk/cases/{code}/act                login   account   403    422   403       403  403       403
POST /desk/cases/{code}/clock              login   account   403    422   403       403  403       403
POST /desk/cases/{code}/papers             login   account   403    422   422       422  403       403
POST /desk/cases/{code}/made               login   account   403    422   403       403  403       403
POST /desk/cases/{code}/revoke             login   account   403    403   403       403  403       403
GET /desk/cases/{code}/made/{file}         login   account   403    404   403       404  403       403
GET /desk/cases/{code}/files/{file}        login   account   403    200   403       200  403       403
GET /desk/cases/{code}/document            login   account   403    404   403       404  403       403
GET /desk/cases/{code}/openings            login   account   403    403   403       200  403       403
POST /desk/cases/{code}/messages           login   account   403    409   409       409  403       403
POST /desk/cases/{code}/recall             login   account   403    409   403       403  403       403
POST /desk/cases/{code}/public             login   account   403    400   403       403  403       403
POST /desk/cases/{code}/identity           login   account   403    404   403       404  403       403
GET /desk/vault                            login   account   403    403   403       403  403       403
GET /desk/cases/{code}/vault               login   account   404    404   404       404  404       404
POST /desk/cases/{code}/vault              login   account   404    404   404       404  404       404
GET /desk/letters                          login   account   403    200   200       200  200       403
POST /desk/letters/print                   login   account   403    422   422       422  403       403
POST /desk/letters/posted                  login   account   403    422   422       422  403       403
POST /desk/letters/back                    login   account   403    422   422       422  403       403
GET /desk/unit                             login   account   403    403   403       200  403       403
POST /desk/unit/suspend                    login   account   403    403   403       422  403       403
GET /desk/enter                            login   account   403    200   200       200  200       403
GET /desk/enter/{service}                  login   account   403    200   200       200  200       403
POST /desk/enter/{service}/asked            login   account   403    200   200       200  200       403
POST /desk/enter                           login   account   404    404   404       404  404       404
POST /desk/enter/{service}                 login   account   403    422   422       422  422       403
GET /desk/system                           login   account   303    303   303       303  303       303
POST /desk/lock                            login   303       303    303   303       303  303       303
POST /desk/unlock                          login   422       303    303   303       303  303       303
POST /desk/login                           303     303       303    303   303       303  303       303
POST /desk/logout                          303     303       303    303   303       303  303       303
`

func TestWhoMayGoWhere(t *testing.T) {
	w := newTown(t)
	for login, post := range map[string]string{
		"temporary": sekararum + "/petugas_layanan", "lapsed": "", "clerk": sekararum + "/petugas_layanan", "secretary": sekararum + "/sekretaris_kelurahan",
		"head": sekararum + "/lurah", "elsewhere": kauman + "/petugas_layanan", "admin": "setda/administrator",
	} {
		w.officer(login, strings.Fields(post)...)
	}
	w.must(w.Identity.SetPassword(context.Background(), w.ids["temporary"], password+" lagi", ""))
	got := w.applies("matrix")
	c, err := w.Cases.State(context.Background(), got.Stream)
	w.must(err)
	paths := strings.NewReplacer("{code}", got.Code, "{file}", c.Files[0].ID, "{service}", domicileID, "{id}", "99", "/desk/find/person", "/desk/find/person", "/desk/find", "/desk/find?q="+got.Code)

	lines := strings.Split(strings.TrimSpace(table), "\n")
	who := strings.Fields(lines[0])[1:]
	for i, login := range who {
		b := w.browserOf(login)
		for _, line := range lines[1:] {
			cells := strings.Fields(line)
			pattern, want := cells[0]+" "+cells[1], cells[2+i]
			if answer := w.ask(b, pattern, paths.Replace(cells[1])); answer != want {
				t.Errorf("%s to %s: %s, the table says %s", pattern, login, answer, want)
			}
		}
	}
}

func (w *town) browserOf(login string) *browser {
	b := w.browser().get("/desk/login")
	switch login {
	case "nobody":
	case "temporary":
		b.send("/desk/login", url.Values{"login": {login}, "password": {password + " lagi"}}).is(http.StatusSeeOther)
	default:
		b = w.as(login)
	}
	return b
}

// ask tries one route with a form that is complete but for what it is about.
func (w *town) ask(b *browser, pattern, path string) string {
	if method, _, _ := strings.Cut(pattern, " "); method == "GET" {
		b.get(path)
	} else {
		b.post(path, url.Values{"_token": {w.token(b)}, "seen": {"1"}, "once": {strings.Repeat("m", 22) + fmt.Sprint(len(path))},
			"action": {"approve"}, "do": {"stop"}, "unit": {sekararum}, "login": {"clerk"}, "password": {password}, "again": {"b"}})
	}
	switch to := b.header.Get("Location"); {
	case b.code == http.StatusSeeOther && strings.HasPrefix(to, "/desk/login?") || to == "/desk/login" && path != "/desk/logout":
		return "login"
	case to == "/desk/account":
		return "account"
	}
	return fmt.Sprint(b.code)
}

// token is a form token of this browser.
func (w *town) token(b *browser) string {
	for _, path := range []string{"/desk/account", "/desk/login", "/desk/lock"} {
		if b.get(path); b.code == http.StatusOK {
			_, v := b.form("/desk/")
			return v.Get("_token")
		}
	}
	return ""
}

func TestTheTableLeavesOutNoRoute(t *testing.T) {
	w := newTown(t)
	site, err := page.New(page.Options{})
	w.must(err)
	for _, r := range desk.New(desk.Deps{Site: site, Cases: w.Cases, Identity: w.Identity, Now: w.Now}).Routes() {
		if !strings.Contains(table, r.Pattern+" ") {
			t.Errorf("no line for %s", r.Pattern)
		}
	}
}
