package casework

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pendopo/kernel/seal"
)

func someCodes(t *testing.T) codes {
	t.Helper()
	in, err := seal.CreateInstance(t.TempDir()+"/keys", "test/log")
	if err != nil {
		t.Fatal(err)
	}
	return codes{in}
}

func TestACodeIsReadAsPeopleWriteAndSpeakIt(t *testing.T) {
	c := someCodes(t)
	code := c.Code("some-stream")
	want := strings.ReplaceAll(code, "-", "")
	for _, written := range []string{
		code, strings.ToLower(code), " " + code + "\n", strings.ReplaceAll(code, "-", " "), want,
		strings.NewReplacer("0", "O", "1", "l").Replace(code),
	} {
		if got, ok := ParseCode(written); !ok || got != want {
			t.Errorf("%q is read as %q, %v", written, got, ok)
		}
	}
	for _, wrong := range []string{"", "U", code + "A", code[:8], strings.Repeat("A", 5000), "\xff\xfe"} {
		if _, ok := ParseCode(wrong); ok {
			t.Errorf("%.20q is taken for a code", wrong)
		}
	}
}

// TestOneSlipIsAlwaysNoticed: one wrong character, or two neighbours swapped,
// never gives another valid code.
func TestOneSlipIsAlwaysNoticed(t *testing.T) {
	c := someCodes(t)
	rapid.Check(t, func(t *rapid.T) {
		code := []byte(strings.ReplaceAll(c.Code(rapid.String().Draw(t, "stream")), "-", ""))
		at := rapid.IntRange(0, len(code)-1).Draw(t, "at")
		other := alphabet[rapid.IntRange(0, 31).Draw(t, "other")]
		if code[at] != other {
			wrong := append([]byte{}, code...)
			wrong[at] = other
			if _, ok := ParseCode(string(wrong)); ok {
				t.Fatalf("%s and %s are both codes", code, wrong)
			}
		}
		if at > 0 && code[at] != code[at-1] {
			wrong := append([]byte{}, code...)
			wrong[at], wrong[at-1] = wrong[at-1], wrong[at]
			if _, ok := ParseCode(string(wrong)); ok {
				t.Fatalf("%s and %s are both codes", code, wrong)
			}
		}
	})
}

func TestASecretBelongsToItsStreamAndGeneration(t *testing.T) {
	c := someCodes(t)
	secret := c.Secret("a", 0)
	if !c.Opens("a", 0, strings.ToLower(secret)) || !c.Opens("a", 0, strings.ReplaceAll(secret, "-", " ")) {
		t.Error("the secret as people write it does not open")
	}
	for _, wrong := range []bool{c.Opens("b", 0, secret), c.Opens("a", 1, secret), c.Opens("a", 0, ""), c.Opens("", 0, "")} {
		if wrong {
			t.Error("a secret opens what is not its own")
		}
	}
}

func TestARightSecretCostsNothing(t *testing.T) {
	g := newGuesses(nil, time.Now)
	for range 1000 {
		try, err := g.begin(t.Context(), "192.0.2.1:1", "code")
		if err != nil {
			t.Fatal(err)
		}
		try.Right()
	}
}
