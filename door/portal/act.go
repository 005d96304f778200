package portal

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/web/component/actions"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
	"pendopo/web/component/upload"
)

// action finds one of the applicant's own actions at the present step.
func (p *Portal) action(ctx context.Context, f found, id string) (definition.Action, error) {
	offered, err := p.offered(ctx, f)
	if err != nil {
		return definition.Action{}, err
	}
	for _, a := range offered {
		if a.ID == id {
			return a, nil
		}
	}
	return definition.Action{}, fault.New(fault.Conflict, "flow.no_such_action")
}

// actionView asks before something that is hard to take back.
type actionView struct {
	Action  string
	Back    string
	Title   string
	Text    string
	Errors  []errorsummary.Item
	Note    *field.View // words that may be added, or must be
	Fields  []templ.Component
	Files   bool // some of them are files
	Button  actions.Action
	Version string
	Key     string
}

func (p *Portal) actionForm(w http.ResponseWriter, r *http.Request) error {
	f, elsewhere, err := p.ownCase(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	a, err := p.action(r.Context(), f, r.PathValue("action"))
	if err != nil {
		return err
	}
	v, err := p.actionView(r, f, a, nil, nil)
	if err != nil {
		return err
	}
	return p.private(w, r, v.Title, actionPage(v))
}

// actionView is the page of an action, with what was typed and what needs
// correcting when it has to be shown again.
func (p *Portal) actionView(r *http.Request, f found, a definition.Action, typed url.Values, wrong *fault.Fault) (actionView, error) {
	words := f.Words.Printer
	v := actionView{Action: f.path("/actions/" + a.ID), Back: f.path(""), Title: words.Of(a.Label), Text: f.Words.Say("portal.act_" + string(a.Kind)),
		Button: actions.Action{Text: words.Of(a.Label), Grave: a.Kind == definition.ActWithdraw}, Version: strconv.FormatInt(f.Case.Version, 10), Key: rand.Text()}
	faults := map[string]string{}
	for _, m := range each(wrong) {
		text := words.TMap(m.Key, m.Args)
		faults[m.Field] = text
		v.Errors = append(v.Errors, errorsummary.Item{Field: whereOf(a, m.Field), Text: text})
	}
	if need := wantsWords(a); need || a.Kind == definition.ActWithdraw {
		v.Note = &field.View{ID: "note", Label: words.T("portal.act_note"), Rows: 5, Max: flow.MostMessage, Optional: !need, Value: typed.Get("note"), Error: faults["note"]}
	}
	asked := f.Bound.Form.Action(f.Case.Step, a.ID)
	if asked == nil {
		return v, nil
	}
	answers, _, err := p.Cases.Own(r.Context(), f.Case.Stream)
	if err != nil {
		return v, err
	}
	env := p.env(f, answers)
	for _, d := range definition.Asked(a.Fields) {
		if d.Kind == definition.KindFile && len(typed[d.ID]) > 0 {
			env.Answers[d.ID] = []string(typed[d.ID])
		}
		v.Files = v.Files || d.Kind == definition.KindFile
	}
	fields := caseview.Fields{Words: f.Words, Form: asked, Env: env, Typed: typed, Faults: faults, Carry: true, Limit: takes(words), Files: p.cameWith(f, a, typed)}
	v.Fields = fields.Nodes(asked.Tree(a.ID, env, typed))
	return v, nil
}

// cameWith are the files that came with a page which has to be shown again.
func (p *Portal) cameWith(f found, a definition.Action, typed url.Values) map[string]upload.File {
	out := map[string]upload.File{}
	for _, d := range definition.Asked(a.Fields) {
		if d.Kind == definition.KindFile && len(typed[d.ID]) > 0 {
			p.describe(f.Case.Stream, f.Words.Printer, form.Answers{d.ID: []string(typed[d.ID])}, out)
		}
	}
	return out
}

// each are the faults that one may stand for.
func each(f *fault.Fault) []*fault.Fault {
	switch {
	case f == nil:
		return nil
	case len(f.More) > 0:
		return f.More
	}
	return []*fault.Fault{f}
}

// whereOf is where the error of a field leads to.
func whereOf(a definition.Action, id string) string {
	for _, d := range definition.Asked(a.Fields) {
		if d.ID == id {
			return caseview.Target(*d)
		}
	}
	return "note"
}

// wantsWords says whether an action wants words of the applicant.
func wantsWords(a definition.Action) bool {
	return a.Kind == definition.ActObject || a.Kind == definition.ActReopen
}

// act carries out an action; the version the applicant saw must still hold.
func (p *Portal) act(w http.ResponseWriter, r *http.Request) error {
	f, elsewhere, err := p.ownCase(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	a, refused := p.action(r.Context(), f, r.PathValue("action"))
	in, err := p.readFor(r, f.Case.Stream, func(name string) *definition.Field { return fileOf(a, name) })
	if err != nil {
		return err
	}
	d, wrong, err := p.deed(r, f, a, in)
	if err != nil {
		return err
	}
	if (wrong != nil || in.Get("_remove") != "") && refused == nil {
		return p.actAgain(w, r, f, a, in, wrong)
	}
	_, err = p.Cases.Act(r.Context(), d)
	if flt := fault.Of(err); flt != nil && flt.Kind == fault.Invalid && refused == nil {
		return p.actAgain(w, r, f, a, in, flt)
	}
	if err != nil {
		return err
	}
	return redirect(w, r, f.path(""))
}

// actAgain shows the page of an action with what was typed.
func (p *Portal) actAgain(w http.ResponseWriter, r *http.Request, f found, a definition.Action, in input, wrong *fault.Fault) error {
	v, err := p.actionView(r, f, a, in.Values, wrong)
	if err != nil {
		return err
	}
	if wrong == nil {
		return p.private(w, r, v.Title, actionPage(v))
	}
	return p.wrong(w, r, v.Title, actionPage(v))
}

// fileOf is the question for files that a name on the page of an action stands for.
func fileOf(a definition.Action, name string) *definition.Field {
	for _, d := range definition.Asked(a.Fields) {
		if d.ID == name && d.Kind == definition.KindFile {
			return d
		}
	}
	return nil
}

// deed is what the page asks for, and what is wrong with it. The request under its
// key is what was typed and not the ids of files: sent a second time it is the same.
func (p *Portal) deed(r *http.Request, f found, a definition.Action, in input) (casework.Deed, *fault.Fault, error) {
	id, note := r.PathValue("action"), strings.TrimSpace(in.Get("note"))
	d := casework.Deed{Stream: f.Case.Stream, Seen: version(in.Get("version")), Action: id, Note: note, By: fold.Holder{Who: "applicant"}}
	typed, err := typedOnly(a, in)
	if err != nil {
		return d, nil, err
	}
	d.Once = casework.Once{Scope: "portal/" + f.Case.Stream + "/" + id, Key: in.Get("key"), Request: typed}
	if err := d.Once.Check(); err != nil {
		return d, nil, err
	}
	faults := slices.Clone(in.faults)
	if wantsWords(a) && note == "" {
		faults = append(faults, fault.New(fault.Invalid, "portal.act_why").At("note"))
	}
	if asked := f.Bound.Form.Action(f.Case.Step, a.ID); asked != nil {
		p.settle(in, f.Case.Stream, a.Fields, func(name string) []string { return in.Values[name+"-had"] })
		answers, _, err := p.Cases.Own(r.Context(), f.Case.Stream)
		if err != nil {
			return d, nil, err
		}
		if d.Given, err = asked.ParsePage(a.ID, in.Values, nil, p.env(f, answers)); fault.Is(err, fault.Internal) {
			return d, nil, err
		}
		faults = append(faults, each(fault.Of(err))...)
	}
	if len(faults) == 0 {
		return d, nil, nil
	}
	return d, fault.Of(fault.Join(faults)), nil
}

// typedOnly is what was typed on the page of an action, without files and without
// what the page carries for itself.
func typedOnly(a definition.Action, in input) ([]byte, error) {
	typed := map[string][]string{"note": {strings.TrimSpace(in.Get("note"))}}
	for _, d := range definition.Asked(a.Fields) {
		if d.Kind != definition.KindFile {
			for name, v := range in.Values {
				if name == d.ID || strings.HasPrefix(name, d.ID+"-") {
					typed[name] = v
				}
			}
		}
	}
	return json.Marshal([]any{a.ID, typed})
}

// version reads what the form carried; what cannot be read is never current.
func version(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return -1
	}
	return n
}
