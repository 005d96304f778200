package region_test

import (
	_ "embed"
	"strings"
	"testing"

	"pendopo/law/region"
)

//go:embed region.bin
var embedded string

func TestTheListHasEveryPlaceWithItsPath(t *testing.T) {
	list := region.National()
	if n := list.Count(); n != 91_599 {
		t.Errorf("%d places", n)
	}
	counts := map[region.Level]int{}
	var walk func(code string)
	walk = func(code string) {
		for _, p := range list.Below(code) {
			counts[region.LevelOf(p.Code)]++
			if p.Name == "" || list.Name(p.Code) != p.Name || region.Parent(p.Code) != code {
				t.Fatalf("%s is %q and %q", p.Code, p.Name, list.Name(p.Code))
			}
			walk(p.Code)
		}
	}
	walk("")
	if counts[region.Province] != 38 || counts[region.Regency] != 514 || counts[region.District] != 7285 || counts[region.Village] != 83_762 {
		t.Errorf("levels: %v", counts)
	}
	path := list.Path("33.74.01.1001")
	var names []string
	for _, p := range path {
		names = append(names, p.Name)
	}
	if got := strings.Join(names, " > "); got != "Jawa Tengah > Kota Semarang > Semarang Tengah > Miroto" {
		t.Errorf("path: %s", got)
	}
}

func TestWhatIsNoPlaceIsNone(t *testing.T) {
	list := region.National()
	for _, code := range []string{"", "3", "00", "99", "33.60", "33.60.01.1001", "33-74", "3374", "33.74.01.9999", "33.74.01.100", "33.74.01.10011", "٣٣", "33.74.99"} {
		if list.Has(code) || list.Name(code) != "" || list.Path(code) != nil {
			t.Errorf("%q is a place", code)
		}
	}
	for _, code := range []string{"99", "33.74.01.1001", "x", "33.60"} {
		if below := list.Below(code); below != nil {
			t.Errorf("below %q: %v", code, below)
		}
	}
}

func TestPlacesAreFoundByTheBeginningsOfWords(t *testing.T) {
	list := region.National()
	find := func(text string, level region.Level, below string) string {
		var out []string
		for _, p := range list.Find(region.Question{Text: text, Level: level, Below: below, Limit: 4}) {
			out = append(out, p.Code+" "+p.Name)
		}
		return strings.Join(out, ", ")
	}
	for _, c := range []struct {
		text  string
		level region.Level
		below string
		want  string
	}{
		{"miroto", region.Village, "", "33.74.01.1001 Miroto"},
		{"Kel. Miroto, Semarang", region.Village, "", "33.74.01.1001 Miroto"},
		{"sorong", region.Regency, "", "96.01 Kabupaten Sorong, 96.71 Kota Sorong, 96.02 Kabupaten Sorong Selatan"},
		{"mer", region.Regency, "93", "93.01 Kabupaten Merauke"},
		{"semarang tengah", region.District, "33.74", "33.74.01 Semarang Tengah, 33.74.02 Semarang Utara, 33.74.03 Semarang Timur, 33.74.07 Semarang Selatan"}, // of Jawa Tengah
		{"xyzzy", region.Village, "", ""},
		{"desa", region.Village, "", ""},
		{"", region.Village, "", ""},
		{"miroto", region.Village, "34", ""},
	} {
		if got := find(c.text, c.level, c.below); got != c.want {
			t.Errorf("%q: %s", c.text, got)
		}
	}
	if n := len(list.Find(region.Question{Text: "suka", Level: region.Village, Limit: 1000})); n != 50 {
		t.Errorf("%d places where 50 are the most", n)
	}
}

func TestACodeOfThePastLeadsToThePlaceOfToday(t *testing.T) {
	list := region.National()
	for _, c := range []struct{ code, name, now string }{
		{"92.01", "KABUPATEN SORONG", "96.01"},           // Papua Barat Daya
		{"91.01", "Kabupaten Merauke", "93.01"},          // Papua Selatan
		{"91.01.01", "", "93.01"},                        // its district: by the kabupaten
		{"64.04", "Kabupaten Bulungan", "65.01"},         // Kalimantan Utara
		{"36.02.16.2018", "Cikaratuan", "36.02.28.2009"}, // to a new district
		{"54.01", "", ""},                                // Timor Timur
	} {
		f, ok := list.Formerly(c.code)
		if !ok || !strings.EqualFold(f.Name, c.name) || f.Now != c.now || !list.Known(c.code) {
			t.Errorf("%s: %+v %v", c.code, f, ok)
		}
		if f.Now != "" && !list.Has(f.Now) {
			t.Errorf("%s leads to %s, which is no place of today", c.code, f.Now)
		}
	}
	for _, code := range []string{"33.74", "33.60.01", "00", "x", "99.01.01"} {
		if f, ok := list.Formerly(code); ok {
			t.Errorf("%s is %+v", code, f)
		}
	}
}

func BenchmarkHas(b *testing.B) {
	list := region.National()
	list.Count()
	for b.Loop() {
		list.Has("33.74.16.1007")
	}
}

func BenchmarkName(b *testing.B) {
	list := region.National()
	list.Count()
	for b.Loop() {
		list.Name("33.74.01.1007")
	}
}

func BenchmarkFind(b *testing.B) {
	list := region.National()
	list.Count()
	for b.Loop() {
		list.Find(region.Question{Text: "sumber", Level: region.Village, Limit: 20})
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		region.From(embedded).Count()
	}
}
