package api

import (
	"cmp"
	"net/http"
	"strings"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/form"
)

// act carries out an action of the applicant. A repeated request is answered
// with the case as it stands.
func (d *Door) act(w http.ResponseWriter, r *http.Request) error {
	stream, err := d.owned(w, r)
	if err != nil {
		return err
	}
	key, err := keyOf(r)
	if err != nil {
		return err
	}
	in, err := bodyOf(r)
	if err != nil {
		return err
	}
	c, err := d.Cases.State(r.Context(), stream)
	if err != nil {
		return err
	}
	b, err := d.Cases.Catalogue().At(r.Context(), c.Definition)
	if err != nil {
		return err
	}
	path := casePath(d.Cases.Code(stream)) + "/actions/" + r.PathValue("action")
	deed, err := d.deed(in, b, c.Step, casework.Deed{
		Stream: stream, Action: r.PathValue("action"), By: applicant(),
		Once: casework.Once{Scope: "api/act/" + stream, Key: key, Request: request(r.Method, path, in.tree)},
	})
	if err != nil {
		return err
	}
	if _, err := d.Cases.Act(r.Context(), deed); err != nil {
		return located(inGiven(err, b.Form.Action(c.Step, deed.Action)), b.Service)
	}
	return d.whole(w, r, stream)
}

// deed reads the members of an action and everything wrong with them.
func (d *Door) deed(in *body, b *casework.Bound, step string, deed casework.Deed) (casework.Deed, error) {
	kind, ok := kindOf(b.Service, deed.Action)
	if !ok {
		return deed, fault.New(fault.Unknown, "api.unknown_action")
	}
	deed.Seen = in.whole("version")
	deed.Note = in.text("note", false, longestNote)
	var wrong error
	if kind == definition.ActSubmit {
		deed.Answers, wrong = in.answers(b.Form, true)
	}
	asked := b.Form.Action(step, deed.Action)
	if asked != nil {
		given, err := in.object("given", asked)
		deed.Given, wrong = given, cmp.Or(wrong, below(err, "/given/"))
	}
	if err := gather(in.end(), located(wrong, b.Service)); err != nil {
		return deed, err
	}
	if asked != nil {
		a := b.Service.Step(step).Action(deed.Action)
		if err := fault.Join(d.resolveFields(deed.Stream, definition.Asked(a.Fields), deed.Given, "/given/")); err != nil {
			return deed, err
		}
	}
	return deed, d.resolve(deed.Stream, deed.Answers, b)
}

// below puts the fields of a fault under a member of the request.
func below(err error, at string) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	out := *f
	if f.Field != "" && !strings.HasPrefix(f.Field, "/") {
		out.Field = at + strings.ReplaceAll(f.Field, ".", "/")
	}
	out.More = nil
	for _, m := range f.More {
		out.More = append(out.More, fault.Of(below(m, at)))
	}
	return &out
}

// kindOf is the kind of an action wherever the definition has it: whether it
// may be done at the present step is for the law to say.
func kindOf(s *definition.Service, action string) (definition.ActionKind, bool) {
	for _, step := range s.Flow.Steps {
		if a := step.Action(action); a != nil {
			return a.Kind, true
		}
	}
	return "", false
}

// ofNote puts what is wrong with the words that come along where they stand.
func ofNote(f *fault.Fault) *fault.Fault {
	out := *f
	if out.Field == "note" {
		out.Field = "/note"
	}
	out.More = nil
	for _, m := range f.More {
		out.More = append(out.More, ofNote(m))
	}
	return &out
}

// inGiven puts the faults of what an action asks where they stand in the request.
func inGiven(err error, asked *form.Form) error {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid {
		return err
	}
	out := ofNote(f)
	if asked != nil {
		return below(out, "/given/")
	}
	return out
}
