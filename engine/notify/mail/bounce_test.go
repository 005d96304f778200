package mail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pendopo/engine/notify/wire"
)

const id = "01a204f5-b468-75dd-86e4-db77262fdc1f"

// report is a delivery status notification as RFC 3464 describes it.
func report(to, action, rest string) string {
	return strings.ReplaceAll(`Received: from somewhere
From: Mail Delivery System <mailer-daemon@example.test>
To: `+to+`
Content-Type: multipart/report; report-type="delivery-status";
	boundary="=_b/1"
MIME-Version: 1.0

This is for programs.

--=_b/1
Content-Type: text/plain; charset=us-ascii

Words for people, in any language.

--=_b/1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.test
Arrival-Date: Tue, 17 Mar 2026 05:00:00 +0000

Final-Recipient: rfc822; sri@example.test
Action: `+action+`
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 nobody here

`+rest+`--=_b/1--
`, "\n", "\r\n")
}

const original = `--=_b/1
Content-Type: message/rfc822

From: layanan@example.test
Message-ID: <` + id + `@example.test>
Subject: x

Words.

`

func TestBouncesAreMatchedByTheirAddressOrTheirContent(t *testing.T) {
	verp := "kembali+" + id + "@example.test"
	for _, c := range []struct {
		name, raw string
		outcome   wire.Outcome
		found     bool
	}{
		{"failed, by the address", report(verp, "failed", ""), wire.Lost, true},
		{"failed, by the message sent back", report("kembali@example.test", "failed", original), wire.Lost, true},
		{"delivered", report(verp, "delivered", ""), wire.Arrived, true},
		{"delayed says nothing final", report(verp, "delayed", ""), "", false},
		{"relayed says nothing final", report(verp, "relayed", ""), "", false},
		{"of nobody", report("kembali@example.test", "failed", ""), "", false},
		{"bare line feeds", strings.ReplaceAll(report(verp, "failed", ""), "\r\n", "\n"), wire.Lost, true},
		{"capitals", strings.ReplaceAll(report(strings.ToUpper(verp), "Failed", ""), "message/delivery-status", "Message/Delivery-Status"), wire.Lost, true},
		{"qmail", "To: " + verp + "\r\n\r\nHi. This is the qmail-send program at example.test.\r\n<sri@example.test>:\r\nSorry.\r\n", wire.Lost, true},
		{"somebody on holiday", "To: " + verp + "\r\nAuto-Submitted: auto-replied\r\nContent-Type: text/plain\r\n\r\nI am away.\r\n", "", false},
		{"cut off", report(verp, "failed", "")[:300], "", false},
		{"no mail at all", "x", "", false},
		{"nothing", "", "", false},
	} {
		r, found := ParseBounce([]byte(c.raw))
		if found != c.found || found && (r.ID != id || r.Outcome != c.outcome || r.Channel != wire.Email) {
			t.Errorf("%s: %+v, %v", c.name, r, found)
		}
	}
}

func TestAMailboxIsEmptiedOfBounces(t *testing.T) {
	dir := t.TempDir()
	for name, raw := range map[string]string{"1": report("kembali+"+id+"@example.test", "failed", ""), "2": "Subject: advertisement\n\nBuy.\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(raw), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got []wire.Report
	n, err := Collect(dir, func(r wire.Report) error { got = append(got, r); return nil })
	left, _ := os.ReadDir(dir)
	if n != 2 || err != nil || len(got) != 1 || got[0].ID != id || len(left) != 0 {
		t.Errorf("%d, %v, %+v, %d left", n, err, got, len(left))
	}
}

func FuzzParseBounce(f *testing.F) {
	f.Add([]byte(report("kembali+"+id+"@example.test", "failed", original)))
	f.Add([]byte("To: x\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"\"\r\n\r\n--\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, found := ParseBounce(raw)
		if found && (len(r.ID) < 32 || len(r.ID) > 36 || r.Outcome == wire.OnWay) {
			t.Errorf("%+v", r)
		}
	})
}

func TestAMessageSaysTheSameTwice(t *testing.T) {
	m, err := New(Config{Server: "127.0.0.1:25", TLS: "none", From: "layanan@example.test", Name: "Kabupaten “Contoh”"})
	if err != nil {
		t.Fatal(err)
	}
	raw := string(m.compose(wire.Message{ID: id, To: "sri@example.test", Lang: "id", Subject: "Perlu\r\nBcc: x@y", Text: "Kode <A>\n\nhttps://a/b?c&d", Link: "https://a/b?c&d", Stop: "https://a/stop"}))
	for _, want := range []string{"Message-ID: <" + id + "@example.test>", "Subject: Perlu  Bcc: x@y", "List-Unsubscribe: <https://a/stop>", "Auto-Submitted: auto-generated",
		"Kode &lt;A&gt;", "Content-Type: text/plain", "Content-Type: text/html"} {
		if !strings.Contains(raw, want) {
			t.Errorf("%q is missing in\n%s", want, raw)
		}
	}
	if strings.Contains(raw, "\nBcc:") {
		t.Error("a subject began another header")
	}
	for _, line := range strings.Split(raw, "\r\n") {
		if len(line) > 998 || strings.Contains(line, "\n") {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
}

func TestServersThatCannotBeMeantAreRefused(t *testing.T) {
	good := Config{Server: "mail.example.test:587", From: "a@example.test"}
	for name, change := range map[string]func(c *Config){
		"server": func(c *Config) { c.Server = "mail" }, "from": func(c *Config) { c.From = "x" }, "bounce": func(c *Config) { c.Bounce = "A <b@c>" },
		"tls": func(c *Config) { c.TLS = "none" }, "tls:": func(c *Config) { c.TLS = "maybe" }, "ca": func(c *Config) { c.CA = "/nowhere" },
	} {
		c := good
		change(&c)
		if _, err := New(c); err == nil || !strings.HasPrefix(err.Error(), strings.TrimSuffix(name, ":")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(good); err != nil {
		t.Error(err)
	}
}
