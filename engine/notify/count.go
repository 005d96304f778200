package notify

import (
	"context"
	"time"

	"pendopo/kernel/db"
)

// Count is how many notices of a channel are in a state, and why they failed.
type Count struct {
	State   State  `json:"state"`
	Channel string `json:"channel"`
	Reason  string `json:"reason,omitempty"`
	N       int64  `json:"notices"`
}

// Counts counts the notices that were made since a moment.
func (e *Engine) Counts(ctx context.Context, since time.Time) (list []Count, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		list, err = CountsSince(tx, since)
		return err
	})
	return list, err
}

// CountsSince is Counts for who has no engine.
func CountsSince(tx db.Tx, since time.Time) (list []Count, err error) {
	rows, err := tx.Query(`SELECT state, channel, reason, count(*) FROM notice WHERE made >= ? GROUP BY state, channel, reason ORDER BY state, channel, reason`, since)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Count
		var state string
		if err := rows.Scan(&state, &c.Channel, &c.Reason, &c.N); err != nil {
			return nil, err
		}
		c.State = State(state)
		list = append(list, c)
	}
	return list, rows.Err()
}

// Cost is what a channel cost, and how many messages it carried.
type Cost struct {
	Channel  string `json:"channel"`
	Messages int64  `json:"messages"`
	Rupiah   int64  `json:"rupiah"`
}

// Costs adds up attempts that were begun between two moments.
func (e *Engine) Costs(ctx context.Context, from, until time.Time) (list []Cost, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(`SELECT channel, count(*), coalesce(sum(cost), 0) FROM notice_attempt
			WHERE begun >= ? AND begun < ? AND state IN ('sent', 'delivered') GROUP BY channel ORDER BY channel`, from, until)
		if err != nil {
			return err
		}
		defer rows.Close()
		list = nil
		for rows.Next() {
			var c Cost
			if err := rows.Scan(&c.Channel, &c.Messages, &c.Rupiah); err != nil {
				return err
			}
			list = append(list, c)
		}
		return rows.Err()
	})
	return list, err
}

// List lists notices in a state, newest first: who they go to stands in none.
func (e *Engine) List(ctx context.Context, state State, limit int) (list []Notice, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		list, err = notices(tx.Query(`SELECT `+noticeColumns+` FROM notice WHERE state = ? ORDER BY changed DESC, id LIMIT ?`, string(state), limit))
		return err
	})
	return list, err
}

// Attempts are the attempts of one notice.
func (e *Engine) Attempts(ctx context.Context, id string) (list []Attempt, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		list, err = attemptsOf(tx, id)
		return err
	})
	return list, err
}
