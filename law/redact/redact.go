package redact

import (
	"cmp"
	"slices"
	"strings"
)

// Kind is what a span holds.
type Kind string

// The kinds.
const (
	NIK     Kind = "nik"     // the number of a person, a family card or a civil servant
	NPWP    Kind = "npwp"    // the number of a taxpayer
	Phone   Kind = "phone"   // of a mobile or fixed telephone
	Email   Kind = "email"   // an address of e-mail
	Account Kind = "account" // of a bank account
	Card    Kind = "card"    // of a payment card
	Plate   Kind = "plate"   // of a vehicle
)

// Span is a stretch of a text, in bytes: text[From:To].
type Span struct {
	From, To int
	Kind     Kind
}

// Mark is what stands in the place of what was masked. It holds nothing that
// would be found again.
const Mark = "[***]"

// mostPasses bounds how often a text is looked through anew. Each pass takes
// something away, and two are enough for what people write.
const mostPasses = 20

// Find gives the spans of a text in their order; none overlaps another.
func Find(text string) []Span {
	s := scan{text: text, low: lower(text)}
	s.shield()
	s.mails()
	s.taxes()
	s.identities()
	s.phones()
	s.accounts()
	s.plates()
	return s.spans()
}

// Mask is the text with a mark in the place of each span. What comes to light
// only when something beside it is gone is masked as well, so masking a second
// time changes nothing.
func Mask(text string) string {
	for range mostPasses {
		spans := Find(text)
		if len(spans) == 0 {
			break
		}
		var b strings.Builder
		at := 0
		for _, s := range spans {
			b.WriteString(text[at:s.From])
			b.WriteString(Mark)
			at = s.To
		}
		b.WriteString(text[at:])
		text = b.String()
	}
	return text
}

// scan is a text while it is looked through. What was found first keeps its
// bytes: a later kind takes only what is free.
type scan struct {
	text, low string // low has the same offsets
	shields   []Span
	found     []Span
}

// lower makes the letters A to Z small and leaves every offset where it is.
func lower(s string) string {
	out := []byte(s)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return string(out)
}

// take notes a span unless something was found there before.
func (s *scan) take(from, to int, kind Kind) bool {
	if overlaps(s.found, from, to) {
		return false
	}
	s.found = append(s.found, Span{from, to, kind})
	return true
}

func overlaps(list []Span, from, to int) bool {
	return slices.ContainsFunc(list, func(o Span) bool { return from < o.To && o.From < to })
}

// shielded reports whether a stretch begins within something else: a number of
// coordinates, an amount.
func (s *scan) shielded(from, to int) bool { return overlaps(s.shields, from, to) }

func (s *scan) spans() []Span {
	slices.SortFunc(s.found, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	return s.found
}
