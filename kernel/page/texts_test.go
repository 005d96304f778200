package page

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pendopo/web"
)

// sameInBoth are texts that are rightly the same words in both languages:
// names, codes, and words that both have.
var sameInBoth = regexp.MustCompile(`^(page\.(format_|rupiah|date|month|moment_short|list)|definition\.(pattern_part|signatory_role|product_without_signatory)\.hint$)`)

func embedded(t *testing.T) *Catalogue {
	t.Helper()
	c, err := LoadCatalogue(web.Locale(), true)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTextFilesAreSound(t *testing.T) {
	for _, f := range embedded(t).Faults() {
		t.Error(f)
	}
}

func TestEveryLanguageHasEveryText(t *testing.T) {
	c := embedded(t)
	id, en := c.Keys("id"), c.Keys("en")
	for _, k := range id {
		if !slices.Contains(en, k) {
			t.Errorf("%s has no English text", k)
		}
	}
	for _, k := range en {
		if !slices.Contains(id, k) {
			t.Errorf("%s has no Indonesian text", k)
		}
	}
	if n := len(c.Keys(PseudoTag)); n != len(id) {
		t.Errorf("the third language has %d texts of %d", n, len(id))
	}
}

func TestEnglishIsNotCopiedIndonesian(t *testing.T) {
	c := embedded(t)
	id, en := c.Printer("id").table, c.Printer("en").table
	for k, m := range id {
		other := en[k]
		if other == nil || sameInBoth.MatchString(k) || len(placeholder.ReplaceAllString(m.source(), "")) < 9 {
			continue
		}
		if m.source() == other.source() {
			t.Errorf("%s is the same in both languages: %q", k, m.source())
		}
	}
}

func TestPlaceholdersAgreeBetweenLanguages(t *testing.T) {
	c := embedded(t)
	id, en := c.Printer("id").table, c.Printer("en").table
	for k, m := range id {
		if other := en[k]; other != nil && !slices.Equal(m.names(), other.names()) {
			t.Errorf("%s: %v in Indonesian, %v in English", k, m.names(), other.names())
		}
	}
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// source is the text as in the file, forms joined.
func (m *message) source() string {
	if m.forms != nil {
		var all []string
		for _, f := range m.forms {
			all = append(all, f.source())
		}
		slices.Sort(all)
		return strings.Join(all, "|")
	}
	s := m.plain
	for _, p := range m.parts {
		if p.arg != "" {
			s += "{" + p.arg + "}"
		}
		s += p.text
	}
	return s
}

// names of the placeholders, but for n: "one file" needs no figure.
func (m *message) names() []string {
	var out []string
	for _, p := range m.parts {
		if p.arg != "" && p.arg != "n" {
			out = append(out, p.arg)
		}
	}
	for _, f := range m.forms {
		out = append(out, f.names()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestEveryKeyOfTheSourceHasAText reads the program's own files.
func TestEveryKeyOfTheSourceHasAText(t *testing.T) {
	c := embedded(t)
	have := map[string]bool{}
	for _, k := range c.Keys("id") {
		have[k] = true
	}
	found := 0
	for key, where := range literals(t, filepath.Join("..", "..")) {
		if found++; !have[key] {
			t.Errorf("%s uses %s, which has no text", where, key)
		}
	}
	if found < 40 {
		t.Errorf("only %d keys found in the source: the search is broken", found)
	}
}

// literal is a key where one is asked for: the arguments of T, Text and
// fault.New; and whatever begins with fault.
var literal = regexp.MustCompile(`(?:fault\.New\([\w.]+, |\bT\((?:ctx, )?|Text\([\w.()]+, )"([a-z]+\.[a-z0-9]+(?:_[a-z0-9]+)*)"|"(fault\.[a-z0-9]+(?:_[a-z0-9]+)*)"`)

func literals(t *testing.T, root string) map[string]string {
	out := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if name == ".git" || name == "test" || name == "testdata" || name == "node_modules" {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") || !(strings.HasSuffix(name, ".go") || strings.HasSuffix(name, ".templ")) {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range literal.FindAllStringSubmatch(string(data), -1) {
			out[m[1]+m[2]] = path
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCatalogueFindsWhatIsWrong(t *testing.T) {
	c, err := LoadCatalogue(fstest.MapFS{
		"a.id.yaml": {Data: []byte("a.x: satu\na.x: dua\nb.y: lain\na.n:\n  one: \"{n} berkas\"\n  lots: banyak\n")},
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(c.Faults(), "\n"); !strings.Contains(got, "a.x is there twice") || !strings.Contains(got, "b.y starts with") || !strings.Contains(got, `no plural form "lots"`) {
		t.Errorf("found only: %s", got)
	}
	if _, err := LoadCatalogue(fstest.MapFS{"a.en.yaml": {Data: []byte("a.x: one\n")}}, false); err == nil {
		t.Error("texts without Indonesian are accepted")
	}
}

func TestPlurals(t *testing.T) {
	c, err := LoadCatalogue(fstest.MapFS{
		"a.id.yaml": {Data: []byte("a.n:\n  other: \"{n} berkas\"\n")},
		"a.en.yaml": {Data: []byte("a.n:\n  one: one file\n  other: \"{n} files\"\n")},
	}, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []struct {
		lang string
		n    any
		want string
	}{{"id", 1, "1 berkas"}, {"en", 1, "one file"}, {"en", int64(2), "2 files"}, {"en", 0, "0 files"}, {PseudoTag, 3, "⟦3 berkas⟧"}, {"fr", 2, "2 berkas"}} {
		if got := c.Printer(w.lang).T("a.n", "n", w.n); got != w.want {
			t.Errorf("%s %v: %q, want %q", w.lang, w.n, got, w.want)
		}
	}
}
