package intake

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
)

//go:embed rough.txt
var roughFile string

// roughWords are the words of rough.txt.
func roughWords() (out []string) {
	for line := range strings.Lines(roughFile) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}

// rough says that a text has a word for which an officer looks at it first. It
// reads what people write to get by a list: 4 for a, 0 for o, letters said twice.
func rough(text string) bool {
	list := roughWords()
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("@$!", r)
	}) {
		w = plainWord(w)
		if slices.ContainsFunc(list, func(bad string) bool { return matches(w, plainWord(bad)) }) {
			return true
		}
	}
	return false
}

// shortest is the length up to which a word must be met whole: what begins with a
// short one is mostly something else ("asuransi").
const shortest = 3

func matches(w, bad string) bool {
	return w == bad || len(bad) > shortest && strings.HasPrefix(w, bad)
}

// figures stand for letters in words that somebody disguises.
const figures, letters = "4@0135$7!", "aaoiessti"

// plainWord undoes figures for letters and letters said twice.
func plainWord(w string) string {
	var b strings.Builder
	last := rune(-1)
	for _, r := range w {
		if i := strings.IndexRune(figures, r); i >= 0 {
			r = rune(letters[i])
		}
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
