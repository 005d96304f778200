package api

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pendopo/kernel/fault"
)

// Bounds of a JSON body beside its bytes.
const (
	mostDepth  = 16
	mostValues = 2000
)

// reader reads one JSON text strictly: UTF-8, no member twice, not too deep. It
// is our own because encoding/json takes double members and says nothing, and
// reading by its tokens after its own check costs five times as much.
type reader struct {
	text    []byte
	at      int
	values  int
	path    []string // names and indexes on the way to the present value
	doubled []*fault.Fault
}

// readJSON reads a body into maps, lists, strings, booleans, nil and
// json.Number. No fault quotes it.
func readJSON(raw []byte) (any, error) {
	if !utf8.Valid(raw) {
		return nil, errNotJSON()
	}
	rd := &reader{text: raw}
	v, err := rd.value()
	if err != nil {
		return nil, err
	}
	if rd.next() != end {
		return nil, errNotJSON()
	}
	return v, fault.Join(rd.doubled)
}

func errNotJSON() error { return fault.New(fault.Malformed, "api.not_json") }

// end is what next gives behind the last byte; no JSON text has it elsewhere.
const end = 0

// next passes over spaces and gives the byte that follows, without taking it.
func (rd *reader) next() byte {
	for ; rd.at < len(rd.text); rd.at++ {
		if c := rd.text[rd.at]; c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			if c == end {
				return '?' // a NUL is no end
			}
			return c
		}
	}
	return end
}

// take takes the byte that follows when it is c.
func (rd *reader) take(c byte) bool {
	if rd.next() != c {
		return false
	}
	rd.at++
	return true
}

func (rd *reader) value() (any, error) {
	if rd.values++; len(rd.path) > mostDepth || rd.values > mostValues {
		return nil, fault.New(fault.Invalid, "api.too_deep")
	}
	switch c := rd.next(); c {
	case '{':
		return rd.object()
	case '[':
		return rd.list()
	case '"':
		return rd.string()
	case 't':
		return true, rd.word("true")
	case 'f':
		return false, rd.word("false")
	case 'n':
		return nil, rd.word("null")
	default:
		return rd.number()
	}
}

func (rd *reader) word(w string) error {
	if !bytes.HasPrefix(rd.text[rd.at:], []byte(w)) {
		return errNotJSON()
	}
	rd.at += len(w)
	return nil
}

func (rd *reader) object() (any, error) {
	rd.at++
	out := map[string]any{}
	for first := true; !rd.take('}'); first = false {
		if !first && !rd.take(',') || rd.next() != '"' {
			return nil, errNotJSON()
		}
		name, err := rd.string()
		if err != nil || !rd.take(':') {
			return nil, errNotJSON()
		}
		v, err := rd.inside(name)
		if err != nil {
			return nil, err
		}
		if _, twice := out[name]; twice {
			rd.doubled = append(rd.doubled, fault.New(fault.Invalid, "api.member_doubled").At(rd.pointer(name)))
		}
		out[name] = v
	}
	return out, nil
}

func (rd *reader) list() (any, error) {
	rd.at++
	out := []any{}
	for !rd.take(']') {
		if len(out) > 0 && !rd.take(',') {
			return nil, errNotJSON()
		}
		v, err := rd.inside(strconv.Itoa(len(out)))
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// inside reads the value of a member or of a place in a list.
func (rd *reader) inside(name string) (any, error) {
	rd.path = append(rd.path, name)
	v, err := rd.value()
	rd.path = rd.path[:len(rd.path)-1]
	return v, err
}

// pointer is the JSON pointer to a member of the present object.
func (rd *reader) pointer(name string) string {
	var b strings.Builder
	for _, step := range append(slices.Clip(rd.path), name) {
		b.WriteString("/" + escapePointer(step))
	}
	return b.String()
}

// string reads a string; one with escapes is unquoted by encoding/json, which
// also refuses what may not stand in it.
func (rd *reader) string() (string, error) {
	begin, escaped := rd.at, false
	for i := begin + 1; i < len(rd.text); i++ {
		switch c := rd.text[i]; {
		case c == '"':
			rd.at = i + 1
			if !escaped {
				return string(rd.text[begin+1 : i]), nil
			}
			return unquote(rd.text[begin:rd.at])
		case c == '\\':
			escaped = true
			i++
		case c < 0x20:
			return "", errNotJSON()
		}
	}
	return "", errNotJSON()
}

func unquote(quoted []byte) (s string, err error) {
	if json.Unmarshal(quoted, &s) != nil {
		return "", errNotJSON()
	}
	return s, nil
}

// number reads a number as it was written.
func (rd *reader) number() (any, error) {
	begin := rd.at
	rd.one("-")
	whole := rd.at
	good := rd.digits()
	good = good && (rd.text[whole] != '0' || rd.at == whole+1)
	if rd.one(".") {
		good = rd.digits() && good
	}
	if rd.one("eE") {
		rd.one("+-")
		good = rd.digits() && good
	}
	if !good {
		return nil, errNotJSON()
	}
	return json.Number(rd.text[begin:rd.at]), nil
}

// one takes the byte at hand when it is one of those.
func (rd *reader) one(of string) bool {
	if rd.at == len(rd.text) || strings.IndexByte(of, rd.text[rd.at]) < 0 {
		return false
	}
	rd.at++
	return true
}

// digits takes all there are, at least one.
func (rd *reader) digits() bool {
	begin := rd.at
	for rd.one("0123456789") {
	}
	return rd.at > begin
}

// Bounds of what a pointer repeats of a caller's own member names: a name is no
// value, but somebody may put one there.
const (
	longestName = 40
	mostDigits  = 4
)

// escapePointer is a member's name in a JSON pointer (RFC 6901). A name that
// can be none of ours is shown as a star.
func escapePointer(name string) string {
	digits := 0
	for _, c := range []byte(name) {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c|0x20 >= 'a' && c|0x20 <= 'z', c == '_', c == '-':
		default:
			return "*"
		}
	}
	if len(name) > longestName || digits > mostDigits {
		return "*"
	}
	return name
}
