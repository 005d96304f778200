package document

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"io"
	"time"

	"pendopo/kernel/seal"
)

// maxKeysFile bounds a file of published keys, in bytes.
const maxKeysFile = 1 << 20

// keyFile is the JSON at /.well-known/pendopo-keys: enough for a stranger to
// check a statement with any COSE library.
type keyFile struct {
	Version int         `json:"version"` // 1
	Issuer  string      `json:"issuer"`
	Keys    []keyRecord `json:"keys"`
}

type keyRecord struct {
	ID        string    `json:"id"`        // the key id in the COSE header
	Algorithm string    `json:"algorithm"` // EdDSA with Ed25519
	Public    []byte    `json:"public"`    // 32 bytes, base64
	From      time.Time `json:"from,omitzero"`
	Until     time.Time `json:"until,omitzero"`
}

const algorithmName = "EdDSA-Ed25519"

// EncodeKeys writes the published document keys as JSON, old ones included.
func EncodeKeys(issuer string, keys []seal.PublishedKey) ([]byte, error) {
	f := keyFile{Version: 1, Issuer: issuer, Keys: []keyRecord{}}
	for _, k := range keys {
		f.Keys = append(f.Keys, keyRecord{ID: k.ID, Algorithm: algorithmName, Public: k.Public, From: k.From, Until: k.Until})
	}
	out, err := json.MarshalIndent(f, "", "  ")
	return append(out, '\n'), err
}

// DecodeKeys reads what EncodeKeys wrote. Keys of other algorithms are passed
// over; unknown members, trailing text and a file without any key are refused.
func DecodeKeys(data []byte) ([]seal.PublishedKey, error) {
	if len(data) > maxKeysFile {
		return nil, errors.New("keys: the file is too large")
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var f keyFile
	if err := decoder.Decode(&f); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("keys: something follows the keys")
	}
	var keys []seal.PublishedKey
	for _, k := range f.Keys {
		if k.Algorithm == algorithmName && len(k.Public) == ed25519.PublicKeySize && k.ID != "" {
			keys = append(keys, seal.PublishedKey{ID: k.ID, Public: k.Public, From: k.From, Until: k.Until})
		}
	}
	if f.Version != 1 || len(keys) == 0 {
		return nil, errors.New("keys: no usable key of version 1")
	}
	return keys, nil
}
