package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
)

// What Compare looks at once, because it belongs to no single case.

// verifyRegisters checks that every register is gapless up to its counter.
func verifyRegisters(tx db.Tx, _ *Fold, report func(Difference)) error {
	rows, err := tx.Query(`SELECT series, period, n, stream FROM number ORDER BY series, period, n`)
	if err != nil {
		return err
	}
	defer rows.Close()
	last := map[string]int64{}
	for rows.Next() {
		var series, period, stream string
		var n int64
		if err := rows.Scan(&series, &period, &n, &stream); err != nil {
			return err
		}
		key := series + " " + period
		if n != last[key]+1 {
			report(Difference{"number", stream, "n", "the register " + series + " has a gap"})
		}
		last[key] = n
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return verifySeries(tx, last, report)
}

func verifySeries(tx db.Tx, last map[string]int64, report func(Difference)) error {
	rows, err := tx.Query(`SELECT id, period, last FROM series`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, period string
		var n int64
		if err := rows.Scan(&id, &period, &n); err != nil {
			return err
		}
		if last[id+" "+period] != n {
			report(Difference{"series", id, "last", "the counter is not at the last number used"})
		}
		delete(last, id+" "+period)
	}
	for key := range last {
		report(Difference{"series", key, "last", "the counter is missing"})
	}
	return rows.Err()
}

// publishedKey is the row of a publication as one string.
func publishedKey(ev event.Event) string {
	var p publication
	if json.Unmarshal(ev.Clear, &p) != nil {
		return ev.Stream
	}
	return fmt.Sprint(p.Kind, " ", p.ID, " ", p.Hash, " ", micros(ev.Entered))
}

// verifyPublications compares what was made live with its events.
func verifyPublications(tx db.Tx, f *Fold, report func(Difference)) error {
	rows, err := tx.Query(`SELECT kind, id, hash, at FROM publication`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var kind, id, hash string
		var at int64
		if err := rows.Scan(&kind, &id, &hash, &at); err != nil {
			return err
		}
		key := fmt.Sprint(kind, " ", id, " ", hash, " ", at)
		if f.published[key] == 0 {
			report(Difference{"publication", publishedStream(kind, id), "hash", "there is no such publication in the record"})
			continue
		}
		f.published[key]--
	}
	for key, n := range f.published {
		if n > 0 {
			report(Difference{"publication", key, "hash", "the row is missing"})
		}
	}
	return rows.Err()
}

// verifyDefinitions hashes every stored definition again.
func verifyDefinitions(tx db.Tx, _ *Fold, report func(Difference)) error {
	rows, err := tx.Query(`SELECT hash, kind, id, body FROM definition`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var hash, kind, id, body string
		if err := rows.Scan(&hash, &kind, &id, &body); err != nil {
			return err
		}
		if sum := sha256.Sum256([]byte(body)); hex.EncodeToString(sum[:]) != hash {
			report(Difference{"definition", publishedStream(kind, id), "body", "is not what its hash says"})
		}
	}
	return rows.Err()
}

// verifyTimers reports deadlines that are due and have not fired.
func verifyTimers(tx db.Tx, f *Fold, report func(Difference)) error {
	due, err := dueDeadlines(tx, f.engine.now().Add(-overdue), timer{}, 1000)
	for _, t := range due {
		report(Difference{"deadline", t.Stream, t.ID, "has been due for over a minute and has not fired"})
	}
	return err
}
