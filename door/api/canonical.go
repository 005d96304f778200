package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
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
func canonical(v any) []byte {
	var b strings.Builder
	writeCanonical(&b, v)
	return []byte(b.String())
}

func writeCanonical(b *strings.Builder, v any) {
	switch x := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		fmt.Fprint(b, x)
	case json.Number:
		b.WriteString(x.String())
	case string:
		writeString(b, x)
	case []any:
		for i, item := range x {
			b.WriteByte("[,"[min(i, 1)])
			writeCanonical(b, item)
		}
		if len(x) == 0 {
			b.WriteByte('[')
		}
		b.WriteByte(']')
	case map[string]any:
		writeObject(b, x)
	}
}

// writeObject writes members in the order of their UTF-16 code units.
func writeObject(b *strings.Builder, m map[string]any) {
	names := slices.SortedFunc(maps.Keys(m), byUnits)
	b.WriteByte('{')
	for i, name := range names {
		if i > 0 {
			b.WriteByte(',')
		}
		writeString(b, name)
		b.WriteByte(':')
		writeCanonical(b, m[name])
	}
	b.WriteByte('}')
}

// byUnits compares by UTF-16 code units. Names of ASCII, which ours are, sort
// like that by themselves.
func byUnits(a, b string) int {
	if ascii(a) && ascii(b) {
		return strings.Compare(a, b)
	}
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

// writeString escapes what JSON must and nothing more.
func writeString(b *strings.Builder, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r >= 0x20:
			b.WriteRune(r)
		case strings.ContainsRune("\b\t\n\f\r", r):
			b.WriteByte('\\')
			b.WriteByte("btn-fr"[r-'\b'])
		default:
			fmt.Fprintf(b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
}
