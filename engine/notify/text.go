package notify

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// mostShort is the longest short message: one SMS of the seven-bit alphabet.
const mostShort = 160

// gsm is the default alphabet of GSM 03.38 but for its extensions, which take
// two places each.
const gsm = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

const gsmExtended = "^{}\\[~]|€\f"

// Septets is how many places of an SMS a text takes; false when it has a letter
// that the alphabet has not.
func Septets(s string) (n int, ok bool) {
	for _, r := range s {
		switch {
		case strings.ContainsRune(gsm, r):
			n++
		case strings.ContainsRune(gsmExtended, r):
			n += 2
		default:
			return n, false
		}
	}
	return n, true
}

// brief makes a text fit one SMS: letters that the alphabet has not become plain
// ones, and what is too long loses its end. The texts of the locale files fit with
// the longest code, date and address; a government with a very long name does not.
func brief(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(gsm, r) || strings.ContainsRune(gsmExtended, r) {
			return r
		}
		switch r {
		case '’', '‘':
			return '\''
		case '“', '”':
			return '"'
		case '–', '—', '−':
			return '-'
		case '…':
			return '.'
		}
		return '?'
	}, s)
	for {
		if n, _ := Septets(s); n <= mostShort {
			return s
		}
		_, last := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-last]
	}
}

func parseOrder(payload []byte) (o order, err error) {
	err = json.Unmarshal(payload, &o)
	return o, err
}
