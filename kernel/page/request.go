package page

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"strings"
)

// request is what the plumbing knows of one request.
type request struct {
	site    *Site
	id      string
	printer *Printer
	route   *Route
	binding []byte // the form cookie's value; nil until read or drawn
	w       http.ResponseWriter
	parts   *Parts
}

type requestKey struct{}

func of(ctx context.Context) *request {
	rq, _ := ctx.Value(requestKey{}).(*request)
	return rq
}

// Text is the text of key in the language of the request.
func Text(ctx context.Context, key string, args ...any) string {
	return Words(ctx).T(key, args...)
}

// Lang is the language of the request.
func Lang(ctx context.Context) string { return Words(ctx).Lang() }

// Words is the printer of the request. Outside a request it is an empty
// printer, which shows keys.
func Words(ctx context.Context) *Printer {
	if rq := of(ctx); rq != nil {
		return rq.printer
	}
	return &Printer{}
}

// About says what the rest of this request's page is about: its texts are those of
// the noun, where there are some. See Printer.About.
func About(ctx context.Context, noun string) {
	if rq := of(ctx); rq != nil {
		rq.printer = rq.printer.About(noun)
	}
}

// ID is the request's id, the code that a page of an internal fault shows.
func ID(ctx context.Context) string {
	if rq := of(ctx); rq != nil {
		return rq.id
	}
	return ""
}

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newID is 10 characters that can be read out on the telephone.
func newID() string {
	var b [10]byte
	rand.Read(b[:])
	for i := range b {
		b[i] = alphabet[b[i]&31]
	}
	return string(b[:])
}

// idHeader carries the id in answers, and in requests of a proxy that draws ids.
const idHeader = "X-Request-Id"

// requestID is a new id, or the one of a proxy of ours when it has the form of
// one: whoever follows a request through several logs finds it in each.
func (s *Site) requestID(r *http.Request) string {
	if id := r.Header.Get(idHeader); id != "" && s.trust(r) && formed(id) {
		return id
	}
	return newID()
}

func formed(id string) bool {
	return len(id) >= 8 && len(id) <= 64 && !strings.ContainsFunc(id, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '_' && r != '.'
	})
}

// Identified is a log handler that adds the id of the request to every line
// written under its context, whoever writes it.
func Identified(h slog.Handler) slog.Handler {
	if _, already := h.(identified); already {
		return h
	}
	return identified{h}
}

type identified struct{ slog.Handler }

func (i identified) Handle(ctx context.Context, r slog.Record) error {
	if id := ID(ctx); id != "" {
		r = r.Clone()
		r.AddAttrs(slog.String("id", id))
	}
	return i.Handler.Handle(ctx, r)
}

func (i identified) WithAttrs(list []slog.Attr) slog.Handler {
	return identified{i.Handler.WithAttrs(list)}
}

func (i identified) WithGroup(name string) slog.Handler { return identified{i.Handler.WithGroup(name)} }

const langCookie = "lang"

// printerFor chooses the language: ?lang, which is then kept, the cookie, the
// browser's wish, Indonesian.
func (s *Site) printerFor(w http.ResponseWriter, r *http.Request) *Printer {
	if strings.Contains(r.URL.RawQuery, "lang=") {
		if p := s.texts.printers[r.URL.Query().Get("lang")]; p != nil {
			http.SetCookie(w, &http.Cookie{Name: langCookie, Value: p.lang, Path: "/", MaxAge: 365 * 24 * 3600,
				HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode})
			return p
		}
	}
	if c, err := r.Cookie(langCookie); err == nil {
		if p := s.texts.printers[c.Value]; p != nil {
			return p
		}
	}
	return s.texts.Printer(s.accepted(r.Header.Get("Accept-Language")))
}

// accepted remembers the answer for the headers that browsers really send; a
// longer one is not worth the memory.
func (s *Site) accepted(header string) string {
	if header == "" {
		return "id"
	}
	if lang, ok := s.accepts.Load(header); ok {
		return lang.(string)
	}
	lang := s.texts.Match(header)
	if len(header) <= 64 && s.acceptsCount.Add(1) < 1000 {
		s.accepts.Store(strings.Clone(header), lang)
	}
	return lang
}
