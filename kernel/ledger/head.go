package ledger

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
)

// Head is a signed state of a log.
type Head struct {
	Log  int64     // number of the log, from 1; 0 when there is no head yet
	Size int64     // leaves
	Root [32]byte  // RFC 6962
	Note []byte    // the checkpoint: a signed note (C2SP tlog-checkpoint)
	At   time.Time // when it was signed, µs UTC; stands in the note too
}

// timeLine begins the extension line of a checkpoint that tells when it was
// signed. Clients skip extension lines.
const timeLine = "signed "

const timeForm = "2006-01-02T15:04:05.000000Z"

// originOf names a log: the instance's origin, and after a loss origin/2, origin/3, …
func originOf(in *seal.Instance, log int64) string {
	if log == 1 {
		return in.Origin()
	}
	return in.Origin() + "/" + strconv.FormatInt(log, 10)
}

// sign makes the head of a tree.
func sign(in *seal.Instance, log int64, e *edge, at time.Time) (Head, error) {
	h := Head{Log: log, Size: e.size, Root: e.root(), At: at.UTC().Truncate(time.Microsecond)}
	origin := originOf(in, log)
	text := fmt.Sprintf("%s\n%d\n%s\n%s%s\n", origin, h.Size,
		base64.StdEncoding.EncodeToString(h.Root[:]), timeLine, h.At.Format(timeForm))
	signed, err := note.Sign(&note.Note{Text: text}, in.LogSignerFor(origin))
	h.Note = signed
	return h, err
}

// openHead reads a checkpoint that one of the instance's logs signed. What is
// no checkpoint is Malformed; a foreign or false signature is Invalid.
func openHead(in *seal.Instance, signed []byte) (Head, error) {
	origin, _, _ := bytes.Cut(signed, []byte("\n"))
	log, ok := logOf(in, string(origin))
	if !ok {
		return Head{}, fault.New(fault.Invalid, "ledger.head_foreign")
	}
	verifier, err := note.NewVerifier(in.LogVerifierKey(string(origin)))
	if err != nil {
		return Head{}, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return Head{}, fault.New(fault.Invalid, "ledger.head_forged").Because(err)
	}
	h, err := parseHead(opened.Text)
	h.Log, h.Note = log, signed
	return h, err
}

// logOf is the number of the log with that origin.
func logOf(in *seal.Instance, origin string) (int64, bool) {
	if origin == in.Origin() {
		return 1, true
	}
	number, ok := strings.CutPrefix(origin, in.Origin()+"/")
	log, err := strconv.ParseInt(number, 10, 64)
	return log, ok && err == nil && log > 1 && origin == originOf(in, log)
}

// parseHead reads the text of a checkpoint.
func parseHead(text string) (h Head, err error) {
	malformed := fault.New(fault.Malformed, "ledger.head_unreadable")
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 3 {
		return h, malformed
	}
	if h.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || h.Size < 0 || strconv.FormatInt(h.Size, 10) != lines[1] {
		return h, malformed
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != hashSize {
		return h, malformed
	}
	h.Root = [32]byte(root)
	for _, line := range lines[3:] {
		if at, ok := strings.CutPrefix(line, timeLine); ok {
			if h.At, err = time.Parse(timeForm, at); err != nil {
				return h, malformed
			}
		}
	}
	return h, nil
}

// same reports whether two heads say the same; signatures may differ.
func (h Head) same(o Head) bool {
	return h.Log == o.Log && h.Size == o.Size && h.Root == o.Root && h.At.Equal(o.At)
}

// behind reports whether h is an earlier state than o.
func (h Head) behind(o Head) bool {
	return h.Log < o.Log || h.Log == o.Log && h.Size < o.Size
}
