package report

import (
	"context"
	"errors"
	"time"

	"pendopo/kernel/db"
)

// Supported reports whether a browser, known by an HMAC, has this too.
func (t *Table) Supported(ctx context.Context, stream string, mac []byte) (bool, error) {
	var n int
	err := t.db.Get(ctx, `SELECT 1 FROM report_support WHERE stream = ? AND mac = ?`, []any{stream, mac}, &n)
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

// Support counts a browser at a report, once.
func (t *Table) Support(stream string, mac []byte, now time.Time) error {
	return t.db.Write(func(tx db.Tx) error {
		added, err := tx.Exec(`INSERT INTO report_support (stream, mac, at) VALUES (?, ?, ?) ON CONFLICT (stream, mac) DO NOTHING`, stream, mac, now)
		if err != nil || added == 0 {
			return err
		}
		_, err = tx.Exec(`UPDATE report SET supports = supports + 1 WHERE stream = ?`, stream)
		return err
	})
}
