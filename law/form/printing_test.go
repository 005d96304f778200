package form

import (
	"testing"

	"pendopo/law/definition"
)

func TestTextThatNoLetterCanPrintIsRefusedAtItsField(t *testing.T) {
	ascii := func(r rune) bool { return r >= ' ' && r <= '~' }
	long := one(definition.KindText)
	long.Long = true
	plain, printing := &Form{}, (&Form{}).Printing(ascii)
	for _, c := range []struct {
		form  *Form
		field *definition.Field
		typed string
		want  string
	}{
		{plain, one(definition.KindText), "Sekar 😀", ""},
		{printing, one(definition.KindText), "Sekar Ayu", ""},
		{printing, one(definition.KindText), "Sekar 😀", "unprintable"},
		{printing, one(definition.KindText), "Se\u200bkar", "unprintable"},
		{printing, one(definition.KindText), "Se\x00kar", "control_characters"},
		{printing, long, "Jalan\r\n\tKenanga", ""},
		{printing, long, "Jalan\nꦧꦸꦢꦶ", "unprintable"},
	} {
		_, f := c.form.canonical(c.field, c.typed, Env{})
		if key(f) != c.want {
			t.Errorf("%q: %q, want %q", c.typed, key(f), c.want)
		}
		if f != nil && f.Field != c.field.ID {
			t.Errorf("%q: said at %q", c.typed, f.Field)
		}
	}
}
