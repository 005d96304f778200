package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"pendopo/engine/document"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
)

// DocumentCmd is what can be done with issued documents: checked away from any
// instance, taken back in one.
type DocumentCmd struct {
	Revoke DocumentRevokeCmd `cmd:"" help:"Take a document back, as the officer who signs it, for a listed reason."`
	Verify DocumentVerifyCmd `cmd:"" help:"Check a document's code offline, with nothing but the issuer's published keys."`
}

// DocumentVerifyCmd checks the signed statement of a document. It reads two
// files at most and asks no network, so it cannot see a revocation.
type DocumentVerifyCmd struct {
	Key  string `help:"File of published keys, as served at /.well-known/pendopo-keys." required:"" type:"existingfile" placeholder:"FILE"`
	What string `arg:"" name:"file|payload" help:"A PDF of ours, a file with the text of the QR code, or that text itself; - for standard input."`
	Lang string `help:"Language of the answer." enum:"id,en" default:"id"`
	JSON bool   `help:"Print the answer as one JSON object." name:"json"`
}

// verified is the answer as JSON.
type verified struct {
	State      string            `json:"state"` // valid, expired or refused
	Reason     string            `json:"reason,omitempty"`
	Issuer     string            `json:"issuer,omitempty"`
	Kind       string            `json:"kind,omitempty"`
	Number     string            `json:"number,omitempty"`
	Date       string            `json:"date,omitempty"`
	ValidUntil string            `json:"valid_until,omitempty"`
	ID         string            `json:"id,omitempty"`
	Proved     map[string]string `json:"proved,omitempty"`
	Deemed     string            `json:"deemed,omitempty"`
}

// Run answers 0 for a statement that holds and has not expired, 1 for any
// other, 2 when a file could not be read.
func (c *DocumentVerifyCmd) Run(env *Env) error {
	data, err := os.ReadFile(c.Key)
	if err != nil {
		return &statusError{failed, err}
	}
	keys, err := document.DecodeKeys(data)
	if err != nil {
		return &statusError{failed, fmt.Errorf("%s: %w", c.Key, err)}
	}
	words := env.Texts.Printer(c.Lang)
	text, err := c.text(env.In, words)
	if err != nil {
		return &statusError{failed, err}
	}
	st, err := document.ReadStatement(text, keys)
	answer := answerOf(st, err, time.Now())
	if c.JSON {
		encoder := json.NewEncoder(env.Out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(answer)
	} else {
		err = answer.print(env.Out, words, st)
	}
	if err == nil && answer.State != string(document.Valid) {
		err = errFindings
	}
	return err
}

// text is the code's text: out of a PDF, a file, standard input, or as given.
func (c *DocumentVerifyCmd) text(in io.Reader, words *page.Printer) (string, error) {
	data, err := c.bytes(in)
	if err != nil {
		return "", err
	}
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		return string(data), nil
	}
	link, ok := document.LinkIn(data)
	if !ok {
		return "", errors.New(words.T("document.cli_no_code"))
	}
	return link, nil
}

func (c *DocumentVerifyCmd) bytes(in io.Reader) ([]byte, error) {
	if c.What == "-" {
		return io.ReadAll(io.LimitReader(in, document.MaxPDF+1))
	}
	if strings.Contains(c.What, "#") {
		return []byte(c.What), nil
	}
	file, err := os.Open(c.What)
	if errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(c.What, `./\`) {
		return nil, err // a path, and nothing is there
	}
	if err != nil {
		return []byte(c.What), nil // no file's name: the bare text of a code
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, document.MaxPDF+1))
}

func answerOf(st document.Statement, err error, now time.Time) verified {
	if err != nil {
		return verified{State: "refused", Reason: fault.Of(err).Key}
	}
	a := verified{
		State: string(document.Valid), Issuer: st.Issuer, Kind: st.Kind, Number: st.Number, Date: st.Date.Format(time.DateOnly),
		ID: st.ID.String(), Proved: st.Proved, Deemed: st.Deemed,
	}
	if !st.ValidUntil.IsZero() {
		a.ValidUntil = st.ValidUntil.Format(time.DateOnly)
	}
	if st.Expired(now) {
		a.State = string(document.Expired)
	}
	return a
}

func (a verified) print(out io.Writer, words *page.Printer, st document.Statement) error {
	if a.State == "refused" {
		_, err := fmt.Fprintln(out, words.T(a.Reason))
		return err
	}
	fmt.Fprintln(out, words.T("document.state_"+a.State))
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	row := func(key, value string) {
		if value != "" {
			fmt.Fprintf(table, "  %s\t%s\n", words.T(key), value)
		}
	}
	row("document.cli_issuer", a.Issuer)
	row("document.cli_kind", a.Kind)
	row("document.cli_number", a.Number)
	row("document.cli_date", words.Date(st.Date))
	if a.ValidUntil != "" {
		row("document.cli_until", words.Date(st.ValidUntil))
	}
	row("document.cli_deemed", a.Deemed)
	row("document.cli_id", a.ID)
	fmt.Fprintf(table, "%s\n", words.T("document.cli_proved"))
	for _, field := range slices.Sorted(maps.Keys(a.Proved)) {
		fmt.Fprintf(table, "  %s\t%s\n", field, a.Proved[field])
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%s %s\n", words.T("document.compare"), words.T("document.cli_offline"))
	return err
}
