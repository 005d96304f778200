package casework

import (
	"context"

	"pendopo/kernel/db"
	"pendopo/kernel/seal"
)

// provePage is how many drafts one snapshot holds.
const provePage = 100

// EachDraft names the stream of every draft and how to open it, for a rehearsal.
// It tells nothing of what a draft says.
func (e *Engine) EachDraft(ctx context.Context, each func(stream string, open func(seal.StreamKey) error) error) error {
	type sealed struct {
		stream string
		body   []byte
	}
	for last := ""; ; {
		var page []sealed
		err := e.db.Read(ctx, func(tx db.Tx) error {
			rows, err := tx.Query(`SELECT stream, body FROM draft WHERE stream > ? ORDER BY stream LIMIT ?`, last, provePage)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var d sealed
				if err := rows.Scan(&d.stream, &d.body); err != nil {
					return err
				}
				page = append(page, d)
			}
			return rows.Err()
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, d := range page {
			last = d.stream
			err := each(d.stream, func(key seal.StreamKey) error {
				_, err := key.Open(d.body, draftAAD(d.stream))
				return err
			})
			if err != nil {
				return err
			}
		}
	}
}
