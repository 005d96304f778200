package identity

import (
	"context"
	"encoding/json"
	"time"

	"pendopo/kernel/db"
)

// Deed is one change to an officer: its kind is the event's.
type Deed struct {
	Officer, Kind, Actor string
	At                   time.Time
	Unit, Role           string // of an assignment
}

func (d *Deed) read(facts string) error {
	var c clear
	if err := json.Unmarshal([]byte(facts), &c); err != nil {
		return err
	}
	d.Unit, d.Role = c.Unit, c.Role
	return nil
}

// Deeds are the newest changes to officers, newest first.
func (e *Engine) Deeds(ctx context.Context, limit int) (list []Deed, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		list, err = deeds(tx, limit)
		return err
	})
	return list, err
}
