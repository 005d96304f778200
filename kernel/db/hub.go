package db

import (
	"strings"
	"sync"
)

// heard is how many notes a slow listener may be behind before it loses the oldest.
const heard = 16

// hub passes news inside the process: touched topics and, on SQLite, notes.
type hub struct {
	mu      sync.Mutex
	signals map[string]map[chan struct{}]bool
	notes   map[string]map[chan string]bool
}

func newHub() *hub {
	return &hub{signals: map[string]map[chan struct{}]bool{}, notes: map[string]map[chan string]bool{}}
}

func (h *hub) watch(topic string) (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.signals[topic] == nil {
		h.signals[topic] = map[chan struct{}]bool{}
	}
	h.signals[topic][c] = true
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.signals[topic], c)
	}
}

// wake signals everyone who watches one of the topics; signals coalesce.
func (h *hub) wake(topics []string) {
	if len(topics) == 0 {
		return
	}
	topics = h.deliver(topics)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, topic := range topics {
		for c := range h.signals[topic] {
			select {
			case c <- struct{}{}:
			default:
			}
		}
	}
}

// noteMark stands between channel and payload where a note waits for its commit
// among the topics that were touched.
const noteMark = "\x1f"

// deliver passes on the notes among what was touched and gives back the topics.
func (h *hub) deliver(touched []string) (topics []string) {
	for _, t := range touched {
		if channel, payload, isNote := strings.Cut(t, noteMark); isNote {
			h.notify(channel, payload)
		} else {
			topics = append(topics, t)
		}
	}
	return topics
}

// missed tells every listener that notes may have been lost.
func (h *hub) missed() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, listeners := range h.notes {
		for c := range listeners {
			offer(c, "")
		}
	}
}

func (h *hub) listen(channel string) chan string {
	c := make(chan string, heard)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.notes[channel] == nil {
		h.notes[channel] = map[chan string]bool{}
	}
	h.notes[channel][c] = true
	return c
}

func (h *hub) leave(channel string, c chan string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.notes[channel], c)
	close(c)
}

func (h *hub) notify(channel, payload string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.notes[channel] {
		offer(c, payload)
	}
}

// offer puts payload into c and drops the oldest when c is full. Only one
// goroutine at a time offers to a channel.
func offer(c chan string, payload string) {
	for {
		select {
		case c <- payload:
			return
		default:
		}
		select {
		case <-c:
		default:
		}
	}
}
