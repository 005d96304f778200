package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pendopo/door/admin"
	"pendopo/kernel/conf"
	"pendopo/kernel/page"
)

// table says what each route answers to whom: nobody is not logged in, lapsed
// holds no post, clerk works at a counter, head signs for a unit, ratna is an
// administrator. login stands for a redirect there; what was not filled in is
// 422 (404 where it names nothing).
const table = `
route                                           nobody lapsed clerk head ratna
GET /admin                                      login  403    403   403  200
GET /admin/government                           login  403    403   403  200
GET /admin/start                                login  403    403   403  200
GET /admin/proposals                            login  403    403   403  200
POST /admin/proposals                           login  403    403   403  422
GET /admin/proposals/{id}                       login  403    403   403  200
POST /admin/proposals/{id}                      login  403    403   403  422
GET /admin/proposals/{id}/edit                  login  403    403   403  200
POST /admin/proposals/{id}/edit                 login  403    403   403  409
GET /admin/proposals/{id}/text                  login  403    403   403  200
POST /admin/proposals/{id}/text                 login  403    403   403  409
GET /admin/proposals/{id}/diff                  login  403    403   403  200
GET /admin/proposals/{id}/preview/{service}     login  403    403   403  200
GET /admin/proposals/{id}/new                   login  403    403   403  200
POST /admin/proposals/{id}/new                  login  403    403   403  422
GET /admin/proposals/{id}/files.tar             login  403    403   403  200
GET /admin/versions                             login  403    403   403  200
POST /admin/versions/{hash}                     login  403    403   403  404
GET /admin/versions/{hash}/files.tar            login  403    403   403  404
GET /admin/officers                             login  403    403   403  200
POST /admin/officers                            login  403    403   403  422
GET /admin/officers/{id}                        login  403    403   403  404
POST /admin/officers/{id}                       login  403    403   403  404
POST /admin/requests/{id}                       login  403    403   403  422
GET /admin/system                               login  403    403   403  200
POST /admin/system/jobs/{id}                    login  403    403   403  404
POST /admin/system/verify                       login  403    403   403  303
GET /admin/record                               login  403    403   403  200
`

func TestWhoMayGoWhere(t *testing.T) {
	w := newTown(t, conf.Place{})
	w.officer("head", "kel-sekararum/lurah")
	id, err := w.Admin.Begin(context.Background(), "Tabel", w.ids["ratna"])
	w.must(err)
	lines := strings.Split(strings.TrimSpace(table), "\n")
	for i, login := range strings.Fields(lines[0])[1:] {
		b := w.browser().get("/desk/login")
		if login != "nobody" {
			b.send("/desk/login", url.Values{"login": {login}, "password": {password}}).is(http.StatusSeeOther)
			b.get("/desk/account").is(http.StatusOK)
		}
		_, form := b.form("/desk/")
		for _, line := range lines[1:] {
			cells := strings.Fields(line)
			path := strings.NewReplacer("/proposals/{id}", "/proposals/"+id, "{id}", "99", "{service}", domicileID, "{hash}", "00").Replace(cells[1])
			if strings.HasSuffix(path, "/edit") || strings.HasSuffix(path, "/text") || strings.HasSuffix(path, "/diff") || strings.HasSuffix(path, "/start") {
				path += "?file=" + url.QueryEscape(domicile)
			}
			if cells[0] == "GET" {
				b.get(path)
			} else {
				b.post(path, url.Values{"_token": form["_token"]})
			}
			answer := fmt.Sprint(b.code)
			if strings.HasPrefix(b.header.Get("Location"), "/desk/login?") {
				answer = "login"
			}
			if want := cells[2+i]; answer != want {
				t.Errorf("%s %s to %s: %s, the table says %s", cells[0], cells[1], login, answer, want)
			}
		}
	}
}

func TestTheTableLeavesOutNoRoute(t *testing.T) {
	w := newTown(t, conf.Place{})
	site, err := page.New(page.Options{})
	w.must(err)
	for _, r := range admin.New(admin.Deps{Site: site, Cases: w.Cases, Identity: w.Identity, Admin: w.Admin, Now: w.Now}).Routes() {
		if !strings.Contains(table, r.Pattern+" ") {
			t.Errorf("no line for %s", r.Pattern)
		}
	}
}

func TestStrangersBytesAndOtherSitesAreRefused(t *testing.T) {
	w := newTown(t, conf.Place{})
	b := w.as("ratna")
	base := b.proposes("Batas", domicile)
	at := base + "/text?file=" + url.QueryEscape(domicile)
	_, v := b.get(at).form(base + "/text")
	b.post(at, url.Values{"version": v["version"], "text": {"x"}}).is(http.StatusForbidden) // no token
	b.post(at, url.Values{"_token": v["_token"], "version": v["version"], "text": {strings.Repeat("x", 300<<10)}}).is(http.StatusRequestEntityTooLarge)
	b.post(at, url.Values{"_token": v["_token"], "version": v["version"], "text": {strings.Repeat("x", 2<<20)}}).is(http.StatusRequestEntityTooLarge)
	for _, file := range []string{"../../etc/passwd", "", "services/", "nothing.yaml"} {
		b.get(base + "/text?file=" + url.QueryEscape(file)).is(http.StatusNotFound)
	}
	b.get("/admin")
	if policy := b.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") && !strings.Contains(policy, "default-src 'self'") {
		t.Errorf("the policy of the page is %q", policy)
	}
	if b.header.Get("Cache-Control") != "no-store" {
		t.Error("a page of administrators may be kept")
	}
}
