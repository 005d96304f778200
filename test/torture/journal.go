package main

import (
	"fmt"
	"math/rand/v2"
	"sync"

	"pendopo/kernel/ledger"
)

// effect is something that was acknowledged: this event is there, and the key
// it was asked for under, if it had one, stands for it.
type effect struct {
	what    string
	stream  string
	version int64
	event   string // id, when the answer told it
	kind    string // of the event
	actor   string // officer; empty = the applicant
	scope   string
	key     string
}

func (e effect) String() string {
	return fmt.Sprintf("%s of %s, version %d", e.what, e.stream, e.version)
}

// accepted is one application as it was acknowledged; it never changes.
type accepted struct {
	request request // as it was sent
	code    string
	secret  string
	receipt ledger.Receipt
	paper   *paper
}

// matter is an application as its citizen follows it. Only the citizen changes it.
type matter struct {
	*accepted
	version int64 // newest that was acknowledged to the citizen
}

// paper is a file that was handed in, and the hash of what was sent.
type paper struct {
	upload, group string
	sum           [32]byte
	size          int64
}

// journal is everything that was acknowledged.
type journal struct {
	mu      sync.Mutex
	fresh   []effect // since the last look
	all     []effect
	matters []*accepted
	counts  map[string]int
	faults  []string
	more    int // faults that are not kept
}

func newJournal() *journal { return &journal{counts: map[string]int{}} }

// acknowledged writes an effect down.
func (j *journal) acknowledged(e effect) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.fresh = append(j.fresh, e)
	j.counts[e.what]++
}

// count counts what has no event of its own: pieces, proofs, pages.
func (j *journal) count(what string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.counts[what]++
}

func (j *journal) accepted(m *accepted) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.matters = append(j.matters, m)
}

// take gives the effects since the last time.
func (j *journal) take() []effect {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := j.fresh
	j.all = append(j.all, out...)
	j.fresh = nil
	return out
}

// waiting is how many effects there are since the last look.
func (j *journal) waiting() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.fresh)
}

// has says whether everything was counted so often.
func (j *journal) has(least map[string]int) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	for what, n := range least {
		if j.counts[what] < n {
			return false
		}
	}
	return true
}

// earlier gives some application of anyone, nil when there is none.
func (j *journal) earlier(rng *rand.Rand) *accepted {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.matters) == 0 {
		return nil
	}
	return j.matters[rng.IntN(len(j.matters))]
}

// mostFaults are kept in words; one is enough to fail.
const mostFaults = 20

// fault writes down what must not be.
func (j *journal) fault(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.faults) >= mostFaults {
		j.more++
		return
	}
	j.faults = append(j.faults, fmt.Sprintf(format, args...))
}

func (j *journal) wrong() (list []string, more int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]string(nil), j.faults...), j.more
}
