// Package letter is a document of a case as words of a page: what the letter says,
// read out and printed well.
package letter

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed letter.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "letter", CSS: css}

// Row is a line of a table of facts.
type Row struct{ Label, Value string }

// Part is a paragraph, or rows.
type Part struct {
	Text string
	Rows []Row
}

// View is the letter.
type View struct {
	Head   []string
	Title  string
	Number string
	Parts  []Part
	Deemed string
	Signed []string
	Lang   string // the letter's own language
}

// Examples are its states.
func Examples() []scope.Example {
	v := View{Lang: "id", Head: []string{"Pemerintah Kabupaten Banyusekar", "Kelurahan Sekararum"}, Title: "Surat keterangan domisili", Number: "Nomor: 470/012/SKA/2026",
		Parts:  []Part{{Text: "Yang bertanda tangan di bawah ini menerangkan bahwa:"}, {Rows: []Row{{"Nama", "Wulan Ayuningtyas"}, {"Alamat", "Jalan Kenanga 7, RT 2 RW 5"}}}, {Text: "bertempat tinggal di alamat tersebut."}},
		Signed: []string{"Banyusekar, 17 Maret 2026", "Lurah Sekararum", "Ratih Kusumawardani, S.Sos."}}
	deemed := v
	deemed.Deemed = "Permohonan ini tidak diputus dalam 5 hari kerja. Karena itu permohonan ini dianggap dikabulkan secara hukum."
	long := v
	long.Title = "Surat keterangan tentang tempat tinggal sementara selama menempuh pendidikan di luar daerah"
	long.Parts = []Part{{Rows: []Row{{"Nama lengkap beserta gelar akademik dan keagamaan", "Nyi Ratna Kusumaningrum Prabawati Suryaningsih, S.Tr.Keb., M.Kes."}, {"Nomor", "470/0123456789/KETERANGANDOMISILI/KELURAHANSEKARARUM/XII/2026"}}}}
	return []scope.Example{{State: "usual", Show: Letter(v)}, {State: "granted by law", Show: Letter(deemed)}, {State: "long text", Show: Letter(long)}, {State: "empty", Show: Letter(View{Title: "Izin", Lang: "id"})}}
}
