package document

import (
	"embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema is the migrations of this module, for db.Migrate("document", …).
func Schema() fs.FS {
	files, err := fs.Sub(schema, "schema")
	if err != nil {
		return schema
	}
	return files
}

const factColumns = `SELECT id, kind, number, day, until_day, sha256, state, reason FROM document `

// work is a row of document_work with the state of its document.
type work struct {
	stream, template, blob, sealedHash, state string
	id                                        ID
	sha256, statement                         []byte
}

func findWork(tx db.Tx, stream string) (work, error) {
	w := work{stream: stream}
	var id string
	err := tx.Row(`SELECT w.id, w.template, w.blob, w.sealed_hash, w.statement, d.sha256, d.state
		FROM document_work w JOIN document d ON d.id = w.id WHERE w.stream = ?`, stream).
		Scan(&id, &w.template, &w.blob, &w.sealedHash, &w.statement, &w.sha256, &w.state)
	if err != nil {
		return w, err
	}
	w.id, err = storedID(id)
	return w, err
}

func insertWork(tx db.Tx, w work, p Product, now time.Time) error {
	_, err := tx.Exec(`INSERT INTO document (id, kind, number, number_key, day, until_day, state, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		w.id.String(), p.Template.ID, p.Number, numberKey(p.Number), days(p.Date), days(p.ValidUntil), rowNumbered, now)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO document_work (stream, id, template) VALUES (?, ?, ?)`, w.stream, w.id.String(), w.template)
	return err
}

// storeWork keeps what one run made. Of two runs that meet, the state decides:
// the second waits for the first, changes no row, and reports a fault.Conflict.
func storeWork(tx db.Tx, w work, now time.Time) error {
	n, err := tx.Exec(`UPDATE document SET sha256 = ?, state = ?, changed = ? WHERE id = ? AND state = ?`,
		w.sha256, rowStored, now, w.id.String(), rowNumbered)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "document.other_state")
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE document_work SET blob = ?, sealed_hash = ?, statement = ? WHERE stream = ?`,
		w.blob, w.sealedHash, w.statement, w.stream)
	return err
}

// move brings a document from one of two states to another. It reports a
// fault.Conflict when the document is in neither.
func move(tx db.Tx, id ID, from [2]string, to, reason string, now time.Time) error {
	n, err := tx.Exec(`UPDATE document SET state = ?, reason = ?, changed = ? WHERE id = ? AND state IN (?, ?)`,
		to, reason, now, id.String(), from[0], from[1])
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "document.other_state")
	}
	return err
}

func deleteWork(tx db.Tx, stream string) error {
	_, err := tx.Exec(`DELETE FROM document_work WHERE stream = ?`, stream)
	return err
}

func factByID(tx db.Tx, id ID) (Fact, error) {
	return scanFact(tx.Row(factColumns+`WHERE id = ?`, id.String()).Scan)
}

func factBySHA256(tx db.Tx, sum []byte) (Fact, error) {
	return scanFact(tx.Row(factColumns+`WHERE sha256 = ?`, sum).Scan)
}

// sameNumber bounds how many documents one number may show: registers of
// different offices can print the same one.
const sameNumber = 20

func factsByNumber(tx db.Tx, number string) (facts []Fact, err error) {
	rows, err := tx.Query(factColumns+`WHERE number_key = ? ORDER BY day DESC, id LIMIT ?`, numberKey(number), sameNumber)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		f, err := scanFact(rows.Scan)
		if err != nil {
			return nil, err
		}
		facts = append(facts, f)
	}
	return facts, rows.Err()
}

func scanFact(scan func(...any) error) (Fact, error) {
	var f Fact
	var id string
	var date, until int64
	if err := scan(&id, &f.Kind, &f.Number, &date, &until, &f.SHA256, &f.state, &f.Reason); err != nil {
		return Fact{}, err
	}
	f.Date = day(date)
	if until != 0 {
		f.ValidUntil = day(until)
	}
	var err error
	f.ID, err = storedID(id)
	return f, err
}

func storedID(text string) (ID, error) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(ID{}) {
		return ID{}, errors.New("document: a stored id is none")
	}
	return ID(raw), nil
}

// statementsPage is how many statements one snapshot holds.
const statementsPage = 200

func statementsAfter(tx db.Tx, stream string) (page []work, err error) {
	rows, err := tx.Query(`SELECT stream, id, statement FROM document_work
		WHERE stream > ? AND statement IS NOT NULL ORDER BY stream LIMIT ?`, stream, statementsPage)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var w work
		var id string
		if err := rows.Scan(&w.stream, &id, &w.statement); err != nil {
			return nil, err
		}
		if w.id, err = storedID(id); err != nil {
			return nil, err
		}
		page = append(page, w)
	}
	return page, rows.Err()
}
