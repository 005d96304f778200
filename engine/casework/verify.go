package casework

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/law/fold"
)

// Difference is one place where a row is not the fold of its events.
type Difference struct {
	Table  string // cases, deadline, branch, called, access, number, vault
	Stream string
	Column string
	Words  string // what is wrong, without any value
}

func (d Difference) String() string {
	return fmt.Sprintf("%s %s %s: %s", d.Table, d.Stream, d.Column, d.Words)
}

// overdue is how long a deadline may be due and not yet fired.
const overdue = time.Minute

// Fold refolds cases and openings from events, without any key, for verify and
// rebuild. Give Add every event of the record by stream and version: it takes
// what is its own. Compare or Replace then deal with the streams that are whole,
// and forget them, so that of a record of any size a few cases are in memory.
type Fold struct {
	engine    *Engine
	published map[string]int // kind, id, hash, moment: how many; a clock that was set back makes moments alike
	stream    string         // that Add is at
	events    []event.Event  // of it, when it is a case
	openings  []string       // of it, when it is an access stream
	told      *inVault       // of it, when it is a vault
	whole     batch
}

// batch is a stretch of the record in the order of its streams, as the database
// orders them: everything after one stream up to another one.
type batch struct {
	after, last *string // nil: from the beginning, to the end
	cases       map[string]fold.Case
	access      map[string]bool // stream, actor, purpose, hour
	vaults      map[string]inVault
}

func (b *batch) clear(after *string) {
	*b = batch{after: after, cases: map[string]fold.Case{}, access: map[string]bool{}, vaults: map[string]inVault{}}
}

// rows completes a statement about a table by its stream to the batch's rows.
func (b *batch) rows(statement string) (string, []any) {
	var args []any
	if b.after != nil {
		statement, args = statement+` WHERE stream > ?`, append(args, *b.after)
	}
	if b.last != nil {
		word := map[bool]string{true: ` WHERE`, false: ` AND`}[b.after == nil]
		statement, args = statement+word+` stream <= ?`, append(args, *b.last)
	}
	return statement, args
}

// NewFold makes an empty one.
func (e *Engine) NewFold() *Fold {
	f := &Fold{engine: e, published: map[string]int{}}
	f.whole.clear(nil)
	return f
}

// starts reports whether an event begins a case; a stream that began with
// another kind (an officer's, say) is not this engine's.
func starts(ev event.Event) bool { return ev.Version == 1 && ev.Kind == fold.Submitted }

// Add takes one event.
func (f *Fold) Add(ev event.Event) error {
	if ev.Stream != f.stream {
		if err := f.end(); err != nil {
			return err
		}
		f.stream = ev.Stream
	}
	switch {
	case strings.HasPrefix(ev.Stream, "access/"):
		f.openings = append(f.openings, accessKey(ev))
	case strings.HasPrefix(ev.Stream, "published/"):
		f.published[publishedKey(ev)]++
	case ev.Kind == Vaulted || ev.Kind == VaultOpened:
		return f.addVault(ev)
	case starts(ev) || len(f.events) > 0:
		f.events = append(f.events, ev)
	}
	return nil
}

// end folds the stream that has just ended.
func (f *Fold) end() error {
	if f.stream == "" {
		return nil
	}
	last := f.stream
	f.whole.last = &last
	for _, key := range f.openings {
		f.whole.access[key] = true
	}
	f.openings = nil
	if f.told != nil {
		f.whole.vaults[f.stream], f.told = *f.told, nil
	}
	if len(f.events) == 0 {
		return nil
	}
	c, err := fold.Fold(fold.Case{}, f.events...)
	f.whole.cases[f.stream] = c
	f.events = nil
	return err
}

// take gives the streams that are whole; at the end of the record the last one
// is, and the batch has no end, so that rows beyond it are looked at too.
func (f *Fold) take(end bool) (batch, error) {
	if end {
		if err := f.end(); err != nil {
			return batch{}, err
		}
		f.whole.last = nil
	}
	b := f.whole
	f.whole.clear(b.last)
	return b, nil
}

// Checks is who is told what Compare finds.
type Checks struct {
	Report func(Difference)
	// File looks at a sealed file that an event of an unshredded case names, the
	// product included, with the hash it is named by.
	File func(stream string, file fold.File) error
	// Revoked says whether /verify tells of a document, by its id, that it was
	// taken back; nil asks nothing.
	Revoked func(tx db.Tx, document string) (bool, error)
	// Public says in which column the row that the public reads is not what a
	// case says; "" when it is. It is asked for every case whose service has a
	// public side; nil asks nothing.
	Public func(tx db.Tx, c fold.Case) (column string, err error)
}

// Compare reports every difference between the streams that are whole and the
// rows that stand. Call it now and then while tx is free, and once more with end
// set when all events were added: then it looks at what belongs to no single
// case as well, and for deadlines that are due and have not fired.
func (f *Fold) Compare(tx db.Tx, end bool, c Checks) error {
	b, err := f.take(end)
	if err != nil || b.last == nil && !end {
		return err
	}
	for _, check := range []func(db.Tx, batch, func(Difference)) error{verifyCases, verifyDeadlines, verifyBranches, verifyAccess, verifyNumbers, verifyVaults, verifyCalled} {
		if err := check(tx, b, c.Report); err != nil {
			return err
		}
	}
	if err := b.revocations(tx, c); err != nil {
		return err
	}
	if err := f.publics(tx, b, c); err != nil {
		return err
	}
	if err := b.files(c.File); err != nil || !end {
		return err
	}
	for _, check := range []func(db.Tx, *Fold, func(Difference)) error{verifyRegisters, verifyPublications, verifyDefinitions, verifyTimers} {
		if err := check(tx, f, c.Report); err != nil {
			return err
		}
	}
	return nil
}

// revocations wants what was taken back to be told to whoever checks it.
func (b batch) revocations(tx db.Tx, c Checks) error {
	for stream, x := range b.cases {
		if x.Revoked == "" || x.Document == nil || c.Revoked == nil {
			continue
		}
		told, err := c.Revoked(tx, x.Document.ID)
		if err != nil {
			return err
		}
		if !told {
			c.Report(Difference{"document", stream, "state", "is not what the events say"})
		}
	}
	return nil
}

// publics asks for the public side of every case that has one.
func (f *Fold) publics(tx db.Tx, b batch, c Checks) error {
	if c.Public == nil {
		return nil
	}
	for stream, x := range b.cases {
		public, err := f.engine.public(x)
		if err != nil {
			return err
		}
		if !public {
			continue
		}
		column, err := c.Public(tx, x)
		if err != nil {
			return err
		}
		if column != "" {
			c.Report(Difference{"public", stream, column, "is not what the events say"})
		}
	}
	return nil
}

// public says whether the service of a case has a public side.
func (e *Engine) public(c fold.Case) (bool, error) {
	b, err := e.cat.At(context.Background(), c.Definition)
	return err == nil && b.Service.Public != nil, err
}

// files gives every sealed file of the batch.
func (b batch) files(each func(stream string, file fold.File) error) error {
	for stream, c := range b.cases {
		if c.Shredded {
			continue
		}
		files := c.Files
		if c.Document != nil {
			files = append(slices.Clip(files), fold.File{ID: c.Document.Blob, Hash: c.Document.Hash})
		}
		if c.Made != nil && c.Made.File != nil {
			files = append(slices.Clip(files), *c.Made.File)
		}
		for _, file := range files {
			if err := each(stream, file); err != nil {
				return err
			}
		}
	}
	return nil
}

// verifyCases compares every column of every cases row.
func verifyCases(tx db.Tx, b batch, report func(Difference)) error {
	names := strings.Split(strings.Join(strings.Fields(caseColumns), ""), ",")
	seen := map[string]bool{}
	err := b.each(tx, `SELECT `+caseColumns+` FROM cases`, func(rows *db.Rows) error {
		got, err := scanAll(rows, len(names))
		if err != nil {
			return err
		}
		stream := fmt.Sprint(got[0])
		seen[stream] = true
		c, ok := b.cases[stream]
		if !ok {
			report(Difference{"cases", stream, "stream", "there is no such case in the record"})
			return nil
		}
		want, err := rowOf(c)
		for i, name := range names {
			if err == nil && !same(got[i], want[i]) {
				report(Difference{"cases", stream, name, "is not what the events say"})
			}
		}
		return err
	})
	for stream := range b.cases {
		if err == nil && !seen[stream] {
			report(Difference{"cases", stream, "stream", "the row is missing"})
		}
	}
	return err
}

// same compares a value of a row with the one it is to be.
func same(got, want any) bool { return got == want || fmt.Sprint(got) == fmt.Sprint(want) }

// each gives the rows of a table by stream that fall into the batch.
func (b batch) each(tx db.Tx, query string, fn func(*db.Rows) error) error {
	query, args := b.rows(query)
	rows, err := tx.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// scanAll reads a row of n columns; text comes as string, whatever the driver
// makes of it.
func scanAll(rows *db.Rows, n int) ([]any, error) {
	out, dest := make([]any, n), make([]any, n)
	for i := range out {
		dest[i] = &out[i]
	}
	if err := rows.Scan(dest...); err != nil {
		return nil, err
	}
	for i, v := range out {
		if b, ok := v.([]byte); ok {
			out[i] = string(b)
		}
	}
	return out, nil
}

func verifyDeadlines(tx db.Tx, b batch, report func(Difference)) error {
	want := map[string]string{}
	for stream, c := range b.cases {
		for _, d := range c.Deadlines {
			want[stream+" "+d.ID] = fmt.Sprintf("%d %s", micros(d.Due), d.State)
		}
	}
	err := b.each(tx, `SELECT stream, id, due, state FROM deadline`, func(rows *db.Rows) error {
		var stream, id, state string
		var due int64
		if err := rows.Scan(&stream, &id, &due, &state); err != nil {
			return err
		}
		key := stream + " " + id
		if w, ok := want[key]; !ok {
			report(Difference{"deadline", stream, id, "there is no such deadline in the record"})
		} else if w != fmt.Sprintf("%d %s", due, state) {
			report(Difference{"deadline", stream, id, "is not what the events say"})
		}
		delete(want, key)
		return nil
	})
	for _, key := range missing(want, err) {
		stream, id, _ := strings.Cut(key, " ")
		report(Difference{"deadline", stream, id, "the row is missing"})
	}
	return err
}

// missing are the keys that no row answered to, in order; none after an error.
func missing[V any](want map[string]V, err error) []string {
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(want))
}

// verifyAccess compares the openings with their events.
func verifyAccess(tx db.Tx, b batch, report func(Difference)) error {
	err := b.each(tx, `SELECT stream, actor, purpose, hour FROM access`, func(rows *db.Rows) error {
		var stream, actor, purpose string
		var hour int64
		if err := rows.Scan(&stream, &actor, &purpose, &hour); err != nil {
			return err
		}
		key := fmt.Sprint(stream, " ", actor, " ", purpose, " ", hour)
		if !b.access[key] {
			report(Difference{"access", stream, "actor", "there is no such opening in the record"})
		}
		delete(b.access, key)
		return nil
	})
	for _, key := range missing(b.access, err) {
		stream, _, _ := strings.Cut(key, " ")
		report(Difference{"access", stream, "actor", "the row is missing"})
	}
	return err
}

// verifyNumbers checks that each number is the one its case was given.
func verifyNumbers(tx db.Tx, b batch, report func(Difference)) error {
	want := map[string]fold.Case{}
	for stream, c := range b.cases {
		if c.Number != "" {
			want[stream] = c
		}
	}
	used := map[string]bool{}
	err := b.each(tx, `SELECT series, stream, printed FROM number`, func(rows *db.Rows) error {
		var series, stream, printed string
		if err := rows.Scan(&series, &stream, &printed); err != nil {
			return err
		}
		if c := want[stream]; c.Number != printed || c.Series != series || used[stream] {
			report(Difference{"number", stream, "printed", "is not what the events say"})
		}
		used[stream] = true
		return nil
	})
	for _, stream := range missing(want, err) {
		if !used[stream] {
			report(Difference{"number", stream, "n", "the row is missing"})
		}
	}
	return err
}
