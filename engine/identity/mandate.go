package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
)

// Holding is an officer in a post at a moment.
type Holding struct {
	Officer    string
	Assignment Assignment
}

// Holders are the officers who hold a role at a unit at a moment, whoever acts
// first: a plh is there because the holder is away, a plt because there is none.
// Within a kind the latest assignment comes first.
func (e *Engine) Holders(ctx context.Context, unit, role string, at time.Time) ([]Holding, error) {
	zone, known := e.government.Unit(unit)
	if !known {
		return nil, nil
	}
	var out []Holding
	err := e.db.Read(ctx, func(tx db.Tx) error {
		found, err := posts(tx, `WHERE unit = ? AND role = ? AND NOT EXISTS
			(SELECT 1 FROM officer o WHERE o.id = officer_post.officer AND o.disabled = 1)`, unit, role)
		for _, p := range found {
			if p.Valid(at, zone) {
				out = append(out, Holding{p.officer, p.Assignment})
			}
		}
		return err
	})
	order := []Kind{Plh, Plt, Definitive}
	slices.SortStableFunc(out, func(a, b Holding) int {
		if d := slices.Index(order, a.Assignment.Kind) - slices.Index(order, b.Assignment.Kind); d != 0 {
			return d
		}
		return strings.Compare(b.Assignment.ID, a.Assignment.ID)
	})
	return out, err
}

// Signatory is who signs, as a document prints it.
type Signatory struct {
	Officer string
	Name    Name
	Kind    Kind   // definitive: nothing is printed; plt, plh: "Plt.", "Plh." before the title
	Mandate string // the decree, as it is printed; may be empty
}

// Signatory opens the name and the mandate of a holding.
func (e *Engine) Signatory(ctx context.Context, h Holding) (Signatory, error) {
	name, err := e.Name(ctx, h.Officer)
	if err != nil {
		return Signatory{}, err
	}
	s, err := e.open(ctx, h.Officer, func(ev event.Event) bool {
		return ev.Kind == assigned && assignmentOf(ev) == h.Assignment.ID
	})
	return Signatory{h.Officer, name, h.Assignment.Kind, s.Mandate}, err
}
