package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"

	"pendopo/kernel/page"
	"pendopo/web"
)

// The scripts of the page for telling something.
const (
	scriptOutbox = "outbox.js"
	scriptWorker = "report-worker.js"
)

// scopeOfWorker is which pages the worker stands behind: that for telling
// something, and no other.
const scopeOfWorker = "/report?"

// worker is the script that keeps the page at hand without signal.
type worker struct {
	text   []byte
	policy string
}

// newWorker joins the worker to the outbox it sends from, under a version that is
// the hash of both: a browser takes a new one when either has changed.
func newWorker(site *page.Site) worker {
	own, err := fs.ReadFile(web.Static(), scriptWorker)
	if err != nil {
		return worker{} // not reached: the folder is embedded
	}
	sum := sha256.Sum256(append([]byte(site.Asset(scriptOutbox)), own...))
	head := `importScripts("` + site.Asset(scriptOutbox) + `");const VERSION="` + hex.EncodeToString(sum[:6]) + `";` + "\n"
	return worker{text: append([]byte(head), own...), policy: "default-src 'none'; script-src 'self'; connect-src 'self'"}
}

func (in *Intake) serveWorker(w http.ResponseWriter, _ *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Content-Security-Policy", in.worker.policy)
	h.Set("Service-Worker-Allowed", "/report")
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write(in.worker.text) // a reader that has gone needs no answer
	return nil
}
