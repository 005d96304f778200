package complaint_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pendopo/kernel/conf"
	"pendopo/law/flow"
	"pendopo/law/form"
	"pendopo/test/testkit"
)

var codeShape = regexp.MustCompile(`[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]`)

// picture of the page: the drawing alone, with every code made the same.
func (b *browser) drawing() string {
	b.w.t.Helper()
	_, rest, ok := strings.Cut(b.body, `<svg class="rp-map"`)
	svg, _, ok2 := strings.Cut(rest, "</svg>")
	if !ok || !ok2 {
		b.w.t.Fatalf("no drawing on the page: %s", b.body)
	}
	return codeShape.ReplaceAllString(`<svg class="rp-map"`+svg+"</svg>\n", "00000-00000-0")
}

// TestTheMapIsDrawn compares the drawings of the whole regency and of a square of
// it with what was looked at.
func TestTheMapIsDrawn(t *testing.T) {
	w := newTown(t, conf.Place{})
	for _, p := range []string{"-7.04000,110.95000", "-7.04100,110.95100", "-7.04200,110.95050", "-7.10000,111.00000", "-7.06000,110.90000"} {
		got := w.tells(form.Answers{"point": p}, 0)
		w.shows(got.Stream, flow.Words{Title: "Lampu padam", Text: "Gelap."})
	}
	none := w.tells(form.Answers{"point": nil}, 0)
	w.shows(none.Stream, flow.Words{Title: "Tanpa titik", Text: "Gelap."})
	b := w.browser().get("/reports?view=map").is(200).says("1 laporan tidak menyebut titik").sound("map")
	testkit.Golden(t, "map.svg", []byte(b.drawing()))
	near := regexp.MustCompile(`/reports\?at=[^"]+view=map`).FindString(b.body)
	if near == "" {
		t.Fatal("no spot leads into the map")
	}
	b.get(strings.ReplaceAll(near, "&amp;", "&")).is(200).says("3 laporan").sound("square")
	testkit.Golden(t, "square.svg", []byte(b.drawing()))
	spot := regexp.MustCompile(`<a href="(/reports\?at=3[^"]+)" aria-label="[^"]*: (\d+) laporan`).FindStringSubmatch(b.body)
	if spot == nil {
		t.Fatalf("no spot of several reports: %s", b.drawing())
	}
	b.get(strings.ReplaceAll(spot[1], "&amp;", "&")).is(200)
	if n := strings.Count(b.body, "<h3>"); strconv.Itoa(n) != spot[2] {
		t.Errorf("the spot says %s reports, and its list has %d", spot[2], n)
	}
}
