package app_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// feature is what marks the lines of app that go with the feature.
const feature = "feature/complaint"

// without is what the tree is when a feature is taken out: path → its text, nil
// for a file that is gone.
func without(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, f := range read(t, os.DirFS("..")) {
		switch {
		case f.dir == feature || strings.HasPrefix(f.dir, feature+"/"):
			out[f.path] = nil
		case (f.dir == "app" || strings.HasPrefix(f.dir, "app/")) && strings.HasPrefix(filepath.Base(f.path), "complaint"):
			out[f.path] = nil
		case f.dir == "app" || strings.HasPrefix(f.dir, "app/"):
			text, err := os.ReadFile(filepath.Join("..", f.path))
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), feature) {
				out[f.path] = unmarked(text)
			}
		}
	}
	return out
}

// unmarked is a text without the lines that name the feature.
func unmarked(text []byte) []byte {
	var kept []string
	for _, line := range strings.Split(string(text), "\n") {
		if !strings.Contains(line, feature) {
			kept = append(kept, line)
		}
	}
	return []byte(strings.Join(kept, "\n"))
}

// TestAFeatureCanBeTakenOut builds the program without the folder of the feature
// and without the lines of app that name it.
func TestAFeatureCanBeTakenOut(t *testing.T) {
	top, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir, replace := t.TempDir(), map[string]string{}
	changed := 0
	for path, text := range without(t) {
		at := ""
		if text != nil {
			at = filepath.Join(dir, strings.ReplaceAll(path, "/", "_"))
			if err := os.WriteFile(at, text, 0o600); err != nil {
				t.Fatal(err)
			}
			changed++
		}
		replace[filepath.Join(top, path)] = at
	}
	if changed < 2 || len(replace) < 10 {
		t.Fatalf("%d files of app change and %d go: the feature was not found", changed, len(replace)-changed)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-overlay", list, "-o", os.DevNull, "./cmd/pendopo")
	build.Dir = top
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("without %s the program does not build:\n%s", feature, out)
	}
}
