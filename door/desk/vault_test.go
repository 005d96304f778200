package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/kernel/page"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// Who told a report, as planted: none of it may be found.
const (
	toldBy    = "Wulan Terlapor"
	toldPhone = "81234567891"
	toldMail  = "wulan.terlapor@contoh.example"
)

// report tells something with a name, anonymous or not, and gives it to the unit
// that handles it.
func (w *town) report(anonymous string) casework.Accepted {
	w.t.Helper()
	got, err := w.Cases.Submit(context.Background(), casework.Submission{
		Service: "pengaduan", Channel: "portal", Lang: "id", Once: casework.Once{Scope: "test", Key: strings.Repeat("r", 22) + anonymous, Request: []byte(anonymous)},
		Answers: form.Answers{"what": "Lampu jalan di depan pos ronda mati sejak tiga minggu.", "kind": "pengaduan", "category": "lampu", "region": "33.60.01.1001",
			"anonymous": anonymous, "confidential": "tidak", "name": toldBy, "phone": "+62" + toldPhone, "email": toldMail},
	})
	w.must(err)
	w.sendsTo("dishub", got.Stream)
	return got
}

// sendsTo is the coordinator's part.
func (w *town) sendsTo(unit, stream string) {
	w.t.Helper()
	b, err := w.Cases.Catalogue().Live("pengaduan")
	w.must(err)
	checks := map[string]bool{}
	for _, line := range b.Service.Step("verify").Checklist {
		checks[line.ID] = true
	}
	w.carries(stream, fold.Holder{Who: "role", Role: "koordinator_pengaduan", Unit: "setda"},
		casework.Deed{Action: "dispatch", Unit: unit, Checks: checks, Given: form.Answers{"kind": "pengaduan", "category": "lampu"}})
}

// carries lets somebody act on a case through the engine.
func (w *town) carries(stream string, by fold.Holder, d casework.Deed) {
	w.t.Helper()
	c, err := w.Cases.State(context.Background(), stream)
	w.must(err)
	d.Stream, d.Seen, d.Actor, d.By = stream, c.Version, "officer", by
	d.Once = casework.Once{Scope: "test/act", Key: fmt.Sprintf("%022d", c.Version) + stream, Request: []byte(d.Action)}
	_, err = w.Cases.Act(context.Background(), d)
	w.must(err)
}

// names says whether an answer gives away who told it.
func names(b *browser) bool {
	var head bytes.Buffer
	_ = b.header.Write(&head)
	for _, text := range []string{b.body, head.String()} {
		for _, planted := range []string{toldBy, toldPhone, toldMail, "Terlapor", url.QueryEscape(toldBy)} {
			if strings.Contains(text, planted) {
				return true
			}
		}
	}
	return false
}

// everyPost is one officer of each role: at the unit that handles the reports, or
// where the role belongs.
func (w *town) everyPost() map[string]string {
	home := map[string]string{"penjaga_identitas": "inspektorat", "inspektur": "inspektorat", "koordinator_pengaduan": "setda", "administrator": "setda"}
	out := map[string]string{}
	for _, r := range w.Cases.Government().Roles {
		unit := home[r.ID]
		if unit == "" {
			unit = "dishub"
		}
		login := strings.ReplaceAll(r.ID, "_", "-")
		w.officer(login, unit+"/"+r.ID)
		out[login] = r.ID
	}
	return out
}

// visits asks for one address, as far as it can be asked without leaving.
func (w *town) visits(b *browser, token, pattern, code string) {
	method, path, _ := strings.Cut(pattern, " ")
	path = strings.NewReplacer("{code}", code, "{service}", "pengaduan", "{id}", "pengaduan", "{file}", "x", "{$}", "").Replace(path)
	for strings.Contains(path, "{") {
		from, to := strings.Index(path, "{"), strings.Index(path, "}")
		path = path[:from] + "x" + path[to+1:]
	}
	if method == http.MethodGet {
		b.get(path)
		return
	}
	c, err := w.Cases.Track(context.Background(), code)
	w.must(err)
	form := url.Values{"_token": {token}, "seen": {fmt.Sprint(c.Version)}, "once": {strings.Repeat("v", 22) + fmt.Sprint(len(path))}, "action": {"nothing"}, "do": {"show"},
		"purpose": {"find"}, "name": {toldBy[:5]}, "phone": {"0812"}, "reason": {"danger"}, "words": {"Mengapa."}, "code": {code}, "q": {"lampu"}}
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	b.do(r)
}

// TestWhoToldIsOnTwoAddressesOnly visits every address of every door as every
// role, for a report with a name and for one without: who told it stands in the
// answer to whoever may open the case and presses for it, and for nobody else; of
// the anonymous one for two guards together alone.
func TestWhoToldIsOnTwoAddressesOnly(t *testing.T) {
	w := newTown(t)
	open, hidden := w.report("tidak"), w.report("ya")
	site, err := page.New(page.Options{})
	w.must(err)
	patterns := w.Patterns(site, app.Face{Base: "http://localhost:8080"})
	if len(patterns) < 150 {
		t.Fatalf("only %d addresses", len(patterns))
	}
	leaves := []string{"POST /desk/logout", "POST /desk/lock", "POST /desk/unlock", "POST /desk/password", "POST /desk/login", "POST /desk/sessions/end"}
	shown := map[string]bool{}
	for login, role := range w.everyPost() {
		b := w.as(login)
		token := w.token(b)
		for _, pattern := range patterns {
			_, path, _ := strings.Cut(pattern, " ")
			inside := strings.HasPrefix(path, "/desk") || strings.HasPrefix(path, "/admin")
			if !inside || slices.Contains(leaves, pattern) || role == "administrator" && !strings.HasPrefix(pattern, "GET ") {
				continue
			}
			codes := []string{open.Code, hidden.Code}
			if !strings.Contains(path, "{code}") {
				codes = codes[1:]
			}
			for _, code := range codes {
				w.visits(b, token, pattern, code)
				if !names(b) {
					continue
				}
				if pattern != "POST /desk/cases/{code}/identity" || code != open.Code {
					t.Errorf("%s tells %s who told %s", pattern, role, code)
				}
				shown[role] = true
			}
		}
	}
	want := []string{"atasan_pengaduan", "koordinator_pengaduan", "pengelola_pengaduan"}
	for _, r := range w.Cases.Government().Roles { // whoever signs for the unit may open its cases to supervise
		if r.Head && r.ID != "inspektur" { // who signs for another unit
			want = append(want, r.ID)
		}
	}
	if slices.Sort(want); !slices.Equal(slices.Sorted(mapKeys(shown)), want) {
		t.Errorf("who told the report with a name is shown to %v, want %v", slices.Sorted(mapKeys(shown)), want)
	}
	w.theReporterReadsNothingBack(patterns, open, hidden)
	w.twoGuardsOpenIt(hidden)
	w.onlyWhoIsNamedGetsALetter()
	w.aLateReportIsOpenedByOthers(patterns, hidden)
	if text := w.log.String(); strings.Contains(text, toldBy) || strings.Contains(text, toldPhone) || strings.Contains(text, toldMail) {
		t.Error("the log says who told it")
	}
}

func mapKeys(m map[string]bool) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// theReporterReadsNothingBack visits what a citizen can, with the secret.
func (w *town) theReporterReadsNothingBack(patterns []string, reports ...casework.Accepted) {
	w.t.Helper()
	for _, a := range reports {
		with, without := w.browser().get("/track/"+a.Code+"/unlock"), w.browser()
		with.send("/track/"+a.Code+"/unlock", url.Values{"secret": {a.Secret}}).is(http.StatusSeeOther)
		for _, pattern := range patterns {
			method, path, _ := strings.Cut(pattern, " ")
			if method != http.MethodGet || strings.HasPrefix(path, "/desk") || strings.HasPrefix(path, "/admin") || strings.HasSuffix(path, "/live") {
				continue
			}
			for _, b := range []*browser{with, without} {
				if w.visits(b, "", pattern, a.Code); names(b) {
					w.t.Errorf("%s gives back who told it", pattern)
				}
			}
			r := httptest.NewRequest(method, strings.NewReplacer("{code}", a.Code).Replace(path), nil)
			if strings.HasPrefix(path, "/api/v1/cases/{code}") && !strings.Contains(r.URL.Path, "{") {
				r.Header.Set("Authorization", "Bearer "+a.Secret)
				if b := w.browser().do(r); names(b) || b.code >= 500 {
					w.t.Errorf("%s: %d", pattern, b.code)
				}
			}
		}
	}
}

// twoGuardsOpenIt is the one way there is: and the reporter reads it.
func (w *town) twoGuardsOpenIt(a casework.Accepted) {
	w.t.Helper()
	w.officer("second-guard", "inspektorat/penjaga_identitas")
	w.officer("handler-too", "inspektorat/penjaga_identitas", "dishub/pengelola_pengaduan")
	vault := "/desk/cases/" + a.Code + "/vault"
	w.as("handler-too").get(vault).is(http.StatusForbidden)
	b := w.as("penjaga-identitas").get(vault)
	b.is(http.StatusOK)
	with := func(second string) url.Values {
		return url.Values{"reason": {"danger"}, "words": {"Permintaan tertulis."}, "second": {second}, "second-password": {password}}
	}
	for _, second := range []string{"penjaga-identitas", "handler-too", "pengelola-pengaduan"} {
		if b.send(vault, with(second)).is(http.StatusUnprocessableEntity); names(b) {
			w.t.Errorf("opened with %s", second)
		}
	}
	b.send(vault, with("second-guard")).is(http.StatusOK)
	if !names(b) || b.header.Get("Cache-Control") != "no-store" {
		w.t.Errorf("two guards see nothing, or it is kept: %s", b.header.Get("Cache-Control"))
	}
	reporter := w.browser().get("/track/" + a.Code + "/unlock")
	reporter.send("/track/"+a.Code+"/unlock", url.Values{"secret": {a.Secret}}).is(http.StatusSeeOther)
	reporter.get("/track/" + a.Code)
	if !strings.Contains(reporter.body, "membuka identitas Anda") || !strings.Contains(reporter.body, "Anda melapor tanpa nama") {
		w.t.Error("the reporter does not read that it was opened")
	}
}

// aLateReportIsOpenedByOthers: once lateness has called the inspectorate in, its
// guards are refused on every address, and those of the next post are shown the
// page and open it. Each has the link; what nobody may open any more, says so.
func (w *town) aLateReportIsOpenedByOthers(patterns []string, a casework.Accepted) {
	w.t.Helper()
	vault := "/desk/cases/" + a.Code + "/vault"
	w.officer("next-guard", "dpmptsp/penjaga_identitas")
	w.officer("other-guard", "dpmptsp/penjaga_identitas")
	w.officer("head-of-both", "dpmptsp/penjaga_identitas", "inspektorat/inspektur")
	c := w.becomesLate(a)
	if !slices.Contains(c.CalledIn(), "inspektur@inspektorat") {
		w.t.Fatalf("called in: %v", c.CalledIn())
	}
	for _, login := range []string{"penjaga-identitas", "next-guard"} {
		b := w.as(login)
		b.get("/desk").shows("Identitas pelapor")
		if b.get("/desk/vault?code=" + a.Code); b.header.Get("Location") != vault {
			w.t.Errorf("%s is led to %s", login, b.header.Get("Location"))
		}
		token := w.token(b)
		for _, pattern := range patterns {
			if _, path, _ := strings.Cut(pattern, " "); !strings.HasPrefix(path, "/desk/cases/{code}") {
				continue
			}
			if w.visits(b, token, pattern, a.Code); names(b) {
				w.t.Errorf("%s tells %s alone who told a late report", pattern, login)
			}
		}
	}
	for _, login := range []string{"penjaga-identitas", "second-guard", "head-of-both"} {
		w.as(login).get(vault).is(http.StatusForbidden).shows("atau dipanggil karena laporannya terlambat")
	}
	w.as("inspektur").get(vault).is(http.StatusForbidden).hides("penjaga identitas")
	b := w.as("next-guard").get(vault).is(http.StatusOK)
	with := func(second string) url.Values {
		return url.Values{"reason": {"danger"}, "words": {"Permintaan tertulis."}, "second": {second}, "second-password": {password}}
	}
	for _, second := range []string{"second-guard", "head-of-both"} {
		if b.send(vault, with(second)).is(http.StatusUnprocessableEntity); names(b) {
			w.t.Errorf("a late one is opened with %s", second)
		}
	}
	if b.send(vault, with("other-guard")).is(http.StatusOK); !names(b) {
		w.t.Error("the guards whose turn it is see nothing")
	}
	w.carries(a.Stream, fold.Holder{Who: "role", Role: "pengelola_pengaduan", Unit: "dishub"}, casework.Deed{Action: "not_ours", Note: "Bukan wewenang kami."})
	w.sendsTo("dpmptsp", a.Stream)
	w.as("next-guard").get(vault).is(http.StatusForbidden).shows("tidak dapat dibuka oleh siapa pun")
	w.as("pengelola-pengaduan").get(vault).is(http.StatusForbidden).hides("oleh siapa pun")
}

// becomesLate lets the whole time of a report pass.
func (w *town) becomesLate(a casework.Accepted) fold.Case {
	w.t.Helper()
	c, err := w.Cases.State(context.Background(), a.Stream)
	w.must(err)
	if d, _ := c.Deadline(fold.CaseDeadline); d.Due.After(w.clock) {
		w.clock = d.Due.Add(time.Second)
	}
	for n := 1; n > 0; {
		n, err = w.Cases.Lapse(context.Background())
		w.must(err)
	}
	c, err = w.Cases.State(context.Background(), a.Stream)
	w.must(err)
	return c
}
