// Package errorsummary is all that needs correcting, at the top, each a link to its field.
package errorsummary

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed errorsummary.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "errorsummary", CSS: css}

// Item is one thing to correct.
type Item struct {
	Field string // id of the field on this page; empty = the whole form
	Text  string
	Href  string // where to go instead, when the field is on another page
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{
		{State: "two", Show: Summary([]Item{{Href: "/", Text: "Tulis nama lengkap Anda, paling sedikit 3 huruf."}, {Href: "/", Text: "Tanggal lahir: bulan harus antara 1 dan 12."}})},
		{State: "none", Show: Summary(nil)},
		{State: "whole form", Show: Summary([]Item{{Text: "Pilih paling sedikit satu lampiran, atau tandai akan dibawa ke loket pelayanan pada jam kerja."}})},
	}
}
