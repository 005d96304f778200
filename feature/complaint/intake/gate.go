package intake

import (
	"time"

	"pendopo/kernel/pace"
	"pendopo/law/definition"
	"pendopo/law/form"
)

// Gate counts the reports that come by the doors of programs, with those that
// come by our own pages: a telephone or a place is the same by any door. It is
// safe for use by many goroutines.
type Gate struct{ limits limits }

// NewGate makes it.
func NewGate(book *pace.Book, now func() time.Time) *Gate { return &Gate{newLimits(book, now)} }

// Address counts a report that came from an address, and says why an officer
// should look at it first; TooMany when the address must wait. A service without
// a public side is not counted.
func (g *Gate) Address(address string, s *definition.Service, a form.Answers) (flags []string, err error) {
	if s.Public == nil {
		return nil, nil
	}
	return g.count(source{Network: pace.Network(address)}, s, a)
}

// Program counts a report that a program filed for one of many people. Its own
// pace is that of its key; a device that it names must wait as a browser must.
func (g *Gate) Program(key, device string, s *definition.Service, a form.Answers) (flags []string, err error) {
	from := source{Program: key}
	if device != "" {
		from.Device = key + "/" + device
	}
	return g.count(from, s, a)
}

func (g *Gate) count(from source, s *definition.Service, a form.Answers) ([]string, error) {
	if err := g.limits.admit(from); err != nil {
		return nil, err
	}
	return g.limits.flags(from, rolesOf(s), a)
}
