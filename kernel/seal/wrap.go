package seal

import (
	"crypto/cipher"
	"encoding/hex"

	"pendopo/kernel/fault"
)

// wrapping is the wrap keys an instance holds: the one in its folder and,
// during a rotation, the next one. Stored keys say which one wraps them.
type wrapping struct {
	current string // id
	next    string // id, empty when no rotation is under way
	keys    map[string]cipher.AEAD
}

func newWrapping(key [keySize]byte) wrapping {
	id := wrapID(key)
	return wrapping{current: id, keys: map[string]cipher.AEAD{id: newAEAD(derive(key[:], "wrap"))}}
}

func (w *wrapping) add(next [keySize]byte) {
	w.next = wrapID(next)
	w.keys[w.next] = newAEAD(derive(next[:], "wrap"))
}

// wrapID names a wrap key without telling it.
func wrapID(key [keySize]byte) string { return hex.EncodeToString(derive(key[:], "wrap-id")[:8]) }

// wrap encrypts a stream's key; it opens only as that stream's.
func (w wrapping) wrap(id, stream string, raw [keySize]byte) []byte {
	return w.keys[id].Seal(nil, nil, raw[:], []byte(stream))
}

func (w wrapping) unwrap(id, stream string, wrapped []byte) (raw [keySize]byte, err error) {
	aead, held := w.keys[id]
	if !held {
		return raw, fault.New(fault.Internal, "seal.wrap_key_unknown").With("id", id)
	}
	plain, err := aead.Open(nil, nil, wrapped, []byte(stream))
	if err != nil || len(plain) != keySize {
		return raw, fault.New(fault.Internal, "seal.store_damaged").At(stream).Because(err)
	}
	return [keySize]byte(plain), nil
}
