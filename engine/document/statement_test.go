package document

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/veraison/go-cose"

	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
	"pendopo/test/testkit"
)

func signed(t testing.TB, st Statement) []byte {
	t.Helper()
	id, key, _ := sampleKey()
	payload, err := Sign(st, id, key)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

func TestStatementSurvivesSigningAndReading(t *testing.T) {
	_, _, keys := sampleKey()
	for _, st := range []Statement{sampleStatement(), bidanStatement(), {Issuer: "a", Kind: "b", Number: "c", Date: day(20600), ID: ID{1}, Deemed: "UU 30/2014"}} {
		got, err := Verify(signed(t, st), keys)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(st, got); diff != "" {
			t.Error(diff)
		}
		if !bytes.Equal(signed(t, st), signed(t, got)) {
			t.Error("signing the same again gives other bytes")
		}
	}
}

// The layout is a promise to other readers: these bytes must verify for ever.
func TestStatementOfTheFirstVersionStaysReadable(t *testing.T) {
	_, key, keys := sampleKey()
	st := Statement{Issuer: "A", Kind: "B", Number: "C", Date: day(18000), ID: ID{0, 1, 2, 3}, Proved: map[string]string{"name": "Sekar"}}
	payload, err := Sign(st, keys[0].ID, key)
	if err != nil {
		t.Fatal(err)
	}
	testkit.Golden(t, "statement-1.hex", fmt.Appendf(nil, "%x\n", payload))
}

func TestAnyChangedBitIsRefused(t *testing.T) {
	_, _, keys := sampleKey()
	payload := signed(t, sampleStatement())
	for i := range payload {
		for bit := range 8 {
			bad := bytes.Clone(payload)
			bad[i] ^= 1 << bit
			if _, err := Verify(bad, keys); err == nil {
				t.Fatalf("byte %d bit %d changed, and it still holds", i, bit)
			}
		}
	}
}

func TestAnyCutOrTrailingByteIsRefused(t *testing.T) {
	_, _, keys := sampleKey()
	payload := signed(t, sampleStatement())
	for n := range payload {
		if _, err := Verify(payload[:n], keys); err == nil {
			t.Fatalf("%d of %d bytes are taken", n, len(payload))
		}
	}
	if _, err := Verify(append(bytes.Clone(payload), 0), keys); err == nil {
		t.Error("a trailing byte is taken")
	}
}

// forge signs an arbitrary payload and headers with the real key: what a
// careless issuer, not a stranger, could have made.
func forge(t *testing.T, h cose.Headers, body []byte) []byte {
	t.Helper()
	_, key, _ := sampleKey()
	signer, err := cose.NewSigner(cose.AlgorithmEdDSA, key)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := cose.Sign1(nil, signer, h, body, nil)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

func TestOnlyTheOneFormIsTakenEvenWithTheRealKey(t *testing.T) {
	id, _, keys := sampleKey()
	good, err := encodeWire(sampleStatement())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(forge(t, headers(id), good), keys); err != nil {
		t.Fatalf("the control is refused: %v", err)
	}
	extra, unprotected := headers(id), headers(id)
	extra.Protected[int64(99)] = "x"
	unprotected.Unprotected[int64(99)] = "x"
	noKey := headers(id)
	delete(noKey.Protected, cose.HeaderLabelKeyID)
	// the first pair of the map, version 1, once more: 0xa8 → 0xa9 and 00 01 in front
	doubled := append([]byte{good[0] + 1, 0, 1}, good[1:]...)
	unsorted := append([]byte{good[0]}, append(bytes.Clone(good[3:]), good[1:3]...)...)
	long := append([]byte{good[0], 0x18, 0}, good[2:]...) // the key 0 in two bytes
	unknown, _ := cbor.Marshal(map[int]any{0: 1, 1: "a", 2: "b", 3: "c", 4: 20000, 6: make([]byte, 16), 77: 1})
	version, _ := cbor.Marshal(map[int]any{0: 2, 1: "a", 2: "b", 3: "c", 4: 20000, 6: make([]byte, 16)})
	shortID, _ := cbor.Marshal(map[int]any{0: 1, 1: "a", 2: "b", 3: "c", 4: 20000, 6: make([]byte, 15)})
	for name, payload := range map[string][]byte{
		"another protected header": forge(t, extra, good), "an unprotected header": forge(t, unprotected, good), "no key id": forge(t, noKey, good),
		"doubled map key": forge(t, headers(id), doubled), "unsorted map keys": forge(t, headers(id), unsorted),
		"a number in more bytes": forge(t, headers(id), long), "unknown member": forge(t, headers(id), unknown),
		"another version": forge(t, headers(id), version), "short id": forge(t, headers(id), shortID),
		"trailing byte inside": forge(t, headers(id), append(bytes.Clone(good), 0)), "no map": forge(t, headers(id), []byte{0x80}),
		"not CBOR": forge(t, headers(id), []byte("hello")),
	} {
		if _, err := Verify(payload, keys); fault.Of(err) == nil || fault.Of(err).Key != "document.payload_unreadable" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWrongKeysAreTold(t *testing.T) {
	_, _, keys := sampleKey()
	payload := signed(t, sampleStatement())
	seed := sha256.Sum256([]byte("another"))
	other := ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey)
	ended, later := keys[0], keys[0]
	ended.Until = time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)
	later.From = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, want string
		keys       []seal.PublishedKey
	}{
		{"no keys", "document.unknown_key", nil},
		{"a key of another name", "document.unknown_key", []seal.PublishedKey{{ID: "other", Public: other}}},
		{"another key of the same name", "document.forged", []seal.PublishedKey{{ID: keys[0].ID, Public: other}}},
		{"a key that had ended", "document.key_ended", []seal.PublishedKey{ended}},
		{"a key that began later", "document.key_ended", []seal.PublishedKey{later}},
		{"a key with a short public part", "document.unknown_key", []seal.PublishedKey{{ID: keys[0].ID, Public: other[:31]}}},
	} {
		st, err := Verify(payload, c.keys)
		if f := fault.Of(err); f == nil || f.Key != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
		if diff := cmp.Diff(Statement{}, st); diff != "" {
			t.Errorf("%s: values were given out", c.name)
		}
	}
}

func TestLongProvedValuesAreCutVisibly(t *testing.T) {
	st := sampleStatement()
	st.Proved["address"] = strings.Repeat("Jalan é ", 200)
	_, _, keys := sampleKey()
	got, err := Verify(signed(t, st), keys)
	if err != nil {
		t.Fatal(err)
	}
	if v := got.Proved["address"]; !strings.HasSuffix(v, "…") || len(v) > provedBytes/3 || !strings.HasPrefix(st.Proved["address"], strings.TrimSuffix(v, "…")) {
		t.Errorf("cut to %q", v)
	}
	if got.Proved["name"] != "Sekar Ayu Wulandari" {
		t.Error("a short value was cut too")
	}
}

func TestTooManyOrTooLongIsNotSigned(t *testing.T) {
	id, key, _ := sampleKey()
	many := sampleStatement()
	for i := range MaxProved + 1 {
		many.Proved[strings.Repeat("x", i+1)] = "v"
	}
	long := sampleStatement()
	long.Number = strings.Repeat("9", textBytes+1)
	for name, st := range map[string]Statement{"many": many, "long": long, "empty": {}} {
		if _, err := Sign(st, id, key); err == nil {
			t.Errorf("%s: signed", name)
		}
	}
}

func TestLinkCarriesTheStatementInItsFragmentOnly(t *testing.T) {
	st := sampleStatement()
	link := sampleLink(t, st)
	before, fragment, _ := strings.Cut(link, "#")
	if before != sampleBase+"/verify/dead0102030405060708090a0b0c0d0e" {
		t.Errorf("what a server sees: %s", before)
	}
	_, _, keys := sampleKey()
	for _, text := range []string{link, " " + link + "\n", fragment, "https://other.example/verify/" + st.ID.String() + "#" + fragment} {
		got, err := ReadStatement(text, keys)
		if err != nil || got.Number != st.Number {
			t.Errorf("%.60q: %v", text, err)
		}
	}
	for name, text := range map[string]string{
		"another id in the path": sampleBase + ID{9}.Path() + "#" + fragment, "no id": sampleBase + "/verify/#" + fragment,
		"another path": sampleBase + "/x#" + fragment, "padding": link + "=", "a line end inside": before + "#" + fragment[:8] + "\n" + fragment[8:],
		"empty": "", "only an id": before + "#", "too long": link + strings.Repeat("A", maxLink), "spaces": before + "#" + fragment[:8] + " " + fragment[8:],
	} {
		if _, err := ReadStatement(text, keys); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// The measured size decides whether a cheap phone reads a folded paper: at
// 40 mm a code of 105 modules has modules of 0.38 mm.
func TestCodeStaysSmallEnough(t *testing.T) {
	for name, st := range map[string]Statement{"domicile": sampleStatement(), "midwife": bidanStatement()} {
		payload := signed(t, st)
		link := Link(sampleBase, st.ID, payload)
		code, err := qr.Encode(link, qr.M, qr.Unicode)
		if err != nil {
			t.Fatal(err)
		}
		n := code.Bounds().Dx()
		t.Logf("%s: statement %d bytes, link %d characters, %d × %d modules", name, len(payload), len(link), n, n)
		if n > 105 {
			t.Errorf("%s: %d modules", name, n)
		}
	}
	worst := sampleStatement()
	for i := range MaxProved {
		worst.Proved[strings.Repeat("f", i+8)] = strings.Repeat("x", 400)
	}
	delete(worst.Proved, "name")
	delete(worst.Proved, "nik")
	delete(worst.Proved, "address")
	worst.Issuer, worst.Kind, worst.Number, worst.Deemed = strings.Repeat("i", 60), strings.Repeat("k", 40), strings.Repeat("9", 40), strings.Repeat("b", 80)
	if _, err := qr.Encode(Link(sampleBase, worst.ID, signed(t, worst)), qr.M, qr.Unicode); err != nil {
		t.Errorf("the largest statement fits no code: %v", err)
	}
}

func FuzzPayload(f *testing.F) {
	_, _, keys := sampleKey()
	f.Add(sampleLink(f, sampleStatement()))
	f.Add(sampleLink(f, bidanStatement()))
	f.Add("https://x/verify/00#AAAA")
	f.Add("0oRNogEn")
	genuine := map[string]bool{string(signed(f, sampleStatement())): true, string(signed(f, bidanStatement())): true}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := ReadStatement(text, keys); err == nil {
			payload, _, _ := ReadLink(text)
			if !genuine[string(payload)] {
				t.Fatalf("something nobody signed holds: %q", text)
			}
		}
		if st, err := decodeWire([]byte(text)); err == nil {
			if again, err := encodeWire(st); err != nil || string(again) != text {
				t.Fatalf("two forms of one statement: %q", text)
			}
		}
	})
}
