package portal

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/web/component/breadcrumb"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/progress"
	"pendopo/web/component/review"
	"pendopo/web/component/summary"
)

// reviewView is everything that is about to be sent.
type reviewView struct {
	Crumbs     []breadcrumb.Step
	Progress   progress.View
	Groups     []review.Group
	Errors     []errorsummary.Item
	Action     string
	Send       string // words of the button
	Key        string // makes sending twice the same as once
	Definition string // what was read here is what is sent
	Facts      summary.View
	Changed    bool // the service changed since the page was read
}

func (p *Portal) review(w http.ResponseWriter, r *http.Request) error {
	s, elsewhere, err := p.session(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	v, err := p.reviewView(r, s)
	if err != nil {
		return err
	}
	v.Changed = r.URL.Query().Get("changed") != ""
	return p.private(w, r, page.Text(r.Context(), "portal.review_title"), reviewPage(v))
}

func (p *Portal) reviewView(r *http.Request, s session) (reviewView, error) {
	words := page.Words(r.Context())
	svc := s.Bound.Service
	v := reviewView{Action: s.path("submit"), Key: rand.Text(), Definition: s.Bound.Hash,
		Progress: progress.View{At: len(s.Pages) + 1, Of: len(s.Pages) + 1},
		Crumbs:   []breadcrumb.Step{{Href: "/services/" + svc.ID, Text: words.Of(svc.Name)}},
		Groups:   p.groups(r, s), Send: words.T("portal.send"), Facts: p.facts(words, svc)}
	v.Facts.Rows = v.Facts.Rows[:2]
	if fee, ok := p.feeOf(words, s); ok {
		v.Facts.Rows[1].Values = []string{fee}
	}
	if step := svc.Step(svc.Flow.Start); step != nil {
		for _, a := range step.Actions {
			if a.Kind == definition.ActSubmit {
				v.Send = words.Of(a.Label)
			}
		}
	}
	_, cause := s.Bound.Form.Check(s.Draft.Answers, s.Env)
	_, items, err := caseview.Faults(svc, words, cause)
	if err != nil {
		return v, err
	}
	v.Errors = p.linked(s, cause, items)
	return v, nil
}

// linked makes each item lead to the page of its field.
func (p *Portal) linked(s session, cause error, items []errorsummary.Item) []errorsummary.Item {
	if cause == nil {
		return nil
	}
	for i, m := range fault.Of(cause).More {
		field, _, _ := strings.Cut(m.Field, ".")
		if pg := s.Bound.Service.Page(field); pg != nil && i < len(items) {
			items[i].Href = s.path(pg.ID) + "?back=review#" + items[i].Field
		}
	}
	return items
}

// groups are the answers page by page, each with the way to change it.
func (p *Portal) groups(r *http.Request, s session) []review.Group {
	words := page.Words(r.Context())
	files := p.files(s.Draft.Stream, words, s.Draft.Answers)
	row := func(id string, n form.Node) (summary.Row, bool) {
		row := answerRow(words, s.Bound.Form, n)
		if ids, ok := n.Value.([]string); ok {
			row.Values = fileNames(row.Values, ids, func(id string) string { return files[id].Name })
		}
		row.Change = s.path(id) + "?back=review#" + caseview.Target(n.Named())
		return row, true
	}
	var out []review.Group
	for _, id := range s.Pages {
		out = append(out, reviewed(words, s.Bound, s.Env, id, row)...)
	}
	return out
}

// reviewed are the answers of a page, and of each item of its groups, in rows.
func reviewed(words *page.Printer, b *casework.Bound, env form.Env, id string, row func(page string, n form.Node) (summary.Row, bool)) []review.Group {
	own := review.Group{Title: words.Of(pageOf(b.Service, id).Title)}
	var items []review.Group
	for _, n := range b.Form.Answered(id, env) {
		own.Rows = append(own.Rows, rows(id, n, row)...)
		for _, i := range n.Items {
			g := review.Group{Title: words.Of(i.Title)}
			for _, inner := range i.Nodes {
				g.Rows = append(g.Rows, rows(id, inner, row)...)
			}
			items = append(items, g)
		}
	}
	if len(own.Rows) == 0 {
		return items
	}
	return append([]review.Group{own}, items...)
}

// rows are a question and the substitutes that were begun; a group whose items
// follow has none of its own.
func rows(page string, n form.Node, row func(page string, n form.Node) (summary.Row, bool)) (out []summary.Row) {
	if n.Kind == definition.KindGroup && len(n.Items) > 0 {
		return nil
	}
	if len(n.Subs) == 0 || n.Value != nil {
		if r, ok := row(page, n); ok {
			out = append(out, r)
		}
	}
	for _, s := range n.Subs {
		for _, inner := range s.Nodes {
			if r, ok := row(page, inner); ok {
				out = append(out, r)
			}
		}
	}
	return out
}

// answerRow is one answer in words.
func answerRow(words *page.Printer, f *form.Form, n form.Node) summary.Row {
	d, v := *n.Field, n.Value
	row := summary.Row{Label: words.Of(d.Label), Numb: d.Kind == definition.KindNIK || d.Kind == definition.KindPhone}
	if d.Kind == definition.KindDeclaration {
		row.Label, row.Values = words.T("caseview.declaration"), []string{}
		if v == true {
			row.Values = []string{words.Of(d.Label)}
		}
		return row
	}
	if text := caseview.Answer(words, f, d, v); text != "" {
		row.Values = []string{text}
	}
	return row
}

// fileNames replaces the count of files by their names.
func fileNames(shown, ids []string, name func(string) string) []string {
	var out []string
	for _, id := range ids {
		if n := name(id); n != "" {
			out = append(out, n)
		}
	}
	if out == nil {
		return shown
	}
	return out
}

// submit sends the application. A second click, a reload or a lost answer ends
// at the same receipt.
func (p *Portal) submit(w http.ResponseWriter, r *http.Request) error {
	s, elsewhere, err := p.session(r)
	if err != nil {
		return err
	}
	if elsewhere == "/track/"+r.PathValue("code") {
		return p.handOver(w, r, r.PathValue("code")) // sent before: the same receipt again
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	if r.PostForm.Get("definition") != s.Bound.Hash {
		return redirect(w, r, s.path("review")+"?changed=1")
	}
	clean, err := s.Bound.Form.Check(s.Draft.Answers, s.Env)
	if fault.Is(err, fault.Invalid) {
		return redirect(w, r, s.path("review")) // the review lists what is missing
	}
	if err != nil {
		return err
	}
	body, err := canonical(s.Bound.Hash, clean)
	if err != nil {
		return err
	}
	once := casework.Once{Scope: "portal/" + s.Draft.Stream + "/submit", Key: r.PostForm.Get("key"), Request: body}
	if err := once.Check(); err != nil {
		return err
	}
	_, err = p.Cases.Submit(r.Context(), casework.Submission{Service: s.Draft.Service, Definition: s.Bound.Hash, Channel: "portal",
		Lang: page.Lang(r.Context()), Draft: s.Draft.Stream, Answers: clean, Once: once})
	if fault.Is(err, fault.Gone) {
		err = p.sentMeanwhile(r, s.Code, err)
	}
	if err != nil {
		return err
	}
	return p.handOver(w, r, s.Code)
}

// sentMeanwhile tells a draft that has ended from one that another page of the
// same browser sent at the same moment: that one was accepted, and nobody should
// read that they must begin anew.
func (p *Portal) sentMeanwhile(r *http.Request, code string, over error) error {
	f, ok, err := p.opened(r.Context(), r, code)
	if err != nil || ok && !f.Draft {
		return err
	}
	return over
}

// handOver gives the case's pages the secret that the draft's pages have, and
// shows the receipt. The draft's pages keep theirs: a form that is sent once
// more still finds its way here.
func (p *Portal) handOver(w http.ResponseWriter, r *http.Request, code string) error {
	secret, _ := secretOf(r)
	return redirect(w, r, p.HandOver(w, code, secret))
}

// HandOver gives a browser the secret of a case that it has just sent, and the
// address of its receipt, where code and secret stand once.
func (p *Portal) HandOver(w http.ResponseWriter, code, secret string) (receipt string) {
	p.keepSecret(w, "/track/"+code, code, secret)
	receipt = "/track/" + code + "/receipt"
	http.SetCookie(w, &http.Cookie{Name: newCookie, Value: "1", Path: receipt, MaxAge: 1800,
		HttpOnly: true, Secure: p.Secure, SameSite: http.SameSiteLaxMode})
	return receipt
}

// canonical is the request as the record compares it: the same answers give the
// same bytes.
func canonical(definition string, a form.Answers) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(struct {
		Definition string       `json:"definition"`
		Answers    form.Answers `json:"answers"`
	}{definition, a})
	return b.Bytes(), err
}
