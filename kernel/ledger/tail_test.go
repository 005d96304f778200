package ledger

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestTheLastHeadOfALongFileIsFoundFromItsEnd writes more heads than the tail
// holds, cuts the file at each byte of its last records, and wants the last
// whole one, as reading all of the file finds it.
func TestTheLastHeadOfALongFileIsFoundFromItsEnd(t *testing.T) {
	var whole []byte
	for i := 0; len(whole) < 2*tail; i++ {
		whole = append(whole, record(fmt.Appendf(nil, "growth.localhost/log\n%d\nroot\nsigned\n\n— growth %032d\n", i, i))...)
	}
	path := filepath.Join(t.TempDir(), "000001-2026-03.heads")
	for cut := range 300 {
		if err := os.WriteFile(path, whole[:len(whole)-cut], 0o600); err != nil {
			t.Fatal(err)
		}
		var want []byte
		if err := walkFile(path, func(signed []byte) error { want = signed; return nil }); err != nil {
			t.Fatal(err)
		}
		got, err := lastRecord(path)
		if err != nil || len(want) == 0 || !bytes.Equal(got, want) {
			t.Fatalf("cut %d: %q instead of %q, %v", cut, got, want, err)
		}
	}
}
