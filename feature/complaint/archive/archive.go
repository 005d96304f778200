package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"pendopo/engine/casework"
	"pendopo/feature/complaint/report"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/law/place"
)

// Deps is what taking in stands on.
type Deps struct {
	DB      *db.DB
	Cases   *casework.Engine
	Reports *report.Table
	Now     func() time.Time
	// Note records once, with do in the same transaction, that a file was taken in.
	Note func(ctx context.Context, source, sha256 string, rows int, do func(db.Tx) error) error
}

// Result is what a file gave.
type Result struct {
	SHA256   string  `json:"sha256"`
	Lines    int     `json:"lines"`
	Archived int     `json:"archived"` // rows of the archive that are new
	Opened   int     `json:"opened"`   // cases that are new
	Before   int     `json:"before"`   // lines that had been taken in before
	Wrong    int     `json:"wrong"`    // lines that were left out
	Faults   []Fault `json:"faults,omitempty"`
}

// Bounds of one run.
const (
	batch      = 250 // rows of one transaction
	mostFaults = 100 // that are named; more are counted
)

// Import reads a file from its beginning to its end: ended reports become rows
// of the archive, open ones cases received then. The file is read twice, for its
// hash and for its lines.
func Import(ctx context.Context, d Deps, m Map, file io.ReadSeeker) (Result, error) {
	var out Result
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return out, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return out, err
	}
	out.SHA256 = hex.EncodeToString(sum.Sum(nil))
	t, err := newTaking(d, m)
	if err != nil {
		return out, err
	}
	t.result = &out
	r, err := newReader(file, &m, t.zone)
	if err != nil {
		return out, err
	}
	if err := t.all(ctx, r); err != nil {
		return out, err
	}
	return out, t.note(ctx)
}

// taking is one run.
type taking struct {
	Deps
	mapping Map
	bound   *casework.Bound
	zone    *time.Location
	areas   *place.Areas
	result  *Result
	ended   int // lines of the file that have ended
	waiting []report.Report
}

func newTaking(d Deps, m Map) (*taking, error) {
	b, err := d.Cases.Catalogue().Live(m.Service)
	if err != nil {
		return nil, fmt.Errorf("service %s is not live", m.Service)
	}
	if b.Service.Public == nil {
		return nil, fmt.Errorf("service %s has no public side", m.Service)
	}
	t := &taking{Deps: d, mapping: m, bound: b}
	if t.zone, err = m.zone(d.Cases.Catalogue().Zone()); err != nil {
		return nil, fmt.Errorf("zone: %w", err)
	}
	g := d.Cases.Government()
	if len(g.Areas) > 0 {
		t.areas = g.Boundaries()
	}
	return t, t.known(g)
}

// known refuses a map that names what this government has not.
func (t *taking) known(g *definition.Government) error {
	f := t.bound.Service.Field(t.bound.Service.Public.Category)
	choices := map[string]bool{}
	for _, c := range f.Choices {
		choices[c.ID] = true
	}
	for _, c := range append(values(t.mapping.Categories), t.mapping.Category) {
		if !choices[c] {
			return fmt.Errorf("category %s is none of service %s", c, t.mapping.Service)
		}
	}
	for _, u := range append(values(t.mapping.Units), t.mapping.Unit) {
		if g.Unit(u) == nil {
			return fmt.Errorf("unit %s is none of this government", u)
		}
	}
	if t.mapping.Region != "" && !t.Cases.Catalogue().Regions().Has(t.mapping.Region) {
		return fmt.Errorf("region %s is none of this government", t.mapping.Region)
	}
	return nil
}

func values(m map[string]string) []string {
	var out []string
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

// all goes through the lines.
func (t *taking) all(ctx context.Context, r *reader) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		l, wrong, err := r.next()
		if err == io.EOF {
			return t.flush()
		}
		t.result.Lines++
		if wrong != nil {
			t.wrong(*wrong)
		}
		if err != nil {
			return errors.Join(err, t.flush())
		}
		if wrong != nil {
			continue
		}
		if l.ended.IsZero() {
			err = t.open(ctx, l)
		} else {
			err = t.archive(l)
		}
		if err != nil {
			return err
		}
	}
}

func (t *taking) wrong(f Fault) {
	t.result.Wrong++
	if len(t.result.Faults) < mostFaults {
		t.result.Faults = append(t.result.Faults, f)
	}
}

// archive puts an ended report beside the others of its batch.
func (t *taking) archive(l line) error {
	t.ended++
	r := report.Report{
		Stream: report.ArchivePrefix + t.mapping.Source + "/" + l.key, Code: strings.ToUpper(t.mapping.Source + "-" + l.key), Service: t.mapping.Service,
		Unit: l.unit, Source: report.Archived, Category: l.category, Region: t.region(l.place), Place: l.place, State: report.Solved,
		Received: l.received, Finished: l.ended, Ended: l.ended, Due: l.due, Late: !l.due.IsZero() && l.ended.After(l.due), Shown: true,
		Title: l.text, Text: l.text, Updated: l.ended,
	}
	t.waiting = append(t.waiting, r)
	if len(t.waiting) < batch {
		return nil
	}
	return t.flush()
}

// flush writes the batch in one transaction.
func (t *taking) flush() error {
	if len(t.waiting) == 0 {
		return nil
	}
	fresh := 0
	err := t.DB.Write(func(tx db.Tx) (err error) {
		fresh, err = t.Reports.Archive(tx, t.waiting)
		return err
	})
	if err == nil {
		t.result.Archived += fresh
		t.result.Before += len(t.waiting) - fresh
		t.waiting = t.waiting[:0]
	}
	return err
}

// region is the code of the village in which a point lies, else the map's.
func (t *taking) region(p *place.Point) string {
	if p != nil && t.areas != nil {
		if code := t.areas.At(*p); strings.Count(code, ".") == 3 {
			return code
		}
	}
	return t.mapping.Region
}

// open makes a case of an open report, received when the other system had it.
func (t *taking) open(ctx context.Context, l line) error {
	p := t.bound.Service.Public
	a := form.Answers{p.Text: l.text + " (" + t.mapping.Source + " " + l.key + ")", p.Category: l.category}
	if p.Region != "" {
		a[p.Region] = t.region(l.place)
	}
	if p.Place != "" && l.place != nil {
		a[p.Place] = strconv.FormatFloat(l.place.Lat, 'f', 5, 64) + "," + strconv.FormatFloat(l.place.Lon, 'f', 5, 64)
	}
	if f := t.bound.Service.Field(p.Kind); f != nil && len(f.Choices) > 0 {
		a[f.ID] = f.Choices[0].ID
	}
	if v := t.bound.Service.Vault; v != nil {
		a[v.Anonymous] = "ya"
	}
	for field, v := range t.mapping.Answers {
		a[field] = v
	}
	once := casework.Once{Scope: "archive/" + t.mapping.Source, Key: "archive-line-of-a-file/" + l.key, Request: []byte(l.key)}
	before, err := t.Cases.StreamOf(ctx, once)
	if err != nil {
		return err
	}
	if before != "" {
		t.result.Before++
		return nil
	}
	_, err = t.Cases.Submit(ctx, casework.Submission{Service: t.mapping.Service, Channel: "api", Lang: "id", Answers: a,
		Received: earlier(l.received, t.Now()), Evidence: "register_book", Once: once})
	var f *fault.Fault
	if errors.As(err, &f) && (f.Kind == fault.Invalid || f.Kind == fault.Conflict) {
		t.wrong(t.refused(l, f))
		return nil
	}
	if err == nil {
		t.result.Opened++
	}
	return err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// note records the file, once for each hash.
func (t *taking) note(ctx context.Context) error {
	if t.ended == 0 {
		return nil
	}
	err := t.Note(ctx, t.mapping.Source, t.result.SHA256, t.ended, func(tx db.Tx) error {
		n, err := tx.Exec(`INSERT INTO archive_file (sha256, source, lines, at) VALUES (?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING`,
			t.result.SHA256, t.mapping.Source, t.ended, t.Now())
		if err == nil && n == 0 {
			return errNoted
		}
		return err
	})
	if errors.Is(err, errNoted) {
		return nil
	}
	return err
}

// errNoted says that the file was recorded before.
var errNoted = errors.New("this file was recorded before")

// refused says why an open line cannot become a case. A case of a year ago would
// begin far beyond its promise: whoever brings it in begins it by hand.
func (t *taking) refused(l line, f *fault.Fault) Fault {
	if f.Key == "flow.received_too_long_ago" {
		return Fault{l.number, t.mapping.Columns.Received, "is open and more than a year old: close it there, or file it anew here"}
	}
	return Fault{Line: l.number, Column: f.Field, Why: "cannot become a case: " + f.Key}
}
