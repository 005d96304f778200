package seal

import (
	"fmt"
	"strings"

	"pendopo/kernel/fault"
)

// A share on paper: four lines of four groups of four characters, and a last
// group of two by which a slip is found and placed.
//
//	1   7F3K 0M2Q ZZ81 C4NR   8W
//
// The characters are Crockford's: no I, L, O or U; what is typed for them counts
// as 1, 1, 0 and V. Each line is ten bytes: of all forty the first says the form,
// then come number, set, the share itself, and two bytes of a digest.
const (
	paperAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	paperForm     = 1
	lineBytes     = 10
	lineChars     = 16
	checkChars    = 2
	// PaperLines is how many lines a share has on paper.
	PaperLines = 4
	// paperPrime is the largest prime below 32². A line read as a number to the
	// base 32, modulo it, changes with every single character and with every two
	// that are exchanged.
	paperPrime = 1021
)

// Paper gives the lines of a share as they are printed.
func (s Share) Paper() [PaperLines]string {
	check := s.checkOf()
	raw := append([]byte{paperForm, s.Number}, s.Set[:]...)
	raw = append(append(raw, s.y[:]...), check[:]...)
	var lines [PaperLines]string
	for i := range lines {
		chars := encodeLine(raw[i*lineBytes : (i+1)*lineBytes])
		lines[i] = fmt.Sprintf("%s %s %s %s   %s", chars[:4], chars[4:8], chars[8:12], chars[12:], checkLine(i, chars))
	}
	return lines
}

func encodeLine(raw []byte) string {
	var b strings.Builder
	bits, held := 0, uint(0)
	for _, c := range raw {
		held, bits = held<<8|uint(c), bits+8
		for bits >= 5 {
			bits -= 5
			b.WriteByte(paperAlphabet[held>>bits&31])
		}
	}
	return b.String()
}

func decodeLine(chars string) []byte {
	var raw []byte
	bits, held := 0, uint(0)
	for i := range len(chars) {
		held, bits = held<<5|uint(strings.IndexByte(paperAlphabet, chars[i])), bits+5
		if bits >= 8 {
			bits -= 8
			raw = append(raw, byte(held>>bits))
		}
	}
	return raw
}

// checkLine is the last group of a line. The line's place counts, so that two
// exchanged lines are found too.
func checkLine(place int, chars string) string {
	sum := 0
	for i := range len(chars) {
		sum = (sum*32 + strings.IndexByte(paperAlphabet, chars[i])) % paperPrime
	}
	sum = (sum + 307*(place+1)) % paperPrime
	return string([]byte{paperAlphabet[sum/32], paperAlphabet[sum%32]})
}

// paperLine reads one typed line: spaces, dashes and case do not matter. It says
// which character is none, or that the line has a slip.
func paperLine(place int, typed string) (string, error) {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-' || r == '\t' || r == '\r' || r == '\u00a0':
			return -1
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		}
		switch r {
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		case 'U':
			return 'V'
		}
		return r
	}, typed)
	for _, r := range clean {
		if !strings.ContainsRune(paperAlphabet, r) {
			return "", fault.New(fault.Invalid, "seal.share_character").With("line", place+1).With("character", string(r))
		}
	}
	if len(clean) != lineChars+checkChars {
		return "", fault.New(fault.Invalid, "seal.share_length").With("line", place+1).With("want", lineChars+checkChars).With("have", len(clean))
	}
	chars := clean[:lineChars]
	if checkLine(place, chars) != clean[lineChars:] {
		return "", fault.New(fault.Invalid, "seal.share_slip").With("line", place+1)
	}
	return chars, nil
}

// CheckPaperLine says what is wrong with one typed line of a share, counted from
// 0, so that it can be asked again at once.
func CheckPaperLine(place int, typed string) error {
	_, err := paperLine(place, typed)
	return err
}

// ReadPaper reads the typed lines of a share.
func ReadPaper(lines []string) (s Share, err error) {
	if len(lines) != PaperLines {
		return s, fault.New(fault.Invalid, "seal.share_lines").With("want", PaperLines).With("have", len(lines))
	}
	var raw []byte
	for i, typed := range lines {
		chars, err := paperLine(i, typed)
		if err != nil {
			return s, err
		}
		raw = append(raw, decodeLine(chars)...)
	}
	if raw[0] != paperForm || raw[1] < 1 || raw[1] > ShareCount {
		return s, fault.New(fault.Invalid, "seal.share_foreign")
	}
	s = Share{Number: raw[1], Set: [4]byte(raw[2:6]), y: [keySize]byte(raw[6 : 6+keySize])}
	if s.checkOf() != [2]byte(raw[6+keySize:]) {
		return s, fault.New(fault.Invalid, "seal.share_foreign")
	}
	return s, nil
}
