package document

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fxamacker/cbor/v2"
	"github.com/veraison/go-cose"

	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
)

// Limits of a statement: it must fit a QR code that a cheap phone still reads
// from a folded paper.
const (
	MaxProved   = 8    // proved values of one document
	MaxPayload  = 1200 // bytes of a signed statement
	provedBytes = 480  // bytes of all proved values together; longer ones are cut and end in "…"
	textBytes   = 160  // bytes of issuer, kind, number or basis
	keyIDBytes  = 64
	dayLength   = 24 * time.Hour
)

// ID is a document's random 128-bit identity: the permanent identifier in its
// PDF (ISO 32000-1, 14.4), in its statement and in the path of its link.
type ID [16]byte

// NewID draws an identity.
func NewID() ID {
	var id ID
	rand.Read(id[:])
	return id
}

// Statement is what the issuer says about a document, short enough for a QR
// code. Proved holds the values that tie it to its paper, so that the code
// cannot be glued on another one: whoever checks compares them with the paper.
type Statement struct {
	Issuer     string
	Kind       string // id of the template
	Number     string
	Date       time.Time // calendar date, at 00:00 UTC
	ValidUntil time.Time // last day of validity, likewise; zero = no end
	ID         ID
	Proved     map[string]string // field id → the value as printed
	Deemed     string            // the norm that deemed it approved; empty when an officer decided
}

// wire is a statement in CBOR. Dates are days since 1970-01-01 (as in RFC
// 8943), because validity is a matter of calendar dates, not of instants.
type wire struct {
	Version int               `cbor:"0,keyasint"`
	Issuer  string            `cbor:"1,keyasint"`
	Kind    string            `cbor:"2,keyasint"`
	Number  string            `cbor:"3,keyasint"`
	Date    int64             `cbor:"4,keyasint"`
	Until   int64             `cbor:"5,keyasint,omitempty"`
	ID      []byte            `cbor:"6,keyasint"`
	Proved  map[string]string `cbor:"7,keyasint,omitempty"`
	Deemed  string            `cbor:"8,keyasint,omitempty"`
}

// Sign makes the COSE_Sign1 (RFC 9052, Ed25519) of a statement: deterministic
// CBOR, the algorithm and the key's id protected, nothing unprotected.
// Proved values that are too long for a QR code are cut and end in "…".
func Sign(st Statement, keyID string, key ed25519.PrivateKey) ([]byte, error) {
	st.Proved = fitProved(st.Proved)
	if err := st.check(); err != nil {
		return nil, err
	}
	body, err := encodeWire(st)
	if err != nil {
		return nil, err
	}
	signer, err := cose.NewSigner(cose.AlgorithmEdDSA, key)
	if err != nil {
		return nil, err
	}
	message := cose.Sign1Message{Headers: headers(keyID), Payload: body}
	if err := message.Sign(rand.Reader, nil, signer); err != nil {
		return nil, err
	}
	signed, err := message.MarshalCBOR()
	if err == nil && len(signed) > MaxPayload {
		err = fmt.Errorf("statement: %d bytes signed, at most %d fit the code", len(signed), MaxPayload)
	}
	return signed, err
}

// Verify reads a signed statement and checks it against the published keys.
// It is strict: exactly the bytes that Sign makes are taken. Trailing bytes,
// another algorithm, further headers, doubled or unsorted map keys, an unknown
// key and a key that had ended at the statement's date are refused, each with
// a fault that says which.
func Verify(payload []byte, keys []seal.PublishedKey) (Statement, error) {
	if len(payload) > MaxPayload {
		return Statement{}, fault.New(fault.TooLarge, "document.payload_too_long")
	}
	var message cose.Sign1Message
	if err := message.UnmarshalCBOR(payload); err != nil {
		return Statement{}, unreadable(err)
	}
	keyID, err := exactHeaders(message, payload)
	if err != nil {
		return Statement{}, unreadable(err)
	}
	st, err := decodeWire(message.Payload)
	if err != nil {
		return Statement{}, unreadable(err)
	}
	if err := verifyWith(&message, st, keysNamed(keys, keyID)); err != nil {
		return Statement{}, err
	}
	return st, nil
}

func verifyWith(message *cose.Sign1Message, st Statement, keys []seal.PublishedKey) error {
	if len(keys) == 0 {
		return fault.New(fault.Invalid, "document.unknown_key")
	}
	for _, k := range keys {
		verifier, err := cose.NewVerifier(cose.AlgorithmEdDSA, k.Public)
		if err != nil {
			return err
		}
		if message.Verify(nil, verifier) != nil {
			continue
		}
		if !keyHeldOn(k, st.Date) {
			return fault.New(fault.Invalid, "document.key_ended")
		}
		return nil
	}
	return fault.New(fault.Invalid, "document.forged")
}

// keyHeldOn asks whether the key was in use on a calendar date, wherever on
// earth that date was lived (a day of leeway on both sides).
func keyHeldOn(k seal.PublishedKey, date time.Time) bool {
	if !k.From.IsZero() && date.Before(k.From.Add(-2*dayLength)) {
		return false
	}
	return k.Until.IsZero() || !date.After(k.Until.Add(dayLength))
}

func keysNamed(keys []seal.PublishedKey, id string) []seal.PublishedKey {
	return slices.DeleteFunc(slices.Clone(keys), func(k seal.PublishedKey) bool {
		return k.ID != id || len(k.Public) != ed25519.PublicKeySize
	})
}

func unreadable(err error) error {
	return fault.New(fault.Invalid, "document.payload_unreadable").Because(err)
}

func headers(keyID string) cose.Headers {
	return cose.Headers{
		Protected: cose.ProtectedHeader{
			cose.HeaderLabelAlgorithm: cose.AlgorithmEdDSA,
			cose.HeaderLabelKeyID:     []byte(keyID),
		},
		Unprotected: cose.UnprotectedHeader{},
	}
}

// exactHeaders gives the key's id after making sure that the message is byte
// for byte what Sign would have written around this payload and signature.
func exactHeaders(message cose.Sign1Message, raw []byte) (string, error) {
	keyID, ok := message.Headers.Protected[cose.HeaderLabelKeyID].([]byte)
	if !ok || len(keyID) == 0 || len(keyID) > keyIDBytes {
		return "", errors.New("statement: no key id")
	}
	if len(message.Payload) == 0 || len(message.Signature) != ed25519.SignatureSize {
		return "", errors.New("statement: payload or signature has a wrong length")
	}
	again := cose.Sign1Message{Headers: headers(string(keyID)), Payload: message.Payload, Signature: message.Signature}
	canonical, err := again.MarshalCBOR()
	if err != nil {
		return "", err
	}
	if !bytes.Equal(canonical, raw) {
		return "", errors.New("statement: not in its only form")
	}
	return string(keyID), nil
}

func encodeWire(st Statement) ([]byte, error) {
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		return nil, err
	}
	return mode.Marshal(wire{
		Version: 1, Issuer: st.Issuer, Kind: st.Kind, Number: st.Number,
		Date: days(st.Date), Until: days(st.ValidUntil), ID: st.ID[:], Proved: st.Proved, Deemed: st.Deemed,
	})
}

// decodeWire refuses what encodeWire could not have written, by writing it again.
func decodeWire(body []byte) (Statement, error) {
	mode, err := cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden, TagsMd: cbor.TagsForbidden,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField, MaxNestedLevels: 4, MaxArrayElements: 16, MaxMapPairs: 16,
	}.DecMode()
	if err != nil {
		return Statement{}, err
	}
	var w wire
	if err := mode.Unmarshal(body, &w); err != nil {
		return Statement{}, err
	}
	if w.Version != 1 || len(w.ID) != len(ID{}) {
		return Statement{}, errors.New("statement: unknown version or identity")
	}
	st := Statement{Issuer: w.Issuer, Kind: w.Kind, Number: w.Number, Date: day(w.Date), ID: ID(w.ID), Proved: w.Proved, Deemed: w.Deemed}
	if w.Until != 0 {
		st.ValidUntil = day(w.Until)
	}
	if err := st.check(); err != nil {
		return Statement{}, err
	}
	again, err := encodeWire(st)
	if err == nil && !bytes.Equal(again, body) {
		err = errors.New("statement: payload not in its only form")
	}
	return st, err
}

func (st Statement) check() error {
	for _, s := range []string{st.Issuer, st.Kind, st.Number} {
		if s == "" {
			return errors.New("statement: issuer, kind or number is missing")
		}
	}
	for _, s := range []string{st.Issuer, st.Kind, st.Number, st.Deemed} {
		if len(s) > textBytes || !utf8.ValidString(s) {
			return errors.New("statement: issuer, kind, number or basis is too long or no text")
		}
	}
	if len(st.Proved) > MaxProved {
		return fmt.Errorf("statement: %d proved values, at most %d", len(st.Proved), MaxProved)
	}
	total := 0
	for k, v := range st.Proved {
		total += len(v)
		if k == "" || len(k) > textBytes || !utf8.ValidString(k) || !utf8.ValidString(v) {
			return errors.New("statement: a proved value has no name or is no text")
		}
	}
	if total > provedBytes {
		return errors.New("statement: proved values are too long")
	}
	if y := st.Date.Year(); y < 1945 || y > 9999 || st.ValidUntil.Year() > 9999 {
		return errors.New("statement: date out of range")
	}
	return nil
}

// Expired says whether the last day of validity lies before today's date.
func (st Statement) Expired(today time.Time) bool {
	return !st.ValidUntil.IsZero() && days(today) > days(st.ValidUntil)
}

// fitProved cuts long values evenly so that all fit the code.
func fitProved(proved map[string]string) map[string]string {
	if len(proved) == 0 {
		return nil
	}
	fit := make(map[string]string, len(proved))
	for k, v := range proved {
		fit[k] = cut(v, provedBytes/len(proved))
	}
	return fit
}

// cut shortens s to at most n bytes at a rune's edge; a cut shows as "…".
func cut(s string, n int) string {
	const mark = "…"
	if len(s) <= n {
		return s
	}
	n -= len(mark)
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimRight(s[:n], " ") + mark
}

// days counts from 1970-01-01 to the calendar date t shows in its own zone.
func days(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / int64(dayLength/time.Second)
}

func day(n int64) time.Time { return time.Unix(0, 0).UTC().AddDate(0, 0, int(min(max(n, -1e6), 1e7))) }
