package app

import (
	"sync"
	"time"
)

// Bodies that are under way at the same time share some memory: what a handler
// has read it mostly still holds. The first bytes of each are free, so that a
// form always comes in while others send films.
const (
	mostBodies = 96 << 20
	freeOfBody = 16 << 10
)

// room is memory, in bytes, that bodies take and give back.
type room struct {
	mu   sync.Mutex
	left int64
	more chan struct{} // closed when something was given back
}

func newRoom(bytes int64) *room { return &room{left: bytes, more: make(chan struct{})} }

// take waits for n bytes, but no longer than it is told.
func (r *room) take(n int64, longest time.Duration) bool {
	end := time.NewTimer(longest)
	defer end.Stop()
	for {
		r.mu.Lock()
		ok, more := r.left >= n, r.more
		if ok {
			r.left -= n
		}
		r.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-more:
		case <-end.C:
			return false
		}
	}
}

func (r *room) give(n int64) {
	if n == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left += n
	close(r.more)
	r.more = make(chan struct{})
}
