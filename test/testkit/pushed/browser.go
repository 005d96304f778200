package pushed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"
)

// Browser is whoever subscribed.
type Browser struct {
	key  *ecdh.PrivateKey
	auth []byte
}

// NewBrowser draws the keys of one.
func NewBrowser(t testing.TB) Browser {
	t.Helper()
	k, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b := Browser{k, make([]byte, 16)}
	rand.Read(b.auth)
	return b
}

// Subscription is what the browser tells a page of an address at its push service.
func (b Browser) Subscription(endpoint string) string {
	enc := base64.RawURLEncoding
	raw, err := json.Marshal(map[string]any{"endpoint": endpoint, "expirationTime": nil,
		"keys": map[string]string{"p256dh": enc.EncodeToString(b.key.PublicKey().Bytes()), "auth": enc.EncodeToString(b.auth)}})
	if err != nil {
		return err.Error() // not reached: these are texts
	}
	return string(raw)
}

// Open opens one message.
func (b Browser) Open(t testing.TB, sealed []byte) []byte {
	t.Helper()
	if len(sealed) < 21+65 {
		t.Fatalf("%d bytes are no message", len(sealed))
	}
	salt, rest := sealed[:16], sealed[16:]
	if binary.BigEndian.Uint32(rest) < 18 {
		t.Fatal("a record that holds nothing")
	}
	n := int(rest[4])
	senders, body := rest[5:5+n], rest[5+n:]
	key, nonce := b.secrets(t, senders, salt)
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gcm.Open(nil, nonce, body, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, last := strings.CutSuffix(strings.TrimRight(string(plain), "\x00"), "\x02")
	if !last {
		t.Fatal("this is not the last record")
	}
	return []byte(text)
}

// secrets are the key and the nonce of a message.
func (b Browser) secrets(t testing.TB, senders, salt []byte) (key, nonce []byte) {
	t.Helper()
	sender, err := ecdh.P256().NewPublicKey(senders)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := b.key.ECDH(sender)
	if err != nil {
		t.Fatal(err)
	}
	derive := func(secret, salt []byte, info string, length int) []byte {
		prk, err := hkdf.Extract(sha256.New, secret, salt)
		if err != nil {
			t.Fatal(err)
		}
		out, err := hkdf.Expand(sha256.New, prk, info, length)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	ikm := derive(shared, b.auth, "WebPush: info\x00"+string(b.key.PublicKey().Bytes())+string(senders), 32)
	return derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16), derive(ikm, salt, "Content-Encoding: nonce\x00", 12)
}
