package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"pendopo/law/definition"
)

var update = flag.Bool("update", false, "write golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want, err := os.ReadFile(name); err != nil || !bytes.Equal(want, got) {
		t.Errorf("%s differs (%v)", name, err)
	}
}

// TestTheChartAndItsTwinAreTheSameEveryTime holds one service with everything in
// it to its golden.
func TestTheChartAndItsTwinAreTheSameEveryTime(t *testing.T) {
	g, s := permit()
	_, texts := demo(t)
	for _, lang := range []string{"id", "en"} {
		c := New(g, s, lang, texts.Printer(lang).T, Head{Effective: "2 Januari 2026"})
		golden(t, "testdata/permit."+lang+".svg", c.SVG())
		golden(t, "testdata/permit."+lang+".txt", []byte(c.Text()))
	}
}

// TestInlineChartsAreSafeUnderAStrictPolicy wants well-formed SVG of a few plain
// elements, with a title, a description, ids of its own, and nothing that a
// content security policy without inline styles refuses.
func TestInlineChartsAreSafeUnderAStrictPolicy(t *testing.T) {
	elements := []string{"svg", "title", "desc", "g", "rect", "path", "text"}
	all(t, func(t *testing.T, c *Chart, s *definition.Service, _ Words) {
		svg := c.Inline("chart")
		seen := map[string]string{}
		dec := xml.NewDecoder(bytes.NewReader(svg))
		for {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			x, is := token.(xml.StartElement)
			if !is {
				continue
			}
			if !slices.Contains(elements, x.Name.Local) {
				t.Errorf("has <%s>", x.Name.Local)
			}
			for _, a := range x.Attr {
				if a.Name.Local == "style" || a.Name.Local == "href" || strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Value, "url(") {
					t.Errorf("<%s> has %s=%q", x.Name.Local, a.Name.Local, a.Value)
				}
				if a.Name.Local == "id" {
					seen[a.Value] = x.Name.Local
				}
			}
		}
		if len(seen) != 2 || seen["chart-t"] != "title" || seen["chart-d"] != "desc" {
			t.Errorf("ids: %v", seen)
		}
		if len(svg) > 60_000 {
			t.Errorf("%s takes %d bytes", s.ID, len(svg))
		}
		if strings.Contains(string(svg), "chart.") {
			t.Error("a text is missing")
		}
	})
}

// TestTheTwinSaysWhatTheChartShows wants a line for each row, and the way on of
// each.
func TestTheTwinSaysWhatTheChartShows(t *testing.T) {
	all(t, func(t *testing.T, c *Chart, _ *definition.Service, _ Words) {
		twin, plan := c.Twin(), c.Plan()
		if len(twin) != len(plan.Rows) {
			t.Fatalf("%d lines for %d rows", len(twin), len(plan.Rows))
		}
		for i, l := range twin {
			r := plan.Rows[i]
			if l.N != i+1 || l.Who != plan.Lanes[r.Lane] || len(l.Then) != len(r.Exits) || l.End != r.End {
				t.Errorf("%+v for %+v", l, r)
			}
			for k, then := range l.Then {
				if !strings.Contains(then, itoa(r.Exits[k].To+1)) {
					t.Errorf("%q does not lead to %d", then, r.Exits[k].To+1)
				}
			}
		}
	})
}
