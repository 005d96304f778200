package region

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// Bounds of a search.
const (
	mostWanted = 6  // words of a question that count
	mostHits   = 50 // places of an answer
)

// Question is a search: what somebody typed, the level of the places wanted and
// the place they lie in (empty: anywhere).
type Question struct {
	Text  string
	Level Level
	Below string
	Limit int // at most 50
}

// span is the words that begin with some letters: from, and the first after.
type span struct {
	from, upto int
	letters    string
}

// Find gives the places whose names the words of a question fit: each word is
// the beginning of a word of the place's own name or of one above it, and at
// least one is of its own name. The best come first: a name that is the whole
// question, then one that begins with it, then the others in the order of their
// codes.
func (t *Table) Find(q Question) []Place {
	wanted := t.spans(q.Text)
	if len(wanted) == 0 || q.Level < Province || q.Level > Village {
		return nil
	}
	hits := t.hits(wanted, q)
	typed := letters(q.Text)
	rank := func(p Place) int {
		switch name := letters(p.Name); {
		case name == typed || strings.TrimPrefix(strings.TrimPrefix(name, "kabupaten"), "kota") == typed:
			return 0
		case strings.HasPrefix(name, typed):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(hits, func(a, b Place) int { return cmp.Compare(rank(a), rank(b)) })
	return hits[:min(len(hits), max(q.Limit, 1), mostHits)]
}

// mostFits bounds what is ranked; a question that fits more is too short to be
// answered well, and is answered with the first.
const mostFits = 2000

// hits walks through all places and keeps those that fit.
func (t *Table) hits(wanted []span, q Question) []Place {
	var out []Place
	var above [4]uint // which words of the question fit the names on the way down
	all := uint(1)<<len(wanted) - 1
	w := &walker{r: &reader{s: t.file, at: t.from}}
	for w.within(t.upto) && len(out) < mostFits && w.next(t.count) {
		own := fits(w.names, wanted)
		before := uint(0)
		if w.level > 0 {
			before = above[w.level-1]
		}
		above[w.level] = before | own
		if w.level != int(q.Level) || own == 0 || above[w.level] != all {
			continue
		}
		if code := w.code(); q.Below == "" || strings.HasPrefix(code, q.Below+".") {
			out = append(out, Place{code, t.nameOf(w.names)})
		}
	}
	return out
}

// fits is which of the wanted words the words of a name begin with, as bits.
func fits(names string, wanted []span) (bits uint) {
	for i := 0; i+1 < len(names); i += 2 {
		n := int(names[i]) | int(names[i+1])<<8
		for k, s := range wanted {
			if n >= s.from && n < s.upto {
				bits |= 1 << k
			}
		}
	}
	return bits
}

// spans are the words of a question as spans of words of the list. Words for a
// level are left out; a word that no name has makes the search empty.
func (t *Table) spans(text string) []span {
	if !t.open() {
		return nil
	}
	var out []span
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' }) {
		l := letters(word)
		if l == "" || slices.Contains([]string{"desa", "kelurahan", "kel", "kecamatan", "kec", "kab", "provinsi", "prov"}, l) {
			continue
		}
		if len(out) == mostWanted {
			break
		}
		s := t.span(l)
		if s.from == s.upto {
			return nil
		}
		out = append(out, s)
	}
	return out
}

func (t *Table) span(l string) span {
	at := func(n int) string {
		var b strings.Builder
		t.word(&b, n)
		return letters(b.String())
	}
	from := sort.Search(t.count, func(n int) bool { return at(n) >= l })
	upto := from + sort.Search(t.count-from, func(n int) bool { return !strings.HasPrefix(at(from+n), l) })
	return span{from, upto, l}
}
