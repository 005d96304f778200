// Package needtile is one need of people's lives, leading to its services.
package needtile

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed needtile.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "needtile", CSS: css}

// View is one need.
type View struct {
	Href  string
	Name  string
	Words string // what is in it
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{{State: "usual and long text", Show: Tiles([]View{
		{"/?need=residence", "Tempat tinggal dan pindah", "1 layanan"}, {"/?need=health", "Kesehatan", "1 layanan"},
		{"/?need=long", "Penyelenggaraan pemakaman, kematian, dan kewarisan keluarga", "12 layanan"},
	})}}
}
