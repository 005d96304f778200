package intake

import (
	"strings"
	"unicode"

	"pendopo/law/definition"
)

// spaced is a text as words between single spaces, in small letters, with one
// before and one behind: so that a word is found whole.
func spaced(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return " " + strings.Join(words, " ") + " "
}

// guessChoice is the choice whose own words a text has most of; "" when there is
// none, or more than one.
func guessChoice(f *definition.Field, text string) string {
	if f == nil {
		return ""
	}
	text = spaced(text)
	best, most, twice := "", 0, false
	for _, c := range f.Choices {
		n := 0
		for _, w := range append([]string{c.Text.In("id"), c.Text.In("en")}, c.Words...) {
			if strings.Contains(text, spaced(w)) {
				n++
			}
		}
		switch {
		case n > most:
			best, most, twice = c.ID, n, false
		case n == most && n > 0:
			twice = true
		}
	}
	if twice {
		return ""
	}
	return best
}

// guessPlace is the place of a level whose name a text has, with or without what it
// is ("Desa"); "" when there is none, or more than one. The longest name wins.
func guessPlace(g *definition.Government, level, text string) string {
	if level == "" {
		level = "village"
	}
	text = spaced(text)
	best, longest, twice := "", 0, false
	for _, r := range g.Regions {
		if definition.LevelOf(r.Code) != level {
			continue
		}
		name := spaced(bareName(r.Name))
		switch {
		case !strings.Contains(text, name) || len(name) < longest:
		case len(name) > longest:
			best, longest, twice = r.Code, len(name), false
		default:
			twice = true
		}
	}
	if twice {
		return ""
	}
	return best
}

// bareName is a name without the kind of place before it.
func bareName(name string) string {
	for _, kind := range []string{"Desa ", "Kelurahan ", "Kecamatan ", "Kabupaten ", "Kota "} {
		if rest, ok := strings.CutPrefix(name, kind); ok {
			return rest
		}
	}
	return name
}

// mostHeadline is the length of a title made of the first words, in runes.
const mostHeadline = 60

// headline is the beginning of what somebody told.
func headline(text string) string {
	runes := []rune(text)
	if len(runes) <= mostHeadline {
		return text
	}
	cut := string(runes[:mostHeadline])
	if i := strings.LastIndexByte(cut, ' '); i > mostHeadline/2 {
		cut = cut[:i]
	}
	return cut + "..."
}

// dialled is a telephone number as the form keeps it: +62…; "" when it is none.
func dialled(number string) string {
	var digits strings.Builder
	for _, r := range number {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case !strings.ContainsRune("+ -().", r):
			return ""
		}
	}
	n := digits.String()
	switch {
	case strings.HasPrefix(n, "00"):
		n = n[2:]
	case strings.HasPrefix(n, "0"):
		n = "62" + n[1:]
	case strings.HasPrefix(n, "8"):
		n = "62" + n
	}
	if len(n) < 9 || len(n) > 15 {
		return ""
	}
	return "+" + n
}
