package portal

import (
	"context"
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/web/component/actions"
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
	v := p.actionView(f, a)
	return p.private(w, r, v.Title, actionPage(v))
}

func (p *Portal) actionView(f found, a definition.Action) actionView {
	words := f.Words.Printer
	v := actionView{Action: f.path("/actions/" + a.ID), Back: f.path(""), Title: words.Of(a.Label), Text: words.T("portal.act_" + string(a.Kind)),
		Button: actions.Action{Text: words.Of(a.Label), Grave: a.Kind == definition.ActWithdraw}, Version: strconv.FormatInt(f.Case.Version, 10), Key: rand.Text()}
	v.Need = a.Kind == definition.ActObject
	v.Note = v.Need || a.Kind == definition.ActWithdraw
	return v
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
	id, note := r.PathValue("action"), strings.TrimSpace(r.PostForm.Get("note"))
	a, err := p.action(r.Context(), f, id)
	if err == nil && a.Kind == definition.ActObject && note == "" {
		v := p.actionView(f, a)
		v.Fault = f.Words.Printer.T("portal.act_object_why")
		return p.wrong(w, r, v.Title, actionPage(v))
	}
	d := casework.Deed{Stream: f.Case.Stream, Seen: version(r.PostForm.Get("version")), Action: id, Note: note, By: fold.Holder{Who: "applicant"},
		Once: casework.Once{Scope: "portal/" + f.Case.Stream + "/" + id, Key: r.PostForm.Get("key"), Request: []byte(id + "\n" + note)}}
	if err := d.Once.Check(); err != nil {
		return err
	}
	if _, err := p.Cases.Act(r.Context(), d); err != nil {
		return err
	}
	return redirect(w, r, f.path(""))
}

// version reads what the form carried; what cannot be read is never current.
func version(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return -1
	}
	return n
}
