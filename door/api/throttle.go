package api

import (
	"container/list"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"pendopo/kernel/fault"
)

// pace is how often something may be tried: burst at once, then one in every.
type pace struct {
	burst int
	every time.Duration
}

// Wrong secrets: a secret has 40 bits, so these leave a guesser nothing, and
// one code cannot be closed to its owner by a single address.
var (
	byAddress = pace{30, 10 * time.Second}
	byCode    = pace{100, 30 * time.Second}
	openings  = pace{120, 5 * time.Second} // upload groups of one address: an office has one
)

// mostPaces bounds the memory of a throttle; the longest unused goes first.
const mostPaces = 20_000

// throttle paces callers by a key of theirs.
type throttle struct {
	pace pace
	now  func() time.Time

	mu    sync.Mutex
	known map[string]*list.Element
	order *list.List // of *paced, the most recent in front
}

type paced struct {
	key string
	lim *rate.Limiter
}

func newThrottle(p pace, now func() time.Time) *throttle {
	return &throttle{pace: p, now: now, known: map[string]*list.Element{}, order: list.New()}
}

// take counts one try. Back takes the count off again; ok is false when the
// caller must wait.
func (t *throttle) take(key string) (back func(), ok bool) {
	at := t.now()
	res := t.limiter(key).ReserveN(at, 1)
	if !res.OK() || res.DelayFrom(at) > 0 {
		res.CancelAt(at)
		return nil, false
	}
	return func() { res.CancelAt(at) }, true
}

func (t *throttle) limiter(key string) *rate.Limiter {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e, ok := t.known[key]; ok {
		t.order.MoveToFront(e)
		return e.Value.(*paced).lim
	}
	p := &paced{key, rate.NewLimiter(rate.Every(t.pace.every), t.pace.burst)}
	t.known[key] = t.order.PushFront(p)
	if t.order.Len() > mostPaces {
		last := t.order.Back()
		t.order.Remove(last)
		delete(t.known, last.Value.(*paced).key)
	}
	return p.lim
}

// guesses paces wrong secrets by address and by code.
type guesses struct{ address, code *throttle }

func newGuesses(now func() time.Time) guesses {
	return guesses{newThrottle(byAddress, now), newThrottle(byCode, now)}
}

// take counts a try before it is judged, so that many at once cannot slip by; a
// right secret takes its count back.
func (g guesses) take(address, code string) (right func(), err error) {
	ofAddress, ok := g.address.take(network(address))
	if !ok {
		return nil, tooMany()
	}
	ofCode, ok := g.code.take(code)
	if !ok {
		return nil, tooMany()
	}
	return func() { ofAddress(); ofCode() }, nil
}

func tooMany() *fault.Fault { return fault.New(fault.TooMany, "api.too_many") }

// network is an address as far as one caller has it: IPv6 by its /64.
func network(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return ""
	}
	return prefix.String()
}
