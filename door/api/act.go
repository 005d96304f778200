package api

import (
	"net/http"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
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
	deed, err := d.deed(in, b, casework.Deed{
		Stream: stream, Action: r.PathValue("action"), By: applicant(),
		Once: casework.Once{Scope: "api/act/" + stream, Key: key, Request: request(r.Method, path, in.tree)},
	})
	if err != nil {
		return err
	}
	if _, err := d.Cases.Act(r.Context(), deed); err != nil {
		return located(err, b.Service)
	}
	return d.whole(w, r, stream)
}

// deed reads the members of an action and everything wrong with them.
func (d *Door) deed(in *body, b *casework.Bound, deed casework.Deed) (casework.Deed, error) {
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
	if err := gather(in.end(), located(wrong, b.Service)); err != nil {
		return deed, err
	}
	return deed, d.resolve(deed.Stream, deed.Answers, b)
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
