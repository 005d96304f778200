package portal

import (
	"context"
	"sync"
	"time"

	"pendopo/kernel/fault"
)

// How many pages may follow at once: one case on the screens of a family, one
// address of a village, and what a small machine holds without noticing. Who
// comes later is asked to look again by itself.
const (
	mostOfCase    = 6
	mostOfAddress = 24
	mostOfNode    = 600
)

// ticket is one page that follows a case.
type ticket struct {
	stream, address string
	news            chan int64 // the newest version; closed when following ends
}

// watchers are the pages of this node that follow a case. One goroutine looks
// for all of them, and only while there are any: whenever the log has grown, on
// whichever node, it asks for the versions of what is followed.
type watchers struct {
	mu      sync.Mutex
	tickets map[*ticket]int64 // the version each has seen; 0 = none
	cases   map[string]int
	address map[string]int
	stop    context.CancelFunc
}

// follow takes a page in; fault.TooMany when it would be too many.
func (p *Portal) follow(stream, address string, seen int64) (*ticket, error) {
	w := &p.watchers
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cases[stream] >= mostOfCase || w.address[address] >= mostOfAddress || len(w.tickets) >= mostOfNode {
		return nil, fault.New(fault.TooMany, "casework.too_many")
	}
	if w.tickets == nil {
		w.tickets, w.cases, w.address = map[*ticket]int64{}, map[string]int{}, map[string]int{}
	}
	t := &ticket{stream: stream, address: address, news: make(chan int64, 1)}
	w.tickets[t] = seen
	w.cases[stream]++
	w.address[address]++
	if w.stop == nil {
		var ctx context.Context
		ctx, w.stop = context.WithCancel(context.Background())
		go p.look(ctx)
	}
	return t, nil
}

// leave lets a page go; the last one ends the looking.
func (p *Portal) leave(t *ticket) {
	w := &p.watchers
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, here := w.tickets[t]; !here {
		return
	}
	w.drop(t)
	if len(w.tickets) == 0 {
		w.stop()
		w.stop = nil
	}
}

func (w *watchers) drop(t *ticket) {
	delete(w.tickets, t)
	if w.cases[t.stream]--; w.cases[t.stream] == 0 {
		delete(w.cases, t.stream)
	}
	if w.address[t.address]--; w.address[t.address] == 0 {
		delete(w.address, t.address)
	}
}

// look tells of changes until nobody follows any more, or the server ends.
func (p *Portal) look(ctx context.Context) {
	grown := p.Log.Following(ctx)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if p.Ending != nil && p.Ending() {
				p.dismiss()
				return
			}
		case _, open := <-grown:
			if !open {
				return
			}
			p.tell(ctx)
		}
	}
}

// tell gives every page whose case has changed its new version. What cannot be
// read now is read when the log grows again.
func (p *Portal) tell(ctx context.Context) {
	w := &p.watchers
	w.mu.Lock()
	streams := make([]string, 0, len(w.cases))
	for s := range w.cases {
		streams = append(streams, s)
	}
	w.mu.Unlock()
	now, err := p.Cases.Versions(ctx, streams)
	if err != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for t, told := range w.tickets {
		if v := now[t.stream]; v > told {
			w.tickets[t] = v
			select {
			case <-t.news: // not read yet; the newest is enough
			default:
			}
			t.news <- v
		}
	}
}

// dismiss ends every stream: the server stops, and the pages look elsewhere.
func (p *Portal) dismiss() {
	w := &p.watchers
	w.mu.Lock()
	defer w.mu.Unlock()
	for t := range w.tickets {
		close(t.news)
		w.drop(t)
	}
	if w.stop != nil { // the last reader may have left in this very moment
		w.stop()
		w.stop = nil
	}
}
