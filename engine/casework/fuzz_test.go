package casework

import (
	"strings"
	"testing"
)

// FuzzCode: what reads as a code is one however it is written again, and nothing
// that strangers type ends the reader.
func FuzzCode(f *testing.F) {
	for _, s := range []string{"", "00000-00000-0", "O0I1L-abcde-f", "٠٠٠٠٠-٠٠٠٠٠-٠", strings.Repeat("0", 100), "ÀÀÀÀÀ-ÀÀÀÀÀ-À"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := ParseCode(s)
		if !ok {
			return
		}
		if len(p) != codeLength+1 || strings.Trim(p, alphabet) != "" {
			t.Errorf("%q is read as %q", s, p)
		}
		again, ok := ParseCode(strings.ToLower(p[:5] + " - " + p[5:]))
		if !ok || again != p {
			t.Errorf("%q is read as %q, and that as %q", s, p, again)
		}
	})
}
