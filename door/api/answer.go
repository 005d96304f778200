package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"pendopo/kernel/page"
)

// answer is what a request gets.
type answer struct {
	status int    // 0 = 200
	body   any    // written as JSON
	cache  string // Cache-Control of what may be kept and asked for again; empty = nobody keeps it
}

// Cache-Control of answers that are not personal.
const (
	briefly = "public, max-age=60"
	askOn   = "private, no-cache"
)

// commonAnswer is room for most answers, in bytes.
const commonAnswer = 3 << 10

// send writes an answer. One that may be kept has an ETag, and an unchanged one
// is 304.
func send(w http.ResponseWriter, r *http.Request, a answer) error {
	var b bytes.Buffer
	b.Grow(commonAnswer)
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a.body); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Language", page.Lang(r.Context()))
	if a.cache == "" {
		page.Private(w)
	} else if keep(w, r, a.cache, b.Bytes()) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	_, _ = w.Write(b.Bytes()) // a caller that has gone needs no answer
	return nil
}

// keep sets the headers of an answer that may be kept and reports whether the
// caller has this very one.
func keep(w http.ResponseWriter, r *http.Request, cache string, body []byte) bool {
	sum := sha256.Sum256(body)
	tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("Cache-Control", cache)
	h.Set("ETag", tag)
	h.Add("Vary", "Accept-Language, Authorization, Cookie")
	for _, given := range strings.Split(r.Header.Get("If-None-Match"), ",") {
		if given = strings.TrimSpace(given); given == tag || given == "*" {
			return true
		}
	}
	return false
}
