package administration

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

const proposalColumns = "id, title, state, author, proposer, approver, version, created, changed"

func insertProposal(tx db.Tx, p Proposal) error {
	_, err := tx.Exec(`INSERT INTO proposal (`+proposalColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		p.ID, p.Title, string(p.State), p.Author, p.Proposer, p.Approver, p.Version, p.Created.UnixMicro(), p.Changed.UnixMicro())
	return err
}

// updateProposal writes a proposal over the version that was seen.
func updateProposal(tx db.Tx, p Proposal, seen int64) error {
	n, err := tx.Exec(`UPDATE proposal SET state = ?, proposer = ?, approver = ?, version = ?, changed = ? WHERE id = ? AND version = ?`,
		string(p.State), p.Proposer, p.Approver, p.Version, p.Changed.UnixMicro(), p.ID, seen)
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, "administration.changed_meanwhile")
	}
	return err
}

func scanProposal(row interface{ Scan(...any) error }) (p Proposal, err error) {
	var created, changed int64
	err = row.Scan(&p.ID, &p.Title, &p.State, &p.Author, &p.Proposer, &p.Approver, &p.Version, &created, &changed)
	p.Created, p.Changed = time.UnixMicro(created).UTC(), time.UnixMicro(changed).UTC()
	return p, err
}

func proposalOf(tx db.Tx, id string) (Proposal, error) {
	p, err := scanProposal(tx.Row(`SELECT `+proposalColumns+` FROM proposal WHERE id = ?`, id))
	if errors.Is(err, db.ErrNone) {
		return p, fault.New(fault.Unknown, "administration.unknown_proposal").Because(err)
	}
	if err != nil {
		return p, err
	}
	rows, err := tx.Query(`SELECT path, base, gone, body FROM proposal_file WHERE proposal = ? ORDER BY path`, id)
	if err != nil {
		return p, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Change
		var gone int64
		if err := rows.Scan(&c.Path, &c.Base, &gone, &c.Body); err != nil {
			return p, err
		}
		c.Gone = gone == 1
		p.Changes = append(p.Changes, c)
	}
	return p, rows.Err()
}

// proposals are those that are open and the newest of the others.
func proposals(tx db.Tx) (list []Proposal, err error) {
	rows, err := tx.Query(`SELECT ` + proposalColumns + ` FROM proposal
		ORDER BY CASE WHEN state IN ('draft', 'proposed') THEN 0 ELSE 1 END, changed DESC, id LIMIT 100`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		p, err := scanProposal(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

func countOpen(tx db.Tx) (n int, err error) {
	err = tx.Row(`SELECT count(*) FROM proposal WHERE state IN ('draft', 'proposed')`).Scan(&n)
	return n, err
}

// putChange writes the change of a file, or takes it away.
func putChange(tx db.Tx, proposal string, c Change, none bool) error {
	if none {
		_, err := tx.Exec(`DELETE FROM proposal_file WHERE proposal = ? AND path = ?`, proposal, c.Path)
		return err
	}
	gone := 0
	if c.Gone {
		gone = 1
	}
	_, err := tx.Exec(`INSERT INTO proposal_file (proposal, path, base, gone, body) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (proposal, path) DO UPDATE SET base = excluded.base, gone = excluded.gone, body = excluded.body`,
		proposal, c.Path, c.Base, gone, c.Body)
	return err
}

// deeds are the newest events of the administration's streams.
func deeds(tx db.Tx, limit int, kinds []string) (list []Deed, err error) {
	where, args := "", []any{streams, "administration0"}
	if len(kinds) > 0 {
		where = " AND kind IN (" + strings.TrimSuffix(strings.Repeat("?, ", len(kinds)), ", ") + ")"
		for _, k := range kinds {
			args = append(args, k)
		}
	}
	rows, err := tx.Query(`SELECT kind, actor, entered, clear FROM event WHERE stream >= ? AND stream < ?`+where+
		` ORDER BY stream DESC, version DESC LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var d Deed
		var facts string
		if err := rows.Scan(&d.Kind, &d.Actor, &d.At, &facts); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(facts), &d); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

const waitingColumns = "id, officer, unit, role, kind, from_day, until_day, by_whom, at"

func insertWaiting(tx db.Tx, a WaitingAssignment) error {
	_, err := tx.Exec(`INSERT INTO waiting_assignment (`+waitingColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.Officer, a.Unit, a.Role, a.Kind, a.From, a.Until, a.By, a.At.UnixMicro())
	return err
}

func scanWaiting(row interface{ Scan(...any) error }) (a WaitingAssignment, err error) {
	var at int64
	err = row.Scan(&a.ID, &a.Officer, &a.Unit, &a.Role, &a.Kind, &a.From, &a.Until, &a.By, &at)
	a.At = time.UnixMicro(at).UTC()
	return a, err
}

func waiting(tx db.Tx) (list []WaitingAssignment, err error) {
	rows, err := tx.Query(`SELECT ` + waitingColumns + ` FROM waiting_assignment ORDER BY id LIMIT 500`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		a, err := scanWaiting(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// takeWaiting reads one and takes it away.
func takeWaiting(tx db.Tx, id string) (WaitingAssignment, error) {
	a, err := scanWaiting(tx.Row(`DELETE FROM waiting_assignment WHERE id = ? RETURNING `+waitingColumns, id))
	if errors.Is(err, db.ErrNone) {
		return a, fault.New(fault.Unknown, "administration.unknown_assignment").Because(err)
	}
	return a, err
}
