package complaint_test

import (
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/law/flow"
	"pendopo/law/form"
)

// TestWhateverAnAddressAsksIsAnswered, and never with more than is shown.
func TestWhateverAnAddressAsksIsAnswered(t *testing.T) {
	onBoth(t, func(w *town) {
		got := w.tells(nil, 0)
		w.shows(got.Stream, lamp)
		w.tells(nil, 0)
		for _, q := range []string{"q=%00", "q=%ff%fe", "q=" + strings.Repeat("a+", 300), "q=%27+OR+1%3D1", "area=33", "area=..", "category=%27", "state=none", "days=99", "at=3,9999999,1", "at=1,-71,1109",
			"view=map&area=33.60.01.1001", "view=map&at=3,-1410,22180", "kind=pengaduan&unit=setda&days=7", "after=", "q=lampu&view=map&at=2,-282,4436"} {
			b := w.browser().get("/reports?" + q).is(http.StatusOK).sound(q)
			if strings.Count(b.body, "<h3>") > 1 {
				t.Errorf("%s finds what is not shown", q)
			}
		}
		w.browser().get("/reports?after=x").is(http.StatusNotFound)
		for _, code := range []string{"x", "00000-00000-0", strings.Repeat("0", 90), "%00"} {
			w.browser().get("/reports/" + code).is(http.StatusNotFound)
		}
	})
}

// TestPagesOfTheListLeadOn through every report once.
func TestPagesOfTheListLeadOn(t *testing.T) {
	onBoth(t, func(w *town) {
		for range 23 {
			w.shows(w.tells(nil, 0).Stream, lamp)
		}
		b, seen := w.browser().get("/reports"), map[string]bool{}
		for {
			for _, code := range codeShape.FindAllString(b.body, -1) {
				seen[code] = true
			}
			next := regexp.MustCompile(`<a rel="next" href="([^"]+)"`).FindStringSubmatch(b.body)
			if next == nil {
				break
			}
			b.get(strings.ReplaceAll(next[1], "&amp;", "&")).is(http.StatusOK)
		}
		b.says("Kembali ke yang terbaru")
		if len(seen) != 23 {
			t.Errorf("%d reports were seen", len(seen))
		}
	})
}

// TestSmallNumbersAreNotTold: neither by themselves nor by subtracting from a sum.
func TestSmallNumbersAreNotTold(t *testing.T) {
	onBoth(t, func(w *town) {
		for i := range 9 {
			got := w.tells(nil, 0)
			w.dispatches(got.Stream, map[bool]string{true: "dishub", false: "dlh"}[i < 6])
		}
		w.browser().get("/reports/statistics").is(http.StatusOK).hides("Dinas Perhubungan") // or one who looks every minute learns when somebody told something
		w.browser().get("/reports/statistics.csv").is(http.StatusOK).hides("dishub")
		w.clock = w.clock.AddDate(0, 0, 1)
		b := w.browser().get("/reports/statistics").is(http.StatusOK).sound("figures")
		row := func(name string) string {
			_, rest, _ := strings.Cut(b.body, ">"+name+"<")
			cells, _, _ := strings.Cut(rest, "</tr>")
			return regexp.MustCompile(`<[^>]+>|\s`).ReplaceAllString(cells, " ")
		}
		if !strings.Contains(row("Dinas Perhubungan"), " 6 ") || !strings.Contains(row("Dinas Lingkungan Hidup"), "&lt;5") || strings.Contains(row("Semua unit"), " 9 ") {
			t.Errorf("%q, %q, %q", row("Dinas Perhubungan"), row("Dinas Lingkungan Hidup"), row("Semua unit"))
		}
	})
}

// officer logs somebody in who holds one post.
func (w *town) officer(login, unit, role string) *browser {
	w.t.Helper()
	ctx := w.t.Context()
	id, err := w.Identity.Create(ctx, identity.NewOfficer{Login: login, Name: identity.Name{Full: "Petugas " + login}, Password: "kopi tubruk di pasar", Own: true, Drawn: true})
	w.must(err)
	_, err = w.Identity.Assign(ctx, id, identity.Assignment{Unit: unit, Role: role, From: "2026-01-01", Kind: identity.Definitive}, "", "")
	w.must(err)
	b := w.browser().get("/desk/login")
	return b.send("/desk/login", url.Values{"login": {login}, "password": {"kopi tubruk di pasar"}}).is(http.StatusSeeOther)
}

// TestTheDeskShowsEachUnitItsOwn reports, without a sealed word.
func TestTheDeskShowsEachUnitItsOwn(t *testing.T) {
	onBoth(t, func(w *town) {
		waits := w.tells(nil, 0)
		twin := w.tells(form.Answers{"point": "-7.05050,110.90000"}, 0)
		sent := w.tells(form.Answers{"category": "sampah", "point": "-7.09000,110.95000"}, 0)
		w.dispatches(sent.Stream, "dlh")
		w.browser().get("/desk/reports").is(http.StatusSeeOther)
		b := w.officer("koor", "setda", "koordinator_pengaduan").get("/desk/reports").is(http.StatusOK).sound("desk")
		b.says(waits.Code, twin.Code, "Mungkin sama", "56 meter").hides(sent.Code, "bunga kantil", "Wulandari")
		b.get("/desk").says(`href="/desk/reports"`)
		b.get("/desk/reports?show=aside").is(http.StatusOK).says("Tidak ada laporan yang ditandai").hides(waits.Code)
		w.shownInOnePress(b)
		b = w.officer("sampah", "dlh", "pengelola_pengaduan").get("/desk/reports?show=figures").is(http.StatusOK).sound("figures")
		b.says("Dinas Lingkungan Hidup").hides("Sekretariat Daerah</t")
		b.get("/desk/reports").hides(waits.Code)
		w.notSolvedWithPhotos(b)
		w.officer("loket", "kel-sekararum", "petugas_layanan").get("/desk/reports").is(http.StatusForbidden).hides(waits.Code)
		w.anotherGovernmentSays(b, sent)
		w.must(w.VerifyRows(t.Context(), func(words string) { t.Error(words) }))
	})
}

// TestAMergedReportLeadsToTheOther that goes on for both.
func TestAMergedReportLeadsToTheOther(t *testing.T) {
	onBoth(t, func(w *town) {
		first, second := w.tells(nil, 0), w.tells(nil, 0)
		w.shows(first.Stream, lamp)
		w.shows(second.Stream, flow.Words{Title: "Gelap di tikungan", Text: "Gelap."})
		w.does(second.Stream, coordinator, casework.Deed{Action: "merge", Into: first.Stream, Checks: map[string]bool{"clear": true, "ours": true, "decent": true}})
		w.browser().get("/reports/"+second.Code).is(http.StatusOK).says("sama dengan laporan lain", "/reports/"+first.Code)
		w.does(first.Stream, coordinator, casework.Deed{Do: flow.DoHide, Reason: "personal_data"})
		w.browser().get("/reports/"+second.Code).is(http.StatusOK).hides(first.Code, lamp.Title)
	})
}

// TestTheMapThatMovesAsksNobodyElse, and shows the same reports; a government that
// names a server of pictures lets in that one alone.
func TestTheMapThatMovesAsksNobodyElse(t *testing.T) {
	w := newTown(t, conf.Place{})
	got := w.tells(nil, 0)
	w.shows(got.Stream, lamp)
	hidden := w.tells(nil, 0)
	b := w.browser().get("/reports/map").is(http.StatusOK).sound("map").says("leaflet.", "reports.", "/reports/"+got.Code)
	if policy := b.header.Get("Content-Security-Policy"); strings.Contains(policy, "https:") {
		t.Errorf("the policy lets others in: %s", policy)
	}
	for _, path := range []string{"/", "/reports", "/reports?view=map", "/reports/" + got.Code} {
		w.browser().get(path).hides("/static/leaflet")
	}
	b.get("/reports/map.json").is(http.StatusOK).says(got.Code, lamp.Title).hides(hidden.Code, "tiles", "bunga kantil")
	files := fstest.MapFS{}
	w.must(fs.WalkDir(government.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(government.FS, name)
		if name == "government.yaml" {
			data = append(data, "\ntiles: https://peta.wening.test/{z}/{x}/{y}.png\ntiles_credit: Peta Wening\n"...)
		}
		files[name] = &fstest.MapFile{Data: data}
		return err
	}))
	_, err := w.Publish(t.Context(), files)
	w.must(err)
	b.get("/reports/map").is(http.StatusOK)
	if policy := b.header.Get("Content-Security-Policy"); !strings.Contains(policy, "img-src 'self' https://peta.wening.test data:") {
		t.Errorf("the policy: %s", policy)
	}
	b.get("/reports/map.json").says("https://peta.wening.test/", "Peta Wening")
	if policy := w.browser().get("/reports").header.Get("Content-Security-Policy"); strings.Contains(policy, "https:") {
		t.Errorf("another page: %s", policy)
	}
}
