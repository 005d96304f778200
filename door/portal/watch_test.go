package portal

import (
	"testing"

	"pendopo/kernel/fault"
)

// TestTheLastReaderMayLeaveWhileTheServerStops: whoever looks for all of them
// finds nobody any more, and ends quietly.
func TestTheLastReaderMayLeaveWhileTheServerStops(t *testing.T) {
	ended := false
	p := &Portal{}
	p.watchers.tickets, p.watchers.cases, p.watchers.address = map[*ticket]int64{}, map[string]int{}, map[string]int{}
	p.watchers.stop = func() { ended = true }
	reader, err := p.follow("case/1", "192.0.2.7", 0)
	if err != nil {
		t.Fatal(err)
	}
	p.leave(reader)
	if !ended {
		t.Error("nobody reads, and somebody still looks")
	}
	p.dismiss()
	for range mostOfCase {
		p.watchers.stop = func() {}
		if _, err := p.follow("case/1", "192.0.2.7", 0); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.follow("case/1", "192.0.2.7", 0); !fault.Is(err, fault.TooMany) {
		t.Errorf("one case on more screens than it may: %v", err)
	}
	p.dismiss()
	if n := len(p.watchers.tickets) + len(p.watchers.cases) + len(p.watchers.address); n > 0 {
		t.Errorf("%d are kept of readers that were sent away", n)
	}
}
