package deadline_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// keysOf are the keys of a locale file, which is one flat mapping.
func keysOf(t *testing.T, path string) map[string]string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, line := range strings.Split(string(b), "\n") {
		if key, text, ok := strings.Cut(line, ": "); ok && !strings.HasPrefix(line, "#") {
			out[key] = text
		}
	}
	return out
}

func TestEveryKeyHasWordsInBothLanguages(t *testing.T) {
	id, en := keysOf(t, "../../web/locale/deadline.id.yaml"), keysOf(t, "../../web/locale/deadline.en.yaml")
	if a, b := slices.Sorted(maps.Keys(id)), slices.Sorted(maps.Keys(en)); !slices.Equal(a, b) {
		t.Errorf("the languages have other keys:\n%v\n%v", a, b)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`"(deadline\.[a-z_.]+)"`)
	used := 0
	for _, file := range append(files, "../../app/cli/deadline.go") {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range form.FindAllStringSubmatch(string(b), -1) {
			if key := m[1]; !strings.HasSuffix(key, ".") && !strings.HasSuffix(key, "_") && key != "deadline.stop" {
				if used++; id[key] == "" {
					t.Errorf("%s: %s has no words", file, key)
				}
			}
		}
	}
	if used < 60 {
		t.Errorf("only %d keys found: the test looks away", used)
	}
	for _, why := range []string{"counted", "received", "resumed", "weekend", "holiday", "leave", "stopped", "stopped_last", "closed"} {
		if id["deadline.why."+why] == "" {
			t.Errorf("no words for %s", why)
		}
	}
}
