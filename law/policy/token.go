package policy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word of a policy file. The Cedar parser stops at its first fault
// and points one token too far; these tokens split a file into policies, so
// that each is proved for itself, and say where a fault really stands.
type token struct {
	text         string
	offset       int // in bytes
	line, column int // from 1; columns count characters
}

// tokens reads a text without judging it: a fault in it is Cedar's to report.
func tokens(text string) []token {
	var out []token
	at := token{line: 1, column: 1}
	for at.offset < len(text) {
		rest := text[at.offset:]
		size := wordSize(rest)
		word := rest[:size]
		if !blank(word) {
			out = append(out, token{word, at.offset, at.line, at.column})
		}
		at = at.after(word)
	}
	return out
}

func blank(word string) bool {
	return strings.TrimSpace(word) == "" || strings.HasPrefix(word, "//")
}

// after is the place behind a word that starts at t.
func (t token) after(word string) token {
	for _, r := range word {
		if t.column++; r == '\n' {
			t.line, t.column = t.line+1, 1
		}
	}
	t.offset += len(word)
	return t
}

// wordSize is the length in bytes of the word that rest begins with.
func wordSize(rest string) int {
	first, size := utf8.DecodeRuneInString(rest)
	switch {
	case strings.HasPrefix(rest, "//"):
		return until(rest, func(r rune) bool { return r == '\n' })
	case first == '"':
		return stringSize(rest)
	case first == '_' || unicode.IsLetter(first) || unicode.IsDigit(first):
		return until(rest, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	}
	for _, op := range []string{"::", "==", "!=", "<=", ">=", "&&", "||"} {
		if strings.HasPrefix(rest, op) {
			return len(op)
		}
	}
	return size
}

func until(rest string, stop func(rune) bool) int {
	if i := strings.IndexFunc(rest, stop); i >= 0 {
		return i
	}
	return len(rest)
}

// stringSize is the length of a quoted string; one that does not end takes its line.
func stringSize(rest string) int {
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		case '\n':
			return i
		}
	}
	return len(rest)
}

// statements splits tokens after every semicolon.
func statements(all []token) [][]token {
	var out [][]token
	start := 0
	for i, t := range all {
		if t.text == ";" {
			out = append(out, all[start:i+1])
			start = i + 1
		}
	}
	if start < len(all) {
		out = append(out, all[start:])
	}
	return out
}

// alone is the text with everything but one statement blanked, so that lines
// and columns stay what they are.
func alone(text string, statement []token) string {
	last := statement[len(statement)-1]
	from, to := statement[0].offset, last.offset+len(last.text)
	head := strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return ' '
	}, text[:from])
	return head + text[from:to]
}
