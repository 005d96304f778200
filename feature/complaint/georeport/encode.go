package georeport

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"mime"
	"strings"
)

// Format is how an answer is written. The zero Format is XML, which every server
// of the specification speaks.
type Format int

// The two formats.
const (
	XML Format = iota
	JSON
)

// ContentType is the header of an answer.
func (f Format) ContentType() string {
	if f == JSON {
		return "application/json; charset=utf-8"
	}
	return "text/xml; charset=utf-8"
}

// Suffix is how an address asks for it.
func (f Format) Suffix() string {
	if f == JSON {
		return ".json"
	}
	return ".xml"
}

// Named takes the name of a format off a name: "requests.json" is requests in
// JSON. False when it has none, and the name is as it came.
func Named(name string) (string, Format, bool) {
	for _, f := range []Format{XML, JSON} {
		if before, ok := strings.CutSuffix(name, f.Suffix()); ok {
			return before, f, true
		}
	}
	return name, XML, false
}

// Accepted is the format that an Accept header asks for first; XML where it
// names neither.
func Accepted(header string) Format {
	for part := range strings.SplitSeq(header, ",") {
		kind, _, err := mime.ParseMediaType(part)
		switch {
		case err != nil:
		case kind == "application/json":
			return JSON
		case kind == "text/xml", kind == "application/xml":
			return XML
		}
	}
	return XML
}

// FormatOf is the format that a Content-Type names, else the one that the first
// byte of the body looks like.
func FormatOf(contentType string, body []byte) Format {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch {
	case strings.HasSuffix(kind, "json"):
		return JSON
	case strings.HasSuffix(kind, "xml"):
		return XML
	}
	if b := bytes.TrimSpace(body); len(b) > 0 && (b[0] == '[' || b[0] == '{') {
		return JSON
	}
	return XML
}

// ErrUnwritable says that a value is none of the answers of the specification.
var ErrUnwritable = errors.New("no answer of the specification")

// Encode writes one of the answers of this package: Services, Definition,
// Requests, Receipts, Tickets, Updates, NotedUpdates, Failures, Discovery.
func Encode(f Format, answer any) ([]byte, error) {
	var b bytes.Buffer
	if f == JSON {
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(bare(answer)); err != nil {
			return nil, err
		}
		return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
	}
	tree, err := rooted(answer)
	if err != nil {
		return nil, err
	}
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?>` + "\n")
	if err := xml.NewEncoder(&b).Encode(tree); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// bare makes an empty list of a nil one: [] and never null.
func bare(answer any) any {
	switch a := answer.(type) {
	case Services:
		return append(Services{}, a...)
	case Requests:
		return append(Requests{}, a...)
	case Updates:
		return append(Updates{}, a...)
	case Definition:
		a.Attributes = append([]Attribute{}, a.Attributes...)
		return a
	}
	return answer
}

// rooted puts a list under the root element that the specification gives it.
func rooted(answer any) (any, error) {
	switch a := answer.(type) {
	case Services:
		return struct {
			XMLName xml.Name  `xml:"services"`
			Items   []Service `xml:"service"`
		}{Items: a}, nil
	case Requests:
		return under(a), nil
	case Receipts:
		return under(a), nil
	case Tickets:
		return under(a), nil
	case Updates:
		return updatesRoot[Update]{Items: a}, nil
	case NotedUpdates:
		return updatesRoot[Noted]{Items: a}, nil
	case Failures:
		return struct {
			XMLName xml.Name  `xml:"errors"`
			Items   []Failure `xml:"error"`
		}{Items: a}, nil
	case Definition, Discovery:
		return a, nil
	}
	return nil, ErrUnwritable
}

type requestsRoot[T any] struct {
	XMLName xml.Name `xml:"service_requests"`
	Items   []T      `xml:"request"`
}

func under[T any](items []T) any { return requestsRoot[T]{Items: items} }

type updatesRoot[T any] struct {
	XMLName xml.Name `xml:"service_request_updates"`
	Items   []T      `xml:"request_update"`
}
