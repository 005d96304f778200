package casework

import (
	"crypto/subtle"
	"encoding/binary"
	"strconv"
	"strings"

	"pendopo/kernel/seal"
)

// The code of a case is ten characters of Crockford's base 32 and a check
// character; it may be spoken and shows state only. The secret is eight more,
// given once, and opens what is personal. Both are computed from the stream id
// under the track key, so neither is stored and both can be said again.
const (
	codeLength   = 10
	secretLength = 8
	alphabet     = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

// codes makes and checks codes and secrets.
type codes struct{ in *seal.Instance }

// Code of a stream, as printed: XXXXX-XXXXX-C.
func (c codes) Code(stream string) string {
	s := base32(c.in.TrackMAC("code", stream), codeLength)
	return s[:5] + "-" + s[5:] + "-" + string(alphabet[checkOf(s)])
}

// Secret of a stream and generation, as printed: XXXX-XXXX.
func (c codes) Secret(stream string, generation int) string {
	s := base32(c.in.TrackMAC("secret", stream, strconv.Itoa(generation)), secretLength)
	return s[:4] + "-" + s[4:]
}

// Opens reports whether secret is the stream's, in constant time.
func (c codes) Opens(stream string, generation int, secret string) bool {
	want := plain(c.Secret(stream, generation))
	return subtle.ConstantTimeCompare([]byte(want), []byte(plain(secret))) == 1
}

// Index is how a code is found in the data: it cannot be turned back.
func (c codes) Index(code string) []byte { return c.in.TrackMAC("index", plain(code)) }

// ParseCode reads a code as people write and speak it: any case, with or
// without dashes and spaces, O for 0, I and L for 1. It reports whether length
// and check character are right; the result has neither dash nor space.
func ParseCode(s string) (string, bool) {
	p := plain(s)
	if len(p) != codeLength+1 {
		return "", false
	}
	for i := range p {
		if strings.IndexByte(alphabet, p[i]) < 0 {
			return "", false
		}
	}
	return p, alphabet[checkOf(p[:codeLength])] == p[codeLength]
}

// plain brings a code or secret to its bare characters.
func plain(s string) string {
	if len(s) > 64 {
		return ""
	}
	var b strings.Builder
	for _, r := range strings.ToUpper(s) {
		switch r {
		case '-', ' ', '\t', '\n', '\r', '.':
		case 'O':
			b.WriteByte('0')
		case 'I', 'L':
			b.WriteByte('1')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// base32 writes the first n·5 bits of mac.
func base32(mac []byte, n int) string {
	bits := binary.BigEndian.Uint64(mac[:8])
	out := make([]byte, n)
	for i := range out {
		out[i] = alphabet[bits>>59]
		bits <<= 5
	}
	return string(out)
}

// checkOf is a check value over GF(32): Σ αⁱ·vᵢ. One wrong character and two
// swapped neighbours always change it, since the αⁱ differ and none is zero.
func checkOf(s string) byte {
	var sum, weight byte = 0, 1
	for i := range len(s) {
		weight = double(weight)
		sum ^= multiply(weight, byte(strings.IndexByte(alphabet, s[i])))
	}
	return sum
}

// double multiplies by α = x in GF(2)[x]/(x⁵+x²+1).
func double(v byte) byte {
	v <<= 1
	if v&32 != 0 {
		v ^= 0b100101
	}
	return v
}

func multiply(a, b byte) byte {
	var out byte
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			out ^= a
		}
		a = double(a)
	}
	return out
}
