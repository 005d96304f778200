// Package search is one box to look for something in people's own words.
package search

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed search.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "search", CSS: css}

// View is a search form; it sends q by GET.
type View struct {
	ID     string // of the box; empty = q
	Action string
	Label  string
	Hint   string
	Value  string
	Button string
}

func (v View) id() string {
	if v.ID != "" {
		return v.ID
	}
	return "q"
}

// Examples are its states.
func Examples() []scope.Example {
	v := View{Action: "/", Label: "Apa yang Anda butuhkan?", Hint: "Misalnya: pindah rumah, izin praktik, surat domisili", Button: "Cari"}
	long := v
	long.ID = "q2"
	long.Value = "surat untuk anak saya yang baru pindah sekolah dari luar provinsi"
	return []scope.Example{{State: "empty", Show: Search(v)}, {State: "long text", Show: Search(long)}}
}
