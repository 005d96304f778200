package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// keySize is the length of every symmetric key, in bytes.
const keySize = 32

// derive makes a key for one use out of another key. The label separates uses
// for ever: changing one makes everything under it unreadable.
func derive(key []byte, label string) []byte {
	out, err := hkdf.Key(sha256.New, key, nil, "pendopo/"+label+"/1", keySize)
	if err != nil {
		panic("seal: hkdf refuses a 32-byte key: " + err.Error()) // cannot happen: fixed lengths
	}
	return out
}

// newAEAD is AES-256-GCM that draws its own nonce and writes it before the text.
func newAEAD(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("seal: aes refuses a 32-byte key: " + err.Error()) // cannot happen: fixed length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("seal: gcm: " + err.Error()) // cannot happen: AES is what it wants
	}
	return aead
}

// mac is HMAC-SHA-256 over the parts, each with its length before it, so that
// no two lists of parts give the same bytes.
func mac(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	var size [4]byte
	for _, part := range parts {
		binary.BigEndian.PutUint32(size[:], uint32(len(part)))
		h.Write(size[:])
		h.Write([]byte(part))
	}
	return h.Sum(nil)
}
