package report

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/law/place"
)

// columns are those of a row, in the order of values and of scan.
const columns = `stream, code, service, unit, source, kind, category, region, district, lat, lon, cell1, cell2, cell3, state, active,
	received, verified, answered, finished, ended, due, late, reopened, joined, merged, flags, shown, sha256, title, text, photos, updated, version`

// values are a row as it is written; supports are counted beside it.
func values(r Report) ([]any, error) {
	flags, err := json.Marshal(r.Flags)
	photos, err2 := json.Marshal(r.Photos)
	if err := errors.Join(err, err2); err != nil {
		return nil, err
	}
	var lat, lon any
	cells := [3]int64{}
	if p := r.Place; p != nil {
		lat, lon = fixed(p.Lat), fixed(p.Lon)
		cells = [3]int64{Coarse.Cell(*p), Middle.Cell(*p), Fine.Cell(*p)}
	}
	return []any{
		r.Stream, r.Code, r.Service, r.Unit, r.Source, r.Kind, r.Category, r.Region, district(r.Region), lat, lon, cells[0], cells[1], cells[2], string(r.State), r.Active,
		r.Received, r.Verified, r.Answered, r.Finished, r.Ended, r.Due, r.Late, r.Reopened, r.Joined, r.Into, string(flags), r.Shown, r.SHA256, r.Title, r.Text, string(photos), r.Updated, r.Version,
	}, nil
}

// fixed is a coordinate as it is stored: whole hundred-thousandths of a degree.
func fixed(degrees float64) int64 { return int64(math.Round(degrees * 1e5)) }

// district is the region's own, or that in which a village lies.
func district(region string) string {
	parts := strings.SplitN(region, ".", 4)
	if len(parts) < 3 {
		return ""
	}
	return strings.Join(parts[:3], ".")
}

// selected are the columns that scan reads.
const selected = columns + `, supports`

// scan reads one row.
func scan(row interface{ Scan(...any) error }) (r Report, err error) {
	var lat, lon *int64
	var state, flags, photos, unused string
	var cells [3]int64
	err = row.Scan(&r.Stream, &r.Code, &r.Service, &r.Unit, &r.Source, &r.Kind, &r.Category, &r.Region, &unused, &lat, &lon, &cells[0], &cells[1], &cells[2], &state, &r.Active,
		&r.Received, &r.Verified, &r.Answered, &r.Finished, &r.Ended, &r.Due, &r.Late, &r.Reopened, &r.Joined, &r.Into, &flags, &r.Shown, &r.SHA256, &r.Title, &r.Text, &photos, &r.Updated, &r.Version, &r.Supports)
	if err != nil {
		return r, err
	}
	r.State = State(state)
	if lat != nil && lon != nil {
		r.Place = &place.Point{Lat: float64(*lat) / 1e5, Lon: float64(*lon) / 1e5}
	}
	return r, errors.Join(json.Unmarshal([]byte(flags), &r.Flags), json.Unmarshal([]byte(photos), &r.Photos))
}

// upsert writes a row over the one of the same case; its supports stay.
func upsert() string {
	names := strings.Fields(strings.ReplaceAll(columns, ",", " "))
	sets := make([]string, 0, len(names))
	for _, n := range names[1:] {
		sets = append(sets, n+" = excluded."+n)
	}
	return `INSERT INTO report (` + columns + `, supports) VALUES (` + strings.Repeat("?, ", len(names)) +
		`(SELECT count(*) FROM report_support s WHERE s.stream = ?)) ON CONFLICT (stream) DO UPDATE SET ` + strings.Join(sets, ", ")
}

func (t *Table) put(tx db.Tx, r Report) error {
	row, err := values(r)
	if err == nil {
		_, err = tx.Exec(t.upsert, append(row, r.Stream)...)
	}
	return err
}

// one reads the row of a case; false when there is none.
func one(tx db.Tx, stream string) (Report, bool, error) {
	r, err := scan(tx.Row(`SELECT `+selected+` FROM report WHERE stream = ?`, stream))
	if errors.Is(err, db.ErrNone) {
		return r, false, nil
	}
	return r, err == nil, err
}

// Stream reads the row of a case, shown or not; fault.Unknown without one.
func (t *Table) Stream(ctx context.Context, stream string) (r Report, err error) {
	return t.find(ctx, `stream = ?`, stream)
}

// Code reads the row of a code as printed, shown or not; fault.Unknown without one.
func (t *Table) Code(ctx context.Context, code string) (r Report, err error) {
	return t.find(ctx, `code = ?`, code)
}

func (t *Table) find(ctx context.Context, where string, arg string) (r Report, err error) {
	err = t.db.Read(ctx, func(tx db.Tx) error {
		r, err = scan(tx.Row(`SELECT `+selected+` FROM report WHERE `+where, arg))
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return r, fault.New(fault.Unknown, "fault.page_unknown")
	}
	return r, err
}

// Joined are the rows that were merged into one, the oldest first, at most so many.
func (t *Table) Joined(ctx context.Context, into string, most int) (out []Report, err error) {
	err = t.db.Read(ctx, func(tx db.Tx) error {
		out, err = all(tx.Query(`SELECT `+selected+` FROM report WHERE merged = ? AND merged <> '' ORDER BY received, stream LIMIT ?`, into, most))
		return err
	})
	return out, err
}

// remove takes a row away with all that hangs on it.
func remove(tx db.Tx, stream string) error {
	for _, table := range []string{"report", "report_word", "report_support", "report_sketch"} {
		if _, err := tx.Exec(`DELETE FROM `+table+` WHERE stream = ?`, stream); err != nil {
			return err
		}
	}
	return nil
}

// mostTerms bounds the words by which one report is found.
const mostTerms = 60

// index makes a report findable by its words, in the place of those before.
func (t *Table) index(tx db.Tx, r Report) error {
	if _, err := tx.Exec(`DELETE FROM report_word WHERE stream = ?`, r.Stream); err != nil || !r.Shown {
		return err
	}
	return t.words(tx, r)
}

// words writes the words by which a report is found that has none yet.
func (t *Table) words(tx db.Tx, r Report) error {
	terms := t.stem.Terms(r.Title + "\n" + r.Text)
	terms = terms[:min(len(terms), mostTerms)]
	if len(terms) == 0 {
		return nil
	}
	var args []any
	for _, term := range terms {
		args = append(args, term, r.Received, r.Stream)
	}
	_, err := tx.Exec(`INSERT INTO report_word (word, received, stream) VALUES `+strings.TrimSuffix(strings.Repeat("(?, ?, ?), ", len(terms)), ", "), args...)
	return err
}

// all reads the rows of a query.
func all(rows *db.Rows, err error) (out []Report, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// empty reports whether a value is stored as NULL.
func empty(v any) bool {
	if at, ok := v.(time.Time); ok {
		return at.IsZero()
	}
	return v == nil
}
