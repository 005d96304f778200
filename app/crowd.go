package app

import (
	"container/list"
	"context"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"pendopo/kernel/pace"
)

// Crowd bounds the connections of a server, each of which costs some twenty
// kilobytes and a file handle, used or not.
type Crowd struct {
	Most       int            // connections in all; 0 = 4096
	PerAddress int            // from one address, IPv6 by its /64; 0 = 512
	Proxies    []netip.Prefix // may hold as many as they like of all
}

// What the zero Crowd means. A whole village may share one address.
const (
	mostConnections = 4096
	mostPerAddress  = 512
)

// crowd is the listener that keeps to it. When there is no room for another
// connection, the one that has waited longest for its next request makes room,
// of the same address where that has too many; only while every other one is
// being answered is a newcomer turned away. So whoever holds thousands of silent
// connections holds nobody out.
type crowd struct {
	net.Listener
	Crowd
	patience patience

	mu      sync.Mutex
	here    int
	of      map[string]*network
	waiting *list.List // of *guest without a request, the longest first

	turned, displaced atomic.Int64
}

// network is what one address has here.
type network struct {
	here    int
	waiting *list.List
}

// guest is one connection.
type guest struct {
	net.Conn
	crowd   *crowd
	key     string
	trusted bool // a proxy's
	all     *list.Element
	own     *list.Element
	left    bool
	leaves  moving // of the answer
}

func newCrowd(l net.Listener, c Crowd, p patience) *crowd {
	if c.Most == 0 {
		c.Most = mostConnections
	}
	if c.PerAddress == 0 {
		c.PerAddress = mostPerAddress
	}
	return &crowd{Listener: l, Crowd: c, patience: p, of: map[string]*network{}, waiting: list.New()}
}

// Accept waits for a connection that there is room for.
func (c *crowd) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		p, gone := c.admit(conn)
		if gone != nil {
			gone.Close()
		}
		if p != nil {
			return p, nil
		}
	}
}

// admit makes room for a connection, and gives what is to be closed for it: one
// that waits, or, without a guest, the newcomer itself.
func (c *crowd) admit(conn net.Conn) (p *guest, gone net.Conn) {
	p = &guest{Conn: conn, crowd: c, key: pace.Network(conn.RemoteAddr().String()), trusted: c.trusts(conn)}
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.of[p.key]
	if n == nil {
		n = &network{waiting: list.New()}
		c.of[p.key] = n
	}
	full := c.waiting
	if !p.trusted && n.here >= c.PerAddress {
		full = n.waiting
	}
	if full == n.waiting || c.here >= c.Most {
		longest := full.Front()
		if longest == nil {
			c.turned.Add(1)
			return nil, conn
		}
		victim := longest.Value.(*guest)
		c.displaced.Add(1)
		c.leave(victim)
		gone = victim.Conn
	}
	c.of[p.key] = n // leaving may have forgotten it
	c.here++
	n.here++
	c.wait(p)
	return p, gone
}

func (c *crowd) trusts(conn net.Conn) bool {
	at, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	return err == nil && Face{Proxies: c.Proxies}.believes(at.Addr().Unmap())
}

// wait puts a connection among those that may have to make room. A proxy's
// never is: what it would cost is somebody's request.
func (c *crowd) wait(p *guest) {
	if p.left || p.all != nil || p.trusted {
		return
	}
	p.all, p.own = c.waiting.PushBack(p), c.of[p.key].waiting.PushBack(p)
}

// stay takes it out of them.
func (c *crowd) stay(p *guest) {
	if p.all == nil {
		return
	}
	c.waiting.Remove(p.all)
	c.of[p.key].waiting.Remove(p.own)
	p.all, p.own = nil, nil
}

func (c *crowd) leave(p *guest) {
	if p.left {
		return
	}
	c.stay(p)
	p.left = true
	c.here--
	if n := c.of[p.key]; n.here > 1 {
		n.here--
	} else {
		delete(c.of, p.key)
	}
}

// size is how many connections there are.
func (c *crowd) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.here
}

// Close leaves the crowd with the connection.
func (p *guest) Close() error {
	p.crowd.mu.Lock()
	p.crowd.leave(p)
	p.crowd.mu.Unlock()
	return p.Conn.Close()
}

// busy says that a request is being answered; the result says when it no longer is.
func (p *guest) busy() (done func()) {
	p.leaves = moving{}
	p.crowd.mu.Lock()
	p.crowd.stay(p)
	p.crowd.mu.Unlock()
	return func() {
		p.crowd.mu.Lock()
		p.crowd.wait(p)
		p.crowd.mu.Unlock()
	}
}

// Write sends in pieces, each of which has to leave in time: who does not read
// holds a place, and memory.
func (p *guest) Write(b []byte) (n int, err error) {
	for len(b) > 0 && err == nil {
		began, sent := time.Now(), 0
		if err = p.SetWriteDeadline(began.Add(p.crowd.patience.within(p.leaves))); err != nil {
			return n, err
		}
		sent, err = p.Conn.Write(b[:min(len(b), longestPiece)])
		n, b = n+sent, b[sent:]
		p.leaves = moving{p.leaves.bytes + int64(sent), p.leaves.spent + time.Since(began)}
	}
	return n, err
}

type guestKey struct{}

// placed lets a handler find its connection.
func placed(ctx context.Context, conn net.Conn) context.Context {
	if p, ok := conn.(*guest); ok {
		return context.WithValue(ctx, guestKey{}, p)
	}
	return ctx
}

// occupied marks the connection of a request as busy.
func occupied(ctx context.Context) (done func()) {
	if p, ok := ctx.Value(guestKey{}).(*guest); ok {
		return p.busy()
	}
	return func() {}
}
