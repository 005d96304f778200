package region

import "strings"

// Level is how far down a place stands.
type Level int

// The levels, from the top.
const (
	Province Level = iota
	Regency        // kabupaten, kota
	District       // kecamatan
	Village        // desa, kelurahan
)

// String is the level as the definition language calls it.
func (l Level) String() string {
	if l < Province || l > Village {
		return ""
	}
	return [...]string{"province", "regency", "district", "village"}[l]
}

// LevelOf is the level of a code of the right form; -1 for any other text.
func LevelOf(code string) Level { return Level(levelOf(code)) }

// Parent is the code of the place above; empty for a province.
func Parent(code string) string { return parentOf(code) }

// levelOf is the level of a code, -1 for what is none.
func levelOf(code string) int {
	level := -1
	switch len(code) {
	case 2:
		level = 0
	case 5:
		level = 1
	case 8:
		level = 2
	case 13:
		level = 3
	default:
		return -1
	}
	for i := range len(code) {
		dot := i == 2 || i == 5 || i == 8
		if dot != (code[i] == '.') || !dot && (code[i] < '0' || code[i] > '9') {
			return -1
		}
	}
	return level
}

func parentOf(code string) string {
	return code[:max(strings.LastIndexByte(code, '.'), 0)]
}

// Dotted is a code of digits alone, 337401, as codes are written: 33.74.01.
// Anything else is given back as it is.
func Dotted(digits string) string {
	switch len(digits) {
	case 4:
		return digits[:2] + "." + digits[2:]
	case 6:
		return digits[:2] + "." + digits[2:4] + "." + digits[4:]
	case 10:
		return digits[:2] + "." + digits[2:4] + "." + digits[4:6] + "." + digits[6:]
	}
	return digits
}
