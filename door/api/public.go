package api

import (
	"net/http"
)

// keys publishes the keys that documents are signed with, old ones too.
func (d *Door) keys(w http.ResponseWriter, r *http.Request) error {
	raw, err := d.Documents.PublishedKeys(d.Cases.Government().Profile.Name.In("id"))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Access-Control-Allow-Origin", "*") // public, for checkers on other sites, as the log is
	if keep(w, r, "public, max-age=3600", raw) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, _ = w.Write(raw) // a caller that has gone needs no answer
	return nil
}

// publicLog serves the log: leaves, tiles and signed heads, nothing else.
func (d *Door) publicLog(w http.ResponseWriter, r *http.Request) error {
	d.log.ServeHTTP(w, r)
	return nil
}
