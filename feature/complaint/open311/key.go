package open311

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/pace"
)

// Key is an api_key as an administrator sees it: without the key itself, which
// was said once.
type Key struct {
	ID      string // short, for revoking it
	Label   string // whose it is
	Peer    string // of the exchange; empty for everybody else
	Pace    int    // reports in a minute; 0 = as many as come
	Created time.Time
	Revoked time.Time // zero while it is good
}

// Keys are the keys of other programs.
type Keys struct {
	db  *db.DB
	mac func(parts ...string) []byte
	now func() time.Time
}

// NewKeys gives the keys of a database; mac hides them in it.
func NewKeys(d *db.DB, mac func(parts ...string) []byte, now func() time.Time) *Keys {
	return &Keys{d, mac, now}
}

// Bounds of a key's words.
const (
	longestLabel = 100
	longestKey   = 200
)

// ErrLabel says that a key has no label, or one that is too long.
var ErrLabel = errors.New("a key has a label of 1 to 100 characters")

// Make draws a key, which is said this once.
func (k *Keys) Make(label, peer string, perMinute int) (Key, string, error) {
	label = strings.TrimSpace(label)
	if n := len([]rune(label)); n == 0 || n > longestLabel || len(peer) > longestLabel || perMinute < 0 {
		return Key{}, "", ErrLabel
	}
	secret := "p311-" + random(16)
	made := Key{ID: random(5), Label: label, Peer: peer, Pace: perMinute, Created: k.now().UTC()}
	return made, secret, k.insert(made, k.hash(secret))
}

// random is so many random bytes in small letters and digits.
func random(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

func (k *Keys) hash(secret string) []byte { return k.mac("open311 key", secret) }

// Holder finds the key that a program has shown; a fault when it is missing,
// unknown or revoked, which are all the same.
func (k *Keys) Holder(ctx context.Context, secret string) (Key, error) {
	if secret == "" {
		return Key{}, fault.New(fault.Forbidden, "open311.key_missing").At("api_key")
	}
	if len(secret) > longestKey {
		return Key{}, errKey()
	}
	found, err := k.find(ctx, k.hash(secret))
	if err != nil {
		return Key{}, err
	}
	if found.ID == "" || !found.Revoked.IsZero() {
		return Key{}, errKey()
	}
	return found, nil
}

func errKey() *fault.Fault { return fault.New(fault.Forbidden, "open311.key").At("api_key") }

// scope is under what the reports of a key are kept as made once.
func (k Key) scope() string { return "open311/" + k.ID }

// paces are the throttles of keys, by how many reports each may file in a minute.
type paces struct {
	book *pace.Book
	now  func() time.Time
	mu   sync.Mutex
	made map[int]*pace.Throttle
}

func newPaces(book *pace.Book, now func() time.Time) *paces {
	return &paces{book: book, now: now, made: map[int]*pace.Throttle{}}
}

// take counts a report of a key; a fault when it must wait.
func (p *paces) take(k Key) error {
	if k.Pace == 0 {
		return nil
	}
	ok, err := p.of(k.Pace).Take(k.ID)
	if err == nil && !ok {
		return fault.New(fault.TooMany, "open311.key_pace").With("n", k.Pace)
	}
	return err
}

func (p *paces) of(perMinute int) *pace.Throttle {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.made[perMinute]
	if t == nil {
		t = p.book.Throttle("open311 report by key "+strconv.Itoa(perMinute), pace.Pace{Burst: perMinute, Every: time.Minute / time.Duration(perMinute)}, p.now)
		p.made[perMinute] = t
	}
	return t
}
