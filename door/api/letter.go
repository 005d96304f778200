package api

import (
	"net/http"

	"pendopo/engine/document"
	"pendopo/kernel/fault"
)

// letterWords is a document of a case in words.
type letterWords struct {
	Lang   string       `json:"lang" doc:"The language it is written in, whatever the caller's is."`
	Head   []string     `json:"head" doc:"Government and office."`
	Title  string       `json:"title"`
	Number string       `json:"number" doc:"The line with its number."`
	Parts  []letterPart `json:"parts" doc:"In the order of the document; each has a text or rows."`
	Deemed string       `json:"deemed,omitempty" doc:"When the law or a rule granted it: how."`
	Signed []string     `json:"signed" doc:"Place and date, office, name and number of who signed."`
	Verify string       `json:"verify" doc:"Address where anyone can check it."`
}

type letterPart struct {
	Text string      `json:"text,omitempty"`
	Rows []letterRow `json:"rows,omitempty"`
}

type letterRow struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// letter gives the words of the document to its applicant. What counts is the
// document itself.
func (d *Door) letter(w http.ResponseWriter, r *http.Request) error {
	stream, err := d.owned(w, r)
	if err != nil {
		return err
	}
	c, err := d.Cases.State(r.Context(), stream)
	if err != nil {
		return err
	}
	if c.Document == nil || c.Document.ID != r.PathValue("id") {
		return fault.New(fault.Unknown, "api.unknown_document")
	}
	t, err := d.Documents.Twin(r.Context(), stream)
	if err != nil {
		return err
	}
	return send(w, r, answer{body: lettered(t)})
}

func lettered(t document.Twin) letterWords {
	out := letterWords{Lang: t.Lang, Head: t.Head, Title: t.Title, Number: t.Number, Parts: []letterPart{}, Deemed: t.Deemed, Signed: t.Signed, Verify: t.Verify}
	for _, p := range t.Parts {
		part := letterPart{Text: p.Text}
		for _, row := range p.Rows {
			part.Rows = append(part.Rows, letterRow(row))
		}
		out.Parts = append(out.Parts, part)
	}
	return out
}
