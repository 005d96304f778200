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

	Address string // what the QR code says, in words
}

// Examples are its states.
func Examples() []scope.Example {
	v := View{House: "Pemerintah Kabupaten Contoh", Title: "Tanda terima permohonan", Code: "7K3M9-QWXT2-C", Secret: "H4NP-2ZRD",
		Facts: []string{"Surat keterangan domisili", "Diterima Selasa, 17 Maret 2026 pukul 09.00 WIB"}, Bring: []string{"Foto KTP"}, Where: "Kantor Desa Sumberarum, Senin–Jumat 08.00–15.00"}
	coded := v
	dark := func(x, y int) bool { return (x*y+x+y)%3 == 0 || x < 7 && y < 7 && (x%6 == 0 || y%6 == 0) }
	coded.QR = qr.View{Size: 25, Path: qr.Path(25, dark), Alt: "Kode QR ke halaman permohonan 7K3M9-QWXT2-C"}
	coded.Address = "Lacak di https://layanan.kabupaten-contoh.example/track/7K3M9-QWXT2-C"
	return []scope.Example{{State: "usual", Show: Slip(v)}, {State: "with a QR code", Show: Slip(coded)}}
}
