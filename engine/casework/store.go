package casework

import (
	"encoding/json"
	"errors"
	"math"
	"time"

	fastjson "github.com/go-json-experiment/json"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/fold"
)

// never is the due moment of a case that waits for nobody's deadline: it sorts last.
const never = math.MaxInt64

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func moment(µs int64) time.Time {
	if µs == 0 {
		return time.Time{}
	}
	return time.UnixMicro(µs).UTC()
}

// earliest is the moment by which a worklist is ordered: the next at which
// somebody is late, or the one that was missed while the work is still undone.
func earliest(c fold.Case) int64 {
	due := int64(never)
	for _, d := range c.Deadlines {
		undone := d.State == fold.Missed && c.Open() && (c.At(d.ID) || d.ID == fold.CaseDeadline)
		if d.State == fold.Running || undone {
			due = min(due, micros(d.Due))
		}
	}
	return due
}

// rowOf is the cases row of a state, in the order of caseColumns.
func rowOf(c fold.Case) ([]any, error) {
	state, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	return []any{
		c.Stream, c.Service, c.Definition, c.Unit, c.Step, c.Outcome, c.Holder.Who, c.Holder.Role, c.Holder.Unit,
		calledAt(c.Escalated, c.Holder.Unit), earliest(c), micros(c.Received), micros(c.Changed), c.Version, string(state),
	}, nil
}

// calledAt is whom lateness called in, as lists are asked for it: role@unit, the
// unit whose turn it was unless the definition names another.
func calledAt(called, unit string) string {
	role, at := fold.Post(called)
	if role == "" {
		return ""
	}
	if at == "" {
		at = unit
	}
	return role + "@" + at
}

const caseColumns = `stream, service, definition, unit, step, outcome, holder_who, holder_role, holder_unit,
	escalated, due, received, changed, version, state`

const insertCase = `INSERT INTO cases (` + caseColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const updateCase = `UPDATE cases SET service = ?, definition = ?, unit = ?, step = ?, outcome = ?, holder_who = ?,
	holder_role = ?, holder_unit = ?, escalated = ?, due = ?, received = ?, changed = ?, version = ?, state = ?
	WHERE stream = ?`

// putRow writes the fold of a case: its row, its deadlines, its branches, and who
// was called in.
func putRow(tx db.Tx, before fold.Case, after *folded) (err error) {
	if row := after.row; before.Version == 0 {
		_, err = tx.Exec(insertCase, row...)
	} else {
		_, err = tx.Exec(updateCase, append(row[1:len(row):len(row)], after.state.Stream)...)
	}
	if err != nil {
		return err
	}
	if err := putDeadlines(tx, before, after.state); err != nil {
		return err
	}
	if err := putBranches(tx, before, after.state); err != nil {
		return err
	}
	return putCalled(tx, before, after.state)
}

// putDeadlines writes the deadlines that differ from before.
func putDeadlines(tx db.Tx, before, after fold.Case) error {
	for _, d := range after.Deadlines {
		old, had := before.Deadline(d.ID)
		if had && old == d {
			continue
		}
		var err error
		if had {
			_, err = tx.Exec(`UPDATE deadline SET due = ?, state = ? WHERE stream = ? AND id = ?`,
				micros(d.Due), d.State, after.Stream, d.ID)
		} else {
			_, err = tx.Exec(`INSERT INTO deadline (stream, id, due, state) VALUES (?, ?, ?, ?)`,
				after.Stream, d.ID, micros(d.Due), d.State)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// getState reads the state of a case; an unknown stream is fault.Unknown.
func getState(tx db.Tx, stream string) (fold.Case, error) {
	var state []byte
	err := tx.Row(`SELECT state FROM cases WHERE stream = ?`, stream).Scan(&state)
	return parseState(state, err)
}

// parseState reads a state as rowOf wrote it, or says why there is none.
func parseState(state []byte, err error) (c fold.Case, _ error) {
	if errors.Is(err, db.ErrNone) {
		return c, errUnknownCase()
	}
	if err != nil {
		return c, err
	}
	return c, fastjson.Unmarshal(state, &c)
}

func errUnknownCase() *fault.Fault { return fault.New(fault.Unknown, "fault.unknown_case") }

// takeNumber takes the next number of a register, gapless: the counter and the
// use of the number stand or fall with the transaction.
func takeNumber(tx db.Tx, series, period, stream string, print func(n int64) (string, error)) (string, error) {
	n, err := bump(tx, series, period)
	if err != nil {
		return "", err
	}
	printed, err := print(n)
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(`INSERT INTO number (series, period, n, stream, printed) VALUES (?, ?, ?, ?, ?)`,
		series, period, n, stream, printed)
	return printed, err
}

func bump(tx db.Tx, series, period string) (n int64, err error) {
	err = tx.Row(`INSERT INTO series (id, period, last) VALUES (?, ?, 1)
		ON CONFLICT (id, period) DO UPDATE SET last = series.last + 1 RETURNING last`, series, period).Scan(&n)
	return n, err
}

// countOverdue counts running deadlines that fell due before a moment.
func countOverdue(tx db.Tx, before time.Time) (n int64, err error) {
	err = tx.Row(`SELECT count(*) FROM deadline WHERE state = 'running' AND due < ?`, micros(before)).Scan(&n)
	return n, err
}

const dueAfter = `SELECT stream, id, due FROM deadline WHERE state = 'running' AND due < ?
	AND (due, stream, id) > (?, ?, ?) ORDER BY due, stream, id LIMIT ?`

// dueDeadlines lists running deadlines that have passed, oldest first, from the
// one after another on.
func dueDeadlines(tx db.Tx, now time.Time, after timer, limit int) ([]timer, error) {
	rows, err := tx.Query(dueAfter, micros(now), micros(after.Due), after.Stream, after.ID, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []timer
	for rows.Next() {
		var t timer
		var due int64
		if err := rows.Scan(&t.Stream, &t.ID, &due); err != nil {
			return nil, err
		}
		t.Due = moment(due)
		out = append(out, t)
	}
	return out, rows.Err()
}
