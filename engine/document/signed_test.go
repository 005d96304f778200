package document

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pendopo/kernel/fault"
)

// room is how many bytes a test file keeps for its signature.
const room = 6000

// withField adds an update with a signature dictionary whose place is still empty,
// and tells where the signature goes.
func withField(pdf []byte) (file []byte, from, to int) {
	head := append(bytes.Clone(pdf), "\n900 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n/ByteRange [0 "...)
	const blank = "0000000000"
	ranges := len(head)
	head = append(head, blank+" "+blank+" "+blank+"]\n/Contents "...)
	from = len(head)
	file = append(head, "<"+strings.Repeat("0", 2*room)+">"...)
	to = len(file)
	file = append(file, " >>\nendobj\n%%EOF\n"...)
	copy(file[ranges:], fmt.Sprintf("%9d  %9d  %9d ", from, to, len(file)-to))
	return file, from, to
}

// signer is a key with a certificate that nobody vouches for.
type signer struct{ key, cert string }

func newSigner(t *testing.T, name string, args ...string) signer {
	t.Helper()
	dir := t.TempDir()
	s := signer{filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")}
	run(t, "openssl", append([]string{"req", "-x509", "-nodes", "-subj", "/CN=" + name + "/O=Uji", "-days", "30", "-keyout", s.key, "-out", s.cert}, args...)...)
	return s
}

// sign fills a signature in, as other programs do.
func (s signer) sign(t *testing.T, pdf []byte, args ...string) []byte {
	t.Helper()
	file, from, to := withField(pdf)
	content := filepath.Join(t.TempDir(), "content")
	if err := os.WriteFile(content, append(bytes.Clone(file[:from]), file[to:]...), 0o600); err != nil {
		t.Fatal(err)
	}
	out := content + ".der"
	run(t, "openssl", append([]string{"cms", "-sign", "-binary", "-signer", s.cert, "-inkey", s.key, "-outform", "DER", "-in", content, "-out", out}, args...)...)
	der, err := os.ReadFile(out)
	if err != nil || len(der) > room {
		t.Fatal(len(der), err)
	}
	copy(file[from+1:], hex.EncodeToString(der))
	return file
}

var signingKeys = map[string][]string{
	"RSA":   {"-newkey", "rsa:2048"},
	"ECDSA": {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"},
}

var plainPDF = []byte("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n")

func TestASignatureOfAnotherProgramHolds(t *testing.T) {
	for name, args := range signingKeys {
		s := newSigner(t, "Kepala Dinas", args...)
		for _, how := range [][]string{{"-md", "sha256"}, {"-md", "sha512"}, {"-noattr", "-md", "sha256"}, {"-keyid", "-md", "sha384"}} {
			got, err := Inspect(s.sign(t, plainPDF, how...))
			if err != nil || got.State != Intact || len(got.Signers) != 1 || got.Signers[0].Name != "Kepala Dinas" || got.Signers[0].Issuer != "Kepala Dinas" {
				t.Errorf("%s %v: %+v %v", name, how, got, err)
			} else if got.Signers[0].At.IsZero() != (how[0] == "-noattr") {
				t.Errorf("%s %v: signed at %v", name, how, got.Signers[0].At)
			}
		}
	}
	pss := newSigner(t, "Kepala Dinas", signingKeys["RSA"]...)
	if got, err := Inspect(pss.sign(t, plainPDF, "-md", "sha256", "-keyopt", "rsa_padding_mode:pss")); err != nil || got.State != Intact {
		t.Errorf("RSA-PSS: %+v %v", got, err)
	}
}

// TestAnAlteredByteIsFound changes one byte after the other: of the file, of the
// digest and of the signature itself.
func TestAnAlteredByteIsFound(t *testing.T) {
	for name, args := range signingKeys {
		file := newSigner(t, "Kepala Dinas", args...).sign(t, plainPDF, "-md", "sha256")
		_, from, to := withField(plainPDF)
		for at := 8; at < len(file); at += 7 {
			if at > from && at < to {
				at = to // what stands inside the signature is another test
				continue
			}
			if at >= from-60 && at <= from { // the ranges themselves
				continue
			}
			bad := bytes.Clone(file)
			bad[at] ^= 1
			if got, err := Inspect(bad); err == nil && got.State == Intact {
				t.Fatalf("%s: byte %d was changed, and the signature is %s", name, at, got.State)
			}
		}
		bad := bytes.Clone(file)
		bad[12] ^= 1
		if _, err := Inspect(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: an altered file is taken in: %v", name, err)
		}
	}
}

func TestASecondSignatureAndWhatWasAddedLater(t *testing.T) {
	first, second := newSigner(t, "Satu", signingKeys["ECDSA"]...), newSigner(t, "Dua", signingKeys["RSA"]...)
	both := second.sign(t, first.sign(t, plainPDF, "-md", "sha256"), "-md", "sha256")
	got, err := Inspect(both)
	if err != nil || got.State != Intact || len(got.Signers) != 2 || got.Signers[1].Name != "Dua" {
		t.Errorf("two signatures: %+v %v", got, err)
	}
	got, err = Inspect(append(bytes.Clone(both), "901 0 obj\n(added)\nendobj\n"...))
	if err != nil || got.State != Extended {
		t.Errorf("something added afterwards: %+v %v", got, err)
	}
	if got, err := Inspect(plainPDF); err != nil || got.State != Unsigned {
		t.Errorf("no signature: %+v %v", got, err)
	}
}

// TestWhatCannotBeCheckedIsSaidToBeSo: a weak digest, an empty place, content of its own.
func TestWhatCannotBeCheckedIsSaidToBeSo(t *testing.T) {
	s := newSigner(t, "Kepala Dinas", signingKeys["RSA"]...)
	empty, _, _ := withField(plainPDF)
	for name, file := range map[string][]byte{
		"SHA-1": s.sign(t, plainPDF, "-md", "sha1"), "empty": empty, "its own content": s.sign(t, plainPDF, "-nodetach", "-md", "sha256"),
		"no certificate": s.sign(t, plainPDF, "-nocerts", "-md", "sha256"),
	} {
		if got, err := Inspect(file); err != nil || got.State != Uncheckable {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
	outside := bytes.Replace(s.sign(t, plainPDF, "-md", "sha256"), []byte("/ByteRange [0 "), []byte("/ByteRange [7 "), 1)
	if _, err := Inspect(outside); !fault.Is(err, fault.Invalid) {
		t.Errorf("a range that leaves out the beginning: %v", err)
	}
}

func FuzzInspect(f *testing.F) {
	file, from, _ := withField(plainPDF)
	der, err := hex.DecodeString("3080060a2a864886f70d010702")
	if err != nil {
		f.Fatal(err)
	}
	copy(file[from+1:], hex.EncodeToString(der))
	f.Add(file)
	f.Add([]byte("%PDF-1.7 /ByteRange [0 10 20 30] <00>"))
	f.Fuzz(func(t *testing.T, pdf []byte) {
		got, err := Inspect(pdf)
		if err == nil && (got.State == Intact || got.State == Extended) && len(got.Signers) == 0 {
			t.Errorf("%s, and nobody signed", got.State)
		}
	})
}

func FuzzCMS(f *testing.F) {
	f.Add([]byte{0x30, 0x80})
	f.Fuzz(func(t *testing.T, der []byte) {
		if _, v := checkCMS(der, content{before: plainPDF}); v == cmsHolds && len(der) < 100 {
			t.Error("a signature out of nothing")
		}
	})
}
