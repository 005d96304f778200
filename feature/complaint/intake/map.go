package intake

import (
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	land "pendopo/law/place"
	"pendopo/web/component/place"
)

// The map on which a place is tapped is one drawing of the government's area:
// boundaries of districts and villages, their names, nothing from anywhere else.

// mapWidth is its width in its own units; on a telephone it is as wide as the page.
const mapWidth = 600

// letter is the size of its letters, in the same units.
const letter = 20

// mapSlack is how many metres are shown around the area.
const mapSlack = 300

// ground is the area of the government that was drawn last: reading boundaries
// takes longer than a page may.
type ground struct {
	mu    sync.Mutex
	of    *definition.Government
	areas *land.Areas
}

// frame is what the map shows; false when the government has no boundaries.
func (in *Intake) frame() (*land.Areas, land.Frame, bool) {
	g := in.Cases.Government()
	in.ground.mu.Lock()
	defer in.ground.mu.Unlock()
	if in.ground.of != g {
		in.ground.of, in.ground.areas = g, nil
		if len(g.Areas) > 0 {
			in.ground.areas = g.Boundaries()
		}
	}
	if in.ground.areas == nil {
		return nil, land.Frame{}, false
	}
	box, ok := in.ground.areas.Box()
	return in.ground.areas, land.Frame{Box: box.Grown(mapSlack), Width: mapWidth}, ok
}

// mapOf is the map as the question for a point shows it.
func (in *Intake) mapOf(words *page.Printer) *place.Map {
	_, f, ok := in.frame()
	if !ok {
		return nil
	}
	return &place.Map{Src: "/report/map.svg?v=" + strconv.FormatInt(in.Cases.Catalogue().Edition(), 36), Alt: words.Of(in.Cases.Government().Profile.Short),
		West: f.West, South: f.South, East: f.East, North: f.North, Width: int(f.Width), Height: int(f.Height())}
}

// mapFile draws the map.
func (in *Intake) mapFile(w http.ResponseWriter, _ *http.Request) error {
	areas, f, ok := in.frame()
	if !ok {
		return fault.New(fault.Unknown, "fault.page_unknown")
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d"><rect width="100%%" height="100%%" fill="#e9efe9"/>`, int(f.Width), int(f.Height()))
	drawLevel(&b, areas, f, 10, `fill="#fffdf8" stroke="#b8ad9c" stroke-width="1"`)
	drawLevel(&b, areas, f, 6, `fill="none" stroke="#6b3e1f" stroke-width="2"`)
	names(&b, areas, f, in.Cases.Government())
	b.WriteString("</svg>")
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Cache-Control", "public, max-age=86400")
	_, _ = w.Write([]byte(b.String())) // a reader that has gone needs no answer
	return nil
}

// drawLevel draws the boundaries of one level of areas.
func drawLevel(b *strings.Builder, areas *land.Areas, f land.Frame, digits int, look string) {
	for _, a := range areas.Level(digits) {
		fmt.Fprintf(b, `<path d="%s" %s/>`, areas.Path(a, f, 1), look)
	}
}

// names writes the villages where they lie.
func names(b *strings.Builder, areas *land.Areas, f land.Frame, g *definition.Government) {
	called := map[string]string{}
	for _, r := range g.Regions {
		called[r.Code] = bareName(r.Name)
	}
	for _, a := range areas.Level(10) {
		x, y := f.XY(a.Inside())
		lines := strings.SplitN(called[a.Code], " ", 2)
		for i, line := range lines {
			at := y + letter*(float64(i)-float64(len(lines)-1)/2) + letter/3
			fmt.Fprintf(b, `<text x="%.0f" y="%.0f" font-family="sans-serif" font-size="%d" text-anchor="middle" fill="#1d1a17">%s</text>`, x, at, letter, html.EscapeString(line))
		}
	}
}
