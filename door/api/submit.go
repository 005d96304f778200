package api

import (
	"net/http"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/ledger"
	"pendopo/kernel/page"
	"pendopo/law/form"
)

// Lengths of members, in bytes.
const (
	hashLength  = 64
	shortText   = 64
	longestNote = 4000
)

type acceptedView struct {
	Code    string         `json:"code"`
	Secret  string         `json:"secret"`
	Receipt ledger.Receipt `json:"receipt"`
}

// submit takes an application. Whether its key was used before shows when it is
// written, so a first request need not ask; a repeated one that is refused on
// its way there, because what it was accepted under has changed since or its
// files are taken, is answered as the first.
func (d *Door) submit(w http.ResponseWriter, r *http.Request) error {
	page.Private(w)
	key, err := keyOf(r)
	if err != nil {
		return err
	}
	in, err := bodyOf(r)
	if err != nil {
		return err
	}
	path := servicePath(r.PathValue("id")) + "/cases"
	once := casework.Once{Scope: "api/submit", Key: key, Request: request(r.Method, path, in.tree)}
	done, err := d.accept(r, in, once)
	if err != nil {
		earlier, found, late := d.Cases.Earlier(r.Context(), once)
		switch {
		case late != nil:
			return located(late, nil)
		case !found:
			return err
		}
		done = earlier
	}
	w.Header().Set("Location", casePath(done.Code))
	return send(w, r, answer{status: http.StatusCreated, body: acceptedView{done.Code, done.Secret, done.Receipt}})
}

// accept hands the application in.
func (d *Door) accept(r *http.Request, in *body, once casework.Once) (casework.Accepted, error) {
	b, err := d.live(r.PathValue("id"))
	if err != nil {
		return casework.Accepted{}, err
	}
	s, err := d.submission(r, in, b)
	if err != nil {
		return casework.Accepted{}, located(err, b.Service)
	}
	s.Once = once
	if done, before, err := d.admit(r, &s, b); before || err != nil {
		return done, err
	}
	done, err := d.Cases.Submit(r.Context(), s)
	return done, located(err, b.Service)
}

// admit counts a case of a service with a public side, and flags it where the
// gate says so. One that was handed in before is not counted again.
func (d *Door) admit(r *http.Request, s *casework.Submission, b *casework.Bound) (done casework.Accepted, before bool, err error) {
	if d.Gate == nil || b.Service.Public == nil {
		return done, false, nil
	}
	if done, before, err = d.Cases.Earlier(r.Context(), s.Once); before || err != nil {
		return done, before, err
	}
	s.Flags, err = d.Gate.Address(d.Address(r), b.Service, s.Answers)
	return done, false, err
}

// submission reads the members of a case and everything wrong with them.
func (d *Door) submission(r *http.Request, in *body, b *casework.Bound) (casework.Submission, error) {
	s := casework.Submission{Service: b.Service.ID, Lang: page.Lang(r.Context())}
	s.Definition = in.text("definition", true, hashLength)
	s.Channel = in.text("channel", true, shortText)
	if s.Channel != "" && s.Channel != channel {
		in.refuse("channel", "api.channel")
	}
	token := in.text("uploads", false, shortText)
	if s.Definition != "" && len(s.Definition) <= hashLength && s.Definition != b.Hash {
		return s, fault.New(fault.Conflict, "casework.definition_over")
	}
	answers, wrong := in.answers(b.Form, true)
	if err := gather(in.end(), located(wrong, b.Service)); err != nil {
		return s, err
	}
	s.Answers = answers
	return s, d.attach(r, &s, b, token)
}

// answers asks for the answers to a form.
func (b *body) answers(f *form.Form, required bool) (form.Answers, error) {
	if !required && b.tree["answers"] == nil {
		b.asked["answers"] = true
		return nil, nil
	}
	return b.object("answers", f)
}

// object asks for answers to a form under a member; none when it is not there.
func (b *body) object(name string, f *form.Form) (form.Answers, error) {
	v, ok := b.member(name, name == "answers")
	if !ok {
		return nil, nil
	}
	tree, isObject := v.(map[string]any)
	if !isObject {
		b.refuse(name, "api.not_object")
		return nil, nil
	}
	return f.ParseTree(tree)
}

// attach puts the files of the group in the place of the uploads that the
// answers name; the group's stream becomes the case's.
func (d *Door) attach(r *http.Request, s *casework.Submission, b *casework.Bound, token string) error {
	if token == "" {
		if ids := b.Form.Uploads(s.Answers); len(ids) > 0 {
			return fault.New(fault.Invalid, "api.uploads_missing").At("/uploads")
		}
		return nil
	}
	g, err := d.openGroup(r, token)
	switch {
	case fault.Is(err, fault.Unknown):
		return fault.New(fault.Invalid, "api.unknown_group").At("/uploads")
	case fault.Is(err, fault.Conflict), err == nil && !g.draft:
		return fault.New(fault.Conflict, "api.group_used")
	case err != nil:
		return err
	case g.service.ID != s.Service:
		return fault.New(fault.Invalid, "api.group_of_another_service").At("/uploads")
	}
	s.Draft = g.stream
	return d.resolve(g.stream, s.Answers, b)
}
