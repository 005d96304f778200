package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"pendopo/kernel/fault"
)

// The argon2id parameters: 32 MiB, 3 passes, 1 lane, about 60 ms on one core of
// a small server (benchmark BenchmarkHash). Two at a time are 64 MiB, which the
// memory budget holds; see docs/decisions/0302.
const (
	hashMemory = 32 * 1024 // KiB
	hashPasses = 3
	hashLanes  = 1
	hashSize   = 32
	saltSize   = 16

	leastMemory = 8 * 1024 // KiB, of any hash that is believed

	hashersAtOnce  = 2
	hashersWaiting = 16
)

// The bounds of a password, in characters. Twelve, because it is the only
// factor; the upper bound keeps a body from being hashed at length.
const (
	passwordLeast = 12
	passwordMost  = 200
)

// hashing runs argon2id, few at a time: whoever sends a thousand wrong log-ins
// waits or is turned away, and memory stays where it is.
type hashing struct {
	slots   chan struct{}
	waiting atomic.Int64
	pepper  func(parts ...string) []byte // HMAC under an instance key, kept outside the data
	memory  uint32                       // KiB, of new hashes; tests take less
	passes  uint32
}

func newHashing(pepper func(parts ...string) []byte) *hashing {
	return &hashing{slots: make(chan struct{}, hashersAtOnce), pepper: pepper, memory: hashMemory, passes: hashPasses}
}

// enter takes a slot; leave gives it back. Too long a queue is TooMany.
func (h *hashing) enter(ctx context.Context) error {
	if h.waiting.Add(1) > hashersWaiting+hashersAtOnce {
		h.waiting.Add(-1)
		return fault.New(fault.TooMany, "identity.busy")
	}
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		h.waiting.Add(-1)
		return ctx.Err()
	}
}

func (h *hashing) leave() {
	<-h.slots
	h.waiting.Add(-1)
}

// stored is a password hash as its row keeps it: argon2id in the usual PHC form.
type stored struct {
	memory, passes uint32
	lanes          uint8
	salt, key      []byte
}

func (s stored) String() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", s.memory, s.passes, s.lanes, b64(s.salt), b64(s.key))
}

// make hashes a new password. The caller holds a slot.
func (h *hashing) make(password string) string {
	s := h.blank()
	s.key = h.derive(password, s)
	return s.String()
}

// quick is make for a password of 80 random bits, which needs no stretching: at the
// least that parse accepts.
func (h *hashing) quick(password string) string {
	s := h.blank()
	s.memory, s.passes = leastMemory, 1
	s.key = h.derive(password, s)
	return s.String()
}

// matches compares a password with a stored hash. A hash that is missing,
// unreadable or not the one that check names never matches, and costs the same.
func (h *hashing) matches(password, row, check string) bool {
	s, readable := parse(row)
	if !readable {
		s = h.blank()
	}
	same := subtle.ConstantTimeCompare(h.derive(password, s), s.key) == 1
	return same && readable && subtle.ConstantTimeCompare([]byte(checkOf(row)), []byte(check)) == 1
}

func (h *hashing) derive(password string, s stored) []byte {
	peppered := h.pepper("officer password", norm.NFKC.String(password))
	return argon2.IDKey(peppered, s.salt, s.passes, s.memory, s.lanes, hashSize)
}

// blank is a hash that no password has, with today's parameters.
func (h *hashing) blank() stored {
	s := stored{h.memory, h.passes, hashLanes, make([]byte, saltSize), make([]byte, hashSize)}
	rand.Read(s.salt) // never fails: crypto/rand ends the process instead
	return s
}

// parse reads a stored hash. Parameters far from ours are refused: a planted
// row must not be able to ask for a gigabyte.
func parse(row string) (stored, bool) {
	parts := strings.Split(row, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != "v=19" {
		return stored{}, false
	}
	var s stored
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &s.memory, &s.passes, &s.lanes); err != nil {
		return stored{}, false
	}
	var errs [2]error
	s.salt, errs[0] = base64.RawStdEncoding.DecodeString(parts[4])
	s.key, errs[1] = base64.RawStdEncoding.DecodeString(parts[5])
	sound := errs[0] == nil && errs[1] == nil && len(s.salt) >= 8 && len(s.key) == hashSize &&
		s.memory >= leastMemory && s.memory <= 128*1024 && s.passes >= 1 && s.passes <= 10 && s.lanes >= 1 && s.lanes <= 4
	return s, sound
}

// checkOf is what an event says of a secret row. The row has 128 random bits in
// it, so the hash tells nothing about the password.
func checkOf(row string) string {
	if row == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("pendopo/identity/check/1\x00" + row))
	return hex.EncodeToString(sum[:])
}

// NewPassword makes a password to be handed over once: 80 random bits in
// letters and digits that are hard to confuse.
func NewPassword() string {
	const alphabet = "23456789abcdefghjkmnpqrstuvwxyz" // without 0 o 1 l i
	var out strings.Builder
	for i := range 16 {
		if i > 0 && i%4 == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(alphabet[draw(len(alphabet))])
	}
	return out.String()
}

// draw is a random number below n, each as likely.
func draw(n int) int {
	var b [1]byte
	for {
		rand.Read(b[:])
		if int(b[0]) < 256-256%n {
			return int(b[0]) % n
		}
	}
}

// CheckPassword says what is wrong with a new password: its length, or that it
// is the login or one character repeated.
func CheckPassword(password, login string) error {
	plain := strings.ToLower(norm.NFKC.String(password))
	n := utf8.RuneCountInString(plain)
	switch {
	case n < passwordLeast:
		return fault.New(fault.Invalid, "identity.password_short").At("password").With("n", passwordLeast)
	case n > passwordMost:
		return fault.New(fault.Invalid, "identity.password_long").At("password").With("n", passwordMost)
	case login != "" && strings.Contains(plain, login), distinct(plain) < 5:
		return fault.New(fault.Invalid, "identity.password_guessable").At("password")
	}
	return nil
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}
