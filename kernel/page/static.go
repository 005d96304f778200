package page

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"pendopo/kernel/fault"
)

// asset is a static file, served under a name that changes with its content.
type asset struct {
	kind string
	data []byte
}

func (s *Site) loadStatic(files fs.FS) error {
	s.static, s.names = map[string]*asset{}, map[string]string{}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		data, err := fs.ReadFile(files, e.Name())
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		ext := path.Ext(e.Name())
		served := strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:5]) + ext
		s.static[served] = &asset{kind: mime.TypeByExtension(ext), data: data}
		s.names[e.Name()] = served
	}
	return nil
}

// Asset is the address of a static file: it may be kept for ever.
func (s *Site) Asset(name string) string { return "/static/" + s.names[name] }

func (s *Site) serveStatic(w http.ResponseWriter, r *http.Request) error {
	a := s.static[r.PathValue("file")]
	if a == nil {
		return fault.New(fault.Unknown, "fault.page_unknown")
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Length", strconv.Itoa(len(a.data)))
	_, _ = w.Write(a.data) // a reader that has gone needs no answer
	return nil
}
