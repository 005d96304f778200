package mail

import (
	"bytes"
	"fmt"
	"html"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"time"

	"pendopo/engine/notify/wire"
)

// MessageID is the Message-ID of a notice, without its brackets.
func (m *Mail) MessageID(id string) string {
	_, domain, _ := strings.Cut(m.From, "@")
	return id + "@" + domain
}

// compose writes a message: plain words, and the same as simple HTML.
func (m *Mail) compose(msg wire.Message) []byte {
	var b bytes.Buffer
	head := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, oneLine(value)) }
	at := msg.At
	if at.IsZero() {
		at = time.Now()
	}
	head("Date", at.Format(time.RFC1123Z))
	head("From", (&netmail.Address{Name: m.Name, Address: m.From}).String())
	head("To", "<"+msg.To+">")
	head("Subject", mime.QEncoding.Encode("utf-8", oneLine(msg.Subject)))
	head("Message-ID", "<"+m.MessageID(msg.ID)+">")
	head("Content-Language", msg.Lang)
	head("Auto-Submitted", "auto-generated")
	if msg.Stop != "" {
		head("List-Unsubscribe", "<"+msg.Stop+">")
		head("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	head("MIME-Version", "1.0")
	const boundary = "=_pendopo_part"
	head("Content-Type", `multipart/alternative; boundary="`+boundary+`"`)
	text := msg.Text
	if msg.Stop != "" {
		text += "\n\n" + msg.Stop
	}
	part(&b, boundary, "text/plain", text)
	part(&b, boundary, "text/html", page(msg))
	fmt.Fprintf(&b, "\r\n--%s--\r\n", boundary)
	return b.Bytes()
}

func part(b *bytes.Buffer, boundary, kind, words string) {
	fmt.Fprintf(b, "\r\n--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", boundary, kind)
	w := quotedprintable.NewWriter(b)
	w.Write([]byte(strings.ReplaceAll(words, "\n", "\r\n"))) // a buffer takes everything
	w.Close()
}

// page is the message as HTML: paragraphs, and addresses that can be pressed. It
// asks nothing of any server.
func page(msg wire.Message) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><html lang="%s"><meta charset="utf-8"><title>%s</title><body style="font:16px/1.5 sans-serif;max-width:36em;margin:1em auto;padding:0 1em;color:#1c1c1c;background:#fff">`,
		html.EscapeString(msg.Lang), html.EscapeString(oneLine(msg.Subject)))
	for _, words := range append(strings.Split(msg.Text, "\n\n"), msg.Stop) {
		if words == "" {
			continue
		}
		shown := strings.ReplaceAll(html.EscapeString(words), "\n", "<br>")
		if words == msg.Link || words == msg.Stop {
			shown = `<a href="` + html.EscapeString(words) + `">` + html.EscapeString(words) + `</a>`
		}
		b.WriteString("<p>" + shown + "</p>")
	}
	b.WriteString("</body></html>\n")
	return b.String()
}

// oneLine keeps a value from beginning another header.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
