// Package servicecard is one service in a list: what it is, how long, what it costs.
package servicecard

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed servicecard.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "servicecard", CSS: css}

// View is one service.
type View struct {
	Href    string
	Name    string
	Summary string
	Facts   []string // time, fee: short
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{
		{State: "usual", Show: Cards([]View{{"/services/domisili", "Surat keterangan domisili", "Keterangan bahwa Anda bertempat tinggal di desa ini.", []string{"10 menit kerja", "Gratis"}}})},
		{State: "long text", Show: Cards([]View{{"/a", "Penerbitan Surat Izin Praktik Bidan untuk Tempat Praktik Mandiri Kedua dan Seterusnya", "Izin dari pemerintah kabupaten bagi bidan untuk berpraktik di satu tempat, berlaku lima tahun dan dapat diperpanjang sebelum berakhir.", []string{"5 hari kerja sejak berkas lengkap", "Gratis"}}})},
		{State: "empty", Show: Cards(nil)},
	}
}
