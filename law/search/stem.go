package search

import (
	_ "embed"
	"strings"
)

//go:embed roots.txt
var rootList string

// Stemmer brings Indonesian words to their root: menikahkan, pernikahan and
// nikah are one term. It tries every way to take affixes off that the grammar
// allows and prefers one that ends at a root it knows; a word whose root it
// does not know loses what is surely no part of it.
type Stemmer struct {
	roots map[string]bool
}

// NewStemmer makes one that knows the roots of roots.txt and those given.
func NewStemmer(more ...string) *Stemmer {
	s := &Stemmer{roots: map[string]bool{}}
	for _, r := range append(strings.Fields(rootList), more...) {
		s.roots[r] = true
	}
	return s
}

// Stem is the root of a word in small letters. What is no word of letters and
// hyphens is given back as it is.
func (s *Stemmer) Stem(word string) string {
	if first, second, twice := strings.Cut(word, "-"); twice && first != "" && second != "" {
		return s.doubled(word, first, second)
	}
	if s.roots[word] || len(word) < 4 {
		return word
	}
	forms := s.forms(word)
	for _, f := range forms {
		if s.roots[f] {
			return f
		}
	}
	return s.guess(word)
}

// doubled is a word said twice, buku-buku, berbalas-balasan; another pair, such
// as sayur-mayur, is one word, and what follows a hyphen as nya and ku do is an
// ending.
func (s *Stemmer) doubled(word, first, second string) string {
	switch second {
	case "nya", "ku", "mu", "lah", "kah":
		return s.Stem(first)
	}
	if bare, ending, ok := strings.Cut(second, "-"); ok && (ending == "nya" || ending == "ku" || ending == "mu") {
		second = bare
	}
	a, b := s.Stem(first), s.Stem(second)
	if a == b {
		return a
	}
	if len(b) > 4 && strings.HasSuffix(a, b[2:]) { // menyepak-nyepak: the second begins as the first sounds
		return a
	}
	return word
}

// forms are the word without one or more affixes, the least changed first.
func (s *Stemmer) forms(word string) []string {
	seen := map[string]bool{word: true}
	out := []string{word}
	for i := 0; i < len(out) && len(out) < mostForms; i++ {
		steps := append(endless(out[i]), prefixless(out[i])...)
		for _, f := range steps {
			if len(f) >= 2 && !seen[f] {
				seen[f] = true
				out = append(out, f)
			}
		}
	}
	return out
}

// mostForms bounds the work for one word.
const mostForms = 120

// endless is a word without its last ending, in each way.
func endless(w string) []string {
	var out []string
	for _, e := range []string{"lah", "kah", "tah", "pun", "nya", "ku", "mu", "kan", "an", "i", "wan", "wati", "isasi", "is"} {
		if rest, ok := strings.CutSuffix(w, e); ok && len(rest) >= 3 {
			out = append(out, rest)
		}
	}
	return out
}

// prefixless is a word without its first prefix, in each way; a sound that the
// prefix swallowed comes back: menyapu, sapu.
func prefixless(w string) []string {
	var out []string
	for _, p := range prefixes() {
		rest, ok := strings.CutPrefix(w, p.text)
		if !ok || len(rest) < 2 {
			continue
		}
		if p.vowel && !vowel(rest[0]) {
			continue
		}
		for _, sound := range p.sounds {
			out = append(out, sound+rest)
		}
	}
	return out
}

// prefix is one form of a prefix and what may have stood at the beginning of
// the root; vowel: only before a vowel.
type prefix struct {
	text   string
	sounds []string
	vowel  bool
}

func prefixes() []prefix {
	none := []string{""}
	return []prefix{
		{"meng", []string{"", "k"}, true}, {"peng", []string{"", "k"}, true}, {"meny", []string{"s", "ny"}, true}, {"peny", []string{"s"}, true},
		{"mem", []string{"p", "m"}, true}, {"pem", []string{"p", "m"}, true}, {"men", []string{"t", "n"}, true}, {"pen", []string{"t", "n"}, true},
		{"menge", none, false}, {"penge", none, false},
		{"meng", none, false}, {"peng", none, false}, {"mem", none, false}, {"pem", none, false}, {"men", none, false}, {"pen", none, false},
		{"me", none, false}, {"pe", none, false}, {"ber", none, false}, {"per", none, false}, {"ter", none, false},
		{"be", []string{"", "r"}, false}, {"pe", []string{"r"}, false}, {"te", []string{"", "r"}, false}, {"bela", []string{"a"}, false}, {"pela", []string{"a"}, false},
		{"di", none, false}, {"ke", none, false}, {"se", none, false}, {"ku", none, false}, {"kau", none, false},
	}
}

func vowel(c byte) bool { return strings.IndexByte("aiueo", c) >= 0 }

// guess takes off what is surely no part of the root, as long as two syllables
// are left.
func (s *Stemmer) guess(w string) string {
	for _, e := range []string{"lah", "kah", "pun", "nya", "ku", "mu"} {
		if rest, ok := strings.CutSuffix(w, e); ok && syllables(rest) >= 2 {
			w = rest
			break
		}
	}
	front, had := frontless(w)
	for _, e := range []string{"kan", "an", "i"} {
		rest, ok := strings.CutSuffix(front, e)
		if ok && syllables(rest) >= 2 && (e != "i" || had) {
			return rest
		}
	}
	return front
}

// frontless takes the first prefix off where two syllables remain.
func frontless(w string) (rest string, had bool) {
	for _, p := range prefixes() {
		rest, ok := strings.CutPrefix(w, p.text)
		if !ok || rest == "" || p.vowel && !vowel(rest[0]) || !p.vowel && vowel(rest[0]) && strings.HasSuffix(p.text, "ng") {
			continue
		}
		if !sure(p.text, rest[0]) {
			continue
		}
		if root := p.sounds[0] + rest; syllables(root) >= 2 && len(root) >= 4 {
			return root, true
		}
	}
	return w, false
}

// sure reports a prefix that is seldom a part of the root before that letter.
func sure(prefix string, next byte) bool {
	switch prefix {
	case "me", "pe":
		return strings.IndexByte("lmnrwy", next) >= 0
	case "ter":
		return !vowel(next)
	case "be", "te", "ke", "se", "ku", "kau", "bela", "pela":
		return false
	}
	return true
}

// syllables counts the groups of vowels.
func syllables(w string) (n int) {
	for i := range len(w) {
		if vowel(w[i]) && (i == 0 || !vowel(w[i-1]) || w[i] != w[i-1] && i+1 < len(w)) {
			n++
		}
	}
	return n
}
