package app

import (
	"errors"
	"io"
	"net/http"
	"time"

	"pendopo/kernel/fault"
)

// patience is how long a request may take to arrive, and its answer to leave. A
// telephone on a weak link is slow and is waited for; a connection that says
// nothing, or drips for hours, is let go: each costs a goroutine and a place.
type patience struct {
	silence time.Duration // longest pause
	start   time.Duration // given to everything, however small
	least   int64         // bytes that move in a second after that
	most    time.Duration // for all of it
	room    *room
}

// moving is how far a body or an answer has come, and for how long it has been
// waited for: what we ourselves take counts for nobody.
type moving struct {
	bytes int64
	spent time.Duration
}

// within is how long the next piece may take.
func (p patience) within(m moving) time.Duration {
	return min(p.silence, p.most-m.spent, p.start+time.Duration(m.bytes/p.least)*time.Second-m.spent)
}

// The server's own: three photos over 40 kbit/s take six minutes, and so slowly
// a document of 5 MB leaves within a quarter of an hour. The slowest link that
// anybody has brings a kilobyte in a second.
const (
	longestSilence = time.Minute
	shortestTime   = time.Minute
	leastBytes     = 256
	longestMoving  = 30 * time.Minute
	longestPiece   = 32 << 10
)

func usualPatience() patience {
	return patience{silence: longestSilence, start: shortestTime, least: leastBytes, most: longestMoving, room: newRoom(mostBodies)}
}

// guard moves the deadline of the connection along while a body comes in. Until
// a handler reads, the server's own ReadTimeout stands.
func (p patience) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer occupied(r.Context())()
		conn := http.NewResponseController(w)
		if r.ContentLength == 0 {
			_ = conn.SetReadDeadline(time.Time{}) // nothing more comes; only a connection has deadlines
		} else {
			body := &waited{ReadCloser: r.Body, conn: conn, patience: p, free: freeOfBody}
			defer body.forget()
			r.Body = body
		}
		next.ServeHTTP(w, r)
	})
}

// waited is a body with a deadline for each of its parts, and a place in memory.
type waited struct {
	io.ReadCloser
	patience
	conn *http.ResponseController
	come moving
	free int64 // bytes that may come before more room is asked for
	held int64 // of the room
}

func (b *waited) Read(p []byte) (int, error) {
	if b.free == 0 {
		if !b.room.take(longestPiece, b.silence/10) {
			return 0, fault.New(fault.Unavailable, "fault.busy").Because(errors.New("no room for more bodies"))
		}
		b.held, b.free = b.held+longestPiece, longestPiece
	}
	began := time.Now()
	_ = b.conn.SetReadDeadline(began.Add(b.within(b.come)))
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.free)])
	b.come = moving{b.come.bytes + int64(n), b.come.spent + time.Since(began)}
	b.free -= int64(n)
	if errors.Is(err, io.EOF) {
		_ = b.conn.SetReadDeadline(time.Time{}) // the handler may take its time
	}
	return n, err
}

// forget gives the room back: the handler is done with what came.
func (b *waited) forget() { b.room.give(b.held) }
