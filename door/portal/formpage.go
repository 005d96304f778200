package portal

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/web/component/breadcrumb"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/progress"
)

// pageView is one page of a form.
type pageView struct {
	Action   string
	Crumbs   []breadcrumb.Step
	Progress progress.View
	Title    string
	Help     string
	Errors   []errorsummary.Item
	Fields   []templ.Component
	Back     string // address of the page before
	Review   bool   // came from the review and goes back to it
	Upload   bool   // has file fields
}

func (p *Portal) formPage(w http.ResponseWriter, r *http.Request) error {
	s, pg, elsewhere, err := p.page(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	v := p.pageView(r, s, pg, nil, nil, "")
	v.Review = r.URL.Query().Get("back") == "review"
	return p.private(w, r, v.Title, formPageOf(v))
}

// page finds the draft and the page of the address; a page that is not asked
// leads to the one that is.
func (p *Portal) page(r *http.Request) (session, *definition.Page, string, error) {
	s, elsewhere, err := p.session(r)
	if err != nil || elsewhere != "" {
		return s, nil, elsewhere, err
	}
	id := r.PathValue("page")
	if !slices.Contains(s.Pages, id) {
		return s, nil, s.next(), nil
	}
	return s, pageOf(s.Bound.Service, id), "", nil
}

func pageOf(s *definition.Service, id string) *definition.Page {
	for i := range s.Form.Pages {
		if s.Form.Pages[i].ID == id {
			return &s.Form.Pages[i]
		}
	}
	return nil
}

func (p *Portal) pageView(r *http.Request, s session, pg *definition.Page, typed url.Values, cause error, focus string) pageView {
	words := page.Words(r.Context())
	svc := s.Bound.Service
	at := slices.Index(s.Pages, pg.ID)
	faults, items, _ := caseview.Faults(svc, words, cause)
	v := pageView{Action: s.path(pg.ID), Title: words.Of(pg.Title), Help: words.Of(pg.Help), Errors: items,
		Progress: progress.View{At: at + 1, Of: len(s.Pages) + 1},
		Crumbs:   []breadcrumb.Step{{Href: "/services/" + svc.ID, Text: words.Of(svc.Name)}}}
	if at > 0 {
		v.Back = s.path(s.Pages[at-1])
	}
	fields := p.fields(r, s, typed, faults)
	fields.Focus = focus
	v.Fields, v.Upload = fields.Nodes(s.Bound.Form.Tree(pg.ID, s.Env, typed)), takesFiles(pg.Fields)
	return v
}

// takesFiles reports a page on which files may be sent.
func takesFiles(fields []definition.Field) bool {
	return slices.ContainsFunc(definition.Asked(fields), func(f *definition.Field) bool { return f.Kind == definition.KindFile || takesFiles(f.Fields) })
}

func (p *Portal) fields(r *http.Request, s session, typed url.Values, faults map[string]string) caseview.Fields {
	words := page.Words(r.Context())
	return caseview.Fields{Words: p.words(r, s.Bound.Service, ""), Form: s.Bound.Form, Env: s.Env, Answers: s.Draft.Answers,
		Typed: typed, Faults: faults, Files: p.files(s.Draft.Stream, words, s.Draft.Answers), Limit: takes(words), Pieces: s.path("files/")}
}

// savePage keeps what is acceptable on a page, and goes on when all of it is.
func (p *Portal) savePage(w http.ResponseWriter, r *http.Request) error {
	s, pg, elsewhere, err := p.page(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	in, err := p.read(r, s.Draft.Stream, s.Bound.Service)
	if err != nil {
		return err
	}
	sent, first := in.Values, true
	var cause error
	err = afresh(func() (err error) {
		if !first { // a file of this draft, or another of its pages, came in meanwhile
			if s.Draft, err = p.Cases.LoadDraft(r.Context(), s.Draft.Stream); err != nil {
				return err
			}
			s.Env.Answers = s.Draft.Answers
		}
		first = false
		in.Values = maps.Clone(sent)
		cause, err = p.keepPage(r, &s, pg, in)
		return err
	})
	if err != nil {
		return err
	}
	return p.after(w, r, s, pg, in, cause)
}

// keepPage takes what was sent for a page into the draft. The cause is what is
// not acceptable of it.
func (p *Portal) keepPage(r *http.Request, s *session, pg *definition.Page, in input) (cause, err error) {
	p.settle(in, s.Draft.Stream, pg.Fields, func(name string) []string { return kept(s.Draft.Answers, name) })
	form.RemoveItem(in.Values, in.Get("remove")) // files that only it had are swept later
	answers, cause := s.Bound.Form.ParsePage(pg.ID, in.Values, s.Draft.Answers, s.Env)
	if cause = withFiles(cause, in.faults); fault.Is(cause, fault.Internal) {
		return nil, cause
	}
	s.keep(pg.ID, answers, cause == nil, page.Lang(r.Context()))
	return cause, p.Cases.SaveDraft(s.Draft)
}

// withFiles joins what is wrong with files to what is wrong with the rest. A
// file that was refused is not said to be missing as well.
func withFiles(cause error, files []*fault.Fault) error {
	if len(files) == 0 {
		return cause
	}
	all := slices.Clone(files)
	if f := fault.Of(cause); f != nil {
		if f.Kind == fault.Internal {
			return cause
		}
		for _, m := range f.More {
			if !slices.ContainsFunc(files, func(o *fault.Fault) bool { return o.Field == m.Field }) {
				all = append(all, m)
			}
		}
	}
	return fault.Join(all)
}

// keep takes the answers into the draft and notes whether the page is done.
func (s *session) keep(pageID string, answers form.Answers, done bool, lang string) {
	s.Draft.Answers, s.Draft.Lang, s.Env.Answers = answers, lang, answers
	s.Draft.Done = slices.DeleteFunc(s.Draft.Done, func(id string) bool { return id == pageID })
	if done {
		s.Draft.Done = append(s.Draft.Done, pageID)
	}
	s.Pages = s.Bound.Form.Pages(s.Env)
}

// after is where a saved page leads.
func (p *Portal) after(w http.ResponseWriter, r *http.Request, s session, pg *definition.Page, in input, cause error) error {
	switch {
	case in.Get("_remove") != "":
		return redirect(w, r, s.path(pg.ID))
	case in.Get("_pick") != "", changesItems(in, pg.Fields): // the next list of a place; one item more or less
		focus := added(in)
		v := p.pageView(r, s, pg, in.Values, nil, focus)
		v.Review = in.Get("back") == "review"
		return p.private(w, r, v.Title, formPageOf(v))
	case in.Get("_save") != "":
		return redirect(w, r, s.path("saved"))
	case cause != nil:
		v := p.pageView(r, s, pg, in.Values, cause, "")
		v.Review = in.Get("back") == "review"
		return p.wrong(w, r, v.Title, formPageOf(v))
	case in.Get("back") == "review" && s.next() == s.path("review"):
		return redirect(w, r, s.path("review"))
	case in.Get("back") == "review":
		return redirect(w, r, s.next()+"?back=review")
	}
	if at := slices.Index(s.Pages, pg.ID); at >= 0 && at+1 < len(s.Pages) {
		return redirect(w, r, s.path(s.Pages[at+1]))
	}
	return redirect(w, r, s.next())
}
