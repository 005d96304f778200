// Package requirements is what to bring: for everybody, and for each variant of a
// service, with what may be brought in its place.
package requirements

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed requirements.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "requirements", CSS: css}

// Item is one thing to bring, and what counts in its place.
type Item struct {
	Text    string
	Instead []string
}

// Variant is what one of several reasons to apply wants besides.
type Variant struct {
	Name  string
	Items []Item
}

// View is all of them.
type View struct {
	All      []Item // whatever the variant
	Variants []Variant
}

// Examples are its states.
func Examples() []scope.Example {
	plain := []Item{{Text: "Kartu Keluarga"}, {Text: "Foto tempat praktik"}}
	substitutes := []Item{{"Buku nikah orang tua", []string{"Surat pernyataan kebenaran pasangan suami istri, dengan dua saksi"}}, {Text: "Surat keterangan lahir dari bidan atau rumah sakit", Instead: []string{"Surat pernyataan kebenaran kelahiran", "Berita acara dari kepolisian, bila anak tidak diketahui asal-usulnya"}}}
	return []scope.Example{
		{State: "plain", Show: Requirements(View{All: plain})},
		{State: "substitutes", Show: Requirements(View{All: substitutes})},
		{State: "variants", Show: Requirements(View{All: plain, Variants: []Variant{
			{"Baru", []Item{{Text: "Buku nikah atau akta perkawinan"}}}, {"Hilang", []Item{{Text: "Surat kehilangan dari kepolisian"}}}, {"Rusak", []Item{{Text: "Kartu yang rusak"}}},
		}})},
		{State: "variants only, long text", Show: Requirements(View{Variants: []Variant{{"Mengubah data karena pindah datang dari luar negeri bersama seluruh anggota keluarga", substitutes}, {"Tanpa tambahan", nil}}})},
		{State: "empty", Show: Requirements(View{})},
	}
}
