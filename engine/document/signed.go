package document

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"regexp"
	"strconv"
	"time"

	"pendopo/kernel/fault"
)

// What the electronic signatures of a file that was made elsewhere are.
const (
	Intact      = "intact"   // every one holds for the bytes it covers, and the last covers all
	Extended    = "extended" // every one holds, and something was added after the last
	Unsigned    = "none"     // there is none
	Uncheckable = "unknown"  // there is one of a kind that is not checked here
)

// Inspection is what was found of a file's signatures. That a signature holds
// says that the bytes are those that somebody signed. Whether that somebody is
// who the certificate says is for whoever knows its issuer: no list of trusted
// issuers is kept here.
type Inspection struct {
	State   string
	Signers []SignedBy
}

// SignedBy is whom a signature names, in the words of its certificate.
type SignedBy struct {
	Name, Issuer string
	At           time.Time // as the signer's own clock said; zero when it said nothing
}

// byteRange is the pattern of a signature's place (ISO 32000-1, 12.8.1).
var byteRange = regexp.MustCompile(`/ByteRange\s*\[\s*(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]`)

// mostSignatures bounds the work that one file can cause.
const mostSignatures = 10

// Inspect checks the mathematics of every signature of a PDF: the digest over
// its byte range, and the CMS signature over that (RSA and ECDSA over SHA-2).
// One that does not fit is a fault: the file is not what was signed.
func Inspect(pdf []byte) (Inspection, error) {
	if len(pdf) > MaxPDF {
		return Inspection{}, fault.New(fault.TooLarge, "document.file_too_large").With("limit", MaxPDF>>20)
	}
	places := byteRange.FindAllSubmatch(pdf, mostSignatures+1)
	if len(places) == 0 {
		return Inspection{State: Unsigned}, nil
	}
	out := Inspection{State: Extended}
	if len(places) > mostSignatures {
		out.State, places = Uncheckable, places[:mostSignatures]
	}
	for _, m := range places {
		signed, cms, ok := covered(pdf, m)
		if !ok {
			return out, broken()
		}
		by, verdict := checkCMS(cms, signed)
		switch {
		case verdict == cmsBroken:
			return out, broken()
		case verdict == cmsUnknown:
			out.State = Uncheckable
		case out.State == Extended && len(bytes.TrimRight(pdf[signed.end:], "\r\n\x00 ")) == 0:
			out.State = Intact
		}
		if by != (SignedBy{}) {
			out.Signers = append(out.Signers, by)
		}
	}
	return out, nil
}

func broken() *fault.Fault { return fault.New(fault.Invalid, "document.signature_broken").At("file") }

// content is the bytes that a signature covers: all of the file up to an end,
// but for the signature itself.
type content struct {
	before, after []byte
	end           int
}

func (c content) digest(h hash.Hash) []byte {
	h.Write(c.before)
	h.Write(c.after)
	return h.Sum(nil)
}

// covered reads one byte range: it begins with the file, and what it leaves out
// is one hexadecimal string, the signature.
func covered(pdf []byte, m [][]byte) (content, []byte, bool) {
	var n [4]int
	for i := range n {
		n[i], _ = strconv.Atoi(string(m[i+1])) // the pattern has digits only
	}
	gap, from, end := n[1], n[2], n[2]+n[3]
	if n[0] != 0 || gap <= 0 || from <= gap+1 || end < from || end > len(pdf) {
		return content{}, nil, false
	}
	text := bytes.TrimSpace(pdf[gap:from])
	if len(text) < 2 || text[0] != '<' || text[len(text)-1] != '>' {
		return content{}, nil, false
	}
	cms, err := hex.DecodeString(string(text[1 : len(text)-1]))
	return content{pdf[:gap], pdf[from:end], end}, cms, err == nil
}

// newHash is a hash of SHA-2, nil for any other: what was signed over a weaker one is not vouched for.
func newHash(bits int) func() hash.Hash {
	switch bits {
	case 256:
		return sha256.New
	case 384:
		return sha512.New384
	case 512:
		return sha512.New
	}
	return nil
}
