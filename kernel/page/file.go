package page

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// File is something that was kept and is handed out.
type File struct {
	Name string
	Type string
	Size int64 // bytes; 0 = not known
	Show bool  // a picture may stand in a page or a window of its own; anything else is saved
}

// fileTypes are the types that go out under their own name. Whatever else was
// kept is bytes.
var fileTypes = []string{"application/pdf", "image/jpeg", "image/png",
	"audio/ogg", "audio/webm", "audio/mp4", "audio/3gpp", "audio/amr", "audio/mpeg", "audio/wav"}

// filePolicy lets a file that somebody handed in run nothing and reach nothing.
const filePolicy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"

// mostRange bounds a file of which a part may be asked for, in bytes: it is held
// in memory. Some browsers play no sound without asking for parts.
const mostRange = 8 << 20

// Hand writes a file that somebody handed in so that it can do no harm: in a
// sandbox of its own, never guessed at, kept by nobody.
func Hand(w http.ResponseWriter, r *http.Request, f File, body io.Reader) error {
	h, how := w.Header(), "attachment"
	kind, _, _ := strings.Cut(f.Type, ";")
	if !slices.Contains(fileTypes, kind) {
		kind = "application/octet-stream"
	}
	if f.Show && strings.HasPrefix(kind, "image/") {
		how = "inline"
	}
	Private(w)
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": f.Name}))
	if strings.HasPrefix(kind, "audio/") && f.Size > 0 && f.Size <= mostRange {
		h.Set("Accept-Ranges", "bytes")
		if r.Header.Get("Range") != "" {
			return handPart(w, r, body)
		}
	}
	if f.Size > 0 {
		h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	}
	if _, err := io.Copy(w, body); err != nil {
		panic(http.ErrAbortHandler) // a damaged or cut file must not look whole
	}
	return nil
}

// handPart answers for a part of a small file.
func handPart(w http.ResponseWriter, r *http.Request, body io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(body, mostRange))
	if err != nil {
		return err
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	return nil
}
