// Package document is a product of a case: what it is, its number, where to get it.
package document

import (
	_ "embed"

	"pendopo/web/component/tag"
	"pendopo/web/scope"
)

//go:embed document.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "document", CSS: css}

// View is one document.
type View struct {
	Name   string
	Number string
	Facts  []string // date, validity
	Tag    tag.View
	Href   string // download; empty = not here
	Read   string // address of the same in words of a page; empty = none
	Get    string // words of the download: "Unduh (PDF, 84 kB)"
	Note   string
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{
		{State: "usual", Show: Document(View{"Surat Keterangan Domisili", "470/021/2001/III/2026", []string{"17 Maret 2026", "berlaku sampai 17 Juni 2026"}, tag.View{Kind: tag.Good, Text: "Berlaku"}, "/", "/letter", "Unduh (PDF, 84 kB)", ""})},
		{State: "not here, long", Show: Document(View{"Surat Izin Praktik Bidan untuk Tempat Praktik Mandiri Kedua", "503/SIPB/0001/DPMPTSP/2026", []string{"3 April 2026"}, tag.View{Kind: tag.Work, Text: "Sedang dibuat"}, "", "", "", "Dokumen dapat diunduh di halaman ini begitu selesai."})},
	}
}
