package place

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// node is one value of a JSON text and where it stands.
type node struct {
	at      int // offset of its first byte
	kind    byte
	text    string // of a string
	number  float64
	items   []node
	members []member
}

type member struct {
	name  string
	value node
}

// kinds of node; a truth value and null are others.
const (
	isObject = '{'
	isArray  = '['
	isText   = '"'
	isNumber = '0'
	isOther  = 'x'
)

// member finds a value of an object; nil when it has none of that name.
func (n *node) member(name string) *node {
	for i := range n.members {
		if n.members[i].name == name {
			return &n.members[i].value
		}
	}
	return nil
}

// mostDepth is how deep values may be nested: a MultiPolygon needs eight.
const mostDepth = 12

var errDeep = errors.New("values are nested too deep")

// reader reads a JSON text into nodes.
type reader struct {
	data []byte
	dec  *json.Decoder
}

// tree reads one JSON value and nothing behind it. An error comes with the
// offset at which it was noticed.
func tree(data []byte) (node, int, error) {
	r := &reader{data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	root, err := r.value(0)
	if err == nil {
		if _, more := r.dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something stands behind its end")
		}
	}
	return root, r.here(), err
}

// here is the offset of what comes next: behind spaces, commas and colons.
func (r *reader) here() int {
	at := int(r.dec.InputOffset())
	for at < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.data[at]) >= 0 {
		at++
	}
	return at
}

func (r *reader) value(depth int) (node, error) {
	n := node{at: r.here()}
	if depth > mostDepth {
		return n, errDeep
	}
	t, err := r.dec.Token()
	if err != nil {
		return n, err
	}
	switch v := t.(type) {
	case json.Delim:
		n.kind = byte(v)
		err = r.inside(&n, depth)
	case string:
		n.kind, n.text = isText, v
	case float64:
		n.kind, n.number = isNumber, v
	default:
		n.kind = isOther
	}
	return n, err
}

// inside reads what an object or an array holds, and its end.
func (r *reader) inside(n *node, depth int) error {
	for r.dec.More() {
		name := ""
		if n.kind == isObject {
			t, err := r.dec.Token()
			if err != nil {
				return err
			}
			name, _ = t.(string)
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		if n.kind == isObject {
			n.members = append(n.members, member{name, v})
		} else {
			n.items = append(n.items, v)
		}
	}
	_, err := r.dec.Token()
	return err
}
