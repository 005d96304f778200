package portal

import (
	"io"
	"net/http"
	"slices"
	"strings"

	"pendopo/engine/document"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/notice"
	"pendopo/web/component/summary"
	"pendopo/web/scope"
)

// verifySheet brings the script that fills in what follows # in a scanned
// address; without it the text is pasted by hand.
var verifySheet = scope.Sheet{Name: "verify", Script: "verify.js"}

// verifyView is the forms and, after one was sent, what was found.
type verifyView struct {
	Number  string
	Found   []verdictView
	Errors  []errorsummary.Item
	Faults  map[string]string
	Nothing bool
	ByID    bool // reached by the code on a paper
}

// verdictView is one document as far as anyone may know it.
type verdictView struct {
	Notice notice.View
	Facts  summary.View
	Proved summary.View // from the signed statement: compare with the paper
}

func (p *Portal) verifyForm(w http.ResponseWriter, r *http.Request) error {
	return p.verifyPage(w, r, verifyView{})
}

func (p *Portal) verifyPage(w http.ResponseWriter, r *http.Request, v verifyView) error {
	title := page.Text(r.Context(), "portal.verify_title")
	if len(v.Errors) > 0 {
		return p.wrong(w, r, title, verifyPageOf(v))
	}
	return p.show(w, r, page.View{Title: title, Body: verifyPageOf(v), Private: len(v.Found) > 0})
}

// refused shows a fault beside the field it came from.
func (p *Portal) refused(w http.ResponseWriter, r *http.Request, v verifyView, field string, err error) error {
	f := fault.Of(err)
	switch f.Kind {
	case fault.Invalid, fault.TooLarge, fault.WrongType, fault.Malformed, fault.Unknown:
	default:
		return err
	}
	text := page.Words(r.Context()).TMap(f.Key, f.Args)
	v.Faults = map[string]string{field: text}
	v.Errors = []errorsummary.Item{{Field: field, Text: text}}
	return p.verifyPage(w, r, v)
}

// verify looks up a number, or checks the text of a code.
func (p *Portal) verify(w http.ResponseWriter, r *http.Request) error {
	number, text := strings.TrimSpace(r.PostForm.Get("number")), strings.TrimSpace(r.PostForm.Get("payload"))
	v := verifyView{Number: number}
	switch {
	case text != "":
		verdict, err := p.Documents.VerifyPayload(r.Context(), text)
		if err != nil {
			return p.refused(w, r, v, "payload", err)
		}
		v.Found = []verdictView{p.verdict(r, verdict)}
	case number != "":
		all, err := p.Documents.VerifyNumber(r.Context(), number)
		if err != nil {
			return p.refused(w, r, v, "number", err)
		}
		for _, verdict := range all {
			v.Found = append(v.Found, p.verdict(r, verdict))
		}
		v.Nothing = len(all) == 0
	default:
		return p.refused(w, r, v, "number", fault.New(fault.Invalid, "portal.verify_empty"))
	}
	return p.verifyPage(w, r, v)
}

// verifyFile checks an uploaded PDF. It is read into memory and forgotten.
func (p *Portal) verifyFile(w http.ResponseWriter, r *http.Request) error {
	var v verifyView
	parts := page.PartsOf(r)
	for parts != nil {
		part, err := parts.Next()
		if err != nil {
			return err
		}
		if part == nil {
			break
		}
		if part.File == "" {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(part, document.MaxPDF+1))
		if err != nil {
			return err
		}
		verdict, err := p.Documents.VerifyPDF(r.Context(), data)
		if err != nil {
			return p.refused(w, r, v, "file", err)
		}
		v.Found = append(v.Found, p.verdict(r, verdict))
	}
	if len(v.Found) == 0 {
		return p.refused(w, r, v, "file", fault.New(fault.Invalid, "portal.verify_no_file"))
	}
	return p.verifyPage(w, r, v)
}

// verifyID is where the code on a paper leads.
func (p *Portal) verifyID(w http.ResponseWriter, r *http.Request) error {
	id, ok := document.ParseID(r.PathValue("id"))
	if !ok {
		return fault.New(fault.Unknown, "fault.page_unknown")
	}
	verdict, err := p.Documents.VerifyID(r.Context(), id)
	if err != nil {
		return err
	}
	return p.verifyPage(w, r, verifyView{Found: []verdictView{p.verdict(r, verdict)}, ByID: true})
}

// verdict puts what was found into words.
func (p *Portal) verdict(r *http.Request, d document.Verdict) verdictView {
	words := page.Words(r.Context())
	kinds := map[document.State]notice.Kind{document.Valid: notice.Good, document.Expired: notice.Wait}
	v := verdictView{Notice: notice.View{Kind: kinds[d.State], Title: words.T("portal.verdict_" + string(d.State)), Text: words.T("portal.verdict_" + string(d.State) + "_text"), Live: true}}
	if v.Notice.Kind == "" {
		v.Notice.Kind = notice.Late
	}
	add := func(label, value string) {
		if value != "" {
			v.Facts.Rows = append(v.Facts.Rows, summary.Row{Label: words.T(label), Values: []string{value}})
		}
	}
	f := d.Fact
	if f.Number != "" {
		add("portal.fact_document", p.templateTitle(words, f.Kind))
		add("component.number", f.Number)
		add("portal.fact_date", words.Date(f.Date))
		if !f.ValidUntil.IsZero() {
			add("portal.fact_until", words.Date(f.ValidUntil))
		}
	}
	if s := d.Statement; s != nil {
		add("portal.fact_issuer", s.Issuer)
		v.Proved = p.proved(words, s)
	}
	return v
}

// proved are the values that tie a statement to its paper.
func (p *Portal) proved(words *page.Printer, s *document.Statement) summary.View {
	ids := make([]string, 0, len(s.Proved))
	for id := range s.Proved {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var v summary.View
	for _, id := range ids {
		v.Rows = append(v.Rows, summary.Row{Label: p.fieldLabel(words, s.Kind, id), Values: []string{s.Proved[id]}})
	}
	return v
}

// templateTitle names a kind of document by the service that yields it.
func (p *Portal) templateTitle(words *page.Printer, kind string) string {
	for _, b := range p.Cases.Catalogue().Services() {
		if b.Service.Product.Template == kind {
			return words.Of(b.Service.Product.Name)
		}
	}
	return kind
}

func (p *Portal) fieldLabel(words *page.Printer, kind, id string) string {
	for _, b := range p.Cases.Catalogue().Services() {
		if f := b.Service.Field(id); f != nil && b.Service.Product.Template == kind {
			return words.Of(f.Label)
		}
	}
	return id
}
