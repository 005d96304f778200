// Package papers is files that were handed in, for whoever may open them: a
// picture is seen, a voice note is played, anything else is fetched. One that may
// hurt whoever looks, or show whom it should not, waits behind a press.
package papers

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed papers.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "papers", CSS: css}

// Kind is how a file is shown.
type Kind string

// The kinds.
const (
	Other   Kind = ""
	Picture Kind = "picture"
	Sound   Kind = "sound"
)

// KindOf is how a file of a media type is shown.
func KindOf(media string) Kind {
	switch {
	case len(media) > 6 && media[:6] == "image/":
		return Picture
	case len(media) > 6 && media[:6] == "audio/":
		return Sound
	}
	return Other
}

// File is one of them.
type File struct {
	Href   string
	Name   string
	Size   string
	Kind   Kind
	Veiled bool   // shown only when somebody wants to see it
	Alt    string // of a picture; empty = its name beside it says it
}

// Example is a picture for the examples of components that show some: a lamp.
func Example(name, alt string) File {
	const lamp = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 60 40'%3E%3Cpath fill='%23f6f0e4' d='M0 0h60v40H0z'/%3E%3Cpath stroke='%236b3e1f' stroke-width='3' fill='none' d='M20 38V6h18v5'/%3E%3C/svg%3E"
	return File{Href: lamp, Name: name, Size: "210 kB", Kind: Picture, Alt: alt}
}

// Examples are its states.
func Examples() []scope.Example {
	lamp := Example("lampu.jpg", "")
	voice := File{Href: "/_components#suara", Name: "rekaman.ogg", Size: "84 kB", Kind: Sound}
	long := File{Href: "/_components#surat", Name: "surat-keterangan-dari-ketua-rukun-tetangga-tentang-jalan-yang-berlubang-sejak-bulan-januari.pdf", Size: "1,2 MB"}
	veiled := lamp
	veiled.Veiled = true
	return []scope.Example{{State: "a picture, a voice note and a paper", Show: Papers([]File{lamp, voice, long})}, {State: "waiting behind a press", Show: Papers([]File{veiled})}}
}
