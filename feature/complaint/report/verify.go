package report

import (
	"context"
	"fmt"
	"strings"

	"pendopo/engine/casework"
	"pendopo/kernel/db"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// Check says in which column the row of a case is not what the case says; "" when
// every one is. The words are held to the hash that the case names.
func (t *Table) Check(tx db.Tx, c fold.Case) (column string, err error) {
	have, found, err := one(tx, c.Stream)
	if err != nil || found == c.Shredded {
		return map[bool]string{true: "stream"}[err == nil], err
	}
	if c.Shredded {
		return "", nil
	}
	public, err := t.cases.Public(c.Definition)
	if err != nil || public == nil {
		return "", err
	}
	want := Of(c, *public)
	want.Code, want.Title, want.Text = t.cases.Code(c.Stream), have.Title, have.Text
	if words := (flow.Words{Title: have.Title, Text: have.Text}); want.Shown && Sum(words) != want.SHA256 || !want.Shown && words != (flow.Words{}) {
		return "text", nil
	}
	if column, err = differs(tx, want); err != nil || column != "" {
		return column, err
	}
	return supportsOff(tx, c.Stream)
}

// differs names the first column of a row that is not as it should be.
func differs(tx db.Tx, want Report) (string, error) {
	row, err := values(want)
	if err != nil {
		return "", err
	}
	for i, name := range strings.Fields(strings.ReplaceAll(columns, ",", " ")) {
		same, value := name+" = ?", row[i]
		if empty(value) {
			same, value = name+" IS NULL AND ? = 1", 1
		}
		var n int
		if err := tx.Row(`SELECT count(*) FROM report WHERE stream = ? AND `+same, want.Stream, value).Scan(&n); err != nil {
			return "", err
		}
		if n != 1 {
			return name, nil
		}
	}
	return "", nil
}

// supportsOff compares the count of those who have this too with their lines.
func supportsOff(tx db.Tx, stream string) (string, error) {
	var n int
	err := tx.Row(`SELECT count(*) FROM report r WHERE r.stream = ? AND r.supports = (SELECT count(*) FROM report_support s WHERE s.stream = r.stream)`, stream).Scan(&n)
	if err == nil && n != 1 {
		return "supports", nil
	}
	return "", err
}

// Strays names every row whose case is not there.
func Strays(tx db.Tx, report func(words string)) error {
	rows, err := tx.Query(`SELECT stream FROM report WHERE source <> ? AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.stream = report.stream)`, Archived)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var stream string
		if err := rows.Scan(&stream); err != nil {
			return err
		}
		report(fmt.Sprintf("public %s stream: there is no such case in the record", stream))
	}
	return rows.Err()
}

// Restore ends a rebuild: rows of no case go, and words that no row kept are read
// again from the sealed events, which wants the keys.
func (t *Table) Restore(ctx context.Context, cases Sealed) error {
	err := t.db.Write(func(tx db.Tx) error {
		for _, table := range []string{"report", "report_word", "report_support", "report_sketch"} {
			if _, err := tx.Exec(`DELETE FROM `+table+` WHERE stream NOT LIKE ? AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.stream = `+table+`.stream)`, ArchivePrefix+"%"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	wordless, err := t.wordless(ctx)
	if err != nil {
		return err
	}
	for _, stream := range wordless {
		if err := t.restore(ctx, cases, stream); err != nil {
			return err
		}
	}
	return nil
}

// Sealed is where words are read again: engine/casework.
type Sealed interface {
	State(ctx context.Context, stream string) (fold.Case, error)
	PublicWords(ctx context.Context, c fold.Case) (*casework.Said, error)
}

// wordless are the streams of shown reports without words.
func (t *Table) wordless(ctx context.Context) (streams []string, err error) {
	err = t.db.Read(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(`SELECT stream FROM report WHERE shown = 1 AND text = '' AND source <> ?`, Archived)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			streams = append(streams, s)
		}
		return rows.Err()
	})
	return streams, err
}

func (t *Table) restore(ctx context.Context, cases Sealed, stream string) error {
	c, err := cases.State(ctx, stream)
	if err != nil {
		return err
	}
	said, err := cases.PublicWords(ctx, c)
	if err != nil || said == nil {
		return err
	}
	return t.db.Write(func(tx db.Tx) error { return t.Write(tx, c, &said.Words) })
}
