package chart_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"

	"pendopo/government"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/definition/chart"
	"pendopo/web"
)

var update = flag.Bool("update", false, "write golden files anew")

func demo(t *testing.T) (*definition.Government, *page.Catalogue) {
	t.Helper()
	g, findings := definition.Read(government.FS)
	if definition.Failed(findings) {
		t.Fatal(findings)
	}
	texts, err := page.LoadCatalogue(web.Locale(), false)
	if err != nil {
		t.Fatal(err)
	}
	return g, texts
}

func TestChartsAreTheSameBytesEveryTime(t *testing.T) {
	g, texts := demo(t)
	for _, s := range g.Services {
		got := chart.SOP(g, s, "id", texts.Printer("id").T)
		if !bytes.Equal(got, chart.SOP(g, s, "id", texts.Printer("id").T)) {
			t.Errorf("%s is drawn differently the second time", s.ID)
		}
		name := "testdata/" + s.ID + ".svg"
		if *update {
			if err := os.WriteFile(name, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(name)
		if err != nil || !bytes.Equal(want, got) {
			t.Errorf("%s differs from its golden (%v)", name, err)
		}
	}
}

// drawn is what a chart is made of, read back from its SVG.
type drawn struct {
	classes map[string]int
	rows    map[string]map[string]int // by step: classes inside
	targets []int
	words   string
}

func readBack(t *testing.T, svg []byte) drawn {
	t.Helper()
	d := drawn{classes: map[string]int{}, rows: map[string]map[string]int{}}
	dec, row := xml.NewDecoder(bytes.NewReader(svg)), ""
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return d
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			attrs := map[string]string{}
			for _, a := range x.Attr {
				attrs[a.Name.Local] = a.Value
			}
			if attrs["class"] == "row" {
				row = attrs["data-step"]
				d.rows[row] = map[string]int{}
			} else if attrs["class"] != "" && row != "" {
				d.rows[row][attrs["class"]]++
			}
			d.classes[attrs["class"]]++
			if n, err := strconv.Atoi(attrs["data-to"]); err == nil {
				d.targets = append(d.targets, n)
			}
		case xml.CharData:
			d.words += string(x) + " "
		}
	}
}

func TestChartsKeepTheRulesOfTheOfficialForm(t *testing.T) {
	g, texts := demo(t)
	for _, lang := range []string{"id", "en"} {
		for _, s := range g.Services {
			d := readBack(t, chart.SOP(g, s, lang, texts.Printer(lang).T))
			if d.classes["begin"] != 1 || d.classes["end"] < 1 || len(d.rows) != len(s.Flow.Steps) {
				t.Errorf("%s: %v", s.ID, d.classes)
			}
			for i, step := range s.Flow.Steps {
				row := d.rows[step.ID]
				ways := row["connector"] + row["end"]
				if i+1 < len(s.Flow.Steps) && leadsTo(step, s.Flow.Steps[i+1].ID) {
					ways++
				}
				if (row["decision"] == 1) != (ways > 1) || ways < 1 {
					t.Errorf("%s %s: %d ways out, %d decisions", s.ID, step.ID, ways, row["decision"])
				}
				if first := strings.Fields(step.Name.In(lang))[0]; !strings.Contains(d.words, first) {
					t.Errorf("%s does not say %q", s.ID, first)
				}
			}
			for _, n := range d.targets {
				if n < 1 || n > len(s.Flow.Steps) {
					t.Errorf("%s: a connector to %d", s.ID, n)
				}
			}
			if strings.Contains(d.words, "definition.chart") || strings.Contains(d.words, "deadline.span") {
				t.Errorf("%s in %s lacks words", s.ID, lang)
			}
		}
	}
}

func leadsTo(step definition.Step, next string) bool {
	for _, a := range step.Actions {
		if a.To == next {
			return true
		}
	}
	return false
}
