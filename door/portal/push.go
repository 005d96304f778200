package portal

import (
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"strings"

	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/web"
	"pendopo/web/scope"
)

// pushSheet brings the script by which a browser asks to be told.
var pushSheet = scope.Sheet{Name: "push", CSS: "#push .btn[hidden]{display:none}#push-all{margin-top:1.5rem}", Script: "push.js"}

// scriptPushWorker shows what a browser is told.
const scriptPushWorker = "push-worker.js"

// pushView offers whoever has the secret that this browser be told.
type pushView struct {
	Path  string // of the case
	Key   string // "" = browsers that are told may leave, and no other begins
	Known string // marks of those that are told, with a space between
}

// pushView is nil where there is neither anything to begin nor to end. Of a case
// that has ended for good nothing more is told.
func (p *Portal) pushView(ctx context.Context, f found) (*pushView, error) {
	if p.Browsers == nil {
		return nil, nil
	}
	key, marks, err := p.Browsers.Asking(ctx, f.Case)
	if fault.Is(err, fault.Gone) {
		return nil, nil
	}
	if !f.Case.Open() && f.Case.Into == "" {
		key = ""
	}
	if key == "" && len(marks) == 0 {
		return nil, err
	}
	return &pushView{Path: f.path(""), Key: key, Known: strings.Join(marks, " ")}, err
}

// subscribe lets a browser be told of a case. Our script asks: faults are JSON.
func (p *Portal) subscribe(w http.ResponseWriter, r *http.Request) error {
	page.Private(w)
	f, err := p.browserOf(r)
	if err == nil {
		err = p.Browsers.Subscribe(f.Case, r.PostForm.Get("subscription"))
	}
	flt := fault.Of(err)
	if flt != nil && (flt.Kind == fault.Internal || flt.Kind == fault.Unavailable) {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	out := map[string]string{}
	if flt != nil {
		out["text"] = page.Words(r.Context()).TMap(flt.Key, flt.Args)
		if flt.Field != "" {
			out["field"] = flt.Field
		}
		w.WriteHeader(flt.Status())
	}
	return written(json.NewEncoder(w).Encode(out))
}

// browserOf finds the case that a browser asks about: with its secret alone.
func (p *Portal) browserOf(r *http.Request) (found, error) {
	f, elsewhere, err := p.ownCase(r)
	if err == nil && elsewhere != "" {
		err = fault.New(fault.Forbidden, "portal.push_locked")
	}
	if err == nil && p.Browsers == nil {
		err = fault.New(fault.Unknown, "fault.page_unknown")
	}
	return f, err
}

// unsubscribe ends it for the browser that asks, or without an endpoint for all.
func (p *Portal) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	f, err := p.browserOf(r)
	if err != nil {
		return err
	}
	if err := p.Browsers.Unsubscribe(f.Case, r.PostForm.Get("endpoint")); err != nil {
		return err
	}
	return redirect(w, r, f.path(""))
}

// pushWorker is the script that stands behind the page of a case and shows what
// is told. Its place lets it stand behind pages below /track/ and nowhere else.
func (p *Portal) pushWorker(w http.ResponseWriter, _ *http.Request) error {
	text, err := fs.ReadFile(web.Static(), scriptPushWorker)
	if err != nil {
		return err // not reached: the folder is embedded
	}
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'")
	h.Set("Cache-Control", "no-cache")
	_, err = w.Write(text)
	return written(err)
}
