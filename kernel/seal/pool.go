package seal

import (
	"crypto/rand"
	"sync"

	"github.com/google/uuid"

	"pendopo/kernel/fault"
)

const (
	firstBatch   = 64
	largestBatch = 8192 // one batch a second covers any load the budgets name
)

// pair is a stream that nobody uses yet and its key, as bare bytes: ready to use
// a key is thirty times as large.
type pair struct {
	stream string
	raw    [keySize]byte
}

// newPairs makes pairs in memory only.
func newPairs(n int) []pair {
	pairs := make([]pair, n)
	for i := range pairs {
		pairs[i].stream = uuid.Must(uuid.NewV7()).String()
		rand.Read(pairs[i].raw[:])
	}
	return pairs
}

// pool holds pairs made ahead. When half of a batch is gone it has the next
// one made in the background; a taker who still finds it empty waits, and the
// batches double.
type pool struct {
	fill func(n int) ([]pair, error)

	mu      sync.Mutex
	filled  sync.Cond // after every filling
	ready   []pair
	batch   int
	filling bool
	closed  bool
	err     error // of the last filling
}

func newPool(fill func(int) ([]pair, error)) *pool {
	p := &pool{fill: fill, batch: firstBatch}
	p.filled.L = &p.mu
	return p
}

func (p *pool) take() (pair, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.ready) <= p.batch/2 {
		p.startFilling()
	}
	if err := p.wait(); err != nil {
		return pair{}, err
	}
	taken := p.ready[0] // the oldest first: ids that grow are quick to insert
	p.ready[0] = pair{}
	p.ready = p.ready[1:]
	return taken, nil
}

// wait returns when there is a pair, or when making some has failed.
func (p *pool) wait() error {
	if len(p.ready) == 0 && !p.closed {
		p.batch = min(2*p.batch, largestBatch)
	}
	for len(p.ready) == 0 {
		if p.closed {
			return fault.New(fault.Unavailable, "seal.closed")
		}
		p.startFilling()
		p.filled.Wait()
		if len(p.ready) == 0 && p.err != nil {
			return p.err
		}
	}
	return nil
}

// startFilling has the next batch made in the background, unless one is on its way.
func (p *pool) startFilling() {
	if p.filling || p.closed {
		return
	}
	p.filling = true
	go func(n int) {
		pairs, err := p.fill(n)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.filling, p.err = false, err
		if err == nil {
			p.ready = append(p.ready, pairs...)
		}
		p.filled.Broadcast()
	}(p.batch)
}

func (p *pool) warm() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.wait()
}

// close ends the pool and gives back what nobody took.
func (p *pool) close() []pair {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for p.filling {
		p.filled.Wait()
	}
	unused := p.ready
	p.ready = nil
	return unused
}
