package definition

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"pendopo/government"
)

// found checks the small government with one file put in (nil takes it out).
func found(t *testing.T, name string, data []byte) []Finding {
	t.Helper()
	folder := folderOf(t, os.DirFS("testdata/good"))
	if data == nil {
		delete(folder, name)
	} else {
		folder[name] = &fstest.MapFile{Data: data}
	}
	return Check(folder)
}

// only asserts that there is exactly one finding, with this code and place.
func only(t *testing.T, got []Finding, code string, line, column int) {
	t.Helper()
	if len(got) != 1 || got[0].Code != code || got[0].Line != line || got[0].Column != column {
		t.Errorf("want %s at %d:%d alone, got %v", code, line, column, got)
	}
}

func TestFilesThatHurtAreRefusedBeforeTheyAreRead(t *testing.T) {
	only(t, found(t, "roles.yaml", []byte("roles:\n"+strings.Repeat("# more\n", 50_000))), "file_size", 1, 1)
	only(t, found(t, "roles.yaml", []byte("roles: "+strings.Repeat("[", 5000)+strings.Repeat("]", 5000))), "too_deep", 1, 1)
	only(t, found(t, "roles.yaml", []byte("roles: "+strings.Repeat("[", 40)+strings.Repeat("]", 40))), "too_deep", 1, 23)
	only(t, found(t, "roles.yaml", []byte("roles: ["+strings.Repeat("a,", 25_000)+"]")), "too_large", 1, 40003)
	only(t, found(t, "roles.yaml", []byte("roles:\n  - id: \xff\n")), "not_utf8", 2, 1)
	only(t, found(t, "roles.yaml", []byte("")), "empty_file", 1, 1)
	only(t, found(t, "roles.yaml", nil), "missing_file", 1, 1)
	only(t, found(t, "services/notes.txt", []byte("x")), "file_name", 1, 1)
}

func TestDeepNestingByIndentationIsRefused(t *testing.T) {
	var b strings.Builder
	for i := range 200 {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	got := found(t, "roles.yaml", []byte(b.String()))
	only(t, got, "too_deep", 16, 16)
}

func TestAServiceOfEveryRegionNeedsAUnitInEach(t *testing.T) {
	folder := folderOf(t, government.FS)
	units := string(folder["units.yaml"].Data)
	folder["units.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(units, `    region: "33.60.02.2003"`+"\n", "", 1))}
	got := Check(folder) // one for the file itself, one for the template that several files extend
	if len(got) != 2 {
		t.Error(got)
	}
	for _, f := range got {
		if f.Code != "region_without_unit" || f.Args["code"] != "33.60.02.2003" {
			t.Error(f)
		}
	}
}

func TestAllFaultsOfAFolderAreReportedAtOnce(t *testing.T) {
	folder := folderOf(t, os.DirFS("testdata/good"))
	change := func(file, was, is string) {
		folder[file] = &fstest.MapFile{Data: []byte(strings.Replace(string(folder[file].Data), was, is, 1))}
	}
	change("government.yaml", `code: "33.60"`, "code: 33.60")
	change("services/izin.yaml", "max: 80", "max: 80\n          colour: red")
	change("services/izin.yaml", "since >= born", "since >= bron")
	change("services/izin.yaml", "en: Forward}, to: decide}", "en: Forward}, to: nowhere}")
	change("documents/izin.yaml", "{reason_text}", "{reason_txt}")
	var codes []string
	for _, f := range Check(folder) {
		codes = append(codes, f.Code)
	}
	want := "template_field quote unknown_key rule_unknown_name unknown_target"
	if got := strings.Join(codes, " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAFindingShowsItsLineWithACaretBelowThePlace(t *testing.T) {
	f := found(t, "roles.yaml", []byte("roles:\n  - {id: petugas, naem: {id: Petugas, en: Officer}}\n  - {id: kepala, name: {id: Kepala, en: Head}}\n  - {id: ahli, name: {id: Ahli, en: Expert}}\n"))
	if len(f) != 1 {
		t.Fatal(f)
	}
	want := "roles.yaml:2:19: The key naem is not known here. [unknown_key]\n" +
		"    2 |   - {id: petugas, naem: {id: Petugas, en: Officer}}\n" +
		"      |                   ^\n" +
		"    Known here: name, head, id."
	if f[0].String() != want {
		t.Errorf("got\n%s\nwant\n%s", f[0], want)
	}
}

func FuzzCheckNeverPanics(f *testing.F) {
	for _, name := range []string{"services/izin.yaml", "services/keluarga.yaml", "services/tanya.yaml", "templates/dasar.yaml", "units.yaml", "documents/izin.yaml", "numbers.yaml", "government.yaml"} {
		data, err := os.ReadFile("testdata/good/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(name, data)
	}
	f.Add("services/izin.yaml", []byte("a: &a [*a]\n? {b: c}\n: |2\n    x\n"))
	good := folderOf(f, os.DirFS("testdata/good"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if _, known := good[name]; !known || strings.HasPrefix(name, "calendars") {
			return
		}
		folder := fstest.MapFS{}
		for n, file := range good {
			folder[n] = file
		}
		folder[name] = &fstest.MapFile{Data: data}
		for _, found := range Check(folder) {
			if found.Line < 1 || found.Column < 1 || found.Code == "" || found.Message == "" {
				t.Errorf("%+v", found)
			}
		}
	})
}

func TestAFlowWithVeryManyWaysIsWeighedAtOnce(t *testing.T) {
	data, err := os.ReadFile("testdata/good/services/izin.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var steps strings.Builder
	for i := range 60 {
		next := "s" + itoa(i+1)
		if i == 59 {
			next = "decide"
		}
		steps.WriteString("    - {id: s" + itoa(i) + ", kind: decide, name: {id: A, en: B}, actor: {role: ahli}, limit: {within: 1 working minute, late: [{do: escalate, role: kepala}]}, actions: [" +
			"{id: a, kind: forward, label: {id: A, en: B}, to: " + next + "}, {id: b, kind: approve, label: {id: A, en: B}, to: " + next + "}]}\n")
	}
	text := strings.Replace(string(data), "    - id: decide\n", steps.String()+"    - id: decide\n", 1)
	text = strings.Replace(text, "en: Forward}, to: decide}", "en: Forward}, to: s0}", 1)
	for _, f := range found(t, "services/izin.yaml", []byte(text)) {
		t.Error(f)
	}
}
