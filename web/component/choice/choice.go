// Package choice is a question answered by choosing.
package choice

import (
	_ "embed"
	"strconv"

	"pendopo/web/component/field"
	"pendopo/web/scope"
)

//go:embed choice.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "choice", CSS: css}

// Option is one answer.
type Option struct {
	ID     string
	Text   string
	Hint   string
	Chosen bool
}

// View is the question with its options.
type View struct {
	field.View
	Options []Option
	Blank   string // Select: words of the empty option
}

func (v View) id(i int) string { return v.ID + "-" + strconv.Itoa(i+1) }

// Examples are its states.
func Examples() []scope.Example {
	options := []Option{{ID: "own", Text: "Rumah sendiri"}, {ID: "rent", Text: "Sewa atau kontrak", Hint: "Siapkan surat perjanjian sewa.", Chosen: true}, {ID: "family", Text: "Tinggal bersama keluarga"}}
	v := View{View: field.View{ID: "ex-choice", Label: "Status tempat tinggal"}, Options: options}
	wrong, pick, off := v, v, v
	wrong.View = field.View{ID: "ex-choice-bad", Label: "Status tempat tinggal", Error: "Pilih salah satu."}
	pick.View, pick.Blank = field.View{ID: "ex-select", Label: "Agama", Hint: "Seperti di kartu keluarga."}, "Pilih"
	off.View = field.View{ID: "ex-choice-off", Label: "Status tempat tinggal", Disabled: true}
	box := View{View: field.View{ID: "ex-declare", Label: "Pernyataan"}, Options: []Option{{ID: "yes", Text: "Saya menyatakan isian ini benar, dan bersedia menanggung akibat hukumnya bila ternyata tidak benar."}}}
	badBox := box
	badBox.ID, badBox.Error = "ex-declare-bad", "Tandai pernyataan ini bila Anda setuju."
	return []scope.Example{{State: "radios", Show: Radios(v)}, {State: "error", Show: Radios(wrong)}, {State: "disabled", Show: Radios(off)},
		{State: "select", Show: Select(pick)}, {State: "declaration", Show: Boxes(box)}, {State: "declaration, error", Show: Boxes(badBox)}}
}
