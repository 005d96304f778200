package portal

import (
	"net/http"

	"pendopo/web/component/letter"
	"pendopo/web/component/notice"
)

// letterView is the document of a case in words.
type letterView struct {
	Title   string
	Back    string // the case
	File    string // the document itself
	Letter  letter.View
	Revoked notice.View // empty unless it was taken back
}

// letter shows the words of the document to its holder: accessible, and good on
// paper. What counts is the document itself.
func (p *Portal) letter(w http.ResponseWriter, r *http.Request) error {
	f, elsewhere, err := p.ownCase(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	t, err := p.Documents.Twin(r.Context(), f.Case.Stream)
	if err != nil {
		return err
	}
	words := f.Words.Printer
	v := letterView{Title: words.T("portal.letter_title", "name", words.Of(f.Bound.Service.Product.Name)), Back: f.path(""), File: f.path("/document"),
		Letter: letter.View{Head: t.Head, Title: t.Title, Number: t.Number, Deemed: t.Deemed, Signed: t.Signed, Lang: t.Lang}}
	for _, x := range t.Parts {
		part := letter.Part{Text: x.Text}
		for _, row := range x.Rows {
			part.Rows = append(part.Rows, letter.Row(row))
		}
		v.Letter.Parts = append(v.Letter.Parts, part)
	}
	if f.Case.Revoked != "" {
		v.Revoked = notice.View{Kind: notice.Late, Title: words.T("portal.verdict_revoked"), Text: words.T("portal.verdict_revoked_text")}
	}
	return p.private(w, r, v.Title, letterPage(v))
}
