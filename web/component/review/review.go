// Package review is everything a person is about to send, page by page, each
// with the way back to change it.
package review

import (
	"pendopo/web/component/summary"
	"pendopo/web/scope"
)

// Group is one page of the form.
type Group struct {
	Title string
	Rows  []summary.Row
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{{State: "usual", Show: Review([]Group{
		{"Tentang Anda", []summary.Row{{Label: "Nama lengkap", Values: []string{"Sri Wahyuni"}, Change: "/"}, {Label: "Tanggal lahir", Values: []string{"27 Maret 1995"}, Change: "/"}}},
		{"Lampiran", []summary.Row{{Label: "Foto KTP", Values: []string{"Dibawa ke loket"}, Change: "/"}, {Label: "Surat lain", Change: "/"}}},
	})}}
}
