package follow

import (
	"context"
	"errors"
	"time"

	"pendopo/kernel/db"
)

// follower is one row.
type follower struct {
	ID        string
	Stream    string
	Report    string
	Made      time.Time
	Tries     int
	Confirmed bool
	sealed    []byte
}

const columns = `id, stream, report, made, tries, confirmed, sealed`

func insert(tx db.Tx, f follower) error {
	_, err := tx.Exec(`INSERT INTO report_follower (`+columns+`) VALUES (?, ?, ?, ?, 0, 0, ?)`, f.ID, f.Stream, f.Report, f.Made, f.sealed)
	return err
}

// get finds a follower; false when there is none.
func (b *Book) get(ctx context.Context, id string) (f follower, found bool, err error) {
	err = b.db.Read(ctx, func(tx db.Tx) (err error) {
		f, err = scan(tx.Row(`SELECT `+columns+` FROM report_follower WHERE id = ?`, id))
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return f, false, nil
	}
	return f, err == nil, err
}

func scan(row interface{ Scan(...any) error }) (f follower, err error) {
	err = row.Scan(&f.ID, &f.Stream, &f.Report, &f.Made, &f.Tries, &f.Confirmed, &f.sealed)
	return f, err
}

// page is a number of followers of a report, behind one id.
func (b *Book) page(ctx context.Context, report, behind string, confirmed bool, most int) (list []follower, err error) {
	err = b.db.Read(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(`SELECT `+columns+` FROM report_follower WHERE report = ? AND confirmed >= ? AND id > ? ORDER BY id LIMIT ?`, report, confirmed, behind, most)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			f, err := scan(rows)
			if err != nil {
				return err
			}
			list = append(list, f)
		}
		return rows.Err()
	})
	return list, err
}

// followed reports whether anybody does.
func followed(tx db.Tx, report string) (bool, error) {
	var n int
	err := tx.Row(`SELECT count(*) FROM (SELECT 1 FROM report_follower WHERE report = ? LIMIT 1) AS one`, report).Scan(&n)
	return n > 0, err
}

// wrong counts a wrong code.
func wrong(tx db.Tx, id string) error {
	_, err := tx.Exec(`UPDATE report_follower SET tries = tries + 1 WHERE id = ?`, id)
	return err
}

// confirm makes a follower one, unless the same contact is one already.
func confirm(tx db.Tx, f follower, mac []byte) error {
	_, err := tx.Exec(`UPDATE report_follower SET confirmed = 1, mac = ?
		WHERE id = ? AND NOT EXISTS (SELECT 1 FROM report_follower o WHERE o.report = ? AND o.mac = ?)`, mac, f.ID, f.Report, mac)
	return err
}

func drop(tx db.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM report_follower WHERE id = ?`, id)
	return err
}
