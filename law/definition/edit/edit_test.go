package edit_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pendopo/government"
	"pendopo/law/definition/edit"
)

// files is every YAML file of the demo government.
func files(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := fs.WalkDir(government.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".yaml") {
			return err
		}
		out[name], err = fs.ReadFile(government.FS, name)
		return err
	})
	if err != nil || len(out) < 8 {
		t.Fatalf("%d files: %v", len(out), err)
	}
	return out
}

func parse(t *testing.T, text []byte) *edit.File {
	t.Helper()
	f, err := edit.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// changed counts the lines that differ; -1 when there are more or fewer lines.
func changed(a, b []byte) int {
	before, after := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	if len(before) != len(after) {
		return -1
	}
	n := 0
	for i := range before {
		if !bytes.Equal(before[i], after[i]) {
			n++
		}
	}
	return n
}

func TestEveryScalarOfTheDemoCanBeEditedAndPutBack(t *testing.T) {
	scalars, manyLines, rewritten := 0, 0, 0
	for name, text := range files(t) {
		f := parse(t, text)
		step := max(1, len(f.Nodes())*len(files(t))/6000) // with many services: some of each
		for i, n := range f.Nodes() {
			if !n.Scalar || i%step != 0 {
				continue
			}
			scalars++
			value := another(n)
			g, err := f.Set(n.Path, value)
			if err != nil {
				t.Errorf("%s %s: %v", name, n.Path, err)
				continue
			}
			if got := g.At(n.Path).Value; got != value {
				t.Errorf("%s %s says %q and not %q", name, n.Path, got, value)
			}
			if lines := changed(text, g.Bytes()); lines != 1 {
				manyLines++ // a text over several lines is written anew
				if !strings.ContainsAny(n.Value, "\n ") {
					t.Errorf("%s %s: %d lines changed", name, n.Path, lines)
				}
			}
			h, err := g.Set(n.Path, n.Value)
			if err != nil {
				t.Errorf("%s %s back: %v", name, n.Path, err)
			} else if !bytes.Equal(h.Bytes(), text) {
				rewritten++
			}
		}
	}
	if scalars < 500 || manyLines > scalars/50 || rewritten > scalars/50 {
		t.Errorf("of %d scalars %d changed more than a line and %d could not be put back to the byte", scalars, manyLines, rewritten)
	}
	t.Logf("%d scalars; %d over several lines; %d not the same bytes after putting back", scalars, manyLines, rewritten)
}

// another is a value of the same kind.
func another(n *edit.Node) string {
	switch {
	case !n.Text:
		return "7"
	case strings.HasSuffix(n.Value, "\n"):
		return strings.TrimRight(n.Value, "\n") + "x\n"
	}
	return n.Value + "x"
}

func TestAnythingMaySoBeSaid(t *testing.T) {
	texts := files(t)
	var names []string
	for name := range texts {
		names = append(names, name)
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "file")
		f, err := edit.Parse(texts[name])
		if err != nil {
			t.Fatal(err)
		}
		var paths []string
		for _, n := range f.Nodes() {
			if n.Text {
				paths = append(paths, n.Path)
			}
		}
		path := rapid.SampledFrom(paths).Draw(t, "path")
		value := rapid.StringMatching(`[ -~äéß…]{0,40}(\n[a-z: #'"-]{1,20})?`).Draw(t, "value")
		g, err := f.Set(path, value)
		if err != nil {
			if n := f.At(path); strings.Contains(n.Value, "\n") && errors.Is(err, edit.ErrCannot) {
				return // a text after | cannot begin or end with spaces
			}
			t.Fatalf("%s %s = %q: %v", name, path, value, err)
		}
		others(t, f, g, path)
	})
}

// others wants every other value to be what it was.
func others(t interface{ Fatalf(string, ...any) }, f, g *edit.File, path string) {
	before, after := f.Nodes(), g.Nodes()
	if len(before) != len(after) {
		t.Fatalf("%d values became %d", len(before), len(after))
	}
	for i := range before {
		if before[i].Path != after[i].Path || before[i].Path != path && before[i].Value != after[i].Value {
			t.Fatalf("%s = %q became %s = %q", before[i].Path, before[i].Value, after[i].Path, after[i].Value)
		}
	}
}

func TestEveryItemOfTheDemoCanBeTakenOutAndEveryListCanGrow(t *testing.T) {
	for name, text := range files(t) {
		f := parse(t, text)
		step := max(1, len(f.Nodes())*len(files(t))/12000)
		for i, n := range f.Nodes() {
			if i%step != 0 {
				continue
			}
			if n.List {
				grow(t, name, f, n)
			}
			if strings.HasSuffix(n.Path, "]") {
				g, err := f.Remove(n.Path)
				if err != nil {
					t.Errorf("%s: take out %s: %v", name, n.Path, err)
					continue
				}
				if was, is := len(f.Nodes()), len(g.Nodes()); is >= was {
					t.Errorf("%s: without %s there are %d values, before %d", name, n.Path, is, was)
				}
				comments(t, name+" without "+n.Path, text, g.Bytes())
			}
		}
	}
}

func grow(t *testing.T, name string, f *edit.File, n *edit.Node) {
	t.Helper()
	item := edit.Map{{"id", edit.Text("new_one")}, {"text", edit.Map{{"id", edit.Text("Baru: satu, dua")}, {"en", edit.Text("New")}}}}
	for _, at := range []int{0, n.Items / 2, n.Items} {
		g, err := f.Add(n.Path, at, item)
		if err != nil {
			t.Errorf("%s: add to %s at %d: %v", name, n.Path, at, err)
			continue
		}
		h, err := g.Remove(fmt.Sprintf("%s[%d]", n.Path, at))
		if err != nil {
			t.Errorf("%s: take out again from %s at %d: %v", name, n.Path, at, err)
		} else if !bytes.Equal(h.Bytes(), f.Bytes()) {
			t.Errorf("%s: %s is not what it was after an item came and went at %d", name, n.Path, at)
		}
	}
}

// comments wants whole lines of comment to be kept.
func comments(t *testing.T, what string, before, after []byte) {
	t.Helper()
	if a, b := commentLines(before), commentLines(after); a != b {
		t.Errorf("%s: %d lines of comment became %d", what, a, b)
	}
}

func commentLines(text []byte) (n int) {
	for line := range bytes.Lines(text) {
		if bytes.HasPrefix(bytes.TrimSpace(line), []byte("#")) {
			n++
		}
	}
	return n
}

const sample = "# who we are\nname: {id: Dinas, en: 'Office'}   # short\n\nlist:\n  # first\n  - id: a\n    text: \"A: b\"\n  - id: c # third\n    text: >\n      folded\n      text\n\nflow: [x, y]\none: image\nnumber: 5\nlong: |\n  one\n  two\n"

func TestChangesReadAsAPersonWouldMakeThem(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(*edit.File) (*edit.File, error)
		old  string
		new  string
	}{
		{"words stay bare", func(f *edit.File) (*edit.File, error) { return f.Set("name.id", "Badan") }, "id: Dinas", "id: Badan"},
		{"words get quotes", func(f *edit.File) (*edit.File, error) { return f.Set("name.id", "Dinas, Badan") }, "id: Dinas", `id: "Dinas, Badan"`},
		{"quotes are kept", func(f *edit.File) (*edit.File, error) { return f.Set("name.en", "It's") }, "'Office'", "'It''s'"},
		{"a number stays one", func(f *edit.File) (*edit.File, error) { return f.Set("number", "12") }, "number: 5", "number: 12"},
		{"a word of digits gets quotes", func(f *edit.File) (*edit.File, error) { return f.Set("name.id", "0123") }, "id: Dinas", `id: "0123"`},
		{"a text of lines", func(f *edit.File) (*edit.File, error) { return f.Set("long", "one\nthree\nfour") }, "  one\n  two\n", "  one\n  three\n  four\n"},
		{"an item at the end", func(f *edit.File) (*edit.File, error) {
			return f.Add("list", 9, edit.Map{{"id", edit.Text("e")}, {"text", edit.Text("E")}})
		}, "      text\n", "      text\n  - id: e\n    text: E\n"},
		{"an item in brackets", func(f *edit.File) (*edit.File, error) { return f.Add("flow", 9, edit.Text("z")) }, "[x, y]", "[x, y, z]"},
		{"one word becomes a list", func(f *edit.File) (*edit.File, error) { return f.Add("one", 9, edit.Text("pdf")) }, "one: image", "one: [image, pdf]"},
		{"a key at its place", func(f *edit.File) (*edit.File, error) { return f.Put("list[0]", "id", "when", edit.Text("x > 1")) }, "  - id: a\n", "  - id: a\n    when: \"x > 1\"\n"},
		{"a key in brackets", func(f *edit.File) (*edit.File, error) { return f.Put("name", "", "jv", edit.Text("Dinas")) }, "'Office'}", "'Office', jv: Dinas}"},
		{"an item goes with its own comment", func(f *edit.File) (*edit.File, error) { return f.Remove("list[1]") }, "  - id: c # third\n    text: >\n      folded\n      text\n", ""},
		{"a key goes", func(f *edit.File) (*edit.File, error) { return f.Remove("number") }, "number: 5\n", ""},
		{"another name", func(f *edit.File) (*edit.File, error) { return f.Rename("flow", "flows") }, "flow: [", "flows: ["},
		{"a list anew", func(f *edit.File) (*edit.File, error) { return f.Replace("flow", edit.List{edit.Text("x")}) }, "[x, y]", "[x]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, end := range []string{"\n", "\r\n"} {
				as := func(s string) string { return strings.ReplaceAll(s, "\n", end) }
				got, err := c.do(parse(t, []byte(as(sample))))
				if err != nil {
					t.Fatal(err)
				}
				want := strings.Replace(as(sample), as(c.old), as(c.new), 1)
				if string(got.Bytes()) != want {
					t.Errorf("wrote\n%s\nand not\n%s", got.Bytes(), want)
				}
			}
		})
	}
}

func TestWhatCannotBeChangedIsRefused(t *testing.T) {
	f := parse(t, []byte(sample))
	for what, err := range map[string]error{
		"a list as words":      second(f.Set("list", "x")),
		"nothing there":        second(f.Set("nothing", "x")),
		"a key that is there":  second(f.Put("name", "", "id", edit.Text("x"))),
		"the whole file":       second(f.Remove("")),
		"a key of a dead name": second(f.Put("one", "", "x", edit.Text("x"))),
	} {
		if err == nil {
			t.Errorf("%s was done", what)
		}
	}
	for _, text := range []string{"a: &x 1\nb: *x\n", "a: !!str 1\n", "a: 1\n---\nb: 2\n", "a: [1\n", "\xff", strings.Repeat("[", 200)} {
		if _, err := edit.Parse([]byte(text)); !errors.Is(err, edit.ErrUnread) {
			t.Errorf("%q was read: %v", text, err)
		}
	}
}

func second(_ *edit.File, err error) error { return err }

func TestAPlaceOfAFindingIsFoundAgain(t *testing.T) {
	for name, text := range files(t) {
		f := parse(t, text)
		lines := strings.Split(string(text), "\n")
		for _, n := range f.Nodes() {
			if !n.Scalar || n.Value == "" || strings.ContainsAny(n.Value, "\n") {
				continue
			}
			for i, line := range lines {
				if at := strings.Index(line, n.Value); at >= 0 {
					found := f.At(f.Find(i+1, len([]rune(line[:at]))+1))
					if found == nil {
						t.Fatalf("%s line %d leads nowhere", name, i+1)
					}
				}
			}
		}
	}
	f := parse(t, []byte(sample))
	for _, c := range []struct {
		line, column int
		path         string
	}{{2, 12, "name.id"}, {2, 1, "name"}, {6, 9, "list[0].id"}, {7, 5, "list[0].text"}, {13, 8, "flow[0]"}, {17, 3, "long"}} {
		if got := f.Find(c.line, c.column); got != c.path {
			t.Errorf("%d:%d is %s and not %s", c.line, c.column, got, c.path)
		}
	}
}

func FuzzEdit(f *testing.F) {
	f.Add([]byte(sample), "name.id", "Dinas: baru", "list")
	f.Add([]byte("a: [b, {c: d}]\n"), "a[1].c", "x\ny", "a")
	f.Add([]byte("- - a\n  - b\n- c"), "[0][1]", "'", "[0]")
	f.Fuzz(func(t *testing.T, text []byte, path, value, list string) {
		file, err := edit.Parse(text)
		if err != nil {
			return
		}
		if g, err := file.Set(path, value); err == nil {
			others(t, file, g, path)
		}
		for _, do := range []func() (*edit.File, error){
			func() (*edit.File, error) { return file.Add(list, 1, edit.Map{{"id", edit.Text(value)}}) },
			func() (*edit.File, error) { return file.Remove(list) },
			func() (*edit.File, error) { return file.Put(list, "", value, edit.Text(value)) },
			func() (*edit.File, error) { return file.Rename(list, value) },
			func() (*edit.File, error) { return file.Replace(list, edit.List{edit.Text(value)}) },
		} {
			if g, err := do(); err == nil && g == nil {
				t.Fatal("neither a file nor a reason")
			}
		}
	})
}
