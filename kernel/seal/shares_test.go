package seal

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pendopo/kernel/fault"
)

// The field's known answers: FIPS 197, 4.2 and 4.2.1, and the inverses behind its S-box.
func TestTheFieldIsThatOfAES(t *testing.T) {
	for _, c := range [][3]byte{{0x57, 0x83, 0xc1}, {0x57, 0x13, 0xfe}, {0x57, 0x02, 0xae}, {0x57, 0x10, 0x07}, {0x53, 0xca, 0x01}, {0, 9, 0}, {1, 0xff, 0xff}} {
		if got := gfMul(c[0], c[1]); got != c[2] || gfMul(c[1], c[0]) != got {
			t.Errorf("%#x × %#x = %#x, want %#x", c[0], c[1], got, c[2])
		}
	}
	for a := 1; a < 256; a++ {
		if gfMul(byte(a), gfInverse(byte(a))) != 1 {
			t.Errorf("%#x has a false inverse", a)
		}
	}
}

func TestAnyTwoSharesGiveTheSecretAndOneGivesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "secret"))
		slope := [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "slope"))
		shares := splitAlong(secret, slope)
		for _, two := range [][2]int{{0, 1}, {0, 2}, {1, 2}, {2, 0}} {
			got, err := joinShares(shares[two[0]], shares[two[1]])
			if err != nil || got != secret {
				t.Fatalf("shares %v: %v", two, err)
			}
		}
		// Whatever the secret, there is a line that gives this very share: it fits
		// all secrets equally well.
		other := [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "other"))
		for i := range shares {
			var fitting [32]byte
			for b := range fitting {
				fitting[b] = gfMul(shares[i].y[b]^other[b], gfInverse(byte(i+1)))
			}
			if splitAlong(other, fitting)[i].y != shares[i].y {
				t.Fatal("a share tells its secret from another")
			}
		}
	})
}

func TestEverySlipOfOneCharacterAndEveryExchangeIsFoundInItsLine(t *testing.T) {
	share := splitAlong([32]byte{1, 2, 3}, [32]byte{9, 8, 7})[1]
	lines := share.Paper()
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	for n, line := range lines {
		if err := CheckPaperLine(n, strings.ToLower(line)); err != nil {
			t.Fatal(err)
		}
		for i := range line {
			if line[i] == ' ' {
				continue
			}
			for _, c := range alphabet {
				if byte(c) != line[i] && CheckPaperLine(n, line[:i]+string(c)+line[i+1:]) == nil {
					t.Fatalf("line %d: %c for %c passed", n+1, c, line[i])
				}
			}
		}
		plain := strings.ReplaceAll(line, " ", "")
		for i := range len(plain) - 3 {
			if plain[i] != plain[i+1] && CheckPaperLine(n, plain[:i]+plain[i+1:i+2]+plain[i:i+1]+plain[i+2:]) == nil {
				t.Fatalf("line %d: an exchange at %d passed", n+1, i)
			}
		}
		if CheckPaperLine((n+1)%len(lines), line) == nil {
			t.Errorf("line %d passed in another place", n+1)
		}
	}
	read, err := ReadPaper(lines[:])
	if err != nil || read != share {
		t.Errorf("came back as another: %v", err)
	}
	lines[2] = splitAlong([32]byte(bytes.Repeat([]byte{4}, 32)), [32]byte{5})[1].Paper()[2]
	if _, err := ReadPaper(lines[:]); !fault.Is(err, fault.Invalid) {
		t.Errorf("a line of another sheet passed: %v", err)
	}
}

// instanceAndKeys makes a key folder and its store.
func instanceAndKeys(t *testing.T) (*Instance, *Keys) {
	t.Helper()
	in, err := CreateInstance(filepath.Join(t.TempDir(), "keys"), "house.example/log")
	if err != nil {
		t.Fatal(err)
	}
	return in, openKeys(t, "sqlite:"+filepath.Join(in.Dir(), "keys.db"), in)
}

// lose removes everything that opens anything from a key folder.
func lose(t *testing.T, dir string) {
	t.Helper()
	names, err := KeyFiles(dir)
	if err != nil || len(names) < 7 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestALostKeyFolderComesBackFromTwoSheets(t *testing.T) {
	in, keys := instanceAndKeys(t)
	stream, key, err := keys.Take()
	if err != nil {
		t.Fatal(err)
	}
	sealed := key.Seal([]byte("a name"), nil)
	old, err := in.NewShares()
	if err != nil {
		t.Fatal(err)
	}
	shares, err := in.NewShares()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.RotateWrap(t.Context()); err != nil { // the escrow is made anew, the sheets stay good
		t.Fatal(err)
	}
	if err := keys.Close(); err != nil {
		t.Fatal(err)
	}
	escrow := filepath.Join(in.Dir(), "keys.escrow")
	signer := in.LogVerifierKey(in.Origin())
	lose(t, in.Dir())
	for name, c := range map[string]struct {
		a, b Share
		want string
	}{
		"the same sheet twice":    {shares[0], shares[0], "seal.share_twice"},
		"sheets of two printings": {shares[0], old[1], "seal.share_mixed"},
		"sheets printed before":   {old[0], old[1], "seal.share_other_escrow"},
	} {
		written, err := Recover(in.Dir(), escrow, c.a, c.b)
		if fault.Of(err).Key != c.want || written != nil {
			t.Errorf("%s: %v, wrote %q", name, err, written)
		}
	}
	for _, two := range [][2]int{{0, 1}, {2, 0}, {1, 2}} {
		written, err := Recover(in.Dir(), escrow, shares[two[0]], shares[two[1]])
		if err != nil || len(written) != 7 {
			t.Fatalf("sheets %v: %v, wrote %q", two, err, written)
		}
		back, err := LoadInstance(in.Dir())
		if err != nil || back.LogVerifierKey(back.Origin()) != signer {
			t.Fatal("another instance came back", err)
		}
		store, err := OpenKeys(t.Context(), "sqlite:"+filepath.Join(in.Dir(), "keys.db"), back)
		if err != nil {
			t.Fatal(err)
		}
		k, err := store.Get(stream)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := k.Open(sealed, nil); err != nil || string(plain) != "a name" {
			t.Error("what was sealed does not open:", err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		lose(t, in.Dir())
	}
}

func TestRecoveryOverwritesNothingAndBelievesNoAlteredEscrow(t *testing.T) {
	in, keys := instanceAndKeys(t)
	defer keys.Close()
	shares, err := in.NewShares()
	if err != nil {
		t.Fatal(err)
	}
	escrow := filepath.Join(in.Dir(), "keys.escrow")
	content, err := os.ReadFile(escrow)
	if err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	if err := os.WriteFile(other+"/wrap.key", []byte("something else\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Recover(other, escrow, shares[0], shares[1]); fault.Of(err).Key != "seal.file_exists" {
		t.Errorf("got %v", err)
	}
	if names, _ := os.ReadDir(other); len(names) != 1 {
		t.Errorf("a refused recovery wrote %v", names)
	}
	for _, change := range []string{`"origin": "`, `"wrap": "`, `"sealed": "`} {
		altered := strings.Replace(string(content), change, change+"AAAA", 1)
		if err := os.WriteFile(other+"/altered", []byte(altered), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Recover(t.TempDir(), other+"/altered", shares[0], shares[1]); fault.Of(err).Key != "seal.escrow_damaged" {
			t.Errorf("altered at %s: %v", change, err)
		}
	}
}

// What was printed in 2026 opens for ever: the sheets lie in a safe, and the
// escrow among old copies.
func TestOldSheetsOpenAnOldEscrow(t *testing.T) {
	var shares [2]Share
	for i, lines := range [][]string{{
		"040H PDKF SKW6 HTV5   6V",
		"V6BS T46A 9GCX 0VGC   K9",
		"3JR7 0RW0 P5SA SDKW   4J",
		"8NSW TKP5 DJV9 Z5ED   2H",
	}, {
		"041H PDKF SH4F 3PHW   PB",
		"6K4S GBEA E8W1 3V5X   47",
		"KC2N APH8 QH7P KENM   DC",
		"HP1Q 76RC 68J7 S7AT   KK",
	}} {
		var err error
		if shares[i], err = ReadPaper(lines); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	written, err := Recover(dir, "testdata/keys.escrow", shares[0], shares[1])
	if err != nil || len(written) != 7 {
		t.Fatalf("%v, wrote %q", err, written)
	}
	if in, err := LoadInstance(dir); err != nil || in.Origin() != "house.example/log" {
		t.Error(err)
	}
}
