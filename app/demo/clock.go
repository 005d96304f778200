package demo

import (
	"sync"
	"time"
)

// Clock is the clock of a demo instance: set to moments of the past while the
// demo is made, the real one afterwards.
type Clock struct {
	mu sync.Mutex
	at time.Time // zero = the real clock
}

// Now is the clock's present moment.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.IsZero() {
		return time.Now()
	}
	return c.at
}

// Set puts the clock to a moment; the zero time lets it run as the real one.
func (c *Clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}
