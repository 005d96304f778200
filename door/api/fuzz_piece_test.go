package api_test

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzPiece sends a piece of a file with whatever stands in its headers: the
// answer is one that a caller can act on.
func FuzzPiece(f *testing.F) {
	w := newTown(f, sqlite)
	for _, s := range []string{"", "0", "-1", "1e9", "9223372036854775807", "9223372036854775808", "0, 0", " 0", "٠"} {
		f.Add(s, s, "x", "bytes=0-,-1,5-2")
	}
	f.Fuzz(func(t *testing.T, offset, length, group, ranges string) {
		for _, c := range []struct{ method, path, kind string }{
			{"PATCH", "/api/v1/uploads/0192", "application/offset+octet-stream"}, {"GET", "/api/v1/uploads/0192", ""}, {"POST", "/api/v1/uploads?field=ktp", "image/jpeg"},
		} {
			req := httptest.NewRequest(c.method, c.path, strings.NewReader(group))
			req.Header = map[string][]string{"Upload-Offset": {offset}, "Upload-Length": {length}, "Upload-Group": {group}, "Range": {ranges},
				"Content-Type": {c.kind}, "Content-Range": {ranges}, "Idempotency-Key": {offset}, "Test-Address": {"192.0.2.9:1"}}
			rec := httptest.NewRecorder()
			w.handler.ServeHTTP(rec, req)
			if rec.Code >= 500 || rec.Code < 400 {
				t.Errorf("%s %s: %d %s", c.method, c.path, rec.Code, rec.Body)
			}
		}
	})
}
