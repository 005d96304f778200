package identity

import (
	"embed"
	"errors"
	"io/fs"
	"time"

	"pendopo/kernel/db"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema is identity's migrations; the module's name for db.Migrate is "identity".
func Schema() fs.FS {
	sub, err := fs.Sub(schema, "schema")
	if err != nil {
		return schema // not reached: the folder is embedded
	}
	return sub
}

const officerColumns = "id, version, created, disabled, temporary, epoch, login_check, password_check"

// putOfficer writes the row and the posts of a folded officer.
func putOfficer(tx db.Tx, o Officer) error {
	_, err := tx.Exec(`INSERT INTO officer (`+officerColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, created = excluded.created,
		disabled = excluded.disabled, temporary = excluded.temporary, epoch = excluded.epoch,
		login_check = excluded.login_check, password_check = excluded.password_check`,
		o.ID, o.Version, o.Created, o.Disabled, o.Temporary, o.Epoch, o.loginCheck, o.passwordCheck)
	if err != nil {
		return err
	}
	for _, a := range o.Assignments {
		_, err := tx.Exec(`INSERT INTO officer_post (id, officer, unit, role, kind, from_day, until_day, ended)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET ended = excluded.ended`,
			a.ID, o.ID, a.Unit, a.Role, a.Kind, a.From, a.Until, a.Ended)
		if err != nil {
			return err
		}
	}
	return nil
}

// officerOf reads one officer; ErrNone for an unknown id.
func officerOf(tx db.Tx, id string) (Officer, error) {
	o, err := scanOfficer(tx.Row(`SELECT `+officerColumns+` FROM officer WHERE id = ?`, id))
	if err != nil {
		return Officer{}, err
	}
	posts, err := posts(tx, `WHERE officer = ?`, id)
	for _, p := range posts {
		o.Assignments = append(o.Assignments, p.Assignment)
	}
	return o, err
}

func scanOfficer(row interface{ Scan(...any) error }) (o Officer, err error) {
	err = row.Scan(&o.ID, &o.Version, &o.Created, &o.Disabled, &o.Temporary, &o.Epoch, &o.loginCheck, &o.passwordCheck)
	return o, err
}

// post is an assignment and whose it is.
type post struct {
	Assignment
	officer string
}

// posts are the assignments that match, in the order they were given.
func posts(tx db.Tx, where string, args ...any) ([]post, error) {
	rows, err := tx.Query(`SELECT id, officer, unit, role, kind, from_day, until_day, ended FROM officer_post `+where+` ORDER BY id`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []post
	for rows.Next() {
		var p post
		if err := rows.Scan(&p.ID, &p.officer, &p.Unit, &p.Role, &p.Kind, &p.From, &p.Until, &p.Ended); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// allOfficers reads every officer, oldest first.
func allOfficers(tx db.Tx) ([]Officer, error) {
	rows, err := tx.Query(`SELECT ` + officerColumns + ` FROM officer ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Officer
	at := map[string]int{}
	for rows.Next() {
		o, err := scanOfficer(rows)
		if err != nil {
			return nil, err
		}
		at[o.ID] = len(out)
		out = append(out, o)
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	all, err := posts(tx, "")
	for _, p := range all {
		if i, known := at[p.officer]; known {
			out[i].Assignments = append(out[i].Assignments, p.Assignment)
		}
	}
	return out, err
}

// clearFolds empties what putOfficer writes.
func clearFolds(tx db.Tx) error {
	if _, err := tx.Exec(`DELETE FROM officer_post`); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM officer`)
	return err
}

func putLogin(tx db.Tx, token []byte, officer string) error {
	_, err := tx.Exec(`INSERT INTO officer_login (token, officer) VALUES (?, ?)`, token, officer)
	return err
}

func putPassword(tx db.Tx, officer, hash string) error {
	_, err := tx.Exec(`INSERT INTO officer_password (officer, hash) VALUES (?, ?)
		ON CONFLICT (officer) DO UPDATE SET hash = excluded.hash`, officer, hash)
	return err
}

// officerByLogin is the id under a login's token, or "".
func officerByLogin(tx db.Tx, token []byte) (officer string, err error) {
	err = tx.Row(`SELECT officer FROM officer_login WHERE token = ?`, token).Scan(&officer)
	return officer, orNone(err)
}

// passwordOf is the stored hash of an officer, or "".
func passwordOf(tx db.Tx, officer string) (hash string, err error) {
	err = tx.Row(`SELECT hash FROM officer_password WHERE officer = ?`, officer).Scan(&hash)
	return hash, orNone(err)
}

func orNone(err error) error {
	if errors.Is(err, db.ErrNone) {
		return nil
	}
	return err
}

// endSessions ends every session of an officer.
func endSessions(tx db.Tx, officer string, now time.Time) error {
	_, err := tx.Exec(`UPDATE officer_session SET ended = ?, data = '' WHERE officer = ? AND ended IS NULL`, now, officer)
	return err
}

// forget removes what dies with an officer's key.
func forget(tx db.Tx, officer string) error {
	for _, query := range []string{
		`DELETE FROM officer_login WHERE officer = ?`,
		`DELETE FROM officer_password WHERE officer = ?`,
		`DELETE FROM officer_session WHERE officer = ?`,
	} {
		if _, err := tx.Exec(query, officer); err != nil {
			return err
		}
	}
	return nil
}

// failuresOf reads a count and keeps other attempts of the same count waiting
// until this transaction ends (on SQLite there is one writer anyway).
func failuresOf(tx db.Tx, token []byte) (failures int64, last time.Time, err error) {
	_, err = tx.Exec(`INSERT INTO login_failure (token, failures, last) VALUES (?, 0, 0)
		ON CONFLICT (token) DO UPDATE SET failures = login_failure.failures`, token)
	if err != nil {
		return 0, time.Time{}, err
	}
	err = tx.Row(`SELECT failures, last FROM login_failure WHERE token = ?`, token).Scan(&failures, &last)
	return failures, last, err
}

// countFailure adds one; a count older than a day begins anew.
func countFailure(tx db.Tx, token []byte, now time.Time) error {
	_, err := tx.Exec(`UPDATE login_failure SET failures = CASE WHEN last < ? THEN 1 ELSE failures + 1 END, last = ?
		WHERE token = ?`, now.Add(-forgotten), now, token)
	return err
}

func clearFailures(tx db.Tx, token []byte) error {
	_, err := tx.Exec(`UPDATE login_failure SET failures = 0, last = 0 WHERE token = ?`, token)
	return err
}

func uncountFailure(tx db.Tx, token []byte) error {
	_, err := tx.Exec(`UPDATE login_failure SET failures = failures - 1 WHERE token = ?`, token)
	return err
}

// deeds are the newest events of all officers, newest first.
func deeds(tx db.Tx, limit int) ([]Deed, error) {
	rows, err := tx.Query(`SELECT e.id, e.stream, e.kind, e.actor, e.entered, e.clear FROM officer o
		JOIN event e ON e.stream = o.id ORDER BY e.id DESC LIMIT ?`, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Deed
	for rows.Next() {
		var d Deed
		var id, facts string
		if err := rows.Scan(&id, &d.Officer, &d.Kind, &d.Actor, &d.At, &facts); err != nil {
			return nil, err
		}
		if err := d.read(facts); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// countSessions counts sessions that are open.
func countSessions(tx db.Tx, begun, seen time.Time) (n int64, err error) {
	err = tx.Row(`SELECT count(*) FROM officer_session WHERE ended IS NULL AND officer <> '' AND begun > ? AND seen > ?`, begun, seen).Scan(&n)
	return n, err
}

// sweep removes sessions that began before one moment and counts that ended
// before another.
func sweep(tx db.Tx, begun, counted time.Time) (rows int64, err error) {
	n, err := tx.Exec(`DELETE FROM officer_session WHERE begun < ?`, begun)
	if err != nil {
		return 0, err
	}
	m, err := tx.Exec(`DELETE FROM login_failure WHERE last < ?`, counted)
	return n + m, err
}
