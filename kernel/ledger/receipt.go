package ledger

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
)

// receiptType names the form of a receipt and is the domain of its signature.
const receiptType = "pendopo/receipt/1"

// Receipt is a signed promise: the event with exactly these columns will be in
// the log within a minute of Time. It is complete in itself: whoever holds it
// and the log's public key can compute the leaf (see package event), check the
// signature, and later the proof.
type Receipt struct {
	Type      string       `json:"type"`
	Origin    string       `json:"origin"` // of the instance's first log
	Key       string       `json:"key"`    // public verifier line of the log key
	Event     ReceiptEvent `json:"event"`
	Leaf      string       `json:"leaf"`      // 32 bytes, hexadecimal
	Time      int64        `json:"time"`      // when it was signed, µs UTC
	IncludeBy int64        `json:"includeBy"` // µs UTC
	Signature string       `json:"signature"` // Ed25519 over SignedBytes, base64
}

// ReceiptEvent is an event's columns in the order of the leaf, the sealed one
// replaced by its hash. Times are µs UTC.
type ReceiptEvent struct {
	ID           string `json:"id"`
	Stream       string `json:"stream"`
	Version      int64  `json:"version"`
	Kind         string `json:"kind"`
	Schema       int    `json:"schema"`
	Entered      int64  `json:"entered"`
	Received     int64  `json:"received"`
	Evidence     string `json:"evidence"`
	Node         string `json:"node"`
	Actor        string `json:"actor"`
	Definition   string `json:"definition"`
	Clear        string `json:"clear"`
	SealedSHA256 string `json:"sealedSha256"` // hexadecimal
	Salt         string `json:"salt"`         // hexadecimal
}

// Receipt signs a promise for an event that was appended.
func (l *Ledger) Receipt(e event.Event) Receipt {
	sealed, at := sha256.Sum256(e.Sealed), l.now().UTC()
	r := Receipt{
		Type: receiptType, Origin: l.in.Origin(), Key: l.key,
		Event: ReceiptEvent{
			ID: e.ID, Stream: e.Stream, Version: e.Version, Kind: e.Kind, Schema: e.Schema,
			Entered: e.Entered.UnixMicro(), Received: e.Received.UnixMicro(), Evidence: e.Evidence,
			Node: e.Node, Actor: e.Actor, Definition: e.Definition, Clear: string(e.Clear),
			SealedSHA256: hex.EncodeToString(sealed[:]), Salt: hex.EncodeToString(e.Salt),
		},
		Leaf: hex.EncodeToString(e.Leaf[:]),
		Time: at.UnixMicro(), IncludeBy: at.Add(promised).UnixMicro(),
	}
	r.Signature = base64.StdEncoding.EncodeToString(l.in.SignReceipt(receiptType, r.message(e.Leaf)))
	return r
}

// message is what is signed, after the domain and a NUL: the origin and the
// leaf, each as uint32 big-endian length ‖ bytes, and the two times as uint64.
func (r Receipt) message(leaf [32]byte) []byte {
	var b []byte
	for _, part := range [][]byte{[]byte(r.Origin), leaf[:]} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	b = binary.BigEndian.AppendUint64(b, uint64(r.Time))
	return binary.BigEndian.AppendUint64(b, uint64(r.IncludeBy))
}

// ReadReceipt reads a receipt; what is none, or has members of its own, is Malformed.
func ReadReceipt(raw []byte) (r Receipt, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil || r.Type != receiptType {
		return r, fault.New(fault.Malformed, "ledger.receipt_unreadable").Because(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return r, fault.New(fault.Malformed, "ledger.receipt_unreadable")
	}
	return r, nil
}

// Check computes the leaf from the columns and checks the signature under a
// public log key (a verifier line). It needs no server.
func (r Receipt) Check(verifierKey string) (leaf [32]byte, err error) {
	forged := fault.New(fault.Invalid, "ledger.receipt_forged")
	e := r.Event
	sealed, err1 := hex.DecodeString(e.SealedSHA256)
	salt, err2 := hex.DecodeString(e.Salt)
	signature, err3 := base64.StdEncoding.Strict().DecodeString(r.Signature)
	public, err4 := publicKey(verifierKey, r.Origin)
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil || len(sealed) != sha256.Size {
		return leaf, forged
	}
	leaf = event.LeafOf(event.Event{
		ID: e.ID, Stream: e.Stream, Version: e.Version, Kind: e.Kind, Schema: e.Schema,
		Entered: time.UnixMicro(e.Entered), Received: time.UnixMicro(e.Received), Evidence: e.Evidence,
		Node: e.Node, Actor: e.Actor, Definition: e.Definition, Clear: []byte(e.Clear), Salt: salt,
	}, [32]byte(sealed))
	message := append([]byte(receiptType+"\x00"), r.message(leaf)...)
	if r.Leaf != hex.EncodeToString(leaf[:]) || !ed25519.Verify(public, message, signature) {
		return leaf, forged
	}
	return leaf, nil
}

// publicKey takes the Ed25519 key out of a verifier line, whose own key hash
// must be right and whose name must be the origin.
func publicKey(verifierKey, origin string) (ed25519.PublicKey, error) {
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return nil, err
	}
	parts := strings.SplitN(verifierKey, "+", 3) // base64 has plus signs of its own
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || verifier.Name() != origin {
		return nil, fault.New(fault.Malformed, "ledger.key_unreadable").Because(err)
	}
	return raw[1:], nil
}

// VerifyReceipt reports whether a promise was kept: nil when the event is in
// the log with the promised leaf. A receipt that is not ours is Invalid, one
// that is not due yet Unavailable, a broken promise Internal.
func (l *Ledger) VerifyReceipt(receiptJSON []byte) error {
	r, err := ReadReceipt(receiptJSON)
	if err != nil {
		return err
	}
	leaf, err := r.Check(l.in.LogVerifierKey(l.in.Origin()))
	if err != nil {
		return err
	}
	proof, included, err := l.Proof(r.Event.ID)
	switch {
	case err == nil && included:
		return l.kept(r, proof, leaf)
	case err != nil && !fault.Is(err, fault.Unknown):
		return err
	case l.now().UnixMicro() <= r.IncludeBy:
		return fault.New(fault.Unavailable, "ledger.receipt_pending")
	}
	return broken(r)
}

func (l *Ledger) kept(r Receipt, proof InclusionProof, leaf [32]byte) error {
	if _, err := proof.Check(leaf, l.in.LogVerifierKey(proof.Origin)); err != nil {
		return broken(r).Because(err)
	}
	return nil
}

func broken(r Receipt) *fault.Fault {
	return fault.New(fault.Internal, "ledger.receipt_broken").With("event", r.Event.ID)
}

// VerifyHead reports whether today's log extends an older head: nil when every
// leaf that it had still stands at its place. A shorter or rewritten log is an
// Internal fault; a head that is none of ours Malformed or Invalid. It reads
// the tiles: that these are those of the events is for Verify to say.
func (l *Ledger) VerifyHead(older []byte) error {
	old, err := openHead(l.in, older)
	if err != nil {
		return err
	}
	return l.db.Read(context.Background(), func(tx db.Tx) error {
		head, err := headOf(tx, old.Log)
		if err != nil {
			return err
		}
		if head.Size < old.Size || head.Log == 0 {
			return fault.New(fault.Internal, "ledger.shortened").With("size", head.Size).With("signed", old.Size)
		}
		return extends(tx, head, old)
	})
}
