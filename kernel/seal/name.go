package seal

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// typoLength is the number of letters from which a word is also found with one
// wrong, missing, extra or swapped letter. Shorter names (Adi, Ida) would find
// each other.
const typoLength = 4

// NameTokens gives the tokens under which a name is indexed: every word in its
// modern spelling, and every word of at least four letters with one letter
// left out. Two words share a token when they are at most one typo apart.
func NameTokens(name string) []string {
	var tokens []string
	for _, word := range NameWords(name) {
		tokens = append(tokens, WordTokens(word)...)
	}
	slices.Sort(tokens)
	return slices.Compact(tokens)
}

// NameWords gives the words of a name: lower case, without accents, titles
// and initials, old spelling made new (oe, dj, tj become u, j, c).
func NameWords(name string) []string {
	var words []string
	for _, word := range strings.FieldsFunc(plainLetters(name), func(r rune) bool { return r == ' ' }) {
		word = newSpelling(word)
		if len([]rune(word)) > 1 && !isTitle(word) && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// WordTokens gives the tokens of one word that NameWords gave. A person is
// found by a word when any of its tokens is indexed.
func WordTokens(word string) []string {
	letters := []rune(word)
	tokens := []string{word}
	if len(letters) < typoLength {
		return tokens
	}
	for i := range letters {
		shorter := string(letters[:i]) + string(letters[i+1:])
		if !slices.Contains(tokens, shorter) {
			tokens = append(tokens, shorter)
		}
	}
	return tokens
}

// plainLetters keeps lower-case letters; apostrophes and accents vanish
// (Ma'ruf is maruf) and everything else separates words.
func plainLetters(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(name) {
		switch {
		case unicode.IsLetter(r):
			b.WriteRune(unicode.ToLower(r))
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '‘', r == '`', r == 'ʼ':
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// newSpelling applies the reforms of 1947 and 1972 that names keep ignoring.
// None makes what another would change, so one after the other will do.
func newSpelling(word string) string {
	word = strings.ReplaceAll(word, "tj", "c")
	word = strings.ReplaceAll(word, "dj", "j")
	return strings.ReplaceAll(word, "oe", "u")
}

func isTitle(word string) bool {
	switch word {
	case "dr", "drs", "dra", "drg", "ir", "prof", "hj", "haji", "hajah", "kh", "bin", "binti":
		return true
	}
	return false
}
