package definition

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// closure is the published form of a service: all that a case needs for as long
// as it is open, and nothing of units, officers, calendars and numbers, which
// are live and versioned apart.
type closure struct {
	Language  int       `json:"language"`
	Languages []string  `json:"languages"`
	Service   *Service  `json:"service"`
	Template  *Template `json:"template,omitempty"`
}

// Closure is the published form of a service as canonical JSON (sorted keys, no
// spaces, UTF-8 unescaped) and its SHA-256 in hex. Both are empty when there is
// no such service.
func (g *Government) Closure(serviceID string) (canonicalJSON []byte, hash string) {
	s := g.Service(serviceID)
	if s == nil {
		return nil, ""
	}
	c := closure{Language: Language, Languages: g.Profile.Languages, Service: s}
	if t, ok := g.Templates[s.Product.Template]; ok {
		c.Template = &t
	}
	return c.canonical()
}

func (c closure) canonical() ([]byte, string) {
	data, err := canonical(c)
	if err != nil {
		return nil, "" // plain structs of strings, numbers and maps always encode
	}
	sum := sha256.Sum256(data)
	return data, hex.EncodeToString(sum[:])
}

// LoadClosure reads a published definition: the service and its template, nil
// when its product is not issued here. A member or language version that this
// binary does not know is an error, because acting on half a definition is
// worse than not acting.
func LoadClosure(data []byte) (*Service, *Template, error) {
	var c closure
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return nil, nil, fmt.Errorf("read published definition: %w", err)
	}
	if c.Language != Language || c.Service == nil {
		return nil, nil, fmt.Errorf("published definition has language %d; this binary speaks %d", c.Language, Language)
	}
	return c.Service, c.Template, nil
}

// canonical encodes v with sorted keys and without escaping or spaces, whatever
// the order of its Go fields.
func canonical(v any) ([]byte, error) {
	first, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(first))
	dec.UseNumber()
	var plain any
	if err := dec.Decode(&plain); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(plain); err != nil {
		return nil, err
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}
