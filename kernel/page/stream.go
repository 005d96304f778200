package page

import (
	"io"
	"net/http"
)

// Stream begins an answer of server-sent events: each text that is sent leaves
// at once, unpacked. An error of send means that nobody reads any more.
func Stream(w http.ResponseWriter) (send func(text string) error) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h["Cache-Control"] = noStore
	h.Set("X-Accel-Buffering", "no") // a proxy of the usual kind does not hold it back either
	if packing, ok := w.(interface{ Unwrap() http.ResponseWriter }); ok {
		if _, bare := w.(*recorder); !bare {
			w = packing.Unwrap() // what packs waits for more before it lets anything go
		}
	}
	conn := http.NewResponseController(w)
	return func(text string) error {
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
		return conn.Flush()
	}
}
