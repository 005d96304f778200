// Package field is one question with its label, hint and what to correct.
package field

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed field.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "field", CSS: css}

// View is one question. ID is unique on the page; errors link to #ID.
type View struct {
	ID       string
	Name     string // empty = ID
	Label    string
	Hint     string
	Error    string // what to correct; empty = nothing
	Optional bool
	Disabled bool

	Value    string
	Type     string // text (default), tel, email
	Mode     string // inputmode: numeric, decimal
	Complete string // autocomplete
	Prefix   string // Rp, +62
	Width    string // "s" for a few characters, "m" for a number, "" full
	Max      int    // most characters; 0 = 500
	Rows     int    // more than one line when over 1
}

// Key is the name the value is sent under.
func (v View) Key() string {
	if v.Name != "" {
		return v.Name
	}
	return v.ID
}

// Described lists the ids of hint and error for aria-describedby.
func (v View) Described() string {
	switch {
	case v.Hint != "" && v.Error != "":
		return v.ID + "-hint " + v.ID + "-error"
	case v.Hint != "":
		return v.ID + "-hint"
	case v.Error != "":
		return v.ID + "-error"
	}
	return ""
}

func (v View) kind() string {
	if v.Type != "" {
		return v.Type
	}
	return "text"
}

func (v View) most() int {
	if v.Max > 0 {
		return v.Max
	}
	return 500
}

// Examples are its states.
func Examples() []scope.Example {
	v := View{ID: "ex-name", Label: "Nama lengkap", Hint: "Seperti di KTP, tanpa gelar.", Complete: "name"}
	filled, wrong, long, off, area := v, v, v, v, v
	filled.ID, filled.Value, filled.Optional = "ex-filled", "Sri Wahyuni", true
	wrong.ID, wrong.Value, wrong.Error = "ex-wrong", "S", "Tulis nama lengkap Anda, paling sedikit 3 huruf."
	long.ID, long.Label = "ex-long", "Nama lengkap penanggung jawab fasilitas pelayanan kesehatan tempat Anda akan berpraktik"
	off.ID, off.Disabled, off.Value = "ex-off", true, "Tidak dapat diubah"
	area.ID, area.Label, area.Rows = "ex-area", "Keperluan", 4
	mail := View{ID: "ex-mail", Label: "Alamat surel", Type: "email", Complete: "email", Optional: true}
	prefix := View{ID: "ex-phone", Label: "Nomor telepon", Prefix: "+62", Type: "tel", Width: "m", Value: "812 3456 7890"}
	return []scope.Example{{State: "empty", Show: Text(v)}, {State: "filled, optional", Show: Text(filled)}, {State: "error", Show: Text(wrong)},
		{State: "long text", Show: Text(long)}, {State: "disabled", Show: Text(off)}, {State: "several lines", Show: Text(area)}, {State: "e-mail", Show: Text(mail)}, {State: "prefix", Show: Text(prefix)}}
}
