package page

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"pendopo/kernel/fault"
)

const (
	defaultBody = 64 << 10
	mostFields  = 1000
)

// outer is around every request: id, language, headers, access log.
func (s *Site) outer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		rec := &recorder{ResponseWriter: w}
		rq := &request{site: s, id: s.requestID(r)}
		s.setHeaders(w.Header(), rq.id)
		rq.printer = s.printerFor(w, r)
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, rq))
		next.ServeHTTP(rec, r)
		seen := Seen{Route: "none", Status: rec.status, Took: time.Since(began)}
		if rq.route != nil {
			seen.Route = rq.route.Pattern
		}
		s.observe(seen)
		s.access(r, rq, rec, seen)
	})
}

// Seen is one request that was answered: what Options.Observe is told. Nothing
// in it was typed by anybody.
type Seen struct {
	Route  string // the pattern, "none" when it came to no route
	Status int    // 0 when nothing was answered
	Took   time.Duration
}

// access writes one line: the pattern of the route, never the address.
func (s *Site) access(r *http.Request, rq *request, rec *recorder, seen Seen) {
	if !s.log.Enabled(r.Context(), slog.LevelInfo) {
		return
	}
	s.log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", known(r.Method)),
		slog.String("route", seen.Route), slog.Int("status", rec.status), slog.Int64("bytes", rec.bytes),
		slog.String("lang", rq.printer.lang), slog.Duration("took", seen.Took))
}

// known keeps a made-up method out of the log.
func known(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 || r.status < 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// serve is around one route: limits, the form's token, faults, panics.
func (s *Site) serve(route Route) http.Handler {
	if route.Body == 0 {
		route.Body = defaultBody
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rq := of(r.Context())
		rq.route, rq.w = &route, w
		defer s.recover(w, r)
		if route.Open {
			w.Header()["Access-Control-Allow-Origin"] = anyOrigin
			w.Header()["Cross-Origin-Resource-Policy"] = crossOrigin
		}
		r.Body = http.MaxBytesReader(w, r.Body, route.Body)
		err := s.admit(r, rq)
		if err == nil {
			err = route.Do(w, r)
		}
		if err != nil {
			s.Fail(w, r, overLimit(err, route.Body))
		}
	})
}

// overLimit tells a body over its limit, which somebody below a handler met
// while reading, from a mistake of ours.
func overLimit(err error, limit int64) error {
	var known *fault.Fault
	var large *http.MaxBytesError
	if !errors.As(err, &known) && errors.As(err, &large) {
		return bodyFault(err, limit)
	}
	return err
}

// admit reads and checks what a page sends before the handler sees it.
func (s *Site) admit(r *http.Request, rq *request) error {
	if rq.route.lost || r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return fault.New(fault.WrongType, "fault.body_coding") // what is small packed may be large unpacked
	}
	if rq.route.API {
		return nil
	}
	if err := s.crossing.Check(r); err != nil {
		return fault.New(fault.Forbidden, "fault.other_site").Because(err)
	}
	if rq.route.Script {
		return s.checkToken(r, r.Header.Get(TokenHeader))
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return fault.New(fault.WrongType, "fault.body_type").Because(err)
	}
	switch {
	case kind == "application/x-www-form-urlencoded":
		return s.admitForm(r, rq)
	case kind == "multipart/form-data" && rq.route.Upload:
		return s.admitParts(r, rq, params["boundary"])
	}
	return fault.New(fault.WrongType, "fault.body_type")
}

// mostTyped bounds a form that is held in memory whole, in bytes, also where
// files may come: those come part by part.
const mostTyped = 1 << 20

func (s *Site) admitForm(r *http.Request, rq *request) error {
	limit := min(rq.route.Body, mostTyped)
	r.Body = http.MaxBytesReader(rq.w, r.Body, limit)
	if err := r.ParseForm(); err != nil {
		return bodyFault(err, limit)
	}
	fields := 0
	for _, values := range r.PostForm {
		fields += len(values)
	}
	if fields > mostFields {
		return fault.New(fault.TooLarge, "fault.body_fields")
	}
	return s.checkToken(r, r.PostForm.Get(TokenField))
}

// bodyFault tells a body over its limit from one that cannot be read. The
// parser's own words may quote the body, so they go no further than their type.
func bodyFault(err error, limit int64) error {
	var known *fault.Fault
	if errors.As(err, &known) {
		return known // whoever reads for us has said what is wrong
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fault.New(fault.TooLarge, "fault.body_large").With("limit", sizeWords(limit))
	}
	return fault.New(fault.Malformed, "fault.body_malformed").Because(fmt.Errorf("%T", err))
}

// sizeWords is for limits, which are the same words in every language.
func sizeWords(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d kB", n>>10)
}

// ReadBody reads the whole body of an API request within the route's limit.
func ReadBody(r *http.Request) ([]byte, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		limit := int64(defaultBody)
		if rq := of(r.Context()); rq != nil && rq.route != nil {
			limit = rq.route.Body
		}
		return nil, bodyFault(err, limit)
	}
	return data, nil
}

// recover turns a panic into the page of an internal fault. The log gets the
// stack and, only from the runtime itself, the words: other words may quote
// what somebody typed.
func (s *Site) recover(w http.ResponseWriter, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler {
		panic(v)
	}
	words := fmt.Sprintf("panic of %T", v)
	if e, ok := v.(runtime.Error); ok {
		words = e.Error()
	}
	s.log.ErrorContext(r.Context(), "panic", "what", words, "stack", string(debug.Stack()))
	s.Fail(w, r, fault.New(fault.Internal, "fault.internal"))
}
