// Package fault is the one error type that crosses module boundaries.
//
// A Fault has a kind (what to do about it), public words (a locale key and its
// arguments) and a private cause. Only doors turn a Fault into a page or a
// problem document, and they show the public part alone: the cause goes to the
// log, and neither part ever carries a value somebody typed.
package fault

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Kind says what went wrong in terms of what the caller can do next.
type Kind int

// The kinds, with the HTTP status each one has at a door.
const (
	Internal    Kind = iota // 500: our mistake; shows a code that the log also shows
	Malformed               // 400: the request itself cannot be read
	Unknown                 // 404: not there, or not yours to know
	Forbidden               // 403: there, and not for this role
	NoSession               // 401: nobody is logged in
	Conflict                // 409: someone else acted first, or still running
	Gone                    // 410: was there, has ended (expired draft, shredded case)
	TooLarge                // 413: over a stated limit
	WrongType               // 415: a kind of content that is not taken here
	Invalid                 // 422: readable, and not acceptable; see Field and More
	TooMany                 // 429: slow down
	Unavailable             // 503: a store is lost or full; nothing was half-done
	NoMethod                // 405: there, and not to be used in this way
)

var statuses = map[Kind]int{
	Internal: http.StatusInternalServerError, Malformed: http.StatusBadRequest, Unknown: http.StatusNotFound,
	Forbidden: http.StatusForbidden, NoSession: http.StatusUnauthorized, Conflict: http.StatusConflict,
	Gone: http.StatusGone, TooLarge: http.StatusRequestEntityTooLarge, WrongType: http.StatusUnsupportedMediaType,
	Invalid: http.StatusUnprocessableEntity, TooMany: http.StatusTooManyRequests, Unavailable: http.StatusServiceUnavailable, NoMethod: http.StatusMethodNotAllowed,
}

// Fault is an error with public words. Key names a text of the locale files;
// Args fill its placeholders and must never hold a value that a person typed.
type Fault struct {
	Kind  Kind
	Key   string
	Args  map[string]any
	Field string   // which answer or member it is about: a field id or a JSON pointer; empty for the whole
	More  []*Fault // further faults of the same request, each with its Field
	Cause error    // for the log only

	Wait time.Duration // of TooMany and Unavailable: how long to wait; the kind's own when zero
}

// New makes a fault from its kind and the locale key of its public words.
func New(kind Kind, key string) *Fault { return &Fault{Kind: kind, Key: key} }

// At says which field the fault is about.
func (f *Fault) At(field string) *Fault { f.Field = field; return f }

// With adds an argument for the public words.
func (f *Fault) With(name string, value any) *Fault {
	if f.Args == nil {
		f.Args = map[string]any{}
	}
	f.Args[name] = value
	return f
}

// After says how long to wait before trying again.
func (f *Fault) After(wait time.Duration) *Fault { f.Wait = wait; return f }

// RetryAfter is the value of the header of that name, in whole seconds; empty for a
// kind that waiting does not mend.
func (f *Fault) RetryAfter() string {
	usual, ok := map[Kind]time.Duration{TooMany: time.Minute, Unavailable: 10 * time.Second}[f.Kind]
	if !ok {
		return ""
	}
	if f.Wait > 0 {
		usual = f.Wait
	}
	return strconv.Itoa(int((usual + time.Second - 1) / time.Second))
}

// Because adds the private cause.
func (f *Fault) Because(err error) *Fault { f.Cause = err; return f }

// Status is the HTTP status of the fault's kind.
func (f *Fault) Status() int { return statuses[f.Kind] }

// Error is for logs and tests: key and field, and the private cause.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Key)
	if f.Field != "" {
		b.WriteString(" at " + f.Field)
	}
	for _, m := range f.More {
		b.WriteString("; " + m.Error())
	}
	if f.Cause != nil {
		b.WriteString(": " + f.Cause.Error())
	}
	return b.String()
}

// Unwrap gives the private cause to errors.Is and errors.As.
func (f *Fault) Unwrap() error { return f.Cause }

// Of finds the fault in err's chain; an error that has none is Internal.
// Of(nil) is nil.
func Of(err error) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return New(Internal, "fault.internal").Because(err)
}

// Is reports whether err is a fault of that kind.
func Is(err error, kind Kind) bool { return err != nil && Of(err).Kind == kind }

// Join makes one Invalid fault of many, or nil when there is none.
func Join(faults []*Fault) error {
	if len(faults) == 0 {
		return nil
	}
	return &Fault{Kind: Invalid, Key: "fault.check_answers", More: faults}
}
