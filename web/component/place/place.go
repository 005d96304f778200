// Package place is a question for a point on the ground: latitude and longitude.
// Most people answer by a button that asks the device, or by a tap on a small
// map; both want scripts. Without them there is a box for coordinates, and the
// list of places beside this question is the normal way.
package place

import (
	_ "embed"
	"strconv"

	"pendopo/web/component/field"
	"pendopo/web/component/papers"
	"pendopo/web/scope"
)

//go:embed place.css
var css string

// Sheet is its style. The script shows what needs one.
var Sheet = scope.Sheet{Name: "place", CSS: css, Script: "place.js"}

// View is the question; its value is "latitude,longitude" in degrees, WGS 84.
type View struct {
	field.View
	Map *Map // nil = none
}

// Map is a picture of an area on which latitude and longitude run straight, and
// the degrees of its edges.
type Map struct {
	Src                      string // an address of this site
	Alt                      string // what it shows: Kabupaten Wening
	West, South, East, North float64
	Width, Height            int // its own proportions
}

// box is the id of the box for coordinates.
func (v View) box() string { return v.ID + "-box" }

// open shows the box from the start: when something stands in it.
func (v View) open() bool { return v.Value != "" || v.Error != "" }

// edge is a degree as the script reads it.
func edge(degree float64) string { return strconv.FormatFloat(degree, 'f', -1, 64) }

// Examples are its states.
func Examples() []scope.Example {
	v := View{View: field.View{ID: "ex-place", Label: "Titik lokasi", Hint: "Membantu petugas menemukan tempatnya.", Optional: true}}
	filled, wrong, off, mapped := v, v, v, v
	filled.ID, filled.Value = "ex-place-full", "-7.12345,110.40112"
	wrong.ID, wrong.Value, wrong.Error, wrong.Optional = "ex-place-bad", "7 derajat", "Tulis lintang dan bujur dengan koma di antaranya, misalnya -7.12345, 110.40112.", false
	off.ID, off.Value, off.Disabled = "ex-place-off", "-7.12345,110.40112", true
	mapped.ID = "ex-place-map"
	mapped.Map = &Map{Src: papers.Example("", "").Href, Alt: "Kabupaten Wening", West: 110.2, South: -7.4, East: 110.7, North: -6.9, Width: 60, Height: 40}
	return []scope.Example{{State: "empty", Show: Place(v)}, {State: "filled", Show: Place(filled)}, {State: "error", Show: Place(wrong)},
		{State: "disabled", Show: Place(off)}, {State: "with a map", Show: Place(mapped)}}
}
