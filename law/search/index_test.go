package search_test

import (
	"slices"
	"strings"
	"testing"

	"pendopo/law/definition"
	"pendopo/law/search"
)

func text(id, en string) definition.Text { return definition.Text{"id": id, "en": en} }

// town is a small government: eight services, two events, some sayings.
func town() *definition.Government {
	service := func(id, name, english, summary, need string, events []string, words ...string) *definition.Service {
		s := &definition.Service{ID: id, Name: text(name, english), Summary: text(summary, english+"."), Need: need, Events: events, Words: words}
		s.Product.Name = text(name, english)
		s.Standard.Requirements = []definition.Requirement{{Text: text("Fotokopi KTP dan KK", "Copies of your identity card and family card")}}
		return s
	}
	g := &definition.Government{
		Needs:  []definition.Need{{ID: "kependudukan", Name: text("Kependudukan", "Population"), Words: []string{"dukcapil"}}},
		Events: []definition.Need{{ID: "menikah", Name: text("Menikah", "Marriage"), Words: []string{"pengantin"}}},
		Synonyms: []definition.Synonym{
			{Word: "ktp", Same: []string{"kartu tanda penduduk", "ktp elektronik"}}, {Word: "kk", Same: []string{"kartu keluarga"}},
			{Word: "hilang", Same: []string{"raib", "dicuri"}}, {Word: "nikah", Same: []string{"kawin", "rabi"}},
		},
		Services: []*definition.Service{
			service("ktp-el", "KTP elektronik", "Identity card", "Membuat KTP baru atau mengganti yang hilang dan rusak.", "kependudukan", nil, "ktp hilang"),
			service("kartu-keluarga", "Kartu keluarga", "Family card", "Menambah atau mengurangi anggota keluarga.", "kependudukan", []string{"menikah"}, "kk"),
			service("akta-kelahiran", "Akta kelahiran", "Birth certificate", "Mencatatkan anak yang baru lahir.", "", nil, "akta lahir"),
			service("pengantar-nikah", "Surat pengantar nikah", "Letter for a marriage", "Surat N1 sampai N4.", "", []string{"menikah"}),
			service("pindah", "Surat keterangan pindah", "Moving away", "Pindah ke daerah lain.", "kependudukan", nil),
			service("sktm", "Surat keterangan tidak mampu", "Letter of need", "Untuk keringanan biaya sekolah.", "", nil, "miskin"),
			service("usaha", "Surat keterangan usaha", "Business letter", "Menerangkan tempat usaha Anda.", "", nil),
			service("reklame", "Izin reklame", "Advertising permit", "Memasang papan reklame.", "", nil, "spanduk"),
		},
	}
	g.Services[2].Questions = []string{"Anak saya sudah besar dan belum tercatat, bagaimana?"}
	return g
}

func index(lang string) *search.Index {
	g := town()
	return search.New(g, g.Services, lang, search.Parts{})
}

// TestPeopleFindWhatTheyMean, in their own words and with slips of the hand.
func TestPeopleFindWhatTheyMean(t *testing.T) {
	id, en := index("id"), index("en")
	for query, want := range map[string]string{
		"KTP saya hilang, bagaimana mengurusnya?": "ktp-el",
		"e-KTP raib":                         "ktp-el",
		"kartu tanda penduduk":               "ktp-el",
		"kpt ilang":                          "ktp-el",
		"nambah anggota kartu keluarga":      "kartu-keluarga",
		"KK":                                 "kartu-keluarga",
		"akte kelahiran anak":                "akta-kelahiran",
		"akta kelahirn":                      "akta-kelahiran",
		"anak belum dicatatkan kelahirannya": "akta-kelahiran",
		"mau kawin":                          "pengantar-nikah",
		"pernikahann":                        "pengantar-nikah",
		"mau boyongan pindah rumah":          "pindah",
		"surat miskin buat sekolah":          "sktm",
		"pasang sepanduk":                    "reklame",
		"usahaaaa":                           "usaha",
		"rekla":                              "reklame",
	} {
		if hits := id.Find(query, 3); len(hits) == 0 || hits[0].Service != want {
			t.Errorf("%q finds %v, want %s first", query, hits, want)
		}
	}
	for query, want := range map[string]string{
		"how do I get a birth certificate": "akta-kelahiran", "lost identity cards": "ktp-el", "getting a marriage": "pengantar-nikah",
		"bussiness letter": "usaha", "KTP": "ktp-el", "moving": "pindah",
	} {
		if hits := en.Find(query, 3); len(hits) == 0 || hits[0].Service != want {
			t.Errorf("%q finds %v, want %s first", query, hits, want)
		}
	}
}

// TestWhatNobodyOffersIsNotFound: rather nothing than anything.
func TestWhatNobodyOffersIsNotFound(t *testing.T) {
	x := index("id")
	for _, query := range []string{"", "?!", "selamat pagi", "terima kasih banyak", "bagaimana cara mengurus", "cuaca besok di mana", "\xff\xfe\x00", "-- - --"} {
		if hits := x.Find(query, 3); len(hits) > 0 {
			t.Errorf("%q finds %v", query, hits)
		}
	}
}

// TestPartsMayBeLeftOut: what a measurement leaves out is not found by.
func TestPartsMayBeLeftOut(t *testing.T) {
	g := town()
	const asked = "anak sudah besar"
	if hits := search.New(g, g.Services, "id", search.Parts{}).Find(asked, 1); len(hits) != 1 || hits[0].Service != "akta-kelahiran" {
		t.Errorf("with the question: %v", hits)
	}
	if hits := search.New(g, g.Services, "id", search.Parts{NoQuestions: true}).Find("besar", 1); len(hits) != 0 {
		t.Errorf("without questions: %v", hits)
	}
	x := index("id")
	if !x.Alike("Bagaimana cara membuat akta lahir?", "buat akta kelahiran") || x.Alike("akta lahir", "akta nikah") {
		t.Error("what is the same question is not seen")
	}
}

// TestTheSameQueryFindsTheSameOrder, however often the index is built.
func TestTheSameQueryFindsTheSameOrder(t *testing.T) {
	first := index("id").Find("surat", 0)
	for range 5 {
		if again := index("id").Find("surat", 0); !slices.Equal(first, again) {
			t.Fatalf("%v, then %v", first, again)
		}
	}
	if len(first) < 3 {
		t.Errorf("%v", first)
	}
}

func FuzzFind(f *testing.F) {
	for _, q := range []string{"akta lahir", strings.Repeat("a", 5000), strings.Repeat("ktp ", 900), "é-É", "\x00"} {
		f.Add(q)
	}
	x := index("id")
	f.Fuzz(func(t *testing.T, q string) {
		for _, h := range x.Find(q, 3) {
			if h.Score <= 0 || h.Service == "" {
				t.Errorf("%q: %+v", q, h)
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	x := index("id")
	for b.Loop() {
		x.Find("bagaimana cra mengurs akte kelahirn anak di kartu keluarga", 10)
	}
}

// TestWordsOfChoicesFindTheirService as they stand: nobody's slip leads to them.
func TestWordsOfChoicesFindTheirService(t *testing.T) {
	g := town()
	report := &definition.Service{ID: "lapor", Name: text("Pengaduan", "Complaint"), Summary: text("Melaporkan masalah.", "Report a problem.")}
	report.Form.Pages = []definition.Page{{Fields: []definition.Field{{ID: "category", Kind: definition.KindChoice, Choices: []definition.Choice{
		{ID: "road", Text: text("Jalan", "Road"), Words: []string{"aspal berlubang", "trotoar"}},
	}}}}}
	g.Services = append(g.Services, report)
	x := search.New(g, g.Services, "id", search.Parts{})
	if hits := x.Find("trotoar depan rumah", 1); len(hits) != 1 || hits[0].Service != "lapor" {
		t.Errorf("found %v", hits)
	}
	if hits := x.Find("trotuar", 1); len(hits) != 0 {
		t.Errorf("a slip found %v", hits)
	}
}
