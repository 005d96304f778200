// Package thread is what two sides wrote to each other, oldest first: who, when,
// what, and the pictures that came along.
package thread

import (
	_ "embed"

	"pendopo/web/component/papers"
	"pendopo/web/scope"
)

//go:embed thread.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "thread", CSS: css}

// Message is one of them. Own is the reader's own side.
type Message struct {
	Who   string
	When  string
	Stamp string // machine-readable moment
	Text  string
	Own   bool
	Files []papers.File
}

// View is all of them; Empty is said when there is none.
type View struct {
	Messages []Message
	Empty    string
}

// Examples are its states.
func Examples() []scope.Example {
	lamp := papers.Example("tiang.jpg", "")
	return []scope.Example{
		{State: "empty", Show: Thread(View{Empty: "Belum ada pesan."})},
		{State: "usual", Show: Thread(View{Messages: []Message{
			{Who: "Pengelola pengaduan, Dinas Perhubungan", When: "12 Mei, 09.10 WIB", Text: "Apakah tiangnya yang di depan pos ronda?"},
			{Who: "Anda", When: "12 Mei, 10.02 WIB", Own: true, Text: "Betul. Yang miring.\nSaya lampirkan fotonya.", Files: []papers.File{lamp}},
		}})},
		{State: "long text", Show: Thread(View{Messages: []Message{{Who: "Pengelola pengaduan, Dinas Pekerjaan Umum dan Penataan Ruang Kabupaten", When: "12 Mei, 09.10 WIB",
			Text: "Mohonmaafsebelumnyakalimatiniditulistanpasatuspasipunsehinggapanjangsekali. Tim kami datang Kamis pagi."}}})},
	}
}
