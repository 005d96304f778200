package portal

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/web/component/errorsummary"
)

// fixView is every page of the form that a return is about, on one page: all
// defects were named at once, so all are mended at once.
type fixView struct {
	Action  string
	Back    string
	All     string // address of the same with every page; empty = it is
	Defects []string
	Errors  []errorsummary.Item
	Pages   []fixPage
	Version string
	Key     string
	Whole   bool
	Send    string
	Kept    string // said of name and contact that are not asked again; "" where they are
	Contact bool   // they are given anew
}

type fixPage struct {
	Title  string
	Help   string
	Fields []templ.Component
}

// repair is a returned case as its owner mends it.
type repair struct {
	found
	Form    *form.Form // without the questions for name and contact, unless they are given anew
	Answers form.Answers
	Defects []flow.Defect
	Env     form.Env
	Pages   []string // shown here
	Whole   bool
	Submit  definition.Action
}

func (p *Portal) repair(r *http.Request, whole bool) (x repair, elsewhere string, err error) {
	if x.found, elsewhere, err = p.ownCase(r); err != nil || elsewhere != "" {
		return x, elsewhere, err
	}
	step := x.Bound.Service.Step(x.Case.Step)
	if step == nil || step.Kind != definition.StepFill {
		return x, x.path(""), nil
	}
	for _, a := range step.Actions {
		if a.Kind == definition.ActSubmit {
			x.Submit = a
		}
	}
	if x.Answers, x.Defects, err = p.Cases.Own(r.Context(), x.Case.Stream); err != nil {
		return x, "", err
	}
	x.Whole, x.Form = whole, x.Bound.Form
	if x.keepsContact() {
		x.Form = x.Form.Kept()
	}
	x.settle(p.env(x.found, x.Answers))
	return x, "", nil
}

// settle finds the pages to show: those of the defects, and with them every
// page that the answers now ask for and that has no answer yet.
func (x *repair) settle(env form.Env) {
	x.Env = env
	x.Pages = nil
	for _, id := range x.Form.Pages(env) {
		if x.Whole || x.about(id) || x.blank(id) {
			x.Pages = append(x.Pages, id)
		}
	}
	if len(x.Pages) == 0 {
		x.Whole = true
		x.Pages = x.Form.Pages(env)
	}
}

// about reports whether a defect is about a page: by a field of it, or by a
// line of a checklist that looks at one.
func (x *repair) about(pageID string) bool {
	pg := pageOf(x.Bound.Service, pageID)
	for _, d := range x.Defects {
		fields := []string{d.ID}
		for _, s := range x.Bound.Service.Flow.Steps {
			for _, c := range s.Checklist {
				if c.ID == d.ID {
					fields = append(fields, c.Fields...)
				}
			}
		}
		if slices.ContainsFunc(pg.Fields, func(f definition.Field) bool { return slices.Contains(fields, f.ID) }) {
			return true
		}
	}
	return false
}

// blank reports a page none of whose answers is there though one is required.
func (x *repair) blank(pageID string) bool {
	required := false
	for _, f := range pageOf(x.Bound.Service, pageID).Fields {
		if x.Answers[f.ID] != nil {
			return false
		}
		required = required || x.Form.Shown(f.ID, x.Env) && x.Form.Required(f.ID, x.Env)
	}
	return required
}

func (p *Portal) fix(w http.ResponseWriter, r *http.Request) error {
	x, elsewhere, err := p.repair(r, r.URL.Query().Get("all") != "")
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	v := p.fixView(r, x, nil, nil, "")
	return p.private(w, r, page.Text(r.Context(), "portal.fix_title"), fixPageOf(v))
}

// changesItems reports that a button of a group of one of the pages was pressed.
func (x *repair) changesItems(in input) bool {
	return slices.ContainsFunc(x.Pages, func(id string) bool { return changesItems(in, pageOf(x.Bound.Service, id).Fields) })
}

func (p *Portal) fixView(r *http.Request, x repair, typed url.Values, cause error, focus string) fixView {
	words := page.Words(r.Context())
	faults, items, _ := caseview.Faults(x.Bound.Service, words, cause)
	v := fixView{Action: x.path("/fix"), Back: x.path(""), Errors: items, Whole: x.Whole, Version: strconv.FormatInt(x.Case.Version, 10),
		Key: rand.Text(), Send: words.T("portal.fix_send"), Kept: x.keptWords(words), Contact: x.anew()}
	if !x.Whole {
		v.All = x.path("/fix?all=1")
	}
	for _, d := range x.Defects {
		v.Defects = append(v.Defects, d.Words)
	}
	fields := caseview.Fields{Words: x.Words, Form: x.Form, Env: x.Env, Answers: x.Answers, Typed: typed, Faults: faults,
		Files: p.files(x.Case.Stream, words, x.Answers), Limit: takes(words), Carry: true, Focus: focus}
	for _, id := range x.Pages {
		pg := pageOf(x.Bound.Service, id)
		help := ""
		if v.Contact && x.vaulted(id) {
			help = words.T("portal.fix_contact_anew")
		}
		v.Pages = append(v.Pages, fixPage{Title: words.Of(pg.Title), Help: help, Fields: fields.Nodes(x.Form.Tree(id, x.Env, typed))})
	}
	return v
}

// sendFix answers the return. What cannot be taken yet is shown again with
// everything that was typed and every file that arrived.
func (p *Portal) sendFix(w http.ResponseWriter, r *http.Request) error {
	x, elsewhere, err := p.repair(r, false)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	in, err := p.read(r, x.Case.Stream, x.Bound.Service)
	if err != nil {
		return err
	}
	if in.Get("whole") != "" {
		x.Whole = true
		x.settle(x.Env)
	}
	if x.givenAnew(in) {
		x.askContact()
	}
	cause := p.mend(&x, in)
	if fault.Is(cause, fault.Internal) {
		return cause
	}
	if in.Get("_contact") != "" {
		x.askContact()
	}
	if in.Get("_pick") != "" || in.Get("_contact") != "" || x.changesItems(in) {
		focus := added(in)
		return p.private(w, r, page.Text(r.Context(), "portal.fix_title"), fixPageOf(p.fixView(r, x, in.Values, nil, focus)))
	}
	if cause != nil || in.Get("_remove") != "" {
		v := p.fixView(r, x, in.Values, cause, "")
		return p.wrong(w, r, page.Text(r.Context(), "portal.fix_title"), fixPageOf(v))
	}
	return p.resubmit(w, r, x, in)
}

// mend puts what was sent into the answers and says what is still wrong.
func (p *Portal) mend(x *repair, in input) error {
	var faults []*fault.Fault
	for _, id := range x.Pages {
		p.settle(in, x.Case.Stream, pageOf(x.Bound.Service, id).Fields, func(name string) []string { return in.Values[name+"-had"] })
	}
	form.RemoveItem(in.Values, in.Get("remove"))
	for _, id := range x.Pages {
		answers, err := x.Form.ParsePage(id, in.Values, x.Answers, x.Env)
		if fault.Is(err, fault.Internal) {
			return err
		}
		if f := fault.Of(err); f != nil {
			faults = append(faults, f.More...)
		}
		x.Answers = answers
	}
	x.Env.Answers = x.Answers
	if cause := withFiles(fault.Join(faults), in.faults); cause != nil {
		return cause
	}
	if x.unmasks() {
		x.askContact()
	}
	_, cause := x.Form.Check(x.Answers, x.Env)
	if cause != nil {
		x.settle(x.Env) // an answer may have opened another page
	}
	return cause
}

func (p *Portal) resubmit(w http.ResponseWriter, r *http.Request, x repair, in input) error {
	clean, err := x.Form.Check(x.Answers, x.Env)
	if err != nil {
		return err
	}
	body, err := canonical(x.Bound.Hash, clean)
	if err != nil {
		return err
	}
	d := casework.Deed{Stream: x.Case.Stream, Seen: version(in.Get("version")), Action: x.Submit.ID, Answers: clean,
		By: fold.Holder{Who: "applicant"}, Once: casework.Once{Scope: "portal/" + x.Case.Stream + "/fix", Key: in.Get("key"), Request: body}}
	if err := d.Once.Check(); err != nil {
		return err
	}
	if _, err := p.Cases.Act(r.Context(), d); err != nil {
		return err
	}
	return redirect(w, r, x.path(""))
}
