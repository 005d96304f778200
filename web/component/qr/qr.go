// Package qr is a QR code as an image that stays sharp, with its words.
package qr

import (
	_ "embed"
	"fmt"
	"strings"

	"pendopo/web/scope"
)

//go:embed qr.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "qr", CSS: css}

// View is a code of Size modules; Path fills the dark ones in an SVG of that
// size (see Path). Alt says what it holds.
type View struct {
	Size int
	Path string
	Alt  string
}

// Path is the outline of the dark modules, run by run.
func Path(size int, dark func(x, y int) bool) string {
	var b strings.Builder
	for y := range size {
		for x := 0; x < size; x++ {
			run := 0
			for x+run < size && dark(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x, y, run, run)
				x += run
			}
		}
	}
	return b.String()
}

func (v View) box() string { return fmt.Sprintf("-4 -4 %d %d", v.Size+8, v.Size+8) }

// Examples are its states.
func Examples() []scope.Example {
	dark := func(x, y int) bool { return (x*y+x+y)%3 == 0 || x < 7 && y < 7 && (x%6 == 0 || y%6 == 0) }
	return []scope.Example{{State: "usual", Show: Code(View{Size: 25, Path: Path(25, dark), Alt: "Kode QR untuk memeriksa dokumen ini"})}}
}
