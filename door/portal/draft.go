package portal

import (
	"net/http"
	"slices"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/pace"
	"pendopo/kernel/page"
	"pendopo/law/form"
	"pendopo/web/component/errorsummary"
)

// session is a draft as its owner works on it.
type session struct {
	Code  string
	Draft casework.Draft
	Bound *casework.Bound
	Env   form.Env
	Pages []string // ids of the pages that are asked
}

// start opens a draft and goes to its first page.
func (p *Portal) start(w http.ResponseWriter, r *http.Request) error {
	if ok, err := p.starting.Take(pace.Network(p.Address(r))); err != nil {
		return err
	} else if !ok {
		return fault.New(fault.TooMany, "casework.too_many")
	}
	d, code, secret, err := p.Cases.Begin(r.PathValue("id"), "portal", page.Lang(r.Context()))
	if err != nil {
		return err
	}
	p.keepSecret(w, "/draft/"+code, code, secret)
	b, err := p.Cases.Catalogue().Live(d.Service)
	if err != nil {
		return err
	}
	s := p.sessionOf(code, d, b)
	return redirect(w, r, s.path(s.Pages[0]))
}

func (p *Portal) sessionOf(code string, d casework.Draft, b *casework.Bound) session {
	s := session{Code: code, Draft: d, Bound: b, Env: form.Env{Answers: d.Answers, Today: p.today(), Channel: "portal"}}
	s.Pages = b.Form.Pages(s.Env)
	return s
}

func (s session) path(page string) string { return "/draft/" + s.Code + "/" + page }

// session finds the draft of the address. When the browser may not have it, or
// it has become a case, elsewhere says where to go.
func (p *Portal) session(r *http.Request) (s session, elsewhere string, err error) {
	c, elsewhere, err := code(r)
	if err != nil || elsewhere != "" {
		return s, elsewhere, err
	}
	found, ok, err := p.opened(r.Context(), r, c)
	switch {
	case err != nil:
		return s, "", err
	case !ok:
		return s, "/draft?code=" + c, nil
	case !found.Draft:
		return s, "/track/" + c, nil
	}
	d, err := p.Cases.LoadDraft(r.Context(), found.Stream)
	if err != nil {
		return s, "", err
	}
	b, err := p.Cases.Catalogue().Live(d.Service)
	if err != nil {
		return s, "", err
	}
	page.About(r.Context(), caseview.Noun(b.Service))
	return p.sessionOf(c, d, b), "", nil
}

// next is the first page that was not filled in yet, or the review.
func (s session) next() string {
	for _, id := range s.Pages {
		if !slices.Contains(s.Draft.Done, id) {
			return s.path(id)
		}
	}
	return s.path("review")
}

func (p *Portal) continueDraft(w http.ResponseWriter, r *http.Request) error {
	s, elsewhere, err := p.session(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	return redirect(w, r, s.next())
}

// keyView is a form that asks for code and secret.
type keyView struct {
	Title  string
	Text   string
	Action string
	Code   string
	Secret bool // the secret is needed here
	Lost   bool // what to do without the code is said
	Button string
	Errors []errorsummary.Item
	Fault  string
}

func (p *Portal) resumeView(r *http.Request, code string) keyView {
	words := page.Words(r.Context())
	return keyView{Title: words.T("portal.resume_title"), Text: words.T("portal.resume_text"), Action: "/draft", Code: code, Secret: true, Button: words.T("portal.resume_button")}
}

func (p *Portal) resumeForm(w http.ResponseWriter, r *http.Request) error {
	c, _ := printed(r.URL.Query().Get("code"))
	v := p.resumeView(r, c)
	return p.private(w, r, v.Title, keyPage(v))
}

// resume takes code and secret from a form and goes on where the owner was.
func (p *Portal) resume(w http.ResponseWriter, r *http.Request) error {
	given := r.PostForm.Get("code")
	found, err := p.Cases.Unlock(r.Context(), given, r.PostForm.Get("secret"), p.Address(r))
	if fault.Is(err, fault.Unknown) {
		v := p.resumeView(r, given)
		v.refuse(page.Words(r.Context()), err)
		return p.wrong(w, r, v.Title, keyPage(v))
	}
	if err != nil {
		return err
	}
	c, _ := printed(given)
	to := "/track/" + c
	if found.Draft {
		to = "/draft/" + c
	}
	p.keepSecret(w, to, c, r.PostForm.Get("secret"))
	return redirect(w, r, to)
}

func (v *keyView) refuse(words *page.Printer, err error) {
	f := fault.Of(err)
	v.Fault = words.TMap(f.Key, f.Args)
	v.Errors = []errorsummary.Item{{Field: "code", Text: v.Fault}}
}

// savedView tells how to come back.
type savedView struct {
	Code, Secret string
	Until        string
	Continue     string
	Discard      string
}

func (p *Portal) saved(w http.ResponseWriter, r *http.Request) error {
	s, elsewhere, err := p.session(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	words := page.Words(r.Context())
	return p.private(w, r, words.T("portal.saved_title"), savedPage(savedView{Code: s.Code, Secret: p.Cases.Secret(s.Draft.Stream),
		Until: words.Date(s.Draft.Expires.In(s.Env.Today.Location())), Continue: s.next(), Discard: s.path("discard")}))
}

// discard ends a draft at its owner's wish.
func (p *Portal) discard(w http.ResponseWriter, r *http.Request) error {
	s, elsewhere, err := p.session(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	if err := p.Cases.DiscardDraft(s.Draft.Stream); err != nil {
		return err
	}
	p.dropSecret(w, "/draft/"+s.Code)
	return redirect(w, r, "/services/"+s.Draft.Service)
}
