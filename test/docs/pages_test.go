package docs

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"pendopo/app/cli"
)

// top is the top of the tree, seen from here.
const top = "../.."

// pages are all written pages, by path from the top.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	walk(t, func(name string, d fs.DirEntry) {
		if d.IsDir() || !strings.HasSuffix(name, ".md") {
			return
		}
		all[name] = read(t, name)
	})
	if len(all) < 10 {
		t.Fatalf("found only %d pages", len(all))
	}
	return all
}

// walk goes through the tree without what is not ours, not kept, or not named
// for itself.
func walk(t *testing.T, each func(name string, d fs.DirEntry)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(top), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") ||
			slices.Contains([]string{"node_modules", "testdata", "schema", "out"}, d.Name()) || strings.HasPrefix(name, "pendopo-data")) {
			return fs.SkipDir
		}
		each(name, d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The map of the house names every folder that holds files, and no other.
func TestArchitectureNamesEveryFolder(t *testing.T) {
	named := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9]+(?:/[a-z0-9]+)*)` \\| .*\\|$").FindAllStringSubmatch(read(t, "ARCHITECTURE.md"), -1) {
		named[m[1]] = true
	}
	there := map[string]bool{}
	walk(t, func(name string, d fs.DirEntry) {
		if dir := path.Dir(name); !d.IsDir() && dir != "." {
			there[dir] = true
		}
	})
	for dir := range there {
		if !named[dir] {
			t.Errorf("ARCHITECTURE.md has no line for %s", dir)
		}
	}
	for dir := range named {
		if !there[dir] && strings.Contains(dir, "/") {
			t.Errorf("ARCHITECTURE.md names %s, which does not exist", dir)
		}
	}
}

// A folder or file that a page names in code style is there.
func TestPagesNameFilesThatExist(t *testing.T) {
	floor := regexp.MustCompile("`((?:cmd|app|door|engine|law|kernel|web|government|test|docs)/[A-Za-z0-9_./-]+)`")
	for name, text := range pages(t) {
		for _, m := range floor.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(top, m[1])); err != nil {
				t.Errorf("%s names %s, which does not exist", name, m[1])
			}
		}
	}
}

func TestLinksLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)
	for name, text := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(top, path.Dir(name), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", name, m[1])
			}
		}
	}
}

// Every command that a page shows exists, with every flag shown.
func TestCommandsShownExist(t *testing.T) {
	shown := regexp.MustCompile("(?m)(?:^|`)(?:\\$ )?(?:\\./)?(?:go run \\./cmd/)?pendopo ([a-z][^`\n]*)")
	seen := 0
	for name, text := range pages(t) {
		for _, m := range shown.FindAllStringSubmatch(code(text), -1) {
			seen++
			if fault := command(strings.Fields(m[1])); fault != "" {
				t.Errorf("%s shows `pendopo %s`: %s", name, m[1], fault)
			}
		}
	}
	if seen < 20 {
		t.Errorf("found only %d commands", seen)
	}
}

// code is the part of a page that stands in code style.
func code(text string) string {
	var out strings.Builder
	for _, m := range regexp.MustCompile("(?s)```[a-z]*\n(.*?)```|`[^`\n]+`").FindAllString(text, -1) {
		out.WriteString(m + "\n")
	}
	return out.String()
}

// command asks the program for help on a command line and says what it does
// not know of it.
func command(words []string) string {
	var verbs, flags []string
	for _, w := range words {
		switch {
		case w == "#" || w == "&" || w == ">" || w == "|":
			words = nil
		case strings.HasPrefix(w, "--"):
			flags = append(flags, strings.TrimRight(strings.SplitN(w, "=", 2)[0], "].,;…"))
		case len(flags) == 0 && len(verbs) < 3 && regexp.MustCompile(`^[a-z][a-z0-9]*$`).MatchString(w):
			verbs = append(verbs, w)
		}
		if words == nil {
			break
		}
	}
	for n := len(verbs); n > 0; n-- {
		var out, errs bytes.Buffer
		status := cli.Run(&cli.Env{Ctx: context.Background(), In: strings.NewReader(""), Out: &out, Err: &errs}, append(slices.Clone(verbs[:n]), "--help"))
		if status != 0 {
			continue
		}
		for _, f := range flags {
			if !strings.Contains(out.String(), f) {
				return "no flag " + f
			}
		}
		return ""
	}
	return "no such command"
}

func TestEveryDecisionIsInTheIndex(t *testing.T) {
	index := read(t, "docs/decisions/README.md")
	for name := range pages(t) {
		if file := path.Base(name); path.Dir(name) == "docs/decisions" && file != "README.md" && !strings.Contains(index, "]("+file+")") {
			t.Errorf("docs/decisions/README.md has no line for %s", file)
		}
	}
}

// A comment that sends its reader to a page sends to one that is there.
func TestCommentsNamePagesThatExist(t *testing.T) {
	page := regexp.MustCompile(`\bdocs/(decisions/\d{4}|[a-z-]+\.md)`)
	seen := 0
	walk(t, func(name string, d fs.DirEntry) {
		if d.IsDir() || path.Ext(name) != ".go" && path.Ext(name) != ".cedar" && path.Ext(name) != ".yaml" {
			return
		}
		for _, m := range page.FindAllStringSubmatch(read(t, name), -1) {
			seen++
			if found, err := filepath.Glob(filepath.Join(top, "docs", m[1]+"*")); err != nil || len(found) == 0 {
				t.Errorf("%s sends to docs/%s, which is not there", name, m[1])
			}
		}
	})
	if seen < 5 {
		t.Errorf("found only %d", seen)
	}
}

// Every direct dependency has its reason in decision 0001.
func TestEveryDependencyHasItsReason(t *testing.T) {
	mod, err := modfile.Parse("go.mod", []byte(read(t, "go.mod")), nil)
	if err != nil {
		t.Fatal(err)
	}
	reasons := read(t, "docs/decisions/0001-dependencies.md")
	for _, r := range mod.Require {
		if !r.Indirect && !strings.Contains(reasons, "`"+r.Mod.Path+"`") {
			t.Errorf("docs/decisions/0001-dependencies.md says nothing of %s", r.Mod.Path)
		}
	}
}

// The diagrams name every kind of event and every state of a deadline.
func TestStatesNameEveryKind(t *testing.T) {
	states := read(t, "docs/states.md")
	source := read(t, "law/fold/change.go")
	found := 0
	for _, m := range regexp.MustCompile(`(?m)^\t[A-Z][A-Za-z]+ += "([a-z_]+)"`).FindAllStringSubmatch(source, -1) {
		if found++; !strings.Contains(states, m[1]) {
			t.Errorf("docs/states.md does not name %q of law/fold", m[1])
		}
	}
	if found < 20 {
		t.Errorf("found only %d kinds and states", found)
	}
}
