package mail

import (
	"bufio"
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"pendopo/engine/notify/wire"
)

// mostBounce bounds a bounce, in bytes; mostParts the parts of one.
const (
	mostBounce = 1 << 20
	mostParts  = 20
)

// idShape is a notice's id: a UUID, or as many hex digits.
const idShape = `[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}`

var (
	verp      = regexp.MustCompile(`\+(` + idShape + `)@`)
	messageID = regexp.MustCompile(`(?im)^message-id:\s*<(` + idShape + `)@`)
)

// ParseBounce reads a message that came to the address for bounces. Found is
// false when it is none, or belongs to no notice.
func ParseBounce(raw []byte) (r wire.Report, found bool) {
	if len(raw) > mostBounce {
		raw = raw[:mostBounce]
	}
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return r, false
	}
	body, err := io.ReadAll(io.LimitReader(msg.Body, mostBounce))
	if err != nil {
		return r, false
	}
	r = wire.Report{Channel: wire.Email, ID: addressed(textproto.MIMEHeader(msg.Header)), Code: wire.Bounced}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "multipart/report" && strings.EqualFold(params["report-type"], "delivery-status"):
		status, id := parts(body, params["boundary"])
		r.Outcome = status
		if r.ID == "" {
			r.ID = id
		}
	case bytes.Contains(body, []byte("This is the qmail-send program")):
		r.Outcome = wire.Lost
		if found := messageID.FindSubmatch(body); r.ID == "" && found != nil {
			r.ID = string(found[1])
		}
	}
	return r, r.ID != "" && r.Outcome != wire.OnWay
}

// addressed is the id in the address that the bounce came to.
func addressed(h textproto.MIMEHeader) string {
	for _, name := range []string{"To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Delivered-To"} {
		for _, value := range h.Values(name) {
			if found := verp.FindStringSubmatch(strings.ToLower(value)); found != nil {
				return found[1]
			}
		}
	}
	return ""
}

// parts are the outcome and the id that stand in the parts of a report.
func parts(body []byte, boundary string) (status wire.Outcome, id string) {
	if boundary == "" {
		return wire.OnWay, ""
	}
	in := multipart.NewReader(bytes.NewReader(body), boundary)
	for range mostParts {
		p, err := in.NextRawPart()
		if err != nil {
			return status, id
		}
		kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil {
			continue
		}
		text, err := io.ReadAll(io.LimitReader(p, mostBounce))
		if err != nil {
			return status, id
		}
		switch kind {
		case "message/delivery-status", "message/global-delivery-status":
			status = outcome(text)
		case "message/rfc822", "text/rfc822-headers", "message/global-headers":
			if found := messageID.FindSubmatch(text); found != nil {
				id = string(found[1])
			}
		}
	}
	return status, id
}

// outcome is what the fields of a delivery status say (RFC 3464, 2.3.3): groups
// of headers, the first of the message, each other of one recipient.
func outcome(text []byte) wire.Outcome {
	in := textproto.NewReader(bufio.NewReader(bytes.NewReader(append(bytes.TrimLeft(text, "\r\n"), "\r\n\r\n"...))))
	for range mostParts {
		group, err := in.ReadMIMEHeader()
		action := strings.ToLower(strings.TrimSpace(group.Get("Action")))
		switch {
		case action == "failed": // for good; also of status 4.x, after days of trying
			return wire.Lost
		case action == "delivered":
			return wire.Arrived
		case action == "delayed", action == "relayed", action == "expanded":
			return wire.OnWay
		}
		if err != nil {
			return wire.OnWay
		}
	}
	return wire.OnWay
}

// Collect reads the bounces that have arrived in a Maildir's folder new and
// removes them: they hold addresses. A file that is no bounce is removed as well:
// nobody reads that mailbox.
func Collect(dir string, take func(wire.Report) error) (n int, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		name := filepath.Join(dir, e.Name())
		raw, err := readMost(name)
		if err != nil {
			return n, err
		}
		if r, found := ParseBounce(raw); found {
			if err := take(r); err != nil {
				return n, err
			}
		}
		if err := os.Remove(name); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func readMost(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, mostBounce))
}

// Read takes a bounce that a mail server posts to the address for reports.
func (m *Mail) Read(_ string, t wire.Told) []wire.Report {
	if r, found := ParseBounce(t.Body); found {
		return []wire.Report{r}
	}
	return nil
}
