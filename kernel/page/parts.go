package page

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"

	"pendopo/kernel/fault"
)

// Parts is a multipart form read part by part: nothing of it ever touches a
// disk in plain. The token comes first and has been checked.
type Parts struct {
	reader *multipart.Reader
	limit  int64
	count  int
}

const (
	mostParts   = 200
	fieldOfPart = 32 << 10
)

// Part is one field or file of the form. Read it before asking for the next.
type Part struct {
	Name string // the field's
	File string // the file's, as the browser says; empty for a plain field
	io.Reader
}

// PartsOf is the form of a Route with Upload; nil on any other, and nil when
// the form came url-encoded.
func PartsOf(r *http.Request) *Parts {
	if rq := of(r.Context()); rq != nil {
		return rq.parts
	}
	return nil
}

func (s *Site) admitParts(r *http.Request, rq *request, boundary string) error {
	if boundary == "" {
		return fault.New(fault.Malformed, "fault.body_malformed")
	}
	parts := &Parts{reader: multipart.NewReader(r.Body, boundary), limit: rq.route.Body}
	first, err := parts.Next()
	if err != nil {
		return err
	}
	if first == nil || first.Name != TokenField {
		return fault.New(fault.Forbidden, "fault.form_expired")
	}
	token, err := first.Value()
	if err != nil {
		return err
	}
	rq.parts = parts
	return s.checkToken(r, token)
}

// Next is the next part, or nil at the end.
func (p *Parts) Next() (*Part, error) {
	part, err := p.reader.NextRawPart()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, bodyFault(err, p.limit)
	}
	if p.count++; p.count > mostParts {
		return nil, fault.New(fault.TooLarge, "fault.body_fields")
	}
	return &Part{Name: part.FormName(), File: part.FileName(), Reader: limited{part, p.limit}}, nil
}

// Value reads a plain field.
func (p *Part) Value() (string, error) {
	data, err := io.ReadAll(io.LimitReader(p.Reader, fieldOfPart+1))
	if err != nil {
		return "", err
	}
	if len(data) > fieldOfPart {
		return "", fault.New(fault.TooLarge, "fault.body_large").With("limit", sizeWords(fieldOfPart))
	}
	return string(data), nil
}

// limited turns what goes wrong while reading a part into a fault.
type limited struct {
	io.Reader
	limit int64
}

func (l limited) Read(b []byte) (int, error) {
	n, err := l.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, bodyFault(err, l.limit)
	}
	return n, err
}
