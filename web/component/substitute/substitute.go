// Package substitute is what may be sent in the place of a paper that somebody
// does not have: a part that opens on demand, with its own questions.
package substitute

import (
	_ "embed"

	"github.com/a-h/templ"

	"pendopo/web/component/field"
	"pendopo/web/component/upload"
	"pendopo/web/scope"
)

//go:embed substitute.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "substitute", CSS: css}

// View is one substitute. Open shows it from the start: something of it is
// answered, or needs correcting.
type View struct {
	Text string
	Open bool
	Body []templ.Component
}

// Examples are its states.
func Examples() []scope.Example {
	letter := func(id, wrong string) []templ.Component {
		return []templ.Component{upload.Upload(upload.View{View: field.View{ID: id, Label: "Surat pernyataan kebenaran kelahiran", Hint: "Foto atau PDF, paling besar 5 MB.", Error: wrong}})}
	}
	return []scope.Example{
		{State: "closed", Show: Substitute(View{Text: "Surat pernyataan kebenaran kelahiran", Body: letter("ex-sub", "")})},
		{State: "open", Show: Substitute(View{Text: "Surat pernyataan kebenaran kelahiran", Open: true, Body: letter("ex-sub-open", "")})},
		{State: "error", Show: Substitute(View{Text: "Surat pernyataan kebenaran kelahiran", Open: true, Body: letter("ex-sub-bad", "Unggah surat pernyataan, atau surat aslinya di atas.")})},
		{State: "long text", Show: Substitute(View{Text: "Surat pernyataan tanggung jawab mutlak kebenaran sebagai pasangan suami istri yang diketahui oleh dua orang saksi", Body: letter("ex-sub-long", "")})},
	}
}
