package pace

import (
	"container/list"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Pace is how often something may be tried: Burst at once, then one in Every.
type Pace struct {
	Burst int
	Every time.Duration
}

// mostPaces bounds the memory of a throttle; the longest unused goes first.
const mostPaces = 20_000

// Throttle paces callers. It is safe for use by many goroutines.
type Throttle struct {
	name string
	book *Book // nil: this node counts for itself
	pace Pace
	now  func() time.Time

	mu    sync.Mutex
	known map[string]*list.Element
	order *list.List // of *paced, the most recent in front
}

type paced struct {
	key string
	lim *rate.Limiter
}

// Throttle makes the throttle of that name over a clock. Without a book (nil) it
// counts in memory alone, for programs that nobody else can reach.
func (b *Book) Throttle(name string, p Pace, now func() time.Time) *Throttle {
	return &Throttle{name: name, book: b, pace: p, now: now, known: map[string]*list.Element{}, order: list.New()}
}

// here counts one try in the memory of this node. Back takes the count off again;
// ok is false when the caller must wait.
func (t *Throttle) here(key string) (back func(), ok bool) {
	at := t.now()
	res := t.limiter(key).ReserveN(at, 1)
	if !res.OK() || res.DelayFrom(at) > 0 {
		res.CancelAt(at)
		return nil, false
	}
	return func() { res.CancelAt(at) }, true
}

// Spent says, by the memory of this node alone and without counting, that the
// caller would have to wait now. It is for what must not cost anything while it
// goes well: ask it first, and Take only what went wrong.
func (t *Throttle) Spent(key string) bool { return t.limiter(key).TokensAt(t.now()) < 1 }

func (t *Throttle) limiter(key string) *rate.Limiter {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e, ok := t.known[key]; ok {
		t.order.MoveToFront(e)
		return e.Value.(*paced).lim
	}
	p := &paced{key, rate.NewLimiter(rate.Every(t.pace.Every), t.pace.Burst)}
	t.known[key] = t.order.PushFront(p)
	if t.order.Len() > mostPaces {
		last := t.order.Back()
		t.order.Remove(last)
		delete(t.known, last.Value.(*paced).key)
	}
	return p.lim
}

// Network is an address as far as one caller has it: IPv6 by its /64.
func Network(address string) string {
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
