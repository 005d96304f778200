package standards

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pendopo/law/definition"
	"pendopo/law/rule"
	"pendopo/test/testkit"
)

func read(t *testing.T) *definition.Government {
	t.Helper()
	g, findings := definition.Read(os.DirFS("."))
	for _, f := range findings {
		t.Error(f)
	}
	if t.Failed() {
		t.FailNow()
	}
	return g
}

// TestTwelveStandardsMayGoLiveAndSayWhatWasPublished holds what a reader of the
// page would see of each standard against testdata/standards.txt, which was
// compared with the sources by hand.
func TestTwelveStandardsMayGoLiveAndSayWhatWasPublished(t *testing.T) {
	g := read(t)
	if len(g.Services) != 12 {
		t.Fatalf("%d services", len(g.Services))
	}
	var all strings.Builder
	for _, s := range g.Services {
		if s.Extends == "" {
			t.Errorf("%s stands alone", s.ID)
		}
		if _, problems := rule.Compile(s); len(problems) > 0 {
			t.Error(s.ID, problems)
		}
		all.WriteString(summary(s))
	}
	const file = "testdata/standards.txt"
	if *testkit.Update {
		if err := os.WriteFile(file, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), all.String()); d != "" {
		t.Error(d)
	}
}

// summary is the published side of a standard in Indonesian.
func summary(s *definition.Service) string {
	var b strings.Builder
	line := func(words string, args ...any) { fmt.Fprintf(&b, words+"\n", args...) }
	line("%s: %s (%s)", s.ID, s.Name.In("id"), s.Standard.Source)
	for _, r := range s.Standard.Requirements {
		line("  needs %s%s%s", r.Text.In("id"), mark(" for ", strings.Join(r.For, ", ")), mark(" when ", r.When))
		for _, x := range r.Instead {
			line("    or %s", x.Text.In("id"))
		}
	}
	line("  within %s, from %s (%s)", s.Limit.Within, or(s.Limit.Starts, "received"), s.Limit.Source)
	for _, c := range s.Limit.Cases {
		line("    %s when %s (%s)", c.Within, c.When, c.Source)
	}
	line("  costs %d: %s (%s)", s.Standard.Fee.Rupiah, s.Standard.Fee.Text.In("id"), s.Standard.Fee.Source)
	for i, p := range s.Standard.Procedure {
		line("  %d. %s", i+1, p.In("id"))
	}
	for _, n := range s.Standard.LegalBasis {
		line("  by %s of %s: %s", n.Norm, n.Date, n.Text.In("id"))
	}
	line("  gives %s, %s\n", s.Product.Name.In("id"), s.Product.Kind)
	return b.String()
}

func mark(before, words string) string {
	if words == "" {
		return ""
	}
	return before + words
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// TestNoGoLineKnowsAStandard: a service that is known to the program could not
// be written by an agency itself.
func TestNoGoLineKnowsAStandard(t *testing.T) {
	var ids []string
	for _, s := range read(t).Services {
		ids = append(ids, s.ID)
	}
	seen := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git"):
			return filepath.SkipDir
		case filepath.Ext(path) != ".go":
			return nil
		}
		seen++
		text, err := os.ReadFile(path)
		for _, id := range ids {
			if bytes.Contains(text, []byte(id)) {
				t.Errorf("%s knows %s", path, id)
			}
		}
		return err
	})
	if err != nil || seen < 100 {
		t.Fatalf("%d files: %v", seen, err)
	}
}
