package component_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"pendopo/test/htmlcheck"
	"pendopo/web/component"
	"pendopo/web/component/layout"
	"pendopo/web/scope"
)

// words answers with the key, so that no component can depend on a catalogue.
type words struct{}

func (words) T(key string, args ...any) string { return fmt.Sprintf("%s %v", key, args) }
func (words) Lang() string                     { return "id" }

func render(t *testing.T, set component.Set) (string, *scope.Scope) {
	t.Helper()
	sc := &scope.Scope{Words: words{}, Token: func() string { return "token" }}
	ctx := templ.InitializeContext(scope.With(context.Background(), sc))
	var b strings.Builder
	for _, e := range set.Examples {
		if err := e.Show.Render(ctx, &b); err != nil {
			t.Fatalf("%s: %v", e.State, err)
		}
	}
	return b.String(), sc
}

// TestEveryComponentIsAccessibleInEveryState puts all states of a component on
// one page and looks at it as one who cannot see it.
func TestEveryComponentIsAccessibleInEveryState(t *testing.T) {
	for _, set := range component.All() {
		t.Run(set.Name, func(t *testing.T) {
			if len(set.Examples) < 1 {
				t.Fatal("no example")
			}
			body, _ := render(t, set)
			page, err := htmlcheck.Parse(`<html lang="id"><head><title>x</title></head><body><main><h1>x</h1><h2>y</h2>` + body + `</main></body></html>`)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range page.Faults() {
				t.Error(f)
			}
		})
	}
}

var (
	classes = regexp.MustCompile(`class="([^"]*)"`)
	styled  = regexp.MustCompile(`\.([a-zA-Z][a-zA-Z0-9_-]*)`)
)

// TestEveryClassIsStyledByASheetThatThePageHas: only the style of components
// that are used stands in a page, so a class styled elsewhere would be bare.
func TestEveryClassIsStyledByASheetThatThePageHas(t *testing.T) {
	hooks := map[string]bool{"date": true} // the date's own box; "why" of a checklist is styled
	for _, set := range component.All() {
		body, sc := render(t, set)
		have := map[string]bool{}
		css := layout.Sheet.CSS
		for _, s := range sc.Used() {
			css += s.CSS
		}
		for _, m := range styled.FindAllStringSubmatch(css, -1) {
			have[m[1]] = true
		}
		for _, m := range classes.FindAllStringSubmatch(body, -1) {
			for _, c := range strings.Fields(m[1]) {
				if !have[c] && !hooks[c] {
					t.Errorf("%s: class %s has no style on its page", set.Name, c)
				}
			}
		}
	}
}

// TestEveryFolderOfAComponentIsShown finds a component that was made and not
// put into the gallery. The frame of a page and the page of a fault are shown by
// every page.
func TestEveryFolderOfAComponentIsShown(t *testing.T) {
	shown := map[string]bool{"layout": true, "header": true, "trouble": true}
	for _, s := range component.All() {
		shown[s.Name] = true
	}
	dirs, err := filepath.Glob("*/")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if info, err := os.Stat(d); err == nil && info.IsDir() && !shown[filepath.Base(d)] {
			t.Errorf("%s is in no gallery", d)
		}
	}
}

// TestStylesKeepToTheHouse: colours by their roles, no address of another site,
// nothing that the minifier or the policy would break.
func TestStylesKeepToTheHouse(t *testing.T) {
	files, err := filepath.Glob("*/*.css")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	colour := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b`)
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		css := string(data)
		for _, bad := range []string{"@import", "url(", "//", "/*", "!important}.", "expression("} {
			if strings.Contains(css, bad) {
				t.Errorf("%s contains %s", f, bad)
			}
		}
		if f != filepath.Join("layout", "layout.css") && f != filepath.Join("qr", "qr.css") && colour.MatchString(css) {
			t.Errorf("%s names the colour %s instead of its role", f, colour.FindString(css))
		}
		if strings.Count(css, "{") != strings.Count(css, "}") {
			t.Errorf("%s: braces do not match", f)
		}
	}
}
