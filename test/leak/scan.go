package leak

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/klauspost/compress/zstd"
)

// Scanner searches bytes for values: as they are in any case of letters, in
// UTF-16, in hexadecimal, in base64 at any alignment, as a binary number, and
// inside whatever is compressed.
type Scanner struct{ needles []needle }

type needle struct {
	value string
	lower [][]byte // looked for in lower-cased data
	exact [][]byte
}

// NewScanner makes a scanner for values of at least six bytes.
func NewScanner(values ...string) *Scanner {
	s := &Scanner{}
	for _, v := range values {
		low := strings.ToLower(v)
		n := needle{value: v, lower: [][]byte{
			[]byte(low), wide(low, binary.LittleEndian), wide(low, binary.BigEndian), []byte(hex.EncodeToString([]byte(v))),
		}}
		n.exact = append(number(v), encoded(v)...)
		s.needles = append(s.needles, n)
	}
	return s
}

// wide is a text in UTF-16.
func wide(text string, order binary.AppendByteOrder) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return out
}

// number is a text of digits as eight bytes, in both orders.
func number(text string) [][]byte {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n < 1<<40 {
		return nil // a small one is everywhere
	}
	return [][]byte{binary.BigEndian.AppendUint64(nil, n), binary.LittleEndian.AppendUint64(nil, n)}
}

// encoded is what base64 makes of a text inside a longer one: the three
// alignments, without the characters that its neighbours share.
func encoded(text string) [][]byte {
	var out [][]byte
	for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			all := alphabet.EncodeToString(append(make([]byte, before), text...))
			out = append(out, []byte(all[(before*8+5)/6:(before+len(text))*8/6]))
		}
	}
	return out
}

// deepest is how many layers of compression are opened, and most how much of
// each is read, in bytes.
const (
	deepest = 3
	most    = 16 << 20
)

// Scan names the values found in data.
func (s *Scanner) Scan(data []byte) []string {
	found := map[string]bool{}
	s.scan(data, deepest, found)
	var out []string
	for _, n := range s.needles {
		if found[n.value] {
			out = append(out, n.value)
		}
	}
	return out
}

func (s *Scanner) scan(data []byte, depth int, found map[string]bool) {
	low := bytes.ToLower(data)
	for _, n := range s.needles {
		if !found[n.value] && (has(low, n.lower) || has(data, n.exact)) {
			found[n.value] = true
		}
	}
	if depth == 0 {
		return
	}
	for at := range data {
		if open := opener(data[at:]); open != nil {
			if inner := inflate(open, data[at:]); len(inner) > 0 {
				s.scan(inner, depth-1, found)
			}
		}
	}
}

func has(data []byte, forms [][]byte) bool {
	for _, form := range forms {
		if bytes.Contains(data, form) {
			return true
		}
	}
	return false
}

// opener tells by the first bytes how something was compressed.
func opener(data []byte) func(io.Reader) (io.Reader, error) {
	switch {
	case len(data) < 6:
	case data[0] == 0x78 && (data[1] == 0x01 || data[1] == 0x5e || data[1] == 0x9c || data[1] == 0xda):
		return func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) }
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b, 8}):
		return func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }
	case bytes.HasPrefix(data, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return func(r io.Reader) (io.Reader, error) {
			d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
			return d, err
		}
	}
	return nil
}

// inflate gives as much as can be read: what is cut off in the middle too.
func inflate(open func(io.Reader) (io.Reader, error), data []byte) []byte {
	r, err := open(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	var out bytes.Buffer
	io.Copy(&out, io.LimitReader(r, most)) // an error ends it: that is as much as there is
	return out.Bytes()
}
