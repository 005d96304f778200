package casework

import (
	"fmt"
	"strings"

	"pendopo/kernel/db"
	"pendopo/law/fold"
)

// Replace puts the streams that are whole in the place of what stands, one batch
// in one transaction, and says how many cases they are. Call it as Compare,
// while nobody else writes. Drafts, keys of requests and numbers are no folds:
// they stay.
func (f *Fold) Replace(d *db.DB, end bool) (int, error) {
	b, err := f.take(end)
	if err != nil || b.last == nil && !end {
		return 0, err
	}
	shown := map[string]bool{} // looked up before: the transaction is alone with its rows
	for stream, c := range b.cases {
		if shown[stream], err = f.engine.public(c); err != nil {
			return 0, err
		}
	}
	err = d.Write(func(tx db.Tx) error { return f.engine.replace(tx, b, shown) })
	if err != nil || !end {
		return len(b.cases), err
	}
	return len(b.cases), d.Write(dropStrayCodes)
}

func (e *Engine) replace(tx db.Tx, b batch, shown map[string]bool) error {
	for _, table := range []string{"cases", "deadline", "branch", "called", "access", "vault"} {
		statement, args := b.rows(`DELETE FROM ` + table)
		if _, err := tx.Exec(statement, args...); err != nil {
			return err
		}
	}
	for stream, c := range b.cases {
		row, err := rowOf(c)
		if err == nil {
			err = putRow(tx, fold.Case{}, &folded{c, row})
		}
		if err == nil {
			err = e.putTrack(tx, stream)
		}
		if err == nil && shown[stream] && e.beside.projection != nil {
			err = e.beside.projection.Project(tx, fold.Case{}, c, nil)
		}
		if err != nil {
			return err
		}
	}
	for stream, v := range b.vaults {
		if err := putVault(tx, stream, v); err != nil {
			return err
		}
	}
	return putAccess(tx, missing(b.access, nil))
}

// putTrack makes a case findable by its code, whatever stood there.
func (e *Engine) putTrack(tx db.Tx, stream string) error {
	_, err := tx.Exec(`INSERT INTO track (mac, stream) VALUES (?, ?) ON CONFLICT (mac) DO UPDATE SET stream = excluded.stream`,
		e.codes.Index(e.codes.Code(stream)), stream)
	return err
}

// dropStrayCodes removes codes of neither a case nor a draft.
func dropStrayCodes(tx db.Tx) error {
	_, err := tx.Exec(`DELETE FROM track WHERE NOT EXISTS (SELECT 1 FROM cases c WHERE c.stream = track.stream)
		AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.stream = track.stream)`)
	return err
}

func putAccess(tx db.Tx, openings []string) error {
	for _, key := range openings {
		p := strings.Fields(key)
		if len(p) != 4 {
			return fmt.Errorf("casework: an opening of %s cannot be read", p[0])
		}
		if _, err := tx.Exec(`INSERT INTO access (stream, actor, purpose, hour) VALUES (?, ?, ?, CAST(? AS BIGINT))`,
			p[0], p[1], p[2], p[3]); err != nil {
			return err
		}
	}
	return nil
}
