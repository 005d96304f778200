package document

import (
	"bytes"
	"encoding/hex"
)

// MaxPDF is the largest file that verification takes, in bytes.
const MaxPDF = 10 << 20

// DocumentID finds the identity in a PDF: the permanent identifier in its last
// trailer, /ID[0], which tools that sign, merge forms or rewrite a file keep.
// Only literal hexadecimal and string forms are read; it never parses further
// than that, so a hostile file costs one scan.
func DocumentID(pdf []byte) (ID, bool) {
	if len(pdf) > MaxPDF || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return ID{}, false
	}
	for end := len(pdf); ; {
		i := bytes.LastIndex(pdf[:end], []byte("/ID"))
		if i < 0 {
			return ID{}, false
		}
		if id, ok := firstID(pdf[i+len("/ID"):]); ok {
			return id, true
		}
		end = i
	}
}

// firstID reads "[<hex>" or "[(16 bytes)" at the start of b.
func firstID(b []byte) (ID, bool) {
	b, ok := bytes.CutPrefix(bytes.TrimLeft(b[:min(len(b), 256)], " \t\r\n"), []byte("["))
	if !ok {
		return ID{}, false
	}
	b = bytes.TrimLeft(b, " \t\r\n")
	if text, ok := bytes.CutPrefix(b, []byte("<")); ok {
		text, _, ok = bytes.Cut(text, []byte(">"))
		raw, err := hex.DecodeString(string(text))
		return idOf(raw, ok && err == nil)
	}
	if text, ok := bytes.CutPrefix(b, []byte("(")); ok {
		return idOf(literal(text))
	}
	return ID{}, false
}

func idOf(raw []byte, ok bool) (ID, bool) {
	if !ok || len(raw) != len(ID{}) {
		return ID{}, false
	}
	return ID(raw), true
}

// literal reads a PDF string up to its closing parenthesis.
func literal(b []byte) ([]byte, bool) {
	var out []byte
	depth := 0
	for i := 0; i < len(b) && len(out) <= len(ID{}); i++ {
		c := b[i]
		switch {
		case c == '\\' && i+1 < len(b):
			n, v := escaped(b[i+1:])
			out, i = append(out, v...), i+n
			continue
		case c == '(':
			depth++
		case c == ')' && depth == 0:
			return out, true
		case c == ')':
			depth--
		}
		out = append(out, c)
	}
	return nil, false
}

// escaped reads what follows a backslash: how many bytes and what they mean.
func escaped(b []byte) (int, []byte) {
	if i := bytes.IndexByte([]byte("nrtbf"), b[0]); i >= 0 {
		return 1, []byte{"\n\r\t\b\f"[i]}
	}
	n, v := 0, 0
	for n < 3 && n < len(b) && b[n] >= '0' && b[n] <= '7' {
		v, n = v*8+int(b[n]-'0'), n+1
	}
	if n > 0 {
		return n, []byte{byte(v)}
	}
	if b[0] == '\n' {
		return 1, nil
	}
	return 1, b[:1]
}

// LinkIn finds the text of the QR code in a PDF of ours: the same text stands
// behind the code as a link. The file's own identity must be the link's; a file
// that another tool packed anew may hide it.
func LinkIn(pdf []byte) (string, bool) {
	id, ok := DocumentID(pdf)
	start := []byte("/URI (")
	for end := len(pdf); ok; {
		i := bytes.LastIndex(pdf[:end], start)
		if i < 0 {
			return "", false
		}
		text, _, closed := bytes.Cut(pdf[i+len(start):min(len(pdf), i+maxLink)], []byte(")"))
		if _, named, err := ReadLink(string(text)); closed && err == nil && named == id {
			return string(text), true
		}
		end = i
	}
	return "", false
}
