package api

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"pendopo/kernel/blob"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/fold"
)

// papers lists the product of a case and those of its files that are meant for
// the applicant.
func (d *Door) papers(t teller, c fold.Case, meant []string) ([]paper, error) {
	out := []paper{}
	at := casePath(d.Cases.Code(c.Stream)) + "/documents/"
	if p := c.Document; p != nil {
		doc := paper{ID: p.ID, Kind: "product", Name: t.words.Of(t.service.Product.Name), Type: "application/pdf",
			Number: c.Number, Date: t.local(p.Date).Format("2006-01-02"), Href: at + p.ID, Words: at + p.ID + "/words"}
		if !p.Until.IsZero() {
			doc.ValidUntil = t.local(p.Until).Format("2006-01-02")
		}
		out = append(out, doc)
	}
	if c.Made != nil && c.Made.File != nil {
		b, err := d.Attachments.File(c.Stream, c.Made.File.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, paper{ID: b.ID, Kind: "product", Name: t.words.Of(t.service.Product.Name), Type: b.Type, Bytes: b.Size, Href: at + b.ID})
	}
	for _, f := range c.Files {
		if !slices.Contains(meant, f.ID) {
			continue // of officers, for officers
		}
		b, err := d.Attachments.File(c.Stream, f.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, paper{ID: f.ID, Kind: "attachment", Name: b.Name, Type: b.Type, Bytes: b.Size, Href: at + f.ID})
	}
	return out, nil
}

// made is what the applicant may know of a product of another system.
func (d *Door) made(ctx context.Context, t teller, c fold.Case) (*made, error) {
	if c.Made == nil {
		return nil, nil
	}
	m, err := d.Cases.MadeElsewhere(ctx, c.Stream)
	out := &made{System: t.service.Product.System, Number: m.Number, Signature: c.Made.Signature}
	for _, s := range m.Signers {
		out.Signers = append(out.Signers, s.Name)
	}
	return out, err
}

// document hands a paper of the case to its applicant.
func (d *Door) document(w http.ResponseWriter, r *http.Request) error {
	stream, err := d.owned(w, r)
	if err != nil {
		return err
	}
	c, err := d.Cases.State(r.Context(), stream)
	if err != nil {
		return err
	}
	content, b, err := d.paper(r.Context(), c, r.PathValue("id"))
	if err != nil {
		return err
	}
	defer content.Close()
	return page.Hand(w, r, page.File{Name: b.Name, Type: b.Type, Size: b.Size}, content)
}

// paper opens the product or a file that the case names; any other id is
// unknown.
func (d *Door) paper(ctx context.Context, c fold.Case, id string) (io.ReadCloser, blob.Blob, error) {
	if c.Document != nil && c.Document.ID == id {
		content, b, err := d.Documents.File(ctx, c.Stream)
		b.Name = strings.NewReplacer("/", "-", " ", "").Replace(c.Number) + ".pdf"
		return content, b, err
	}
	made := c.Made != nil && c.Made.File != nil && c.Made.File.ID == id
	if made {
		return d.Attachments.Open(ctx, c.Stream, id)
	}
	meant, err := d.meant(ctx, c)
	if err != nil {
		return nil, blob.Blob{}, err
	}
	if slices.Contains(meant, id) && slices.ContainsFunc(c.Files, func(f fold.File) bool { return f.ID == id }) {
		return d.Attachments.Open(ctx, c.Stream, id)
	}
	return nil, blob.Blob{}, fault.New(fault.Unknown, "api.unknown_document")
}

// meant are the files of a case that are for its applicant.
func (d *Door) meant(ctx context.Context, c fold.Case) ([]string, error) {
	b, err := d.Cases.Catalogue().At(ctx, c.Definition)
	if err != nil {
		return nil, err
	}
	answers, _, err := d.Cases.Own(ctx, c.Stream)
	if err != nil {
		return nil, err
	}
	spoken, err := d.dialogue(ctx, d.tellerOf(ctx, b, c.Unit), b, c)
	return append(spoken.files, b.Form.Uploads(answers)...), err
}
