package desk

import (
	"strings"
	"unicode"

	"pendopo/web/component/actions"
)

// keys gives each button of a page a letter of its own label, so that it can be
// remembered: the first of a word that is free, then any that is.
type keys struct{ taken map[rune]bool }

// newKeys leaves out the letters by which browsers open their own menus, and the
// one that locks the desk.
func newKeys() *keys { return &keys{map[rune]bool{'D': true, 'E': true, 'F': true, 'L': true}} }

// switchButton is that of whoever sits down at a locked desk; it has no key, for
// one beside it has.
func switchButton(text string) []actions.Action {
	return []actions.Action{{Name: "do", Value: "login", Text: text, Quiet: true}}
}

// take gives the letter for a label; empty when every letter of it is taken.
func (k *keys) take(label string) string {
	label = strings.ToUpper(label)
	begins := true
	var initials, others []rune
	for _, r := range label {
		switch {
		case r < 'A' || r > 'Z':
			begins = !unicode.IsLetter(r)
			continue
		case begins:
			initials = append(initials, r)
		default:
			others = append(others, r)
		}
		begins = false
	}
	for _, r := range append(initials, others...) {
		if !k.taken[r] {
			k.taken[r] = true
			return string(r)
		}
	}
	return ""
}

// button is one button with the key of its label.
func (k *keys) button(value, text string, quiet bool) []actions.Action {
	return []actions.Action{{Name: "do", Value: value, Text: text, Key: k.take(text), Quiet: quiet}}
}
