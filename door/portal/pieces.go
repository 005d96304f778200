package portal

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"pendopo/engine/attachment"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/form"
)

// Files may also come in pieces, which a script of ours sends: then a cut
// connection costs one piece, and another device can go on. Without the script
// the page sends them whole.

// pieceState is what the script is told.
type pieceState struct {
	ID     string `json:"id"`
	Offset int64  `json:"offset"`
	Whole  bool   `json:"whole"`
	Name   string `json:"name,omitempty"`
	Size   string `json:"size,omitempty"`
}

// pieceOf finds whose file it is and for which field.
func (p *Portal) pieceOf(r *http.Request) (s session, f definition.Field, err error) {
	s, elsewhere, err := p.session(r)
	if err == nil && elsewhere != "" {
		err = fault.New(fault.Gone, "casework.draft_over")
	}
	if err != nil {
		return s, f, err
	}
	field := s.Bound.Service.Field(r.PathValue("field"))
	if field == nil || field.Kind != definition.KindFile {
		return s, f, fault.New(fault.Unknown, "attachment.unknown")
	}
	return s, *field, nil
}

// beginPieces opens a file of X-Upload-Length bytes.
func (p *Portal) beginPieces(w http.ResponseWriter, r *http.Request) error {
	s, f, err := p.pieceOf(r)
	if err != nil {
		return err
	}
	name, err := page.ReadBody(r)
	if err != nil {
		return err
	}
	size, err := strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64)
	if err != nil {
		return fault.New(fault.Malformed, "fault.body_malformed")
	}
	up, err := p.Attachments.Begin(attachment.Sent{Stream: s.Draft.Stream, Field: f, Name: string(name), Size: size})
	if err != nil {
		return err
	}
	return p.answerPiece(w, r, s, f, up)
}

// statusOfPieces says how far a file has come, after a cut.
func (p *Portal) statusOfPieces(w http.ResponseWriter, r *http.Request) error {
	s, f, err := p.pieceOf(r)
	if err != nil {
		return err
	}
	up, err := p.Attachments.Status(s.Draft.Stream, r.PathValue("id"), f)
	if err != nil {
		return err
	}
	return p.answerPiece(w, r, s, f, up)
}

// addPiece takes the bytes from Upload-Offset on.
func (p *Portal) addPiece(w http.ResponseWriter, r *http.Request) error {
	s, f, err := p.pieceOf(r)
	if err != nil {
		return err
	}
	offset, err := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
	if err != nil {
		return fault.New(fault.Malformed, "fault.body_malformed")
	}
	up, err := p.Attachments.Continue(s.Draft.Stream, r.PathValue("id"), f, offset, r.Body)
	if err != nil {
		return err
	}
	return p.answerPiece(w, r, s, f, up)
}

// answerPiece tells the script where it stands; a whole file is an answer of
// the draft from then on.
func (p *Portal) answerPiece(w http.ResponseWriter, r *http.Request, s session, f definition.Field, up attachment.Upload) error {
	out := pieceState{ID: up.ID, Offset: up.Offset, Whole: up.Whole}
	if up.Whole {
		out.Name, out.Size = up.Blob.Name, page.Words(r.Context()).Size(up.Blob.Received)
		if err := p.addFile(r.Context(), s.Draft.Stream, f, up.Blob.ID); err != nil {
			return err
		}
	}
	page.Private(w)
	w.Header().Set("Content-Type", "application/json")
	return written(json.NewEncoder(w).Encode(out))
}

// addFile puts a file among the answers of the draft, once. A field for one
// file has the newest.
//
// Several files of one draft may end at the same moment, on several nodes: each is
// added to the draft as it stands then.
func (p *Portal) addFile(ctx context.Context, stream string, f definition.Field, id string) error {
	return afresh(func() error { return p.addFileOnce(ctx, stream, f, id) })
}

func (p *Portal) addFileOnce(ctx context.Context, stream string, f definition.Field, id string) error {
	d, err := p.Cases.LoadDraft(ctx, stream)
	if err != nil {
		return err
	}
	ids, _ := d.Answers[f.ID].([]string)
	if slices.Contains(ids, id) {
		return nil
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(old string) bool { return old == form.AtCounter })
	if f.Max == nil || *f.Max <= 1 {
		ids = nil
	}
	d.Answers[f.ID] = append(ids, id)
	return p.Cases.SaveDraft(d)
}
