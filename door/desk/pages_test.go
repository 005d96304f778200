package desk_test

import (
	"context"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pendopo/kernel/page"
	"pendopo/test/htmlcheck"
)

// Every page of the desk, in every language: sound for who cannot see it, and
// without a word that was never given to the catalogue.
func TestEveryPageInEveryLanguage(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	w.officer("ratih", sekararum+"/lurah")
	w.officer("admin", "setda/administrator")
	got := w.applies("pages")
	licence := w.licence()
	at := "/desk/cases/" + got.Code
	name := func(login string) string {
		n, err := w.Identity.Name(context.Background(), w.ids[login])
		w.must(err)
		return n.Full
	}
	c, err := w.Cases.State(context.Background(), got.Stream)
	w.must(err)
	calendar := c.Deadlines[0].Calendar[:12]
	known := []string{"Kabupaten Banyusekar", "Kelurahan Sekararum", "Kecamatan Banyusekar", // names of places
		"Perempuan", "Bekerja", "Membuka rekening bank", "641 B", calendar, // answers and figures
		got.Code, licence.Code, "Sekar Wulandari", "Banyusekar", "Jalan Melati", "Jalan Alun-Alun Utara", "ktp.jpg", "kB", "WIB", "MB", "clerk",
		name("sari"), name("ratih"), name("admin")}
	browsers := map[string]*browser{"": w.browser(), "sari": w.as("sari"), "ratih": w.as("ratih"), "admin": w.as("admin")}
	for _, lang := range []string{"id", "en", page.PseudoTag} {
		for _, p := range []struct {
			who, path string
			code      int
		}{
			{"", "/desk/login?unsent=yes", 200}, {"sari", "/desk", 200}, {"sari", "/desk?post=" + url.QueryEscape(sekararum+"/"), 200}, {"admin", "/desk", 200},
			{"sari", "/desk?done=" + got.Code, 200}, {"sari", at, 200}, {"ratih", at, 200}, {"ratih", at + "/openings", 200}, {"sari", "/desk/enter", 200},
			{"sari", entering, 200}, {"sari", "/desk/find", 200}, {"ratih", "/desk/unit", 200}, {"sari", "/desk/account", 200}, {"admin", at, 403}, {"sari", "/desk/cases/nothing", 404},
		} {
			b := browsers[p.who]
			b.lang = lang
			delete(b.cookies, "lang")
			b.get(p.path).is(p.code)
			b.sound(lang + " " + p.path)
			if lang == page.PseudoTag {
				b.translated(p.path, known)
			}
		}
	}
}

// Every action has a key of its own, on the button for who sees it.
func TestEveryActionHasAKeyOfItsOwn(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	w.officer("ratih", sekararum+"/lurah")
	got := w.applies("keys")
	b := w.as("sari").get("/desk/cases/" + got.Code)
	b.keyed("Lengkap dan cocok", "Kembalikan untuk diperbaiki")
	b.get(entering).keyed("Simpan dan cetak tanda terima")
	b.get("/desk/account").keyed("Simpan alamat", "Simpan kata sandi", "Keluar")
	w.as("ratih").get("/desk/cases/" + got.Code).keyed("Buka isian untuk mengawasi")
}

var button = regexp.MustCompile(`(?s)<button[^>]*accesskey="([A-Z])"[^>]*>(.*?)<kbd aria-hidden="true">([A-Z])</kbd>`)

// keyed asks that exactly these buttons have keys, all different and shown.
func (b *browser) keyed(buttons ...string) {
	b.w.t.Helper()
	buttons = append(buttons, "Kunci") // on every page
	seen := map[string]string{}
	for _, m := range button.FindAllStringSubmatch(b.body, -1) {
		text := strings.TrimSpace(m[2])
		if m[1] != m[3] || seen[m[1]] != "" {
			b.w.t.Errorf("%q has the key %s, shows %s, which %q has too", text, m[1], m[3], seen[m[1]])
		}
		seen[m[1]] = text
	}
	if got := slices.Sorted(maps.Values(seen)); !slices.Equal(got, slices.Sorted(slices.Values(buttons))) {
		b.w.t.Errorf("keys are on %v", got)
	}
}

// translated names visible words that no catalogue knows.
func (b *browser) translated(where string, known []string) {
	b.w.t.Helper()
	p, err := htmlcheck.Parse(b.body)
	b.w.must(err)
	for _, u := range p.Untranslated(known...) {
		if strings.HasPrefix(u, "<kbd>") {
			continue // a letter of the button it stands on
		}
		b.w.t.Errorf("%s: %s", where, u)
	}
}
