package app

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// patience is how long a request may take to arrive. A telephone on a weak link
// sends slowly and is waited for; a connection that says nothing, or drips for
// hours, is let go: each costs a goroutine and a place.
type patience struct {
	silence time.Duration // longest pause within a request
	most    time.Duration // for all of a body
}

// The server's own: three photos over 40 kbit/s take six minutes, and so slowly
// a document of 5 MB leaves within a quarter of an hour.
const (
	longestSilence = time.Minute
	longestBody    = 30 * time.Minute
	longestAnswer  = 30 * time.Minute
)

// guard moves the deadline of the connection along while a body comes in. Until
// a handler reads, the server's own ReadTimeout stands.
func (p patience) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn := http.NewResponseController(w)
		if r.ContentLength == 0 {
			_ = conn.SetReadDeadline(time.Time{}) // nothing more comes; only a connection has deadlines
		} else {
			r.Body = &waited{ReadCloser: r.Body, conn: conn, silence: p.silence, end: time.Now().Add(p.most)}
		}
		next.ServeHTTP(w, r)
	})
}

// waited is a body with a deadline for each of its parts.
type waited struct {
	io.ReadCloser
	conn    *http.ResponseController
	silence time.Duration
	end     time.Time
}

func (b *waited) Read(p []byte) (int, error) {
	until := time.Now().Add(b.silence)
	if until.After(b.end) {
		until = b.end
	}
	_ = b.conn.SetReadDeadline(until)
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = b.conn.SetReadDeadline(time.Time{}) // the handler may take its time
	}
	return n, err
}
