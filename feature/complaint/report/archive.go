package report

import (
	"strings"

	"pendopo/kernel/db"
)

// Rows of the archive have no case: they came from a file of another system, and
// the record says of them only which file it was. Their source and the beginning
// of their stream tell them from all others, and verify and rebuild leave them be.
const (
	Archived      = "archive"
	ArchivePrefix = "archive/"
)

// Archive writes rows that no case has, and says how many are new. A row that is
// there stays as it is.
func (t *Table) Archive(tx db.Tx, list []Report) (fresh int, err error) {
	insert, _, _ := strings.Cut(t.upsert, " ON CONFLICT ")
	for _, r := range list {
		row, err := values(r)
		if err != nil {
			return fresh, err
		}
		n, err := tx.Exec(insert+` ON CONFLICT DO NOTHING`, append(row, r.Stream)...)
		if err != nil {
			return fresh, err
		}
		if n == 1 {
			fresh++
			if err := t.words(tx, r); err != nil {
				return fresh, err
			}
		}
	}
	return fresh, nil
}
