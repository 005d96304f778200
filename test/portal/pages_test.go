package portal_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httputil"
	"slices"
	"strings"
	"testing"

	"pendopo/engine/casework"
	"pendopo/kernel/page"
	"pendopo/law/flow"
)

// pages are the addresses of the door in every state that a browser with the
// secret can reach, with an application under way and one returned.
func (b *browser) pages() []string {
	b.w.t.Helper()
	b.apply()
	draft := "/draft/" + b.code()
	all := []string{"/", "/search?q=domisilli", "/search?q=xyzzy", "/search", "/services", "/offices", "/needs/perizinan", "/needs/nowhere", "/services/sip-bidan/procedure", "/services/surat-keterangan-domisili", "/services/sip-bidan",
		"/draft", "/track", "/verify", "/nowhere", "/verify/00000000000000000000000000000000", "/_components",
		draft + "/person", draft + "/birth", draft + "/contact", draft + "/address", draft + "/occupation", draft + "/purpose", draft + "/papers",
		draft + "/statement", draft + "/review", draft + "/saved"}
	other := b.w.browser()
	other.apply()
	other.send("/draft/" + other.code() + "/submit").at("/receipt")
	code, secret := other.code(), other.secret()
	b.w.deed(code, "petugas_layanan", casework.Deed{Action: "return", Checks: map[string]bool{"identity": false, "letter": true, "address": true},
		Defects: []flow.Defect{{ID: "identity", Words: "Nama berbeda dengan KTP."}}})
	b.get("/track/" + code + "/unlock")
	all = append(all, "/track/"+strings.ToLower(code), "/track/"+code+"/unlock")
	b.send("/track/"+code+"/unlock", "secret", secret)
	return append(all, "/track/"+code, "/track/"+code+"/receipt", "/track/"+code+"/fix", "/track/"+code+"/fix?all=1", "/track/"+code+"/actions/withdraw")
}

// TestEveryPageIsSoundInEveryLanguage looks at each page as one who cannot see
// it; the browser reports what is wrong with any page it is shown.
func TestEveryPageIsSoundInEveryLanguage(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	for _, path := range b.pages() {
		for _, lang := range []string{"id", "en", page.PseudoTag} {
			b.get(with(path, lang))
			if !strings.Contains(b.body, `<html lang="`+lang+`"`) {
				t.Errorf("%s is not in %s", path, lang)
			}
		}
	}
}

func with(path, lang string) string {
	if strings.Contains(path, "?") {
		return path + "&lang=" + lang
	}
	return path + "?lang=" + lang
}

// TestNoTextIsOutsideTheCatalogue shows every page in the generated language:
// what stands outside its brackets was never translated.
func TestNoTextIsOutsideTheCatalogue(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	g := w.Cases.Government()
	known := []string{name, nik, "WIB", "pengantar.jpg", "Nama berbeda dengan KTP.", "Jalan Kenanga 7", "Banyusekar", "kB", g.Profile.Address, g.Profile.Phone}
	for _, r := range g.Regions {
		known = append(known, r.Name)
	}
	for _, u := range g.Units {
		known = append(known, u.Address)
	}
	for _, s := range w.Cases.Catalogue().Services() {
		for _, l := range s.Service.Standard.LegalBasis {
			known = append(known, l.Norm)
		}
	}
	for _, path := range b.pages() {
		if path == "/_components" || strings.HasSuffix(path, "/procedure") {
			continue // examples are their makers' own words; a chart breaks those of the definition into lines
		}
		b.get(with(path, page.PseudoTag))
		codes := append(slices.Clone(known), b.codes()...)
		slices.SortFunc(codes, func(a, b string) int { return len(b) - len(a) })
		for _, f := range b.page().Untranslated(codes...) {
			t.Errorf("%s: %s", path, f)
		}
	}
}

// codes are what the page shows of codes and secrets.
func (b *browser) codes() []string {
	out := []string{b.secret()}
	for _, m := range inPath.FindAllStringSubmatch(b.path+b.body, -1) {
		out = append(out, m[1])
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// TestFirstPageOfAServiceFitsTheFirstWindow counts response head and compressed
// document of the longest service in the worst language.
func TestFirstPageOfAServiceFitsTheFirstWindow(t *testing.T) {
	w := newTown(t)
	for _, s := range w.Cases.Catalogue().Services() {
		for _, lang := range []string{"id", "en"} {
			if n := w.bytes("/services/" + s.Service.ID + "?lang=" + lang); n > 14_000 {
				t.Errorf("%s in %s: %d bytes, 14,000 are the most", s.Service.ID, lang, n)
			}
		}
	}
	paths := []string{"/", "/services", "/search?q=surat", "/search?q=xyzzy", "/track", "/verify"}
	for _, s := range w.Cases.Catalogue().Services() {
		paths = append(paths, "/services/"+s.Service.ID+"/procedure")
	}
	for _, path := range paths {
		if n := w.bytes(path); n > 30_000 {
			t.Errorf("%s: %d bytes, 30,000 are the most", path, n)
		}
	}
}

// bytes of the whole answer as it goes over the wire.
func (w *town) bytes(path string) int {
	w.t.Helper()
	r, err := http.NewRequest("GET", w.url+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	resp, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	head, err := httputil.DumpResponse(resp, false)
	if err != nil {
		w.t.Fatal(err)
	}
	wire, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(wire))
	if err != nil {
		w.t.Fatalf("%s is not compressed: %v", path, err)
	}
	if plain, err := io.ReadAll(z); err != nil || !strings.Contains(string(plain), "<h1") {
		w.t.Fatalf("%s: no page: %v", path, err)
	}
	return len(head) + len(wire)
}

// A chart calls a service that is asked by its name; a preview says what is told or
// applied for.
func TestAChartNamesWhomItAsks(t *testing.T) {
	w := newTown(t)
	previews(t, w)
	b := w.browser().get("/services/izin-reklame/procedure")
	if !strings.Contains(b.body, "Pertimbangan lalu lintas") || strings.Contains(b.body, "pertimbangan-lalu-lintas") {
		t.Error("the chart shows an id where people look for a name")
	}
}
