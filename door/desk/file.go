package desk

import (
	"io"
	"net/http"
	"slices"

	"pendopo/kernel/blob"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/fold"
)

// file serves one paper of a case, after its opening was recorded.
func (d *Door) file(w http.ResponseWriter, r *http.Request, m me) error {
	x, err := d.matter(r, m)
	if err != nil {
		return err
	}
	id := r.PathValue("file")
	if err := d.opened(r.Context(), x, d.purpose(m, x.what)); err != nil {
		return err
	}
	if !slices.ContainsFunc(x.c.Files, func(f fold.File) bool { return f.ID == id }) {
		return fault.New(fault.Unknown, "attachment.unknown")
	}
	body, b, err := d.Attachments.Open(r.Context(), x.c.Stream, id)
	if err != nil {
		return err
	}
	defer body.Close()
	return send(w, r, body, b)
}

// document serves the product, after its opening was recorded: it names its holder.
func (d *Door) document(w http.ResponseWriter, r *http.Request, m me) error {
	x, err := d.matter(r, m)
	if err != nil {
		return err
	}
	if err := d.opened(r.Context(), x, d.purpose(m, x.what)); err != nil {
		return err
	}
	body, b, err := d.Documents.File(r.Context(), x.c.Stream)
	if err != nil {
		return err
	}
	defer body.Close()
	return send(w, r, body, b)
}

// send hands a file out; a picture may stand in the page.
func send(w http.ResponseWriter, r *http.Request, body io.Reader, b blob.Blob) error {
	return page.Hand(w, r, page.File{Name: b.Name, Type: b.Type, Size: b.Size, Show: true}, body)
}
