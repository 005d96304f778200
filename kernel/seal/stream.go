package seal

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"log/slog"

	"pendopo/kernel/fault"
)

// Overhead is how many bytes longer a sealed text is than the plain one.
const Overhead = 12 + 16

// StreamKey is the key of one stream. It is small, may be copied, and is safe
// for use by several goroutines. The zero value has no key and must not be used.
type StreamKey struct{ m *material }

type material struct {
	raw  [keySize]byte
	from derived
	aead cipher.AEAD
}

// NewStreamKey makes a random key that no store knows: for a test, or for
// something that lives only as long as the process.
func NewStreamKey() StreamKey {
	var raw [keySize]byte
	rand.Read(raw[:]) // never fails: crypto/rand ends the process instead
	return streamKey(raw)
}

func streamKey(raw [keySize]byte) StreamKey {
	from := deriveFrom(raw[:])
	return StreamKey{&material{raw: raw, from: from, aead: newAEAD(from.key("seal"))}}
}

// Zero reports whether there is no key in k.
func (k StreamKey) Zero() bool { return k.m == nil }

// Seal encrypts plain and binds it to aad: it opens only with the same aad.
// The result is Overhead bytes longer than plain.
func (k StreamKey) Seal(plain, aad []byte) []byte {
	return k.m.aead.Seal(make([]byte, 0, len(plain)+Overhead), nil, plain, aad)
}

// Open is the reverse of Seal. What was altered, moved to another place or
// sealed under another key is an Internal fault: the record is damaged.
func (k StreamKey) Open(sealed, aad []byte) ([]byte, error) {
	plain, err := k.m.aead.Open(nil, nil, sealed, aad)
	if err != nil {
		return nil, fault.New(fault.Internal, "seal.damaged").Because(err)
	}
	return plain, nil
}

// Commitment is 32 public bytes that only this key gives. A stream's first
// event carries them, because AES-GCM alone lets one ciphertext open to two
// texts under two keys.
func (k StreamKey) Commitment() []byte { return k.m.from.key("commit") }

// Committed reports whether commitment is this key's.
func (k StreamKey) Committed(commitment []byte) bool {
	return hmac.Equal(k.Commitment(), commitment)
}

// RequestMAC recognises a repeated request. It is under the stream's
// own key, so that it says nothing any more once the stream is shredded.
func (k StreamKey) RequestMAC(canonical []byte) []byte {
	h := hmac.New(sha256.New, k.m.from.key("request"))
	h.Write(canonical)
	return h.Sum(nil)
}

// Derive makes the key of a part of the stream, named by label. It is shredded
// together with its stream.
func (k StreamKey) Derive(label string) StreamKey {
	return streamKey([keySize]byte(k.m.from.key("part/" + label)))
}

// Format hides the key from every verb of fmt.
func (k StreamKey) Format(s fmt.State, _ rune) { fmt.Fprint(s, "seal.StreamKey(hidden)") }

// LogValue hides the key from logs.
func (k StreamKey) LogValue() slog.Value { return slog.StringValue("hidden") }
