package definition

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

// family is the small government's service that extends a template.
func family(t *testing.T) *Service {
	t.Helper()
	g, findings := Read(os.DirFS("testdata/good"))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	return g.Service("keluarga")
}

func ids[T any](list []T, id func(T) string) string {
	var out []string
	for _, x := range list {
		out = append(out, id(x))
	}
	return strings.Join(out, " ")
}

func TestAServiceOverATemplateIsBoth(t *testing.T) {
	s := family(t)
	if got := ids(s.Form.Pages, func(p Page) string { return p.ID }); got != "filing proxy why people family report papers" {
		t.Errorf("pages %s", got)
	}
	if got := ids(s.Standard.Requirements, func(r Requirement) string { return r.ID }); got != "lost card" {
		t.Errorf("requirements %s", got)
	}
	card := s.Field("card")
	if card.Label["id"] != "Kartu lama" || !card.Counter || len(card.Instead) != 1 {
		t.Errorf("the card is not both: %+v", card)
	}
	if s.Standard.Complaints["en"] != "At the counter." || s.Unit.Unit != "kantor" || s.Retention.Years != 5 || ids(s.Channels, func(c string) string { return c }) != "portal counter api" {
		t.Error("what the template says is lost, or is not replaced")
	}
}

func TestPersonsStandForTheirFields(t *testing.T) {
	s := family(t)
	people := s.Page("head_name")
	if got := ids(people.Fields, func(f Field) string { return f.ID + ":" + string(f.Kind) }); got != "head_name:text head_nik:nik head_birth_date:date head_sex:choice spouse_name:text spouse_nik:nik" {
		t.Error(got)
	}
	name := s.Field("head_name")
	if name.Label["id"] != "Kepala keluarga: nama lengkap" || name.Label["en"] != "Head of the family: full name" || !name.Name || name.Hint["id"] == "" || !name.Personal {
		t.Errorf("%+v", name)
	}
	if s.Field("head_nik").Name || !s.Field("spouse_nik").Optional || s.Field("head_nik").Optional || len(s.Field("head_sex").Choices) != 2 {
		t.Error("what is said of a person does not reach its parts, or reaches the wrong ones")
	}
	if inner := s.Field("children").Fields[3]; inner.ID != "child_name" || inner.Label["id"] != "Anak: nama lengkap" {
		t.Errorf("a person in a group: %+v", inner)
	}
	if s.Field("witness_nik") == nil || s.Page("witness_nik").ID != "papers" || s.Always("witness_nik") || s.Always("card") || !s.Always("head_name") {
		t.Error("the fields of a substitute are not those of its page")
	}
}

func TestEveryPartOfAPersonHasWordsAndIsReadInALanguageThatHasThem(t *testing.T) {
	for _, part := range personParts() {
		if w := personLabel(part); w["id"] == "" || w["en"] == "" {
			t.Errorf("%s has no words", part)
		}
	}
	data, err := os.ReadFile("testdata/good/services/keluarga.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Replace(string(data), "parts: [name, nik, birth_date, sex]", "parts: ["+strings.Join(personParts(), ", ")+"]", 1)
	for _, f := range found(t, "services/keluarga.yaml", []byte(all)) {
		t.Error(f)
	}
}

func TestAFaultOfAMergedPartNamesBothFilesAndIsOne(t *testing.T) {
	data, err := os.ReadFile("testdata/good/templates/dasar.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got := found(t, "templates/dasar.yaml", []byte(strings.Replace(string(data), ", en: At the counter.", "", 1)))
	if len(got) != 1 || got[0].File != "templates/dasar.yaml" || got[0].Merged != "services/keluarga.yaml" {
		t.Fatal(got)
	}
	if line := got[0].String(); !strings.HasPrefix(line, "templates/dasar.yaml:13:15 (services/keluarga.yaml): ") || !strings.Contains(line, "Di loket.") {
		t.Error(line)
	}
	got = found(t, "templates/dasar.yaml", []byte("language: [\n"))
	if len(got) != 1 || got[0].Code != "syntax" {
		t.Error(got)
	}
}

func TestWhatNoServiceExtendsIsWarnedOf(t *testing.T) {
	got := found(t, "templates/lama.yaml", []byte("language: 1\n"))
	if len(got) != 1 || got[0].Code != "base_unused" || got[0].Severity != Warning || got[0].Args["base"] != "lama" {
		t.Error(got)
	}
}

func TestFilesStandOnFewOthers(t *testing.T) {
	folder := folderOf(t, os.DirFS("testdata/good"))
	base := string(folder["templates/dasar.yaml"].Data)
	for i, below := range []string{"", "a1", "a2", "a3", "a4"} {
		text := base
		if below != "" {
			text = "language: 1\nextends: " + below + "\n"
		}
		folder["templates/a"+itoa(i+1)+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	over := func(on string) []Finding {
		folder["services/tanya.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(folder["services/tanya.yaml"].Data), "extends: dasar", "extends: "+on, 1))}
		return Check(folder)
	}
	for _, f := range over("a4") {
		if f.Code != "base_unused" {
			t.Error(f)
		}
	}
	folder["services/tanya.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(folder["services/tanya.yaml"].Data), "extends: a4", "extends: dasar", 1))}
	if got := over("a5"); len(got) == 0 || got[0].Code != "extends_deep" || got[0].File != "templates/a2.yaml" {
		t.Error(got)
	}
}

// pieces of files that say something about other files' lists, well and badly.
var overlays = []string{
	"{id: letter, remove: yes}", "{id: card, after: letter}", "{id: card, after: \"\"}", "{id: x, after: y, text: {id: A, en: B}}", "{remove: yes}",
	"{id: card, remove: [yes]}", "{id: {a: b}}", "card", "[]", "{id: letter, text: {en: Other}}", "{id: letter, after: letter}", "{after: card}",
	"{id: p, kind: person, parts: [name, name, x], label: {id: A, en: B}}", "{id: p, kind: person}", "{kind: person, parts: nik}", "{id: g, kind: group, fields: [{id: h, kind: group}]}",
	"{id: g, kind: group, item: {id: A, en: B}, label: {id: A, en: B}, fields: [{id: p, kind: person, parts: nik, label: {id: A, en: B}}]}",
	"{id: card, instead: [{id: s, fields: [{id: p, kind: person, parts: [nik]}]}]}",
}

// TestMergingAndExpandingNeverPanics puts random pieces over the template's
// lists: check finds what it finds, each finding at a place.
func TestMergingAndExpandingNeverPanics(t *testing.T) {
	good := folderOf(t, os.DirFS("testdata/good"))
	rapid.Check(t, func(t *rapid.T) {
		piece := func(label string) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(overlays), 0, 4).Draw(t, label), ", ")
		}
		text := "language: 1\nid: tanya\nextends: " + rapid.SampledFrom([]string{"dasar", "keluarga", "izin", "tanya", "\"\"", "[a]"}).Draw(t, "base") +
			"\nproxy: " + rapid.SampledFrom([]string{"yes", "no", "[]"}).Draw(t, "proxy") +
			"\nstandard: {requirements: [" + piece("requirements") + "]}\nform: {pages: [{id: papers, fields: [" + piece("fields") + "]}, " + rapid.SampledFrom(overlays).Draw(t, "page") + "]}\n"
		folder := fstest.MapFS{}
		for name, file := range good {
			folder[name] = file
		}
		folder["services/tanya.yaml"] = &fstest.MapFile{Data: []byte(text)}
		for _, f := range Check(folder) {
			if f.Line < 1 || f.Column < 1 || f.Message == "" || (folder[f.File] == nil && f.Code != "missing_file") {
				t.Fatalf("%+v", f)
			}
		}
	})
}

// FuzzMerge: any file over any other is read or refused, and never panics.
func FuzzMerge(f *testing.F) {
	read := func(name string) []byte {
		data, err := os.ReadFile("testdata/good/" + name)
		if err != nil {
			f.Fatal(err)
		}
		return data
	}
	f.Add(read("templates/dasar.yaml"), read("services/tanya.yaml"))
	f.Add(read("templates/dasar.yaml"), read("services/keluarga.yaml"))
	f.Add([]byte("form: {pages: [{id: a, fields: [{id: b, kind: person, parts: name}]}]}"), []byte("extends: dasar\nform: {pages: [{id: a, fields: [{id: b, remove: yes}, {id: c, after: \"\"}]}]}\n"))
	good := folderOf(f, os.DirFS("testdata/good"))
	delete(good, "services/izin.yaml")
	delete(good, "services/keluarga.yaml")
	f.Fuzz(func(t *testing.T, base, over []byte) {
		folder := fstest.MapFS{}
		for n, file := range good {
			folder[n] = file
		}
		folder["templates/dasar.yaml"] = &fstest.MapFile{Data: base}
		folder["services/tanya.yaml"] = &fstest.MapFile{Data: over}
		for _, found := range Check(folder) {
			if found.Line < 1 || found.Column < 1 || found.Code == "" || found.Message == "" {
				t.Errorf("%+v", found)
			}
		}
	})
}
