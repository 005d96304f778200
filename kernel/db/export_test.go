package db

// Queued is how many commands wait for the SQLite writer.
func (d *DB) Queued() int { return len(d.lite.writer.queue) }

// For tests of what is pure.
var (
	Expand   = expand
	LiteLost = liteLost
	PgLost   = pgLost
)

// Numbered is the rewriting of placeholders.
func Numbered(query string) string { return (&pg{}).numbered(query) }
