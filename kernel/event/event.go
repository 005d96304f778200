package event

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Event is one row of the record.
type Event struct {
	ID         string    // UUIDv7 text
	Stream     string    // what it is about: a UUIDv7, or a name such as access/<case>
	Version    int64     // 1, 2, 3, … in its stream
	Kind       string    // what happened
	Schema     int       // number of the kind's shape
	Entered    time.Time // when it was written down; µs UTC, never before the stream's last
	Received   time.Time // when the matter reached the government; entered or earlier
	Evidence   string    // code of what proves an earlier Received (stamp, register line, …); no free text
	Node       string    // which node wrote it
	Actor      string    // opaque id of who did it
	Definition string    // hash of the definition in force, or empty
	Clear      []byte    // JSON, flow facts only
	Sealed     []byte    // ciphertext, or nil
	Salt       []byte    // 16 random bytes
	Leaf       [32]byte  // what the log publishes
}

// saltSize is the length of a salt in bytes.
const saltSize = 16

// NewID makes a UUIDv7: ids of one process sort by the time they were made.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// AAD is what the sealed part is bound to: id, stream, version and kind, each
// as in the leaf.
func (e *Event) AAD() []byte {
	b := make([]byte, 0, len(e.ID)+len(e.Stream)+len(e.Kind)+40)
	b = appendField(b, []byte(e.ID))
	b = appendField(b, []byte(e.Stream))
	b = appendNumber(b, e.Version)
	return appendField(b, []byte(e.Kind))
}

// Finish fills what can be filled (salt, empty clear part, received when it is
// entered), cuts the times to microseconds UTC, and computes the leaf. Call it
// last, outside of the transaction.
func (e *Event) Finish() {
	if len(e.Salt) == 0 {
		e.Salt = make([]byte, saltSize)
		rand.Read(e.Salt) // never fails: the runtime ends the process instead
	}
	if len(e.Clear) == 0 {
		e.Clear = []byte("{}")
	}
	if e.Received.IsZero() {
		e.Received = e.Entered
	}
	e.Entered = e.Entered.UTC().Truncate(time.Microsecond)
	e.Received = e.Received.UTC().Truncate(time.Microsecond)
	e.Leaf = e.LeafHash()
}

// LeafHash computes the leaf from the other columns; the package comment is its
// exact definition.
func (e Event) LeafHash() [32]byte {
	sealed := sha256.Sum256(e.Sealed)
	return LeafOf(e, sealed)
}

// LeafOf is LeafHash for one who has the hash of the sealed part and not the
// part itself: the holder of a receipt.
func LeafOf(e Event, sealed [32]byte) [32]byte {
	b := make([]byte, 0, 512+len(e.Clear))
	b = append(b, "pendopo/event/1"...)
	b = appendField(b, []byte(e.ID))
	b = appendField(b, []byte(e.Stream))
	b = appendNumber(b, e.Version)
	b = appendField(b, []byte(e.Kind))
	b = appendNumber(b, int64(e.Schema))
	b = appendNumber(b, e.Entered.UnixMicro())
	b = appendNumber(b, e.Received.UnixMicro())
	for _, text := range []string{e.Evidence, e.Node, e.Actor, e.Definition} {
		b = appendField(b, []byte(text))
	}
	b = appendField(b, e.Clear)
	b = appendField(b, sealed[:])
	b = appendField(b, e.Salt)
	return sha256.Sum256(b)
}

func appendField(b, field []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(field)))
	return append(b, field...)
}

func appendNumber(b []byte, n int64) []byte {
	var digits [20]byte
	return appendField(b, strconv.AppendInt(digits[:0], n, 10))
}
