package leak

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

const value, digits = "Wirasandhyo", "3360015703950071"

// TestEveryDisguiseIsSeenThrough hides a value among noise in each way that
// could hide it.
func TestEveryDisguiseIsSeenThrough(t *testing.T) {
	text := []byte(`{"name":"Zulfikar ` + value + `","nik":"` + digits + `"}`)
	for name, hidden := range map[string][]byte{
		"plain":             text,
		"capitals":          bytes.ToUpper(text),
		"UTF-16":            wide(string(text), binary.LittleEndian),
		"UTF-16 from above": wide(string(text), binary.BigEndian),
		"hexadecimal":       []byte(hex.EncodeToString(text)),
		"base64":            []byte(base64.StdEncoding.EncodeToString(text)),
		"base64, moved":     []byte(base64.URLEncoding.EncodeToString(append([]byte("x"), text...))),
		"base64, moved on":  []byte(base64.RawStdEncoding.EncodeToString(append([]byte("xy"), text...))),
		"zlib":              packed(t, text, "zlib"),
		"gzip":              packed(t, text, "gzip"),
		"zstd":              packed(t, text, "zstd"),
		"gzip, cut off":     packed(t, append(text, noise(4000)...), "gzip")[:2000],
		"gzip in zlib":      packed(t, packed(t, text, "gzip"), "zlib"),
		"base64 in gzip":    packed(t, []byte(base64.StdEncoding.EncodeToString(text)), "gzip"),
	} {
		data := slices.Concat(noise(3001), hidden, noise(500))
		if got := NewScanner(value, digits).Scan(data); !slices.Equal(got, []string{value, digits}) {
			t.Errorf("%s: found %q", name, got)
		}
	}
	number := slices.Concat(noise(100), binary.BigEndian.AppendUint64(nil, 3360015703950071), noise(100))
	if got := NewScanner(digits).Scan(number); len(got) != 1 {
		t.Error("a number in binary is not found")
	}
}

func TestNoiseHoldsNothing(t *testing.T) {
	if got := NewScanner(value, digits, strings.Repeat("z", 9)).Scan(noise(1 << 20)); len(got) != 0 {
		t.Errorf("found %q in noise", got)
	}
}

func noise(n int) []byte {
	out := make([]byte, n)
	r := rand.New(rand.NewPCG(1, uint64(n)))
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

func packed(t *testing.T, data []byte, how string) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&b)
	switch how {
	case "zlib":
		w = zlib.NewWriter(&b)
	case "zstd":
		var err error
		if w, err = zstd.NewWriter(&b); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
