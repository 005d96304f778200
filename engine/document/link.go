package document

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
)

// maxLink bounds what ReadLink looks at, in bytes.
const maxLink = 2*MaxPayload + 512

// Path is where a document's public state stands below the portal's address:
// /verify/ and the id. It names no person, so it may stand in any log.
func (id ID) Path() string { return "/verify/" + id.String() }

// String is the id in 32 lower-case hexadecimal digits, as events and tables hold it.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// ParseID reads what String wrote.
func ParseID(text string) (ID, bool) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(ID{}) {
		return ID{}, false
	}
	return ID(raw), true
}

// Link is the text of the QR code: base (https://host) + /verify/<id>#<signed
// statement>. A phone's camera opens the page of that id; what follows # stays
// in the phone, and only the page's own form, filled by script or by hand,
// sends it on in a request body. A scanner without network reads the same text.
func Link(base string, id ID, payload []byte) string {
	return strings.TrimRight(base, "/") + id.Path() + "#" + base64.RawURLEncoding.EncodeToString(payload)
}

// ReadLink takes the signed statement out of a scanned link, or out of the bare
// part after its #. The id in a link's path comes along, zero when there was
// none: whoever verifies the statement must find the same id in it.
func ReadLink(text string) (payload []byte, id ID, err error) {
	text = strings.TrimSpace(text)
	if len(text) > maxLink {
		return nil, ID{}, fault.New(fault.TooLarge, "document.payload_too_long")
	}
	if before, after, isLink := strings.Cut(text, "#"); isLink {
		_, name, _ := strings.Cut(before, "/verify/")
		known := false
		if id, known = ParseID(name); !known {
			return nil, ID{}, fault.New(fault.Invalid, "document.payload_unreadable")
		}
		text = after
	}
	payload, err = base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(payload) == 0 || strings.ContainsAny(text, "\r\n") {
		return nil, ID{}, fault.New(fault.Invalid, "document.payload_unreadable").Because(err)
	}
	return payload, id, nil
}

// ReadStatement reads and verifies what a code on paper says: a link or the
// bare text of a signed statement, see [ReadLink] and [Verify].
func ReadStatement(text string, keys []seal.PublishedKey) (Statement, error) {
	payload, id, err := ReadLink(text)
	if err != nil {
		return Statement{}, err
	}
	st, err := Verify(payload, keys)
	if err == nil && id != (ID{}) && id != st.ID {
		err = fault.New(fault.Invalid, "document.forged")
	}
	if err != nil {
		return Statement{}, err
	}
	return st, nil
}
