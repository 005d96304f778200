package document

import (
	"strings"
	"time"
)

// State says what a verification found.
type State string

// The states a verdict can have.
const (
	Valid    State = "valid"
	Altered  State = "altered"  // the identity is known, the content is another
	Expired  State = "expired"  // genuine, and its validity has ended
	Revoked  State = "revoked"  // genuine, and taken back by the issuer
	Void     State = "void"     // a number that was taken and never used
	Unlisted State = "unlisted" // truly signed, and not in the public list
	Unknown  State = "unknown"
)

// Fact is the public row of a document: no personal value.
type Fact struct {
	ID         ID        `json:"id"`
	Kind       string    `json:"kind"`
	Number     string    `json:"number"`
	Date       time.Time `json:"date"`                 // calendar date at 00:00 UTC
	ValidUntil time.Time `json:"valid_until,omitzero"` // likewise; zero = no end
	SHA256     []byte    `json:"sha256,omitempty"`
	Reason     string    `json:"reason,omitempty"`
	state      string
}

// MarshalText is the id in hexadecimal.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// Verdict is the answer to somebody who holds a paper, a code or a file.
// Fact is zero when nothing is known. Statement is set only for a code whose
// signature holds: its proved values are shown with "compare with the paper".
type Verdict struct {
	State     State      `json:"state"`
	Fact      Fact       `json:"fact,omitzero"`
	Statement *Statement `json:"statement,omitempty"`
}

// Rows of the document table go through these states.
const (
	rowNumbered = "numbered"
	rowStored   = "stored"
	rowIssued   = "issued"
	rowRevoked  = "revoked"
	rowVoid     = "void"
)

// judge gives the verdict on a genuine document on a calendar date.
func (f Fact) judge(today time.Time) Verdict {
	switch {
	case f.state == rowVoid:
		return Verdict{State: Void, Fact: f}
	case f.state == rowRevoked:
		return Verdict{State: Revoked, Fact: f}
	case f.state != rowIssued:
		return Verdict{State: Unknown}
	case !f.ValidUntil.IsZero() && days(today) > days(f.ValidUntil):
		return Verdict{State: Expired, Fact: f}
	}
	return Verdict{State: Valid, Fact: f}
}

// says reports whether the fact and a statement speak of the same document.
func (f Fact) says(st Statement) bool {
	return f.ID == st.ID && f.Kind == st.Kind && f.Number == st.Number && f.Date.Equal(st.Date) && f.ValidUntil.Equal(st.ValidUntil)
}

// numberKey is a number as people may type it: letter case and spaces do not matter.
func numberKey(number string) string {
	return strings.ToUpper(strings.Join(strings.Fields(number), ""))
}
