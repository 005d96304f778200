// Package fold is a part of a page that opens on demand, readable when printed.
package fold

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed fold.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "fold", CSS: css}

// View is the part's heading. Open shows it from the start.
type View struct {
	Title string
	Open  bool
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{{State: "closed", Show: Fold(View{Title: "Dasar hukum"})}, {State: "open", Show: Fold(View{Title: "Jaminan keamanan dan keselamatan pelayanan bagi semua pengguna layanan", Open: true})}}
}
