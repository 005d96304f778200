// Package timeline is what happened, newest first: when, what, who.
package timeline

import (
	_ "embed"

	"pendopo/web/component/papers"
	"pendopo/web/component/summary"
	"pendopo/web/scope"
)

//go:embed timeline.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "timeline", CSS: css}

// Event is one thing that happened or is to come.
type Event struct {
	When   string
	Stamp  string // machine-readable moment
	What   string
	Who    string
	Detail []string
	Said   []summary.Row // what whoever acted gave, label by label
	Files  []papers.File // and the pictures that came along
	Now    bool          // where the matter stands
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{{State: "usual", Show: Timeline([]Event{
		{When: "19 Mar, 10.12 WIB", What: "Diperiksa kelengkapannya", Who: "Pemeriksa berkas, Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", Now: true},
		{When: "18 Mar, 14.40 WIB", What: "Dikembalikan untuk dilengkapi", Who: "Pemeriksa berkas, Dinas Penanaman Modal dan PTSP", Detail: []string{"Foto STR tidak terbaca.", "Surat keterangan sehat sudah lewat masa berlakunya."}},
		{When: "17 Mar, 09.00 WIB", What: "Permohonan diterima", Who: "Anda"},
	})}, {State: "with what was said and a picture", Show: Timeline([]Event{{When: "21 Mei, 15.20 WIB", What: "Tindak lanjut selesai", Who: "Petugas lapangan, Dinas Perhubungan", Now: true,
		Said:  []summary.Row{{Label: "Yang dikerjakan", Values: []string{"Lampu dan fitingnya diganti, tiang ditegakkan lagi."}}},
		Files: []papers.File{papers.Example("sesudah.jpg", "Sesudah dikerjakan")}}})},
		{State: "one", Show: Timeline([]Event{{When: "17 Mar, 09.00 WIB", What: "Permohonan diterima", Who: "Anda", Now: true}})}}
}
