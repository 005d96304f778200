package page

import "strings"

// settings are not texts: how a language writes numbers, its own name in code.
func isSetting(key string) bool { return strings.HasPrefix(key, "page.format_") }

// Pseudo marks one text as given to the catalogue; tests and the demo use it
// for texts that live in definitions.
func Pseudo(s string) string { return "⟦" + s + "⟧" }

func pseudoTable(from map[string]*message) map[string]*message {
	out := make(map[string]*message, len(from))
	for key, m := range from {
		if isSetting(key) {
			out[key] = m
			continue
		}
		out[key] = m.pseudo()
	}
	return out
}

func (m *message) pseudo() *message {
	if m.forms != nil {
		out := &message{forms: make(map[pluralForm]*message, len(m.forms))}
		for form, text := range m.forms {
			out.forms[form] = text.pseudo()
		}
		return out
	}
	if m.parts == nil {
		return &message{plain: Pseudo(m.plain)}
	}
	parts := append([]part{{text: "⟦"}}, m.parts...)
	return &message{parts: append(parts, part{text: "⟧"})}
}
