package routing_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pendopo/government"
	"pendopo/law/definition"
	"pendopo/law/routing"
)

// decided are reports of an invented town, as they were decided: templates and
// what may stand in them, so that no two are the same.
func decided() []routing.Example {
	places := []string{"depan pasar", "dekat SD", "di RT 03", "perempatan alun-alun", "jalan desa", "sebelah masjid", "dekat jembatan", "di gang kami"}
	since := []string{"sudah seminggu", "sejak Senin", "dua bulan ini", "sejak hujan kemarin"}
	var out []routing.Example
	add := func(label string, texts ...string) {
		for i, p := range places {
			for j, s := range since {
				out = append(out, routing.Example{Label: label, Text: texts[(i+j)%len(texts)] + " " + p + " " + s, Tags: []string{"region:33.60.01"}})
			}
		}
	}
	add("dpupr", "jalan berlubang dan aspal mengelupas", "jalan rusak parah banyak lubang", "drainase tersumbat, air meluap ke jalan", "talud longsor menutup saluran")
	add("dishub", "lampu jalan padam", "lampu merah mati, lalu lintas kacau", "parkir liar memakai badan jalan", "bus ngetem sembarangan")
	add("dlh", "sampah menumpuk tidak diangkut", "bau limbah pabrik di sungai", "tempat sampah penuh", "asap pembakaran sampah")
	add("dinkes", "antrean puskesmas lama sekali", "obat di puskesmas habis", "nyamuk demam berdarah, minta fogging", "posyandu tidak buka")
	return out
}

// TestAReportFindsItsUnit, also misspelt and shortened, with the words that say so.
func TestAReportFindsItsUnit(t *testing.T) {
	m := routing.Train(decided())
	for text, want := range map[string]struct{ label, word string }{
		"Lmpu jln padam pak":                                    {"dishub", "padam"},
		"jlan berlobang dpn rumah saya":                         {"dpupr", "lubang"},
		"Yth. Dinas Kesehatan, sampahnya gak diangkut2 udh bau": {"dlh", "sampah"},
		"Puskesmasnya antri lama obat tdk ada":                  {"dinkes", "puskesmasnya"},
		"@dishub lubang di aspal makin dalam":                   {"dpupr", "aspal"},
	} {
		got := m.Suggest(text, nil, nil, 3)
		if len(got) == 0 || got[0].Label != want.label || !slices.Contains(got[0].Words, want.word) {
			t.Errorf("%q: %+v, want %s by %q", text, got, want.label, want.word)
		}
	}
}

// TestNothingIsSuggestedWithoutAReason: no known word, an empty text, no model.
func TestNothingIsSuggestedWithoutAReason(t *testing.T) {
	m := routing.Train(decided())
	for _, text := range []string{"", "   ", "12345 67890", "\xff\xfe", "xyzzy qwrtp", "!!!"} {
		if got := m.Suggest(text, nil, nil, 3); got != nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
	var none *routing.Model
	if got := none.Suggest("lampu padam", nil, nil, 3); got != nil {
		t.Errorf("no model suggests %+v", got)
	}
	if got := routing.Train(nil).Suggest("lampu padam", nil, nil, 3); got != nil {
		t.Errorf("a model of nothing suggests %+v", got)
	}
}

// TestHintsSpeakBesideWords: a category says its unit where words say little, and
// is outvoted by words that are clear; a unit nobody has learned of can be hinted.
func TestHintsSpeakBesideWords(t *testing.T) {
	m := routing.Train(decided())
	hint := func(unit, reason string, weight float64) []routing.Hint {
		return []routing.Hint{{Label: unit, Reason: reason, Weight: weight}}
	}
	got := m.Suggest("mohon segera ditangani", nil, hint("kel-kauman-lor", routing.FromPlace, 6), 3)
	if len(got) == 0 || got[0].Label != "kel-kauman-lor" || !slices.Equal(got[0].Hints, []string{routing.FromPlace}) {
		t.Errorf("by the place alone: %+v", got)
	}
	clear := "jalan berlubang aspal mengelupas lubang jalan rusak parah"
	if got := m.Suggest(clear, nil, hint("dlh", routing.FromCategory, 1), 3); len(got) == 0 || got[0].Label != "dpupr" {
		t.Errorf("clear words against a weak hint: %+v", got)
	}
	if got := routing.Train(nil).Suggest("apa saja", nil, hint("dlh", routing.FromCategory, 3), 3); len(got) != 1 || got[0].Label != "dlh" {
		t.Errorf("a hint alone: %+v", got)
	}
}

// TestTagsAreLearned: what stands beside the text speaks as words do.
func TestTagsAreLearned(t *testing.T) {
	var list []routing.Example
	for i := range 30 {
		list = append(list, routing.Example{Text: fmt.Sprintf("mohon bantuan nomor %c", 'a'+i%26), Tags: []string{"category:" + []string{"lampu", "sampah"}[i%2]}, Label: []string{"dishub", "dlh"}[i%2]})
	}
	got := routing.Train(list).Suggest("mohon bantuan", []string{"category:sampah"}, nil, 2)
	if len(got) == 0 || got[0].Label != "dlh" || !slices.Equal(got[0].Tags, []string{"category:sampah"}) {
		t.Errorf("%+v", got)
	}
}

// TestTheSameExamplesGiveTheSameModel to the last bit, whenever it is trained.
func TestTheSameExamplesGiveTheSameModel(t *testing.T) {
	const text = "lampu padam dan jalan berlubang penuh sampah"
	first := routing.Train(decided()).Rank(text, nil, nil)
	for range 3 {
		if again := routing.Train(decided()).Rank(text, nil, nil); !reflect.DeepEqual(again, first) {
			t.Fatalf("%+v, then %+v", first, again)
		}
	}
	sum := 0.0
	for _, g := range first {
		sum += g.Chance
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("chances add up to %v", sum)
	}
}

// TestCopiesAreAskedAboutTogether: a text that is nearly another one is never
// asked about when that one was learned from.
func TestCopiesAreAskedAboutTogether(t *testing.T) {
	list := []routing.Example{
		{Text: "jalan rusak di depan pasar Sekararum sudah lama tidak diperbaiki", Label: "a"},
		{Text: "sampah menumpuk di belakang sekolah dan baunya mengganggu", Label: "b"},
		{Text: "Yth. Bapak Bupati, jalan rusak di depan pasar Sekararum sudah lama tidak diperbaiki juga", Label: "a"},
		{Text: "obat habis", Label: "c"},
		{Text: "obat habis", Label: "c"},
	}
	got := routing.Groups(list)
	if got[0] != got[2] || got[0] == got[1] || got[1] == got[3] {
		t.Errorf("groups %v", got)
	}
}

// TestWhatIsMeasuredIsNotLearned: labels drawn without regard to the text are
// not found, and real ones are, against the baseline beside them.
func TestWhatIsMeasuredIsNotLearned(t *testing.T) {
	list := many(300)
	real := routing.CrossValidate(list, 4)
	if real.First < 0.8 || real.Three < 0.9 || real.Labels != 25 || real.Folds != 4 || real.FirstMostFrequent > 0.1 {
		t.Errorf("first %.2f, three %.2f, most frequent %.2f", real.First, real.Three, real.FirstMostFrequent)
	}
	drawn := slices.Clone(list)
	for i := range drawn {
		drawn[i].Label = list[(i*211+37)%len(list)].Label
	}
	if by := routing.CrossValidate(drawn, 4); by.First > 0.15 {
		t.Errorf("labels that mean nothing are found in %.2f", by.First)
	}
	total := 0
	for _, c := range real.Classes {
		total += c.Examples
	}
	if total != real.Examples || real.Examples != len(list) {
		t.Errorf("%d of %d are counted", total, real.Examples)
	}
}

// TestTheDefinitionsAreAStart: what the demo's own words know before anybody has
// decided anything.
func TestTheDefinitionsAreAStart(t *testing.T) {
	g, _ := definition.Read(government.FS)
	service := &definition.Service{ID: "lapor", Public: &definition.Public{Category: "kategori", Kind: "jenis"}}
	service.Form.Pages = []definition.Page{{Fields: []definition.Field{
		{ID: "kategori", Kind: definition.KindChoice, Choices: []definition.Choice{
			{ID: "lampu_jalan", Text: definition.Text{"id": "Lampu jalan", "en": "Street lamp"}, Words: []string{"pju padam", "gelap"}, Unit: &definition.At{Unit: "dishub"}},
			{ID: "jalan", Text: definition.Text{"id": "Jalan rusak", "en": "Broken road"}, Words: []string{"aspal", "lubang"}, Unit: &definition.At{Unit: "dpupr"}},
			{ID: "sampah", Text: definition.Text{"id": "Sampah", "en": "Rubbish"}, Words: []string{"tps"}, Unit: &definition.At{Region: "wilayah"}},
		}},
		{ID: "jenis", Kind: definition.KindChoice, Choices: []definition.Choice{
			{ID: "pengaduan", Text: definition.Text{"id": "Pengaduan"}, Words: []string{"rusak", "kecewa"}},
			{ID: "informasi", Text: definition.Text{"id": "Minta informasi"}, Words: []string{"mohon info", "bagaimana cara", "syarat"}},
		}},
	}}}
	start := routing.StartOf(g, service)
	unit, kind := routing.Train(start.Unit), routing.Train(start.Kind)
	for text, want := range map[string]string{"lampu jalan padam": "dishub", "banyak lubang di aspal": "dpupr", "KTP hilang mau bikin lagi": "disdukcapil"} {
		if got := unit.Rank(text, nil, nil); len(got) == 0 || got[0].Label != want {
			t.Errorf("%q: %+v", text, got[:min(3, len(got))])
		}
	}
	if got := kind.Suggest("bagaimana syarat membuat KTP?", nil, nil, 1); len(got) == 0 || got[0].Label != "informasi" {
		t.Errorf("kind: %+v", got)
	}
	hints := routing.Hints(g, service, "sampah", "33.60.01.1002")
	if len(hints) != 2 || hints[0].Label != "kel-kauman-lor" || hints[0].Reason != routing.FromCategory || hints[1].Reason != routing.FromPlace {
		t.Errorf("a category of the village: %+v", hints)
	}
	if hints := routing.Hints(g, service, "lampu_jalan", "33.60.02"); len(hints) != 2 || hints[0].Label != "dishub" || hints[1].Label != "kec-girilangit" {
		t.Errorf("a category of an office: %+v", hints)
	}
}

// TestLettersAreReadWithoutTheirAddress: who is addressed is no part of the text.
func TestLettersAreReadWithoutTheirAddress(t *testing.T) {
	for text, want := range map[string]string{
		"Yth. Dinas Perhubungan, lampu mati":         " lampu mati",
		"Kepada Yth. Bapak Bupati\nlampu mati":       "lampu mati",
		"lampu mati. Yth. Bapak, mohon":              "lampu mati. Yth. Bapak, mohon",
		"@dishub #lapor lampu mati":                  "    lampu mati",
		"Yth " + strings.Repeat("x", 200) + ", mati": "Yth " + strings.Repeat("x", 200) + ", mati",
	} {
		if got := routing.Plain(text); strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}

func FuzzSuggest(f *testing.F) {
	for _, s := range []string{"lampu padam", "Yth. Dinas,", strings.Repeat("ä", 9000), "\xff\xfe\x00", "a-b-c---", strings.Repeat("jalan ", 2000)} {
		f.Add(s, "category:lampu")
	}
	m := routing.Train(decided())
	f.Fuzz(func(t *testing.T, text, tag string) {
		for _, g := range m.Suggest(text, []string{tag}, []routing.Hint{{Label: tag, Reason: "place", Weight: 1}}, 3) {
			if !(g.Chance > 0 && g.Chance <= 1) {
				t.Errorf("%q: %+v", text, g)
			}
		}
	})
}

// BenchmarkTrain learns from thousands of texts of a length as people write them.
func BenchmarkTrain(b *testing.B) {
	list := many(4000)
	for b.Loop() {
		routing.Train(list)
	}
}

func BenchmarkSuggest(b *testing.B) {
	m := routing.Train(many(2000))
	text := many(50)[49].Text
	for b.Loop() {
		m.Suggest(text, nil, nil, 3)
	}
}

// many are texts of 50 words out of 6,000, each label with words of its own.
func many(n int) []routing.Example {
	seed := uint64(1)
	draw := func(most int) int {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int((seed >> 33) % uint64(most))
	}
	syllables := strings.Fields("ba ca da ga ka la ma na pa ra sa ta wa bi ci di ki li mi ni")
	word := func(i int) string { return syllables[i%20] + syllables[i/20%20] + syllables[i/400%20] + "n" }
	var out []routing.Example
	for range n {
		label := draw(25)
		var w []string
		for range 50 {
			if draw(5) == 0 {
				w = append(w, word(label*30+draw(30)))
			} else {
				w = append(w, word(1000+draw(5000)))
			}
		}
		out = append(out, routing.Example{Text: strings.Join(w, " "), Label: fmt.Sprint("unit-", label)})
	}
	return out
}
