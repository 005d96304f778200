package seal

import (
	"container/list"
	"sync"
	"time"
)

const (
	cacheSize = 4096        // keys held in memory
	cacheLife = time.Minute // a key shredded by another node is forgotten after that long, should its note be lost
)

// cache holds the keys used last.
type cache struct {
	mu    sync.Mutex
	order *list.List // of cached, used last in front
	byID  map[string]*list.Element
	gone  int64 // how often keys were forgotten by order
}

type cached struct {
	stream string
	key    StreamKey
	until  time.Time
}

func newCache() *cache {
	return &cache{order: list.New(), byID: make(map[string]*list.Element, cacheSize)}
}

func (c *cache) get(stream string) (StreamKey, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, held := c.byID[stream]
	if !held {
		return StreamKey{}, false
	}
	if entry := e.Value.(cached); time.Now().Before(entry.until) {
		c.order.MoveToFront(e)
		return entry.key, true
	}
	c.drop(e)
	return StreamKey{}, false
}

func (c *cache) put(stream string, key StreamKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(stream, key)
}

func (c *cache) add(stream string, key StreamKey) {
	if e, held := c.byID[stream]; held {
		c.drop(e)
	}
	c.byID[stream] = c.order.PushFront(cached{stream, key, time.Now().Add(cacheLife)})
	if c.order.Len() > cacheSize {
		c.drop(c.order.Back())
	}
}

// forgotten is how often keys were forgotten by order; putSince wants it as it
// was before the store was read.
func (c *cache) forgotten() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.gone
}

// putSince is put for a key that was read from the store, unless keys were
// forgotten since: this may be one of them.
func (c *cache) putSince(gone int64, stream string, key StreamKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone == gone {
		c.add(stream, key)
	}
}

// clear forgets all keys.
func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gone++
	c.order.Init()
	clear(c.byID)
}

func (c *cache) forget(stream string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gone++
	if e, held := c.byID[stream]; held {
		c.drop(e)
	}
}

func (c *cache) drop(e *list.Element) {
	delete(c.byID, e.Value.(cached).stream)
	c.order.Remove(e)
}
