package seal

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"pendopo/test/testkit"
)

// fixedKey is a stream key that every run of this test has.
func fixedKey() StreamKey {
	var raw [keySize]byte
	for i := range raw {
		raw[i] = byte(i)
	}
	return streamKey(raw)
}

// What is derived from a key is stored for decades: another label or order
// would make it unreadable or unfindable, and must not happen by accident.
func TestWhatIsDerivedNeverChanges(t *testing.T) {
	key := fixedKey()
	var b strings.Builder
	for _, line := range []struct {
		name  string
		value []byte
	}{
		{"commitment", key.Commitment()},
		{"request", key.RequestMAC([]byte("request"))},
		{"part vault", key.Derive("vault").m.raw[:]},
		{"seal key", derive(key.m.raw[:], "seal")},
		{"wrap key", derive(key.m.raw[:], "wrap")},
		{"wrap id", []byte(wrapID(key.m.raw))},
		{"mac nik 3360", newMACs(key.m.raw[:]).of("nik", "3360")},
	} {
		fmt.Fprintf(&b, "%s %x\n", line.name, line.value)
	}
	testkit.Golden(t, "derived.txt", []byte(b.String()))
}

// A text that was sealed by the first version of this package opens for ever.
func TestAnOldCiphertextOpens(t *testing.T) {
	const old = "5dc290404d234b98a2a4d8d2692877f6b7c91771633bfb5402657300a85415cc82c86cb18f209f7ff912"
	sealed, err := hex.DecodeString(old)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := fixedKey().Open(sealed, []byte("place")); err != nil || string(plain) != "sealed in 2026" {
		t.Errorf("%q, %v", plain, err)
	}
}
