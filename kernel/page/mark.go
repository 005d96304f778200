package page

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// longestMark bounds a government's mark, in bytes: it stands in every page.
const longestMark = 8 << 10

// safeMark is the government's mark as it may stand inside a page: a drawing
// and nothing else. Anything that is more, or cannot be read, is left out, and
// the page shows the platform's own mark.
func safeMark(svg string) string {
	if len(svg) > longestMark || !strings.HasPrefix(strings.TrimSpace(svg), "<svg") {
		return ""
	}
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return strings.ReplaceAll(strings.TrimSpace(svg), "\n", "")
		}
		if err != nil || !harmless(t) {
			return ""
		}
	}
}

// harmless admits shapes with their geometry and colours.
func harmless(t xml.Token) bool {
	switch t := t.(type) {
	case xml.StartElement:
		if !slices.Contains(drawn, t.Name.Local) {
			return false
		}
		return !slices.ContainsFunc(t.Attr, func(a xml.Attr) bool {
			return !slices.Contains(drawnWith, a.Name.Local) || strings.ContainsAny(a.Value, "<>&") || strings.Contains(a.Value, "url(")
		})
	case xml.ProcInst, xml.Directive:
		return false
	}
	return true
}

var (
	drawn     = []string{"svg", "g", "path", "circle", "ellipse", "rect", "line", "polygon", "polyline", "title"}
	drawnWith = []string{"xmlns", "viewBox", "role", "aria-label", "width", "height", "d", "fill", "fill-rule", "stroke", "stroke-width", "stroke-linecap",
		"stroke-linejoin", "transform", "cx", "cy", "r", "rx", "ry", "x", "y", "x1", "y1", "x2", "y2", "points", "opacity"}
)
