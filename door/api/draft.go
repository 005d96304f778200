package api

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/form"
)

// draftView is an application that has not been handed in.
type draftView struct {
	Code       string       `json:"code"`
	Service    string       `json:"service" doc:"Id of the service."`
	Definition string       `json:"definition" doc:"Hash of the definition it is filled in for."`
	Version    int64        `json:"version" doc:"Which of its states this is; send it back when you save."`
	Answers    form.Answers `json:"answers" doc:"What was answered so far, by field id."`
	Group      string       `json:"group" doc:"Its upload group: name it in Upload-Group, and as uploads when you apply."`
	Expires    time.Time    `json:"expires" doc:"When it is deleted; saving it gives it another thirty days."`
}

type begunView struct {
	draftView
	Secret string `json:"secret" doc:"Opens the draft here and on the portal, on any device. Keep it as you would a password."`
}

// begin opens a draft of a service, once for each key.
func (d *Door) begin(w http.ResponseWriter, r *http.Request) error {
	page.Private(w)
	key, err := keyOf(r)
	if err != nil {
		return err
	}
	asked := request(r.Method, servicePath(r.PathValue("id"))+"/drafts", nil)
	g, err := d.openFor(r, r.PathValue("id"), casework.Once{Scope: "api/draft", Key: key, Request: asked})
	if err != nil {
		return located(err, nil)
	}
	v, err := d.draftOf(r, g.stream)
	if err != nil {
		return err
	}
	w.Header().Set("Location", draftPath(v.Code))
	return send(w, r, answer{status: http.StatusCreated, body: begunView{v, d.Cases.Secret(g.stream)}})
}

func draftPath(code string) string { return "/api/v1/drafts/" + code }

func (d *Door) draftOf(r *http.Request, stream string) (draftView, error) {
	x, err := d.Cases.LoadDraft(r.Context(), stream)
	if err != nil {
		return draftView{}, err
	}
	return draftView{Code: d.Cases.Code(stream), Service: x.Service, Definition: x.Definition, Version: x.Seen, Answers: x.Answers,
		Group: d.tokenOf(stream), Expires: x.Expires.In(d.Cases.Catalogue().Zone())}, nil
}

// ownDraft is the stream of the draft that code and bearer secret open.
func (d *Door) ownDraft(w http.ResponseWriter, r *http.Request) (string, error) {
	page.Private(w)
	secret, given := bearer(r)
	if !given {
		w.Header().Set("WWW-Authenticate", `Bearer realm="pendopo"`)
		return "", fault.New(fault.NoSession, "api.secret_missing")
	}
	f, err := d.unlock(r, r.PathValue("code"), secret)
	if err == nil && !f.Draft {
		err = errUnknown()
	}
	return f.Stream, err
}

// draft shows a draft to whoever holds its secret.
func (d *Door) draft(w http.ResponseWriter, r *http.Request) error {
	stream, err := d.ownDraft(w, r)
	if err != nil {
		return err
	}
	v, err := d.draftOf(r, stream)
	if err != nil {
		return err
	}
	return send(w, r, answer{body: v})
}

// saveDraft puts the answers of a draft in the place of those before. What is
// given must be readable; what is missing may stay so until it is handed in. A
// draft is one row and no event, so its key is kept in it: the same key and
// request once more is answered as the first time.
func (d *Door) saveDraft(w http.ResponseWriter, r *http.Request) error {
	stream, err := d.ownDraft(w, r)
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
	x, err := d.Cases.LoadDraft(r.Context(), stream)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(append([]byte(key+"\n"), request(r.Method, draftPath(d.Cases.Code(stream)), in.tree)...))
	note := "api " + hex.EncodeToString(sum[:])
	if x.Note != note {
		if err := d.keepDraft(r, in, x, note); err != nil {
			return err
		}
	}
	v, err := d.draftOf(r, stream)
	if err != nil {
		return err
	}
	return send(w, r, answer{body: v})
}

func (d *Door) keepDraft(r *http.Request, in *body, x casework.Draft, note string) error {
	b, err := d.Cases.Catalogue().At(r.Context(), x.Definition)
	if err != nil {
		return err
	}
	seen := in.revision("version")
	answers, wrong := in.answers(b.Form, true)
	if err := gather(in.end(), located(wrong, b.Service)); err != nil {
		return err
	}
	if seen != x.Seen {
		return fault.New(fault.Conflict, "fault.acted_first")
	}
	if err := d.resolve(x.Stream, answers, b); err != nil {
		return err
	}
	x.Answers, x.Note, x.Lang, x.Done = answers, note, page.Lang(r.Context()), nil
	return located(d.Cases.SaveDraft(x), b.Service)
}

// dropDraft deletes a draft with its files.
func (d *Door) dropDraft(w http.ResponseWriter, r *http.Request) error {
	stream, err := d.ownDraft(w, r)
	if err != nil {
		return err
	}
	if err := d.Cases.DiscardDraft(stream); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
