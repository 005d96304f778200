package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"
	"sync"
)

// keySize is the length of every symmetric key, in bytes.
const keySize = 32

// derive makes a key for one use out of another key. The label separates uses
// for ever: changing one makes everything under it unreadable.
func derive(key []byte, label string) []byte { return deriveFrom(key).key(label) }

// derived makes many keys out of one: what derive gives, but for the first of its
// two steps, which is the same for every label.
type derived struct{ extracted []byte }

func deriveFrom(key []byte) derived {
	extracted, err := hkdf.Extract(sha256.New, key, nil)
	if err != nil {
		panic("seal: hkdf refuses a 32-byte key: " + err.Error()) // cannot happen: fixed length
	}
	return derived{extracted}
}

func (d derived) key(label string) []byte {
	out, err := hkdf.Expand(sha256.New, d.extracted, "pendopo/"+label+"/1", keySize)
	if err != nil {
		panic("seal: hkdf: " + err.Error()) // cannot happen: fixed lengths
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

// macs makes MACs under one key. It keeps the state that the key gives, which
// would cost as much to make anew as a short MAC.
type macs struct{ ready sync.Pool }

type unfinished struct {
	hash hash.Hash
	text []byte
}

func newMACs(key []byte) *macs {
	key = slices.Clone(key)
	return &macs{sync.Pool{New: func() any { return &unfinished{hash: hmac.New(sha256.New, key)} }}}
}

// of is HMAC-SHA-256 over the parts, each with its length before it, so that
// no two lists of parts give the same bytes.
func (m *macs) of(parts ...string) []byte {
	u := m.ready.Get().(*unfinished)
	defer m.ready.Put(u)
	u.text = u.text[:0]
	for _, part := range parts {
		u.text = binary.BigEndian.AppendUint32(u.text, uint32(len(part)))
		u.text = append(u.text, part...)
	}
	u.hash.Reset()
	u.hash.Write(u.text)
	clear(u.text)
	return u.hash.Sum(make([]byte, 0, sha256.Size))
}
