package cli

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendopo/engine/document"
	"pendopo/kernel/page"
	"pendopo/kernel/seal"
	"pendopo/law/definition"
	"pendopo/web"
)

// letter is an invented document with its keys, all in files of their own.
type letter struct {
	texts           *page.Catalogue
	keys, pdf, code string // paths
	link            string
}

func newLetter(t *testing.T, until time.Time) letter {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	texts, err := page.LoadCatalogue(web.Locale(), false)
	must(err)
	public, private, err := ed25519.GenerateKey(nil)
	must(err)
	st := document.Statement{Issuer: "Kabupaten Uji", Kind: "surat-uji", Number: "474/001/UJI/III/2026", Date: time.Date(2026, 3, 17, 0, 0, 0, 0, time.UTC),
		ValidUntil: until, ID: document.NewID(), Proved: map[string]string{"name": "Sekar Ayu"}}
	payload, err := document.Sign(st, "k1", private)
	must(err)
	l := letter{texts: texts, link: document.Link("https://uji.example", st.ID, payload)}
	pdf, err := document.Render(definition.Template{ID: st.Kind, Blocks: []definition.Block{{Kind: "number"}}},
		document.Input{Number: st.Number, Date: st.Date, Words: texts.Printer("id"), ID: st.ID, Link: l.link})
	must(err)
	published, err := document.EncodeKeys("Kabupaten Uji", []seal.PublishedKey{{ID: "k1", Public: public}})
	must(err)
	file := func(name string, data []byte) string {
		path := filepath.Join(t.TempDir(), name)
		must(os.WriteFile(path, data, 0o600))
		return path
	}
	l.keys, l.pdf, l.code = file("keys.json", published), file("surat.pdf", pdf), file("code.txt", []byte(l.link+"\n"))
	return l
}

func (l letter) verify(c DocumentVerifyCmd, in string) (out string, err error) {
	var b bytes.Buffer
	if c.Lang == "" {
		c.Lang = "en"
	}
	if c.Key == "" {
		c.Key = l.keys
	}
	err = c.Run(&Env{Out: &b, In: strings.NewReader(in), Texts: l.texts})
	return b.String(), err
}

func TestADocumentIsVerifiedOfflineFromEachForm(t *testing.T) {
	l := newLetter(t, time.Time{})
	_, bare, _ := strings.Cut(l.link, "#")
	for name, what := range map[string]string{"the PDF": l.pdf, "a file with the code": l.code, "the link": l.link, "the bare code": bare, "standard input": "-"} {
		out, err := l.verify(DocumentVerifyCmd{What: what}, l.link)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, want := range []string{"Genuine and valid", "474/001/UJI/III/2026", "17 March 2026", "Sekar Ayu", "Compare this with the letter"} {
			if !strings.Contains(out, want) {
				t.Errorf("%s does not say %q:\n%s", name, want, out)
			}
		}
	}
}

func TestWhatDoesNotHoldIsAFinding(t *testing.T) {
	l, ended, other := newLetter(t, time.Time{}), newLetter(t, time.Date(2026, 3, 18, 0, 0, 0, 0, time.UTC)), newLetter(t, time.Time{})
	forged := l.link[:len(l.link)-6] + "AAAAAA"
	for name, c := range map[string]struct {
		l          letter
		what, want string
	}{
		"a changed code": {l, forged, "document.forged"}, "another instance's key": {l, other.link, "document.forged"},
		"half a code": {l, l.link[:len(l.link)/2], "document.payload_unreadable"}, "nonsense": {l, "halo", "document.payload_unreadable"},
		"an expired one": {ended, ended.link, ""},
	} {
		out, err := c.l.verify(DocumentVerifyCmd{What: c.what, JSON: true}, "")
		if !errors.Is(err, errFindings) {
			t.Errorf("%s: %v", name, err)
		}
		var got verified
		if err := json.Unmarshal([]byte(out), &got); err != nil || got.Reason != c.want {
			t.Errorf("%s: %s %v", name, out, err)
		}
		if c.want == "" && got.State != "expired" {
			t.Errorf("%s: %s", name, out)
		}
		if c.want != "" && got.Proved != nil {
			t.Errorf("%s shows values that nobody proved", name)
		}
	}
}

func TestWhatCannotBeReadIsNoFinding(t *testing.T) {
	l := newLetter(t, time.Time{})
	plain := filepath.Join(t.TempDir(), "other.pdf")
	if err := os.WriteFile(plain, []byte("%PDF-1.7\n%%EOF\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]DocumentVerifyCmd{
		"no such file": {What: "./nowhere.pdf"}, "keys that are none": {Key: l.code, What: l.link}, "a PDF without code": {What: plain},
	} {
		_, err := l.verify(c, "")
		var s *statusError
		if !errors.As(err, &s) || s.status != failed {
			t.Errorf("%s: %v", name, err)
		}
	}
}
