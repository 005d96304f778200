package notify_test

import (
	"strings"
	"testing"
	"time"

	"pendopo/engine/notify"
	"pendopo/kernel/page"
	"pendopo/web"
)

// The longest that a short message has to hold: a government's short name, a
// code, the longest date of the language, and an address.
const (
	longestHouse = "Kabupaten Banyusekar Raya"
	longestLink  = "layanan.banyusekarkab.go.id/track"
)

// TestShortMessagesFitOneSMS holds every short text, with the longest values,
// against 160 places of the seven-bit alphabet.
func TestShortMessagesFitOneSMS(t *testing.T) {
	texts, err := page.LoadCatalogue(web.Locale(), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"id", "en"} {
		p, tried := texts.Printer(lang), 0
		longest := ""
		for m := time.January; m <= time.December; m++ {
			if d := p.Date(time.Date(2026, m, 28, 0, 0, 0, 0, time.UTC)); len(d) > len(longest) {
				longest = d
			}
		}
		for _, key := range texts.Keys(lang) {
			if !strings.HasPrefix(key, "notify.") || !strings.HasSuffix(key, "_short") {
				continue
			}
			tried++
			s := p.T(key, "house", longestHouse, "code", "XXXXX-XXXXX-X", "due", longest, "link", longestLink)
			if n, ok := notify.Septets(s); !ok || n > 160 {
				t.Errorf("%s %s takes %d places (seven-bit letters only: %v): %s", lang, key, n, ok, s)
			}
			if strings.ContainsAny(s, "{}") {
				t.Errorf("%s %s has a placeholder that nothing fills: %s", lang, key, s)
			}
		}
		if tried < len(notify.Kinds()) {
			t.Errorf("%s: only %d short texts for %d kinds", lang, tried, len(notify.Kinds()))
		}
	}
}

// TestEveryKindHasItsWords: subject, words and short words, in every language.
func TestEveryKindHasItsWords(t *testing.T) {
	texts, err := page.LoadCatalogue(web.Locale(), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"id", "en"} {
		for _, kind := range notify.Kinds() {
			for _, part := range []string{"_subject", "_text", "_short"} {
				if key := "notify." + kind + part; !texts.Printer(lang).Has(key) {
					t.Errorf("%s has no text in %s", key, lang)
				}
			}
		}
	}
}

func TestPlacesOfAnSMS(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		ok   bool
	}{{"", 0, true}, {"Halo", 4, true}, {"{}", 4, true}, {"€", 2, true}, {"ñ", 1, true}, {"“", 0, false}, {"ꦮ", 0, false}} {
		if n, ok := notify.Septets(c.text); n != c.n || ok != c.ok {
			t.Errorf("%q: %d, %v", c.text, n, ok)
		}
	}
}

func TestNumbersAreDialledWithTheirCountry(t *testing.T) {
	for in, want := range map[string]string{
		"0812-3456-7890": "6281234567890", "+62 812 3456 7890": "6281234567890", "62812 3456 7890": "6281234567890", "81234567890": "6281234567890",
		"+65 8123 4567": "6581234567", "0065 8123 4567": "6581234567", "(021) 555-0100": "62215550100", "": "", "12": "", "0812x": "", "+1234567890123456": "",
	} {
		if got := notify.Dialled(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestStrangersAreSentNothingAbroad(t *testing.T) {
	var home notify.Strangers
	abroad := notify.Strangers{Countries: []string{"62", "60"}}
	for phone, may := range map[string][2]bool{"0812 0000 4711": {true, true}, "+62 812 0000 4711": {true, true}, "81200004711": {true, true}, "+60 12 345 6789": {false, true}, "+1 202 555 0143": {}, "": {}, "x": {}} {
		if got := [2]bool{home.May(phone), abroad.May(phone)}; got != may {
			t.Errorf("%q: %v", phone, got)
		}
	}
	for _, wrong := range []string{`countries: ["+62"]`, `countries: [""]`, `codes: -1`, `codes: 9999999`, `city: x`} {
		if _, err := notify.ParseSetup([]byte("strangers: {"+wrong+"}"), t.TempDir()); err == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
	s, err := notify.ParseSetup([]byte(`strangers: {countries: ["65"], codes: 7}`), t.TempDir())
	if err != nil || s.Strangers.Most() != 7 || !s.Strangers.May("+65 6123 4567") || home.Most() != 200 {
		t.Errorf("%+v, %v", s, err)
	}
}
