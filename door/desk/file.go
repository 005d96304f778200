package desk

import (
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"pendopo/kernel/blob"
	"pendopo/kernel/fault"
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
	return send(w, body, b)
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
	return send(w, body, b)
}

// send writes a file that somebody handed in so that it can do no harm: in its
// own sandbox, never guessed at, and saved rather than shown unless it is a
// picture. The Site's own headers say nosniff.
func send(w http.ResponseWriter, body io.Reader, b blob.Blob) error {
	h := w.Header()
	how := "attachment"
	switch b.Type {
	case "image/jpeg", "image/png":
		how = "inline"
	case "application/pdf":
	default:
		b.Type = "application/octet-stream"
	}
	h.Set("Content-Type", b.Type)
	h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": b.Name}))
	if b.Size > 0 {
		h.Set("Content-Length", strconv.FormatInt(b.Size, 10))
	}
	if _, err := io.Copy(w, body); err != nil {
		panic(http.ErrAbortHandler) // a damaged file must not look whole
	}
	return nil
}
