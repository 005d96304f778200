package casework

import (
	"encoding/json"
	"errors"
	"fmt"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
)

// addVault takes an event of a vault: the last one that tells is its row.
func (f *Fold) addVault(ev event.Event) error {
	if ev.Kind != Vaulted {
		return nil
	}
	f.told = &inVault{}
	return json.Unmarshal(ev.Clear, f.told)
}

// verifyVaults compares the rows of vaults with their events, and wants a vault
// that knows its case wherever a case knows one.
func verifyVaults(tx db.Tx, b batch, report func(Difference)) error {
	want := map[string]string{}
	for stream, v := range b.vaults {
		want[stream] = fmt.Sprint(v.Case, " ", v.Anonymous)
	}
	err := b.each(tx, `SELECT stream, about, anonymous FROM vault`, func(rows *db.Rows) error {
		var stream, about string
		var anonymous int64
		if err := rows.Scan(&stream, &about, &anonymous); err != nil {
			return err
		}
		if w, ok := want[stream]; !ok {
			report(Difference{"vault", stream, "stream", "there is no such vault in the record"})
		} else if anonymous != 0 && anonymous != 1 || w != fmt.Sprint(about, " ", anonymous == 1) {
			report(Difference{"vault", stream, "about", "is not what the events say"})
		}
		delete(want, stream)
		return nil
	})
	for _, stream := range missing(want, err) {
		report(Difference{"vault", stream, "stream", "the row is missing"})
	}
	if err != nil {
		return err
	}
	return b.ownVaults(tx, report)
}

func (b batch) ownVaults(tx db.Tx, report func(Difference)) error {
	for stream, c := range b.cases {
		if c.Vault == "" {
			continue
		}
		var about string
		err := tx.Row(`SELECT about FROM vault WHERE stream = ?`, c.Vault).Scan(&about)
		if err != nil && !errors.Is(err, db.ErrNone) {
			return err
		}
		if about != stream {
			report(Difference{"vault", c.Vault, "about", "is not the vault of the case that names it"})
		}
	}
	return nil
}
