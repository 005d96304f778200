package api

import (
	"encoding/json"
	"maps"
	"math"
	"mime"
	"net/http"
	"slices"
	"strings"

	"pendopo/kernel/fault"
	"pendopo/kernel/page"
)

// body is the members of a request, each asked for once; what nobody asked for
// is a fault.
type body struct {
	tree   map[string]any
	asked  map[string]bool
	faults []*fault.Fault
}

// bodyOf reads a JSON body.
func bodyOf(r *http.Request) (*body, error) {
	if err := contentType(r, "application/json"); err != nil {
		return nil, err
	}
	raw, err := page.ReadBody(r)
	if err != nil {
		return nil, err
	}
	v, err := readJSON(raw)
	if err != nil {
		return nil, err
	}
	tree, ok := v.(map[string]any)
	if !ok {
		return nil, fault.New(fault.Invalid, "api.not_object")
	}
	return &body{tree: tree, asked: map[string]bool{}}, nil
}

// contentType refuses what is not of one of the kinds, and any encoding.
func contentType(r *http.Request, kinds ...string) error {
	if given := r.Header.Get("Content-Type"); given == kinds[0] && r.Header.Get("Content-Encoding") == "" {
		return nil
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := params["charset"]
	coding := r.Header.Get("Content-Encoding")
	plain := charset == "" || strings.EqualFold(charset, "utf-8")
	if err != nil || !slices.Contains(kinds, kind) || !plain || coding != "" && coding != "identity" {
		return fault.New(fault.WrongType, "api.content_type").With("kinds", strings.Join(kinds, ", "))
	}
	return nil
}

func (b *body) refuse(member, key string) {
	b.faults = append(b.faults, fault.New(fault.Invalid, key).At("/"+member))
}

// member asks for a member; ok is false when it is not there.
func (b *body) member(name string, required bool) (v any, ok bool) {
	b.asked[name] = true
	v, ok = b.tree[name]
	if !ok && required {
		b.refuse(name, "api.member_missing")
	}
	return v, ok
}

// text asks for a string of at most so many bytes.
func (b *body) text(name string, required bool, most int) string {
	v, ok := b.member(name, required)
	if !ok {
		return ""
	}
	s, isText := v.(string)
	switch {
	case !isText:
		b.refuse(name, "api.not_text")
	case required && s == "":
		b.refuse(name, "api.member_missing")
	case len(s) > most:
		b.refuse(name, "api.text_long")
	}
	return s
}

// whole asks for a whole number from 1 on.
func (b *body) whole(name string) int64 {
	v, ok := b.member(name, true)
	if !ok {
		return 0
	}
	number, _ := v.(json.Number)
	n, err := number.Int64()
	if err != nil || n < 1 || n > math.MaxInt32 {
		b.refuse(name, "api.not_whole")
	}
	return n
}

// revision asks for the number of a state of something that is overwritten.
func (b *body) revision(name string) int64 {
	v, ok := b.member(name, true)
	if !ok {
		return 0
	}
	number, _ := v.(json.Number)
	n, err := number.Int64()
	if err != nil || n < 0 {
		b.refuse(name, "api.not_whole")
	}
	return n
}

// end gives the faults so far, with one for every member that nobody asked for.
func (b *body) end() []*fault.Fault {
	for _, name := range slices.Sorted(maps.Keys(b.tree)) {
		if !b.asked[name] {
			b.refuse(escapePointer(name), "api.member_unknown")
		}
	}
	return b.faults
}
