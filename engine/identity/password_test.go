package identity

import (
	"context"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"
)

func testPepper(parts ...string) []byte { return []byte(strings.Join(parts, "\x00") + "pepper") }

func TestHashIsArgon2idOverThePepperedPassword(t *testing.T) {
	h := newHashing(testPepper)
	row := h.make("padi-menguning-7-sawah")
	if !strings.HasPrefix(row, "$argon2id$v=19$m=32768,t=3,p=1$") {
		t.Errorf("row %s", row)
	}
	s, ok := parse(row)
	if !ok || s.String() != row {
		t.Fatalf("parse %v %s", ok, s)
	}
	bare := argon2.IDKey([]byte("padi-menguning-7-sawah"), s.salt, 3, 32*1024, 1, 32)
	if string(bare) == string(s.key) {
		t.Error("the hash can be tried without the instance's key")
	}
	if !h.matches("padi-menguning-7-sawah", row, checkOf(row)) {
		t.Error("the right password does not match")
	}
	if h.matches("padi-menguning-7-sawah", row, checkOf(row+" ")) {
		t.Error("a row that no event names matches")
	}
	if h.make("padi-menguning-7-sawah") == row {
		t.Error("two hashes of one password are equal")
	}
}

func TestUnreadableHashMatchesNothing(t *testing.T) {
	h := newHashing(testPepper)
	h.memory, h.passes = 8*1024, 1
	good := h.make("x")
	for _, row := range []string{
		"", "x", "$argon2id$v=19$m=32768,t=3,p=1$", strings.Replace(good, "argon2id", "argon2i", 1),
		strings.Replace(good, "m=8192", "m=4000000", 1), strings.Replace(good, "t=1", "t=100000", 1),
		strings.Replace(good, "p=1", "p=0", 1), good[:len(good)-4], good + "$", strings.Replace(good, "v=19", "v=18", 1),
	} {
		if h.matches("x", row, checkOf(row)) {
			t.Errorf("%q matches", row)
		}
	}
	if !h.matches("x", good, checkOf(good)) {
		t.Error("the control does not match")
	}
}

func TestNewPasswordsAreLongAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		p := NewPassword()
		if seen[p] || len(p) != 19 || CheckPassword(p, "petugas") != nil {
			t.Fatalf("%q", p)
		}
		seen[p] = true
	}
}

// A drawn password is hashed with the least that is believed, and matches like any other.
func TestADrawnPasswordIsHashedQuicklyAndMatches(t *testing.T) {
	h := newHashing(testPepper)
	password := NewPassword()
	row := h.quick(password)
	if s, ok := parse(row); !ok || s.memory != leastMemory || s.passes != 1 {
		t.Fatalf("%s", row)
	}
	if !h.matches(password, row, checkOf(row)) || h.matches(NewPassword(), row, checkOf(row)) {
		t.Error("a drawn password does not match as it should")
	}
}

// Whoever waits for a slot and leaves takes no place with them.
func TestQueueIsBoundedAndEmptiesAgain(t *testing.T) {
	h := newHashing(testPepper)
	ctx, cancel := context.WithCancel(context.Background())
	for range hashersAtOnce {
		if err := h.enter(ctx); err != nil {
			t.Fatal(err)
		}
	}
	left := make(chan error)
	for range hashersWaiting {
		go func() { left <- h.enter(ctx) }()
	}
	for deadline := time.Now().Add(10 * time.Second); h.waiting.Load() < hashersWaiting+hashersAtOnce; {
		if time.Now().After(deadline) {
			t.Fatal("the queue does not fill")
		}
	}
	if err := h.enter(ctx); err == nil {
		t.Error("one more than the queue holds was let in")
	}
	cancel()
	for range hashersWaiting {
		if err := <-left; err == nil {
			t.Error("entered without a free slot")
		}
	}
	for range hashersAtOnce {
		h.leave()
	}
	if n := h.waiting.Load(); n != 0 {
		t.Errorf("%d still counted", n)
	}
}

func BenchmarkHash(b *testing.B) {
	h := newHashing(testPepper)
	b.ReportAllocs()
	for b.Loop() {
		h.make("padi-menguning-7-sawah")
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=32768,t=3,p=1$c2FsdHNhbHQ$a2V5")
	f.Fuzz(func(t *testing.T, row string) {
		if s, ok := parse(row); ok && (s.memory > 128*1024 || s.passes > 10 || len(s.key) != hashSize) {
			t.Errorf("%q asks for too much", row)
		}
	})
}
