// Package checklist is what an officer goes through: each line in order or not, and why not.
package checklist

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed checklist.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "checklist", CSS: css}

// Item is one line. Name is the form name of its answer (ok, no); <name>-why
// carries what is wrong.
type Item struct {
	Name  string
	Text  string
	Facts []string // what the applicant answered about it
	Links []Link   // the papers it is about
	OK    bool
	No    bool
	Why   string
	Error string
}

// Link is a paper to look at.
type Link struct{ Href, Text string }

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{{State: "usual", Show: List([]Item{
		{Name: "ex-c1", Text: "STR masih berlaku dan nama sama dengan KTP", Facts: []string{"STR berlaku sampai 1 Juni 2029"}, Links: []Link{{"/", "str.pdf, 84 kB"}}, OK: true},
		{Name: "ex-c2", Text: "Surat keterangan sehat paling lama 3 bulan", No: true, Why: "Tanggalnya 2 November 2025."},
		{Name: "ex-c3", Text: "Rekomendasi organisasi profesi", Error: "Pilih sesuai atau belum."}})}}
}
