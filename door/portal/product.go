package portal

import (
	"context"
	"net/http"

	"pendopo/kernel/page"
	"pendopo/law/flow"
	"pendopo/web/component/document"
	"pendopo/web/component/notice"
	"pendopo/web/component/tag"
)

// ready says that the product is there, and when a rule granted it, by which norm.
func (f found) ready() notice.View {
	words := f.Words.Printer
	v := notice.View{Kind: notice.Good, Title: words.T("portal.note_ready")}
	if basis, ok := f.Words.ByRule(f.Case); ok {
		v.Text = words.T("caseview.by_rule_text", "basis", basis)
	}
	return v
}

// madeElsewhere is a product of another system: its number, where it was made, what
// its file's signatures are, and the file.
func (p *Portal) madeElsewhere(ctx context.Context, f found) ([]document.View, error) {
	words := f.Words.Printer
	made, err := p.Cases.MadeElsewhere(ctx, f.Case.Stream)
	if err != nil {
		return nil, err
	}
	var signers []string
	for _, s := range made.Signers {
		signers = append(signers, s.Name)
	}
	v := document.View{Name: words.Of(f.Bound.Service.Product.Name), Number: made.Number, Facts: f.Words.Made(f.Case, signers),
		Tag: tag.View{Kind: tag.Good, Text: words.T("portal.doc_ready")}}
	if f.Case.Made.File != nil {
		v.Href, v.Get = f.path("/document"), words.T("portal.doc_get")
	}
	return []document.View{v}, nil
}

// madeFile gives the file of another system to its holder.
func (p *Portal) madeFile(w http.ResponseWriter, r *http.Request, f found) error {
	file, b, err := p.Attachments.Open(r.Context(), f.Case.Stream, f.Case.Made.File.ID)
	if err != nil {
		return err
	}
	return send(w, r, file, b)
}

// feeOf is what an application with these answers will cost.
func (p *Portal) feeOf(words *page.Printer, s session) (string, bool) {
	svc := s.Bound.Service
	if len(svc.Standard.Fee.Cases) == 0 {
		return "", false
	}
	n, _ := flow.Fee(svc, s.Bound.Rules, s.Env)
	return words.Fee(n), true
}
