// Package scope is what a component may ask of the page it is part of: words
// in the reader's language, the token of a form, and a place in the page's
// style sheet. It travels in the context of the rendering, so that no view
// struct has to carry it.
package scope

import (
	"context"
	"io"
)

// Words gives texts. Arguments are pairs: a placeholder's name, its value.
type Words interface {
	T(key string, args ...any) string
	Lang() string
}

// Sheet is a component's own style and, if it has one, the script that makes
// it more comfortable (a file of web/static; the component works without).
type Sheet struct {
	Name   string
	CSS    string
	Script string
}

// Scope is one rendering.
type Scope struct {
	Words Words
	Token func() string // a fresh form token; nil where no form can be sent
	used  []*Sheet
}

type key struct{}

// inWords is where In keeps the words of a part of a page.
type inWords struct{}

// In lets a part of a page speak in words of its own.
func In(ctx context.Context, words Words) context.Context {
	return context.WithValue(ctx, inWords{}, words)
}

// With puts s into ctx.
func With(ctx context.Context, s *Scope) context.Context {
	return context.WithValue(ctx, key{}, s)
}

func of(ctx context.Context) *Scope {
	s, _ := ctx.Value(key{}).(*Scope)
	return s
}

// T is the text of key in the reader's language.
func T(ctx context.Context, key string, args ...any) string {
	if w, ok := ctx.Value(inWords{}).(Words); ok {
		return w.T(key, args...)
	}
	if s := of(ctx); s != nil && s.Words != nil {
		return s.Words.T(key, args...)
	}
	return key
}

// Token is a fresh form token, or "" where no form can be sent.
func Token(ctx context.Context) string {
	if s := of(ctx); s != nil && s.Token != nil {
		return s.Token()
	}
	return ""
}

// Use asks for the component's style on this page. It returns "" so that a
// template can call it in place.
func Use(ctx context.Context, sheet *Sheet) string {
	if s := of(ctx); s != nil {
		s.Use(sheet)
	}
	return ""
}

// Use adds a sheet once.
func (s *Scope) Use(sheet *Sheet) {
	for _, have := range s.used {
		if have == sheet {
			return
		}
	}
	s.used = append(s.used, sheet)
}

// Used is the sheets asked for, in the order of first use.
func (s *Scope) Used() []*Sheet { return s.used }

// Example is one state of a component, for its example page and tests.
type Example struct {
	State string // empty, long text, error, disabled, …
	Show  Renderer
}

// Renderer is what a template makes; templ.Component is one.
type Renderer interface {
	Render(ctx context.Context, w io.Writer) error
}
