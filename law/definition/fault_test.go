package definition

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "write golden files anew")

// folderOf copies a government folder into memory, so that a test can change it.
func folderOf(t testing.TB, fsys fs.FS) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		out[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// planted is one testdata/faults/<name>/fault.txt: which file, what stood there,
// what stands there now, and what check finds, nothing else.
type planted struct{ file, was, is, found string }

func readPlanted(t *testing.T, name string) planted {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	file, rest, ok := strings.Cut(string(data), "\n-- was --\n")
	was, rest, ok2 := strings.Cut(rest, "-- is --\n")
	is, found, ok3 := strings.Cut(rest, "-- found --\n")
	if !ok || !ok2 || !ok3 {
		t.Fatalf("%s: sections are missing", name)
	}
	return planted{file, strings.TrimSuffix(was, "\n"), strings.TrimSuffix(is, "\n"), found}
}

func TestEachFaultIsFoundAtItsPlaceAndNoOther(t *testing.T) {
	names, err := filepath.Glob("testdata/faults/*/fault.txt")
	if err != nil || len(names) < 100 {
		t.Fatalf("%d faults, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(filepath.Base(filepath.Dir(name)), func(t *testing.T) {
			p := readPlanted(t, name)
			folder := folderOf(t, os.DirFS("testdata/good"))
			good := string(folder[p.file].Data)
			if !strings.Contains(good, p.was) {
				t.Fatalf("%s does not hold what was", p.file)
			}
			folder[p.file] = &fstest.MapFile{Data: []byte(strings.Replace(good, p.was, p.is, 1))}
			got := places(folder, Check(folder))
			if *update {
				text := p.file + "\n-- was --\n" + p.was + "\n-- is --\n" + p.is + "\n-- found --\n" + got
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != p.found {
				t.Errorf("found:\n%s\nwant:\n%s", got, p.found)
			}
		})
	}
}

// places writes findings as file:line:column code, and what stands there.
func places(folder fstest.MapFS, findings []Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s:%d:%d %s", f.File, f.Line, f.Column, f.Code)
		if file := folder[f.File]; file != nil {
			s := source{lines: strings.Split(string(file.Data), "\n")}
			fmt.Fprintf(&b, " | %.40s", s.from(f.Line, f.Column))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestEveryCodeIsShownByAPlantedFault(t *testing.T) {
	shown := map[string]bool{}
	names, _ := filepath.Glob("testdata/faults/*/fault.txt")
	for _, name := range names {
		for _, line := range strings.Split(readPlanted(t, name).found, "\n") {
			if fields := strings.Fields(line); len(fields) > 1 {
				shown[fields[1]] = true
			}
		}
	}
	elsewhere := []string{ // these have tests of their own below, or cannot be planted by one change
		"file_size", "not_utf8", "too_deep", "too_large", "empty_file", "missing_file", "file_name", "region_twice",
		"region_without_unit", "max_bytes", "completeness_kind", "rule_environment", "rule_index", "alias", "areas_large",
		"base_unused", "extends_deep",
	}
	for code := range messages {
		if !shown[code] && !slices.Contains(elsewhere, code) {
			t.Errorf("no planted fault shows %s", code)
		}
	}
}
