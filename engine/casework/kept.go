package casework

import (
	"context"
	"errors"
	"fmt"

	"pendopo/kernel/db"
	"pendopo/law/definition"
)

// ErrStillNeeded says that open cases need an office, a role or a number
// register that a government would no longer have: their clocks could not be
// read, nobody could act on them, or their product would find no number.
var ErrStillNeeded = errors.New("casework: open cases still need it; keep it until they have ended")

// keeps checks that a government has what open cases are bound to: units, roles
// and number registers are live, and are not part of a case's own definition.
func (e *Engine) keeps(ctx context.Context, g *definition.Government) error {
	var units, hashes []string
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		units, err = distinct(tx, nextUnit)
		if err == nil {
			hashes, err = distinct(tx, nextDefinition)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, u := range units {
		if g.Unit(u) == nil {
			return fmt.Errorf("unit %s: %w", u, ErrStillNeeded)
		}
	}
	for _, h := range hashes {
		b, err := e.cat.At(ctx, h)
		if err != nil {
			return err
		}
		if err := keepsService(b.Service, g); err != nil {
			return err
		}
	}
	return nil
}

func keepsService(s *definition.Service, g *definition.Government) error {
	for _, step := range s.Flow.Steps {
		if a := step.Actor; a.Unit != "" && g.Unit(a.Unit) == nil {
			return fmt.Errorf("unit %s, step %s of %s: %w", a.Unit, step.ID, s.ID, ErrStillNeeded)
		}
		if a := step.Actor; a.Role != "" && g.Role(a.Role) == nil {
			return fmt.Errorf("role %s, step %s of %s: %w", a.Role, step.ID, s.ID, ErrStillNeeded)
		}
	}
	if n := s.Product.Numbering; n != "" && g.Numbering(n) == nil {
		return fmt.Errorf("number register %s of %s: %w", n, s.ID, ErrStillNeeded)
	}
	return nil
}
