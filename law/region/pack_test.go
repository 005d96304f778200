package region_test

import (
	"strings"
	"testing"

	"pendopo/law/region"
)

func sample() ([]region.Place, []region.Former) {
	return []region.Place{
			{Code: "11", Name: "Barat"}, {Code: "11.01", Name: "Kabupaten Barat Daya"}, {Code: "11.01.01", Name: "Ra'as"},
			{Code: "11.01.01.1001", Name: "Sukun"}, {Code: "11.01.01.2009", Name: "Suka Maju"}, {Code: "12", Name: "Timur"},
		}, []region.Former{
			{Place: region.Place{Code: "13.01", Name: "Kabupaten Lama"}, Now: "11.01"}, {Place: region.Place{Code: "99", Name: "Timur"}},
		}
}

func TestWhatIsPackedIsRead(t *testing.T) {
	places, former := sample()
	raw, err := region.Pack(places, former)
	if err != nil {
		t.Fatal(err)
	}
	list := region.From(string(raw))
	for _, p := range places {
		if list.Name(p.Code) != p.Name {
			t.Errorf("%s is %q, want %q", p.Code, list.Name(p.Code), p.Name)
		}
	}
	for _, f := range former {
		if got, ok := list.Formerly(f.Code); !ok || got != f {
			t.Errorf("%s is %+v, want %+v", f.Code, got, f)
		}
	}
	if got := list.Find(region.Question{Text: "suk", Level: region.Village, Limit: 9}); len(got) != 2 {
		t.Errorf("found %v", got)
	}
}

func TestWhatIsNoListIsNotPacked(t *testing.T) {
	for want, p := range map[string]region.Place{
		"stands below no place": {Code: "14.01", Name: "X"},
		"stands twice":          {Code: "12", Name: "X"},
		"a name of 0 words":     {Code: "15", Name: " "},
		"a name of 8 words":     {Code: "15", Name: "a b c d e f g h"},
	} {
		places, _ := sample()
		if _, err := region.Pack(append(places, p), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %s", p, err, want)
		}
	}
}

// FuzzFrom reads files that were cut, changed or never were lists: they answer,
// and a damaged one has no place rather than a wrong one of its own making.
func FuzzFrom(f *testing.F) {
	raw, err := region.Pack(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw, "suk", "11.01.01.2009")
	f.Add(raw[:len(raw)-3], "suk", "13.01.01")
	f.Add([]byte("pendopo/regions/1\n"), "", "")
	f.Fuzz(func(t *testing.T, raw []byte, text, code string) {
		list := region.From(string(raw))
		list.Path(code)
		list.Below(code)
		list.Formerly(code)
		for _, p := range list.Find(region.Question{Text: text, Level: region.Village, Limit: 5}) {
			if !list.Has(p.Code) || list.Name(p.Code) != p.Name {
				t.Errorf("%+v is found and is not there", p)
			}
		}
	})
}

// FuzzQuestion asks the real list whatever may be typed.
func FuzzQuestion(f *testing.F) {
	for _, s := range []string{"miroto", "Kel. Sukun, Malang", "33.74.01.1001", "ra'as", "\x00", "ſ", "a b c d e f g h"} {
		f.Add(s)
	}
	list := region.National()
	f.Fuzz(func(t *testing.T, s string) {
		for _, p := range list.Find(region.Question{Text: s, Level: region.Village, Limit: 3}) {
			if !list.Has(p.Code) {
				t.Errorf("%+v is found and is not there", p)
			}
		}
		if list.Has(s) != (list.Name(s) != "") {
			t.Error("a place without a name")
		}
		list.Formerly(region.Dotted(s))
	})
}
