// Package summary is a list of facts: label and value.
package summary

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed summary.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "summary", CSS: css}

// Row is one fact. More than one value is shown line by line.
type Row struct {
	Label  string
	Values []string
	Change string // address where it can be changed; empty = nowhere
	Numb   bool   // figures: codes, money, numbers
}

// View is the list; Title is for screen readers and may be empty.
type View struct {
	Rows []Row
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{
		{State: "usual", Show: Summary(View{Rows: []Row{{Label: "Waktu", Values: []string{"5 hari kerja sejak berkas lengkap"}}, {Label: "Biaya", Values: []string{"Gratis"}}}})},
		{State: "changeable, empty and long", Show: Summary(View{Rows: []Row{
			{Label: "Nama", Values: []string{"Sri Wahyuni Ningrum Kusumawardhani binti Abdurrahman Wirahadikusumah"}, Change: "/"},
			{Label: "NIK", Values: []string{"3360 0145 0795 0003"}, Change: "/", Numb: true}, {Label: "Nomor lama", Change: "/"},
			{Label: "Lampiran", Values: []string{"ktp.jpg, 210 kB", "kartu-keluarga-lembar-pertama-hasil-pindai.pdf, 1,2 MB"}, Change: "/"},
		}})},
	}
}
