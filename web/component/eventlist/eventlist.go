// Package eventlist is what happens in people's lives, each leading to its services.
package eventlist

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed eventlist.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "eventlist", CSS: css}

// Event is one of them.
type Event struct{ Href, Name string }

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{
		{State: "usual", Show: List([]Event{{"/events/lahir", "Anak lahir"}, {"/events/menikah", "Menikah"}, {"/events/pindah", "Pindah rumah"}, {"/events/usaha", "Memulai usaha"}})},
		{State: "long text", Show: List([]Event{{"/events/meninggal", "Anggota keluarga meninggal di luar daerah atau di luar negeri"}})},
		{State: "empty", Show: List(nil)},
	}
}
