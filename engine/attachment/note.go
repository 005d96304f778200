package attachment

import (
	"encoding/json"
	"strings"

	"pendopo/kernel/blob"
)

// note is what the store remembers of how a file came. It is sealed with the
// file, in blob.Info.Draft.
type note struct {
	Field string `json:"field,omitempty"`
	Mark  string `json:"mark,omitempty"` // recognises a repeated request
	Sum   string `json:"sum,omitempty"`  // of that request, its bytes included
	Raw   bool   `json:"raw,omitempty"`  // as sent, in pieces: not looked at yet
	Of    string `json:"of,omitempty"`   // id under which it came in pieces
	Size  int64  `json:"size,omitempty"` // bytes as sent
}

func (n note) text() string {
	raw, err := json.Marshal(n)
	if err != nil {
		return "" // not reached: strings and numbers alone
	}
	return string(raw)
}

// noteOf reads the note of a file; one that came by Take has its field alone.
func noteOf(b blob.Blob) note {
	var n note
	if !strings.HasPrefix(b.Draft, "{") || json.Unmarshal([]byte(b.Draft), &n) != nil {
		return note{Field: b.Draft}
	}
	return n
}
