// Package notice is one thing to know now: the word for it, a shape, a colour.
package notice

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed notice.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "notice", CSS: css}

// Kind of notice.
type Kind string

// The kinds.
const (
	Info Kind = "info"
	Good Kind = "good"
	Wait Kind = "wait" // it is your turn
	Late Kind = "late"
)

// View is one notice. Live announces it to screen readers.
type View struct {
	Kind  Kind
	Title string
	Text  string
	Live  bool
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{
		{State: "info", Show: Notice(View{Kind: Info, Title: "Draf tersimpan", Text: "Kode draf Anda 7K3M-9QWX-T2. Draf disimpan 30 hari."})},
		{State: "good", Show: Notice(View{Kind: Good, Title: "Permohonan disetujui", Text: "Dokumen Anda dapat diunduh di bawah."})},
		{State: "wait", Show: Notice(View{Kind: Wait, Title: "Menunggu Anda", Text: "Kami belum menerima foto KK Anda. Unggah sebelum Jumat 20 Maret, atau bawa ke loket."})},
		{State: "late", Show: Notice(View{Kind: Late, Title: "Terlambat 2 hari kerja", Text: "Kepala dinas sudah diberi tahu."})},
	}
}
