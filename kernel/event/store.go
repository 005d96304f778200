package event

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema is the record's migrations, the ledger's tables included. The module's
// name for db.Migrate is "record".
func Schema() fs.FS {
	sub, err := fs.Sub(schema, "schema")
	if err != nil {
		return schema // not reached: the folder is embedded
	}
	return sub
}

// Topic is touched by every Append (see db.Watch): the ledger wakes on it.
const Topic = "event"

// ErrStale says that someone else wrote the stream's next version first: load
// and decide again. It is a fault.Conflict with public words; use errors.Is.
var ErrStale = errors.New("event: another writer was first")

const columns = "id, stream, version, kind, schema, entered, received, evidence, node, actor, definition, clear, sealed, salt, leaf"

const (
	insertFirst = "INSERT INTO event (" + columns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	// insertNext also demands the version before it, not entered later.
	insertNext = "INSERT INTO event (" + columns + ") SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?" +
		" WHERE EXISTS (SELECT 1 FROM event WHERE stream = ? AND version = ? AND entered <= ?)"
	insertUnsequenced = "INSERT INTO unsequenced (id) VALUES (?)"
)

// Append adds finished events to their streams and queues them for the ledger.
// It answers ErrStale when a version is taken, and an internal error when an
// event is not finished, leaves a gap, goes back in time, or was received
// earlier without evidence; the transaction is then to be given up.
func Append(tx db.Tx, events ...Event) error {
	for i := range events {
		if err := check(&events[i]); err != nil {
			return err
		}
		if err := insert(tx, &events[i]); err != nil {
			return err
		}
		if _, err := tx.Exec(insertUnsequenced, events[i].ID); err != nil {
			return fmt.Errorf("event: queue for the ledger: %w", err)
		}
	}
	db.Touch(tx, Topic)
	return nil
}

// check refuses what must never get into the record.
func check(e *Event) error {
	switch {
	case len(e.Salt) != saltSize || e.Leaf != e.LeafHash():
		return fmt.Errorf("event: %s is not finished", e.Kind)
	case e.ID == "" || e.Stream == "" || e.Kind == "" || e.Node == "" || e.Version < 1 || e.Entered.IsZero():
		return fmt.Errorf("event: %s lacks a column", e.Kind)
	case e.Received.After(e.Entered):
		return fmt.Errorf("event: %s was received after it was entered", e.Kind)
	case e.Received.Before(e.Entered) && e.Evidence == "":
		return fmt.Errorf("event: %s was received before it was entered and says no evidence", e.Kind)
	}
	return nil
}

func insert(tx db.Tx, e *Event) error {
	args := []any{e.ID, e.Stream, e.Version, e.Kind, e.Schema, e.Entered, e.Received.UnixMicro(), e.Evidence,
		e.Node, e.Actor, e.Definition, string(e.Clear), e.Sealed, e.Salt, e.Leaf[:]}
	query := insertFirst
	if e.Version > 1 {
		query = insertNext
		args = append(args, e.Stream, e.Version-1, e.Entered)
	}
	n, err := tx.Exec(query, args...)
	if db.IsConflict(err) {
		return fault.New(fault.Conflict, "fault.acted_first").Because(errors.Join(ErrStale, err))
	}
	if err != nil {
		return fmt.Errorf("event: append: %w", err)
	}
	if n != 1 {
		return fmt.Errorf("event: %s version %d leaves a gap or goes back in time", e.Kind, e.Version)
	}
	return nil
}

// Load reads a stream in order; an unknown stream has no events.
func Load(tx db.Tx, stream string) ([]Event, error) {
	var events []Event
	err := each(tx, func(e Event) error { events = append(events, e); return nil },
		"SELECT "+columns+" FROM event WHERE stream = ? ORDER BY version", stream)
	return events, err
}

// Last reads the newest event of some kinds in a stream; db.ErrNone without one.
func Last(tx db.Tx, stream string, kinds ...string) (last Event, err error) {
	args := []any{stream}
	for _, kind := range kinds {
		args = append(args, kind)
	}
	in := strings.TrimSuffix(strings.Repeat("?, ", len(kinds)), ", ")
	err = each(tx, func(e Event) error { last = e; return nil },
		"SELECT "+columns+" FROM event WHERE stream = ? AND kind IN ("+in+") ORDER BY version DESC LIMIT 1", args...)
	if err == nil && last.ID == "" {
		err = db.ErrNone
	}
	return last, err
}

// Walk gives every event, by stream and version, to the function, which may not
// use tx meanwhile. It is for verify and rebuild.
func Walk(tx db.Tx, fn func(Event) error) error {
	return each(tx, fn, "SELECT "+columns+" FROM event ORDER BY stream, version")
}

// Place is where a page of the record ends; the zero Place is before its beginning.
type Place struct {
	stream  string
	version int64
}

// Page reads up to n events by stream and version, from a place on, and says
// where they end: for whoever wants the transaction free between two pages.
func Page(tx db.Tx, from Place, n int) (list []Event, to Place, err error) {
	err = each(tx, func(e Event) error { list = append(list, e); return nil },
		"SELECT "+columns+" FROM event WHERE (stream, version) > (?, ?) ORDER BY stream, version LIMIT ?", from.stream, from.version, n)
	if len(list) > 0 {
		from = Place{list[len(list)-1].Stream, list[len(list)-1].Version}
	}
	return list, from, err
}

func each(tx db.Tx, fn func(Event) error, query string, args ...any) error {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		e, err := scan(rows)
		if err != nil {
			return err
		}
		if err := fn(e); err != nil {
			return err
		}
	}
	return rows.Err()
}

func scan(rows *db.Rows) (Event, error) {
	var e Event
	var leaf []byte
	err := rows.Scan(&e.ID, &e.Stream, &e.Version, &e.Kind, &e.Schema, &e.Entered, &e.Received, &e.Evidence,
		&e.Node, &e.Actor, &e.Definition, &e.Clear, &e.Sealed, &e.Salt, &leaf)
	if err != nil {
		return e, fmt.Errorf("event: scan: %w", err)
	}
	copy(e.Leaf[:], leaf) // of another length only when tampered with: then it differs from LeafHash
	return e, nil
}
