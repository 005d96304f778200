package notices

import (
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// line is a TCP line to a server that breaks in the middle of things: each
// connection after some thousand bytes, in either direction.
type line struct {
	addr   string
	broken atomic.Int64
}

// newLine makes one; least and most bound the bytes of a connection.
func newLine(t testing.TB, to string, seed uint64, least, most int64) *line {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	out := &line{addr: l.Addr().String()}
	draw := rand.New(rand.NewPCG(seed, seed))
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go out.carry(c, to, least+draw.Int64N(most-least))
		}
	}()
	return out
}

func (l *line) carry(c net.Conn, to string, budget int64) {
	defer c.Close()
	s, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer s.Close()
	var left atomic.Int64
	left.Store(budget)
	var once sync.Once
	cut := func() { once.Do(func() { c.Close(); s.Close() }) }
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{c, s}, {s, c}} {
		both.Go(func() {
			defer cut()
			buf := make([]byte, 4096)
			for {
				n, err := way[0].Read(buf)
				if n > 0 && left.Add(-int64(n)) < 0 {
					l.broken.Add(1)
					return // what was read is lost
				}
				if _, werr := way[1].Write(buf[:n]); err != nil || werr != nil {
					if err == io.EOF && n > 0 {
						continue
					}
					return
				}
			}
		})
	}
	both.Wait()
}
