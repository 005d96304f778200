package complaint

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"

	"pendopo/kernel/fault"
)

// photo is a picture of a report as it was approved: made anew when it was taken
// in, so that nothing hidden in it is left, and there while the report is shown.
func (f *Feature) photo(w http.ResponseWriter, r *http.Request) error {
	x, err := f.shown(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 || n > len(x.Photos) || strconv.Itoa(n) != r.PathValue("n") {
		return errNone()
	}
	id := x.Photos[n-1]
	tag := photoTag(id)
	h := w.Header()
	h.Set("Cache-Control", "no-cache") // asked for anew each time, so that what is hidden is gone
	h.Set("Etag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body, blob, err := f.Attachments.Open(r.Context(), x.Stream, id)
	if fault.Is(err, fault.Unknown) {
		return errNone()
	}
	if err != nil {
		return err
	}
	defer body.Close()
	if blob.Type != "image/jpeg" {
		return errNone() // whatever else was sent along is for officers
	}
	h.Set("Content-Type", blob.Type)
	h.Set("Content-Length", strconv.FormatInt(blob.Size, 10))
	if _, err := io.Copy(w, body); err != nil {
		panic(http.ErrAbortHandler) // a damaged or cut picture must not look whole
	}
	return nil
}

// photoTag says which picture it is to a browser that has it already, and nothing
// else: the id under which it is kept stands in officers' addresses and in events.
func photoTag(id string) string {
	sum := sha256.Sum256([]byte("pendopo/public photo/1\x00" + id))
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}
