package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// request is the canonical form of a request: what an idempotency key is a key
// to. It is the canonical JSON of its method, path and body, so spaces, the
// order of members and escapes make no other request.
func request(method, path string, body any) []byte {
	return canonical(map[string]any{"method": method, "path": path, "body": body})
}

// canonical writes a value as RFC 8785 (JCS) does, with one difference: numbers
// stay as they were written. The API takes whole numbers only, and a double
// would make two of them one.
func canonical(v any) []byte { return appendCanonical(make([]byte, 0, 1024), v) }

func appendCanonical(b []byte, v any) []byte {
	switch x := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, x)
	case json.Number:
		return append(b, x...)
	case string:
		return appendString(b, x)
	case []any:
		return appendList(b, x)
	case map[string]any:
		return appendObject(b, x)
	}
	return b
}

func appendList(b []byte, list []any) []byte {
	b = append(b, '[')
	for i, item := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCanonical(b, item)
	}
	return append(b, ']')
}

// appendObject writes members in the order of their UTF-16 code units.
func appendObject(b []byte, m map[string]any) []byte {
	b = append(b, '{')
	for i, name := range namesOf(m) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, name), ':')
		b = appendCanonical(b, m[name])
	}
	return append(b, '}')
}

// namesOf are the names of members in order. Those of ASCII, which ours are, sort
// by their units by themselves.
func namesOf(m map[string]any) []string {
	names, plain := make([]string, 0, len(m)), true
	for name := range m {
		names, plain = append(names, name), plain && ascii(name)
	}
	if plain {
		slices.Sort(names)
	} else {
		slices.SortFunc(names, byUnits)
	}
	return names
}

// byUnits compares by UTF-16 code units.
func byUnits(a, b string) int {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// appendString escapes what JSON must and nothing more.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for plain := 0; ; {
		i := strings.IndexFunc(s[plain:], mustEscape)
		if i < 0 {
			b = append(b, s[plain:]...)
			return append(b, '"')
		}
		b = append(b, s[plain:plain+i]...)
		plain += i + 1
		b = appendEscape(b, s[plain-1])
	}
}

func mustEscape(r rune) bool { return r < 0x20 || r == '"' || r == '\\' }

func appendEscape(b []byte, c byte) []byte {
	switch {
	case c == '"' || c == '\\':
		return append(b, '\\', c)
	case strings.IndexByte("\b\t\n\f\r", c) >= 0:
		return append(b, '\\', "btn-fr"[c-'\b'])
	}
	return fmt.Appendf(b, `\u%04x`, c)
}
