package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/law/fold"
)

// Difference is one place where a row is not the fold of its events.
type Difference struct {
	Table  string // cases, deadline, access, number
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
// what is its own.
type Fold struct {
	engine    *Engine
	cases     map[string]fold.Case
	access    map[string]bool // stream, actor, purpose, hour
	published map[string]bool // kind, id, hash, moment
	stream    string
	events    []event.Event
}

// NewFold makes an empty one.
func (e *Engine) NewFold() *Fold {
	return &Fold{engine: e, cases: map[string]fold.Case{}, access: map[string]bool{}, published: map[string]bool{}}
}

// starts reports whether an event begins a case; a stream that began with
// another kind (an officer's, say) is not this engine's.
func starts(ev event.Event) bool { return ev.Version == 1 && ev.Kind == fold.Submitted }

// Add takes one event.
func (f *Fold) Add(ev event.Event) error {
	if strings.HasPrefix(ev.Stream, "access/") {
		f.access[accessKey(ev)] = true
		return nil
	}
	if ev.Kind == PublishedKind {
		f.published[publishedKey(ev)] = true
		return nil
	}
	if starts(ev) {
		if err := f.end(); err != nil {
			return err
		}
		f.stream = ev.Stream
	}
	if ev.Stream == f.stream {
		f.events = append(f.events, ev)
	}
	return nil
}

// end folds the stream that has just ended.
func (f *Fold) end() error {
	if len(f.events) == 0 {
		return nil
	}
	c, err := fold.Fold(fold.Case{}, f.events...)
	f.cases[f.stream] = c
	f.events = nil
	return err
}

// Compare reports every difference between the folded rows and those that
// stand, and every deadline that is due and has not fired.
func (f *Fold) Compare(tx db.Tx, report func(Difference)) error {
	if err := f.end(); err != nil {
		return err
	}
	for _, check := range []func(db.Tx, *Fold, func(Difference)) error{
		verifyCases, verifyDeadlines, verifyAccess, verifyNumbers, verifyPublications, verifyDefinitions, verifyTimers,
	} {
		if err := check(tx, f, report); err != nil {
			return err
		}
	}
	return nil
}

// verifyCases compares every column of every cases row.
func verifyCases(tx db.Tx, f *Fold, report func(Difference)) error {
	seen := map[string]bool{}
	names := strings.Split(strings.Join(strings.Fields(caseColumns), ""), ",")
	rows, err := tx.Query(`SELECT ` + caseColumns + ` FROM cases`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		got, err := scanAll(rows, len(names))
		if err != nil {
			return err
		}
		stream := fmt.Sprint(got[0])
		seen[stream] = true
		c, ok := f.cases[stream]
		if !ok {
			report(Difference{"cases", stream, "stream", "there is no such case in the record"})
			continue
		}
		want, err := rowOf(c)
		if err != nil {
			return err
		}
		for i, name := range names {
			if fmt.Sprint(got[i]) != fmt.Sprint(want[i]) {
				report(Difference{"cases", stream, name, "is not what the events say"})
			}
		}
	}
	for stream := range f.cases {
		if !seen[stream] {
			report(Difference{"cases", stream, "stream", "the row is missing"})
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

func verifyDeadlines(tx db.Tx, f *Fold, report func(Difference)) error {
	want := map[string]string{}
	for stream, c := range f.cases {
		for _, d := range c.Deadlines {
			want[stream+" "+d.ID] = fmt.Sprintf("%d %s", micros(d.Due), d.State)
		}
	}
	rows, err := tx.Query(`SELECT stream, id, due, state FROM deadline`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
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
	}
	for key := range want {
		stream, id, _ := strings.Cut(key, " ")
		report(Difference{"deadline", stream, id, "the row is missing"})
	}
	return rows.Err()
}

// verifyAccess compares the openings with their events.
func verifyAccess(tx db.Tx, f *Fold, report func(Difference)) error {
	rows, err := tx.Query(`SELECT stream, actor, purpose, hour FROM access`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var stream, actor, purpose string
		var hour int64
		if err := rows.Scan(&stream, &actor, &purpose, &hour); err != nil {
			return err
		}
		key := fmt.Sprint(stream, " ", actor, " ", purpose, " ", hour)
		if !f.access[key] {
			report(Difference{"access", stream, "actor", "there is no such opening in the record"})
		}
		delete(f.access, key)
	}
	for key := range f.access {
		stream, _, _ := strings.Cut(key, " ")
		report(Difference{"access", stream, "actor", "the row is missing"})
	}
	return rows.Err()
}

// verifyNumbers checks that every register is gapless up to its counter and
// that each number is the one its case was given.
func verifyNumbers(tx db.Tx, f *Fold, report func(Difference)) error {
	rows, err := tx.Query(`SELECT series, period, n, stream, printed FROM number ORDER BY series, period, n`)
	if err != nil {
		return err
	}
	defer rows.Close()
	last := map[string]int64{}
	used := map[string]bool{}
	for rows.Next() {
		var series, period, stream, printed string
		var n int64
		if err := rows.Scan(&series, &period, &n, &stream, &printed); err != nil {
			return err
		}
		key := series + " " + period
		if n != last[key]+1 {
			report(Difference{"number", stream, "n", "the register " + series + " has a gap"})
		}
		last[key], used[stream] = n, true
		if f.cases[stream].Number != printed || f.cases[stream].Series != series {
			report(Difference{"number", stream, "printed", "is not what the events say"})
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for stream, c := range f.cases {
		if c.Number != "" && !used[stream] {
			report(Difference{"number", stream, "n", "the row is missing"})
		}
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
		if !f.published[key] {
			report(Difference{"publication", publishedStream(kind, id), "hash", "there is no such publication in the record"})
		}
		delete(f.published, key)
	}
	for key := range f.published {
		report(Difference{"publication", key, "hash", "the row is missing"})
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

// Attachments gives every sealed file that events of unshredded cases name,
// the product included, with the hash they name it by.
func (f *Fold) Attachments(each func(stream string, file fold.File) error) error {
	for stream, c := range f.cases {
		if c.Shredded {
			continue
		}
		files := c.Files
		if c.Document != nil {
			files = append(slices.Clip(files), fold.File{ID: c.Document.Blob, Hash: c.Document.Hash})
		}
		for _, file := range files {
			if err := each(stream, file); err != nil {
				return err
			}
		}
	}
	return nil
}

// verifyTimers reports deadlines that are due and have not fired.
func verifyTimers(tx db.Tx, f *Fold, report func(Difference)) error {
	due, err := dueDeadlines(tx, f.engine.now().Add(-overdue), timer{}, 1000)
	for _, t := range due {
		report(Difference{"deadline", t.Stream, t.ID, "has been due for over a minute and has not fired"})
	}
	return err
}

// Replace puts the folded rows in the place of what stands and says how many
// cases there are. Drafts, keys of requests and numbers are no folds: they stay.
func (f *Fold) Replace(tx db.Tx) (int, error) {
	if err := f.end(); err != nil {
		return 0, err
	}
	for _, table := range []string{"cases", "deadline", "access", "track"} {
		if _, err := tx.Exec(`DELETE FROM ` + table + keepDrafts(table)); err != nil {
			return 0, err
		}
	}
	for stream, c := range f.cases {
		row, err := rowOf(c)
		if err == nil {
			err = putRow(tx, fold.Case{}, &folded{c, row})
		}
		if err != nil {
			return 0, err
		}
		if err := f.engine.insertTrack(stream)(tx); err != nil {
			return 0, err
		}
	}
	return len(f.cases), putAccess(tx, f.access)
}

// keepDrafts spares the codes of drafts, which are in no event.
func keepDrafts(table string) string {
	if table == "track" {
		return ` WHERE stream NOT IN (SELECT stream FROM draft)`
	}
	return ""
}

func putAccess(tx db.Tx, openings map[string]bool) error {
	for key := range openings {
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
