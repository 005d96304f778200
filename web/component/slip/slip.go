// Package slip is a strip of paper to take along: the code, what to bring, where.
package slip

import (
	_ "embed"

	"pendopo/web/component/qr"
	"pendopo/web/scope"
)

//go:embed slip.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "slip", CSS: css}

// View is one slip.
type View struct {
	House  string
	Title  string
	Code   string
	Secret string   // empty = it was given before
	Facts  []string // service, date received, due
	Bring  []string
	Where  string
	QR     qr.View // Size 0 = none
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{{State: "usual", Show: Slip(View{House: "Pemerintah Kabupaten Contoh", Title: "Tanda terima permohonan", Code: "7K3M-9QWX-T2C", Secret: "H4NP-2ZRD",
		Facts: []string{"Surat keterangan domisili", "Diterima Selasa, 17 Maret 2026 pukul 09.00 WIB"}, Bring: []string{"Foto KTP"}, Where: "Kantor Desa Sumberarum, Senin–Jumat 08.00–15.00"})}}
}
