package api

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"unicode/utf8"

	"pendopo/kernel/fault"
)

// Bounds of a JSON body beside its bytes.
const (
	mostDepth  = 16
	mostValues = 2000
)

// reader reads one JSON text strictly: UTF-8, no member twice, not too deep.
type reader struct {
	dec     *json.Decoder
	values  int
	doubled []*fault.Fault
}

// readJSON reads a body into maps, lists, strings, booleans, nil and
// json.Number. No fault quotes it.
func readJSON(raw []byte) (any, error) {
	if !utf8.Valid(raw) || !json.Valid(raw) {
		return nil, fault.New(fault.Malformed, "api.not_json")
	}
	rd := &reader{dec: json.NewDecoder(bytes.NewReader(raw))}
	rd.dec.UseNumber()
	v, err := rd.value("", 0)
	if err != nil {
		return nil, err
	}
	return v, fault.Join(rd.doubled)
}

func (rd *reader) value(at string, depth int) (any, error) {
	if rd.values++; depth > mostDepth || rd.values > mostValues {
		return nil, fault.New(fault.Invalid, "api.too_deep")
	}
	t, err := rd.dec.Token()
	if err != nil {
		return nil, notJSON(err)
	}
	switch t {
	case json.Delim('{'):
		return rd.object(at, depth)
	case json.Delim('['):
		return rd.list(at, depth)
	}
	return t, nil
}

func (rd *reader) object(at string, depth int) (any, error) {
	out := map[string]any{}
	for rd.dec.More() {
		t, err := rd.dec.Token()
		if err != nil {
			return nil, notJSON(err)
		}
		name, _ := t.(string) // a valid text has nothing else here
		there := at + "/" + escapePointer(name)
		v, err := rd.value(there, depth+1)
		if err != nil {
			return nil, err
		}
		if _, twice := out[name]; twice {
			rd.doubled = append(rd.doubled, fault.New(fault.Invalid, "api.member_doubled").At(there))
		}
		out[name] = v
	}
	_, err := rd.dec.Token()
	return out, notJSON(err)
}

func (rd *reader) list(at string, depth int) (any, error) {
	out := []any{}
	for rd.dec.More() {
		v, err := rd.value(at+"/"+strconv.Itoa(len(out)), depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	_, err := rd.dec.Token()
	return out, notJSON(err)
}

// notJSON hides the decoder's words, which may quote the text.
func notJSON(err error) error {
	if err == nil || err == io.EOF {
		return nil
	}
	return fault.New(fault.Malformed, "api.not_json")
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
