package open311

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"pendopo/feature/complaint/georeport"
	"pendopo/kernel/fault"
	"pendopo/kernel/pace"
	"pendopo/kernel/page"
)

// answer makes one of the answers of georeport, or a fault.
type answer func(w http.ResponseWriter, r *http.Request) (any, error)

// answering writes what was answered, or every fault of it, in the format that
// was asked for.
func (s *Server) answering(do answer) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		format := formatOf(r)
		status := http.StatusOK
		body, err := do(w, r)
		if err != nil {
			status, body = s.failed(w, r, err)
		}
		if body == nil {
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
		raw, err := georeport.Encode(format, body)
		if err != nil {
			return err
		}
		h := w.Header()
		h.Set("Content-Type", format.ContentType())
		h.Set("Content-Language", page.Lang(r.Context()))
		h.Add("Vary", "Accept")
		h.Add("Vary", "Accept-Language")
		if h.Get("Cache-Control") == "" {
			page.Private(w)
		}
		w.WriteHeader(status)
		_, _ = w.Write(raw) // a caller that has gone needs no answer
		return nil
	}
}

// formatOf is the format that the address ends with; without one the header's.
func formatOf(r *http.Request) georeport.Format {
	if _, f, ok := georeport.Named(r.URL.Path); ok {
		return f
	}
	return georeport.Accepted(r.Header.Get("Accept"))
}

// name is the last part of the address without its format.
func name(r *http.Request) string {
	n, _, _ := georeport.Named(r.PathValue("doc"))
	return n
}

// failed turns a fault into the specification's list of errors: what cannot be
// read or is not acceptable is 400, whatever else it is has its own status.
func (s *Server) failed(w http.ResponseWriter, r *http.Request, err error) (int, georeport.Failures) {
	f := fault.Of(err)
	if f.Kind == fault.Internal || f.Kind == fault.Unavailable {
		cause := ""
		if f.Cause != nil {
			cause = f.Cause.Error()
		}
		s.Log.LogAttrs(r.Context(), slog.LevelError, "fault", slog.String("key", f.Key), slog.String("cause", cause))
	}
	status := f.Status()
	switch f.Kind {
	case fault.Invalid, fault.Malformed, fault.Conflict:
		status = http.StatusBadRequest
	case fault.Gone:
		status = http.StatusNotFound
	case fault.NoSession:
		status = http.StatusForbidden
	}
	if wait := f.RetryAfter(); wait != "" {
		w.Header().Set("Retry-After", wait)
	}
	return status, lines(r.Context(), f, status)
}

// lines are the faults one by one, each by the name of its parameter.
func lines(ctx context.Context, f *fault.Fault, status int) georeport.Failures {
	words := page.Words(ctx)
	var out georeport.Failures
	var add func(f *fault.Fault)
	add = func(f *fault.Fault) {
		if len(f.More) == 0 || f.Field != "" {
			text := words.TMap(f.Key, f.Args)
			if f.Field != "" {
				text = strings.TrimPrefix(f.Field, "/") + ": " + text
			}
			if f.Kind == fault.Internal {
				text += " " + page.ID(ctx)
			}
			out = append(out, georeport.Failure{Code: status, Description: text})
		}
		for _, m := range f.More {
			add(m)
		}
	}
	add(f)
	return out
}

// paced bounds questions of one address.
func (s *Server) paced(do answer) answer {
	return func(w http.ResponseWriter, r *http.Request) (any, error) {
		ok, err := s.asking.Take(pace.Network(s.Address(r)))
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, fault.New(fault.TooMany, "open311.too_many")
		}
		return do(w, r)
	}
}

// otherMethod says which methods an address takes.
func otherMethod(allow string) answer {
	return func(w http.ResponseWriter, r *http.Request) (any, error) {
		w.Header().Set("Allow", allow)
		if r.Method == http.MethodOptions {
			return nil, nil
		}
		return nil, fault.New(fault.NoMethod, "open311.method")
	}
}

func unknown(key string) *fault.Fault { return fault.New(fault.Unknown, key) }
