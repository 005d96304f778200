package document

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestPathsAreWalkedAsTheyAreWritten(t *testing.T) {
	for data, want := range map[string][]segment{
		"M1 2 3,4-5-6z":            {{'M', [6]float64{1, 2}}, {'L', [6]float64{3, 4}}, {'L', [6]float64{-5, -6}}, {kind: 'Z'}},
		"m1 1h2v3l-1-1Zm1 0l1 1":   {{'M', [6]float64{1, 1}}, {'L', [6]float64{3, 1}}, {'L', [6]float64{3, 4}}, {'L', [6]float64{2, 3}}, {kind: 'Z'}, {'M', [6]float64{2, 1}}, {'L', [6]float64{3, 2}}},
		"M0 0q3 3 6 0t6 0":         {{'M', [6]float64{}}, {'C', [6]float64{2, 2, 4, 2, 6, 0}}, {'C', [6]float64{8, -2, 10, -2, 12, 0}}},
		"M0 0c1 1 2 1 3 0s2-1 3 0": {{'M', [6]float64{}}, {'C', [6]float64{1, 1, 2, 1, 3, 0}}, {'C', [6]float64{4, -1, 5, -1, 6, 0}}},
		"M.5.5L1.5-.5":             {{'M', [6]float64{.5, .5}}, {'L', [6]float64{1.5, -.5}}},
	} {
		got, err := readPath(data)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(segment{}), cmpopts.EquateApprox(0, 1e-9)); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", data, err, diff)
		}
	}
	for _, data := range []string{"L1 1", "M1", "M1 1 2", "M0 0A1 1 0 0 1 2 2", "M0 0Z1", "M0 0 x", "M0 0L", "M1e5 0", "M0 0L--1 0", "M0 0" + strings.Repeat("h1", maxSegments+1)} {
		if got, err := readPath(data); err == nil {
			t.Errorf("%.30q is taken: %d segments", data, len(got))
		}
	}
}

func TestTheGovernmentsOwnMarkIsDrawnOrNoneOfIt(t *testing.T) {
	tpl, in := domicile(t)
	house := rendered(t, tpl, in)
	svg, err := os.ReadFile("../../government/mark.svg")
	if err != nil {
		t.Fatal(err)
	}
	in.Mark = svg
	own := rendered(t, tpl, in)
	run(t, "qpdf", "--check", saved(t, own))
	if string(own) == string(house) {
		t.Error("the demo's mark is not drawn")
	}
	for name, bad := range map[string]string{
		"an element that is not drawn": strings.Replace(string(svg), "<path", `<circle r="3"/><path`, 1),
		"a gradient":                   strings.Replace(string(svg), `fill="#`, `fill="url(#`, 1),
		"a transform":                  strings.Replace(string(svg), "<path", `<path transform="scale(2)"`, 1),
		"no SVG":                       "<svg", "nothing to draw": `<svg viewBox="0 0 1 1"/>`, "no box": strings.Replace(string(svg), "viewBox", "box", 1),
	} {
		in.Mark = []byte(bad)
		if string(rendered(t, tpl, in)) != string(house) {
			t.Errorf("%s: something else than the house's mark is drawn", name)
		}
	}
}

func FuzzMark(f *testing.F) {
	svg, err := os.ReadFile("../../government/mark.svg")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(svg)
	f.Fuzz(func(t *testing.T, data []byte) {
		if d, err := parseMark(data); err == nil && len(d.shapes) == 0 {
			t.Error("a mark of nothing")
		}
	})
}
