package report

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"pendopo/kernel/db"
	"pendopo/law/near"
)

// Sketch is what is kept of a report to compare it by.
type Sketch struct {
	Stream   string
	Received time.Time
	Text     near.Sketch
	Pictures []near.Print
}

// mostAtOnce bounds the streams of one question.
const mostAtOnce = 400

// Unsketched are the newest reports since a moment that have no sketch yet, at
// most so many.
func (t *Table) Unsketched(ctx context.Context, since time.Time, most int) (out []Report, err error) {
	err = t.db.Read(ctx, func(tx db.Tx) error {
		for _, shown := range []bool{false, true} {
			more, err := all(tx.Query(`SELECT `+selected+` FROM report WHERE shown = ? AND received >= ?
				AND NOT EXISTS (SELECT 1 FROM report_sketch s WHERE s.stream = report.stream) ORDER BY received DESC LIMIT ?`, shown, since, most))
			if err != nil {
				return err
			}
			out = append(out, more...)
		}
		return nil
	})
	return out[:min(len(out), most)], err
}

// Keep writes a sketch over the one before, unless the report is gone.
func (t *Table) Keep(s Sketch) error {
	pictures := []byte{}
	for _, p := range s.Pictures {
		pictures = binary.BigEndian.AppendUint64(pictures, uint64(p))
	}
	return t.db.Write(func(tx db.Tx) error {
		if _, found, err := one(tx, s.Stream); err != nil || !found {
			return err
		}
		_, err := tx.Exec(`INSERT INTO report_sketch (stream, received, text, pictures) VALUES (?, ?, ?, ?)
			ON CONFLICT (stream) DO UPDATE SET text = excluded.text, pictures = excluded.pictures`, s.Stream, s.Received, s.Text.Bytes(), pictures)
		return err
	})
}

// Sketches are those of some reports, by stream; who has none is left out.
func (t *Table) Sketches(ctx context.Context, streams []string) (map[string]Sketch, error) {
	out := map[string]Sketch{}
	streams = streams[:min(len(streams), mostAtOnce)]
	if len(streams) == 0 {
		return out, nil
	}
	args := make([]any, len(streams))
	for i, s := range streams {
		args[i] = s
	}
	return out, t.db.Read(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(`SELECT stream, received, text, pictures FROM report_sketch WHERE stream IN (?`+strings.Repeat(", ?", len(args)-1)+`)`, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s Sketch
			var text, pictures []byte
			if err := rows.Scan(&s.Stream, &s.Received, &text, &pictures); err != nil {
				return err
			}
			if s.Text, err = near.ParseSketch(text); err != nil {
				return err
			}
			for ; len(pictures) >= 8; pictures = pictures[8:] {
				s.Pictures = append(s.Pictures, near.Print(binary.BigEndian.Uint64(pictures)))
			}
			out[s.Stream] = s
		}
		return rows.Err()
	})
}

// Forget deletes the sketches of reports before a moment, and of those that are
// gone.
func (t *Table) Forget(before time.Time) error {
	return t.db.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`DELETE FROM report_sketch WHERE received < ?`, before)
		_, err2 := tx.Exec(`DELETE FROM report_sketch WHERE NOT EXISTS (SELECT 1 FROM report r WHERE r.stream = report_sketch.stream)`)
		return errors.Join(err, err2)
	})
}
