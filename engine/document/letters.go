package document

import (
	"unicode"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// Letters says which characters the font of letters has, for forms whose
// answers will stand on one: a case must not be approved, take a number, and
// then wait for ever for a letter that cannot be drawn. What it gives is safe
// for many goroutines.
func Letters() (func(rune) bool, error) {
	font, err := sfnt.Parse(goregular.TTF)
	return func(r rune) bool {
		if r >= ' ' && r <= '~' {
			return true
		}
		glyph, err := font.GlyphIndex(nil, r)
		return err == nil && glyph != 0 && !unicode.IsControl(r)
	}, err
}
