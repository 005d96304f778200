package seal

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"

	"pendopo/kernel/fault"
)

// Shamir's sharing of a secret over GF(256), the field of AES: byte by byte a
// line through the secret at 0, of which any two points give the whole and one
// gives nothing. Two of three is all that is needed, so that is all there is.

// The number of shares, and how many of them give the secret back.
const (
	ShareCount  = 3
	ShareWanted = 2
)

// Share is one point of each line, at x = Number.
type Share struct {
	Number byte    // 1 to ShareCount
	Set    [4]byte // which secret it is a share of; names it without telling it
	y      [keySize]byte
}

// secretSet names a secret.
func secretSet(secret [keySize]byte) (set [4]byte) {
	copy(set[:], derive(secret[:], "share-set"))
	return set
}

// splitSecret makes the shares of a secret.
func splitSecret(secret [keySize]byte) [ShareCount]Share {
	var slope [keySize]byte
	rand.Read(slope[:]) // never fails: crypto/rand ends the process instead
	return splitAlong(secret, slope)
}

// splitAlong puts the lines through the secret with given slopes.
func splitAlong(secret, slope [keySize]byte) (shares [ShareCount]Share) {
	for i := range shares {
		x := byte(i + 1)
		shares[i] = Share{Number: x, Set: secretSet(secret)}
		for b := range secret {
			shares[i].y[b] = secret[b] ^ gfMul(slope[b], x)
		}
	}
	return shares
}

// joinShares gives the secret of two shares. Shares of two secrets, or the same
// one twice, are Invalid; so are two that do not give the secret they name.
func joinShares(a, b Share) (secret [keySize]byte, err error) {
	switch {
	case a.Set != b.Set:
		return secret, fault.New(fault.Invalid, "seal.share_mixed")
	case a.Number == b.Number:
		return secret, fault.New(fault.Invalid, "seal.share_twice")
	}
	// The line through both at 0: y_a·x_b/(x_a+x_b) + y_b·x_a/(x_a+x_b).
	below := gfInverse(a.Number ^ b.Number)
	atA, atB := gfMul(b.Number, below), gfMul(a.Number, below)
	for i := range secret {
		secret[i] = gfMul(a.y[i], atA) ^ gfMul(b.y[i], atB)
	}
	set := secretSet(secret)
	if subtle.ConstantTimeCompare(set[:], a.Set[:]) != 1 {
		return secret, fault.New(fault.Invalid, "seal.share_false")
	}
	return secret, nil
}

// gfMul multiplies in GF(2^8) modulo x^8+x^4+x^3+x+1, without looking at a table
// or branching on what it multiplies.
func gfMul(a, b byte) (p byte) {
	for range 8 {
		p ^= a & -(b & 1)
		a = a<<1 ^ 0x1b&-(a>>7)
		b >>= 1
	}
	return p
}

// gfInverse is a^254; of 0 it is 0.
func gfInverse(a byte) byte {
	r := byte(1)
	for range 254 {
		r = gfMul(r, a)
	}
	return r
}

// checkOf is two bytes over a whole share.
func (s Share) checkOf() [2]byte {
	h := sha256.New()
	h.Write([]byte("pendopo/share/1"))
	h.Write([]byte{s.Number})
	h.Write(s.Set[:])
	h.Write(s.y[:])
	return [2]byte(h.Sum(nil)[:2])
}
