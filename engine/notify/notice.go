package notify

import (
	"strings"
	"time"

	"pendopo/engine/notify/wire"
)

// The kinds of notice, by what happened.
const (
	Receipt  = "receipt"  // submitted
	Returned = "returned" // to be corrected, by when
	Ready    = "ready"    // the product can be fetched
	Granted  = "granted"  // yes, without a product to fetch
	Rejected = "rejected" // no, and how to object
	Finished = "finished" // the work is done: please say whether it is solved
	Reopened = "reopened" // it goes on
	Wrote    = "message"  // an officer wrote
	Vault    = "vault"    // two people opened the reporter's identity
	Late     = "late"     // a missed limit granted it
	Closing  = "closing"  // silence will close it soon
	Closed   = "closed"   // silence, or an officer, closed it
	Merged   = "merged"   // it goes on with another report
	Joined   = "joined"   // something became of the report that goes on for a merged one
	Turn     = "turn"     // it is the applicant's turn
	Digest   = "digest"   // an officer's morning
	Test     = "test"     // whether a channel works
)

// Kinds are all kinds of notice to people outside.
func Kinds() []string {
	return []string{Receipt, Returned, Ready, Granted, Rejected, Finished, Reopened, Wrote, Vault, Late, Closing, Closed, Merged, Joined, Turn}
}

// concernsAll are the kinds that also those hear of whose reports were merged into
// the case: what became of the matter, and nothing that is between its own
// reporter and the office.
func concernsAll(kind string) bool {
	switch kind {
	case Finished, Reopened, Granted, Rejected, Closed, Late:
		return true
	}
	return false
}

// recorded are the kinds that the record says were told: those that ask somebody
// to act, or that something can be done against.
func recorded(kind string) bool {
	switch kind {
	case Returned, Rejected, Finished, Vault, Turn, Merged:
		return true
	}
	return false
}

// Notice is one thing to tell one person, without address and words.
type Notice struct {
	ID       string
	Stream   string // whose key seals it
	Subject  string // the case; "" of none
	Kind     string
	Version  int64
	Step     string
	Service  string
	Unit     string
	State    State
	Channels []string // ways that lead to this person, in order
	Channel  string   // the present one
	Reason   string   // why the last attempt failed: a code of wire
	Told     int      // one of the Told…
	Urgent   bool
	Made     time.Time
	Changed  time.Time

	sealed []byte
}

// Whether the record is to say that notice was given.
const (
	ToldNot = iota
	ToldWanted
	ToldDone
)

// Attempt is one try to send a notice.
type Attempt struct {
	Notice  string
	N       int
	Channel string
	State   string // Begun, or as of a notice: sent, delivered, failed
	Reason  string
	Ref     string
	Cost    int64 // rupiah
	Begun   time.Time
	Ended   time.Time
}

// Begun is the state of an attempt of which it is not known yet whether anything
// left: the process may have died in the middle.
const Begun = "begun"

// Contact is where somebody can be reached; every member may be empty.
type Contact struct {
	Phone  string   `json:"phone,omitempty"`
	Email  string   `json:"email,omitempty"`
	Lang   string   `json:"lang,omitempty"`
	Name   string   `json:"name,omitempty"`   // on a letter
	Postal string   `json:"postal,omitempty"` // on a letter
	Pushes []string `json:"pushes,omitempty"` // browsers that asked for it
}

// address is where a channel finds somebody; "" when it does not.
func (c Contact) address(channel string) string {
	switch channel {
	case wire.SMS, wire.WhatsApp:
		return Dialled(c.Phone)
	case wire.Email:
		return c.Email
	case wire.Push:
		return strings.Join(c.Pushes, "\n")
	case wire.Letter:
		if c.Name != "" && c.Postal != "" {
			return c.Name + "\n" + c.Postal
		}
	}
	return ""
}

// Dialled is a telephone number with its country code and digits alone; "" for
// what is none. Numbers without a country code are Indonesian.
func Dialled(phone string) string {
	var digits strings.Builder
	for _, r := range phone {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case !strings.ContainsRune("+ -().", r):
			return ""
		}
	}
	n := digits.String()
	switch {
	case strings.HasPrefix(n, "00"):
		n = n[2:]
	case strings.HasPrefix(n, "0"):
		n = "62" + n[1:]
	case strings.HasPrefix(n, "8") && !strings.HasPrefix(strings.TrimSpace(phone), "+"):
		n = "62" + n
	}
	if len(n) < 8 || len(n) > 15 {
		return ""
	}
	return n
}

// content is the sealed part of a notice.
type content struct {
	To      Contact  `json:"to"`
	Lang    string   `json:"lang"`
	Subject string   `json:"subject"`
	Text    string   `json:"text"`
	Short   string   `json:"short"`
	Values  []string `json:"values,omitempty"` // of a template: code, date
	Link    string   `json:"link,omitempty"`
}
