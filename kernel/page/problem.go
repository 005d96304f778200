package page

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"

	"pendopo/kernel/fault"
)

// problem is RFC 9457. It never carries a value that was sent.
type problem struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail"`
	Instance string         `json:"instance"` // the request id
	Errors   []problemError `json:"errors,omitempty"`
}

type problemError struct {
	Pointer string `json:"pointer"`
	Key     string `json:"key"`
	Message string `json:"message"`
}

// Fail answers with a fault: a page for people, a problem document for
// programs. What is our own mistake goes to the log with its cause.
func (s *Site) Fail(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.Of(err)
	rq := of(r.Context())
	s.logFault(r, f)
	if wait := f.RetryAfter(); wait != "" {
		w.Header().Set("Retry-After", wait)
	}
	Private(w)
	if rq != nil && (rq.route == nil || !rq.route.API) && !strings.HasPrefix(r.URL.Path, "/api/") {
		if s.showFault(w, r, f) == nil {
			return
		}
	}
	s.writeProblem(w, r, f)
}

func (s *Site) logFault(r *http.Request, f *fault.Fault) {
	if f.Kind != fault.Internal && f.Kind != fault.Unavailable {
		return
	}
	cause := ""
	if f.Cause != nil {
		cause = f.Cause.Error()
	}
	s.log.LogAttrs(r.Context(), slog.LevelError, "fault",
		slog.String("key", f.Key), slog.String("cause", cause))
}

func (s *Site) writeProblem(w http.ResponseWriter, r *http.Request, f *fault.Fault) {
	words := Words(r.Context())
	doc := problem{Type: "urn:pendopo:" + f.Key, Title: words.T(titles[f.Kind]), Status: f.Status(),
		Detail: words.TMap(f.Key, f.Args), Instance: "urn:pendopo:request:" + ID(r.Context())}
	for _, m := range flatten(f) {
		doc.Errors = append(doc.Errors, problemError{Pointer: pointer(m.Field), Key: m.Key, Message: words.TMap(m.Key, m.Args)})
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Language", words.Lang())
	w.WriteHeader(f.Status())
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(doc) // a reader that has gone needs no answer
}

// flatten is the located faults of f, itself included when it has a field.
func flatten(f *fault.Fault) []*fault.Fault {
	var out []*fault.Fault
	if f.Field != "" {
		out = append(out, f)
	}
	for _, m := range f.More {
		out = append(out, flatten(m)...)
	}
	return out
}

// pointer makes a JSON pointer of a field id; one that is a pointer stays.
func pointer(field string) string {
	if field == "" || strings.HasPrefix(field, "/") {
		return field
	}
	return "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(field)
}

// titles of the kinds of fault.
var titles = map[fault.Kind]string{
	fault.Internal: "page.fault_title_internal", fault.Malformed: "page.fault_title_malformed",
	fault.Unknown: "page.fault_title_unknown", fault.Forbidden: "page.fault_title_forbidden",
	fault.NoSession: "page.fault_title_session", fault.Conflict: "page.fault_title_conflict",
	fault.Gone: "page.fault_title_gone", fault.TooLarge: "page.fault_title_size",
	fault.WrongType: "page.fault_title_type", fault.Invalid: "page.fault_title_check",
	fault.TooMany: "page.fault_title_many", fault.Unavailable: "page.fault_title_unavailable",
	fault.NoMethod: "page.fault_title_method",
}
