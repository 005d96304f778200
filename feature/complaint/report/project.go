package report

import (
	"crypto/sha256"
	"encoding/hex"

	"pendopo/engine/casework"
	"pendopo/kernel/db"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/search"
)

// Cases is what the table needs of casework.
type Cases interface {
	// Code is the code of a case, as printed.
	Code(stream string) string
	// Public is what the definition of that hash says of the public side of its
	// cases; nil when they have none.
	Public(definition string) (*definition.Public, error)
}

// Table is the rows of reports. It is safe for use by many goroutines.
type Table struct {
	db     *db.DB
	cases  Cases
	stem   *search.Stemmer
	upsert string
}

// New makes the table.
func New(d *db.DB, cases Cases) *Table {
	return &Table{db: d, cases: cases, stem: search.NewStemmer(), upsert: upsert()}
}

// Sum is the hash by which an event names the words that were published.
func Sum(w flow.Words) string {
	sum := sha256.Sum256([]byte(w.Title + "\n\n" + w.Text))
	return hex.EncodeToString(sum[:])
}

// Project brings the row of a case to what it says after a commit, in the
// transaction of its events: casework's Projection. In a rebuild it is called for
// every case, without words; what was published and stands is kept then.
func (t *Table) Project(tx db.Tx, _, after fold.Case, said *casework.Said) error {
	if said == nil {
		return t.Write(tx, after, nil)
	}
	return t.Write(tx, after, &said.Words)
}

// Write folds a case into its row. Words are what was just published, nil when
// nothing was: then those that stand stay, as long as they are the ones that the
// case's last word names.
func (t *Table) Write(tx db.Tx, c fold.Case, words *flow.Words) error {
	if c.Shredded {
		return remove(tx, c.Stream)
	}
	public, err := t.cases.Public(c.Definition)
	if err != nil || public == nil {
		return err
	}
	before, _, err := one(tx, c.Stream)
	if err != nil {
		return err
	}
	r := Of(c, *public)
	r.Code = t.cases.Code(c.Stream)
	switch {
	case !r.Shown:
	case words != nil && Sum(*words) == r.SHA256:
		r.Title, r.Text = words.Title, words.Text
	case before.SHA256 == r.SHA256:
		r.Title, r.Text = before.Title, before.Text
	}
	if err := t.put(tx, r); err != nil {
		return err
	}
	if r.Shown == before.Shown && r.Title == before.Title && r.Text == before.Text {
		return nil
	}
	return t.index(tx, r)
}
