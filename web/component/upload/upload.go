// Package upload is papers to send: photos or files, or a promise to bring them to the counter.
package upload

import (
	_ "embed"

	"pendopo/web/component/field"
	"pendopo/web/scope"
)

//go:embed upload.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "upload", CSS: css, Script: "upload.js"}

// File is one that has arrived.
type File struct {
	ID   string
	Name string
	Size string
}

// View is the question. Files are sent with the page as <name>; a button named
// _remove with the file's id takes one back; <name>-counter says that the paper
// will be brought to the counter.
type View struct {
	field.View
	Files   []File
	Accept  string // of the input: image/*,application/pdf
	Camera  bool   // a photo of what is here now: the camera opens at once
	Many    bool
	Counter bool   // may be brought to the counter
	Brings  bool   // will be
	Promise string // words of that promise; empty = the applicant's own
	Pieces  string // address to which a script may send them piece by piece
	Carry   bool   // files that have arrived travel in the form as <name>-had
}

// asks is whether there is room for a file.
func (v View) asks() bool { return len(v.Files) == 0 || v.Many }

// promise is what the box beside the paper says.
func (v View) promise(own string) string {
	if v.Promise != "" {
		return v.Promise
	}
	return own
}

// Examples are its states.
func Examples() []scope.Example {
	v := View{View: field.View{ID: "ex-file", Label: "Foto KTP", Hint: "Foto yang jelas, seluruh kartu terlihat. Paling besar 5 MB."}, Accept: "image/*", Counter: true}
	full, wrong, brings := v, v, v
	full.ID, full.Many, full.Files = "ex-file-full", true, []File{{"1", "ktp-depan.jpg", "210 kB"}, {"2", "foto-kartu-tanda-penduduk-elektronik-hasil-pindai-di-warnet.jpg", "1,2 MB"}}
	wrong.ID, wrong.Error = "ex-file-bad", "Berkas ini bukan foto. Kirim foto (JPG atau PNG), atau bawa ke loket."
	brings.ID, brings.Brings = "ex-file-bring", true
	before := View{View: field.View{ID: "ex-file-now", Label: "Foto sebelum dikerjakan"}, Accept: "image/*", Camera: true}
	said := View{View: field.View{ID: "ex-file-said", Label: "Rekaman suara", Hint: "Tiga menit cukup.", Optional: true}, Accept: "audio/*"}
	return []scope.Example{{State: "empty", Show: Upload(v)}, {State: "two files", Show: Upload(full)}, {State: "error", Show: Upload(wrong)}, {State: "brought to the counter", Show: Upload(brings)},
		{State: "from the camera", Show: Upload(before)}, {State: "a voice note", Show: Upload(said)}}
}
