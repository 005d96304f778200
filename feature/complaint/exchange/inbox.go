package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"time"

	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/kernel/db"
	"pendopo/law/fold"
)

// Inbox is what peers have said, for the officers who decide what becomes of it.
// It works without any peer set up: what was said once wants an answer.
type Inbox struct {
	DB    *db.DB
	Cases *casework.Engine
	Now   func() time.Time
}

// Desk carries out on the case of a request what a form of ours asks for, once and
// as far as the policies let this officer do such a deed: door/desk.
type Desk interface {
	Aside(w http.ResponseWriter, r *http.Request, who identity.Signed, deed string, read func(fold.Case, url.Values) (casework.Deed, error)) error
}

// wordID is how the record names an update: the peer's own id is somebody else's
// text, and the record is for ever.
func wordID(peer, id string) string {
	sum := sha256.Sum256([]byte(peer + "\x00" + id))
	return hex.EncodeToString(sum[:16])
}

// Update is what a peer said of a report.
type Update struct {
	Peer   string
	ID     string // as the record names it
	Status string
	Words  string
	At     time.Time // as the peer says
	Taken  time.Time
	Looked time.Time // when an officer decided what becomes of it; zero = nobody has
	Became string    // fold.WordMessage, …
	key    string    // the peer's own id
}

const updateColumns = `peer, id, status, words, at, taken, handled, became`

func updatesOf(tx db.Tx, stream string) (out []Update, err error) {
	rows, err := tx.Query(`SELECT `+updateColumns+` FROM exchange_update WHERE stream = ? ORDER BY at, id`, stream)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var u Update
		if err := rows.Scan(&u.Peer, &u.key, &u.Status, &u.Words, &u.At, &u.Taken, &u.Looked, &u.Became); err != nil {
			return nil, err
		}
		u.ID = wordID(u.Peer, u.key)
		out = append(out, u)
	}
	return out, rows.Err()
}

// Of are what peers said of a report, the oldest first.
func (b *Inbox) Of(ctx context.Context, stream string) (out []Update, err error) {
	err = b.DB.Read(ctx, func(tx db.Tx) error {
		out, err = updatesOf(tx, stream)
		return err
	})
	return out, err
}

// Unread is a report of which a peer has said something that nobody has looked at.
type Unread struct {
	Stream string
	Unit   string // that handles the report
	Peer   string
	Count  int
	Since  time.Time // when we had the first of them
}

// Unread are all such reports of some units, of every unit where none is named:
// those that have waited longest first.
func (b *Inbox) Unread(ctx context.Context, units ...string) (out []Unread, err error) {
	where, args := "", []any{}
	if len(units) > 0 {
		where = ` AND r.unit IN (` + marks(len(units)) + `)`
		for _, u := range units {
			args = append(args, u)
		}
	}
	err = b.DB.Read(ctx, func(tx db.Tx) error {
		out = nil
		rows, err := tx.Query(`SELECT u.stream, r.unit, u.peer, count(*), min(u.taken) FROM exchange_update u JOIN report r ON r.stream = u.stream
			WHERE u.handled IS NULL`+where+` GROUP BY u.stream, r.unit, u.peer ORDER BY min(u.taken), u.stream, u.peer LIMIT 500`, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var u Unread
			if err := rows.Scan(&u.Stream, &u.Unit, &u.Peer, &u.Count, &u.Since); err != nil {
				return err
			}
			out = append(out, u)
		}
		return rows.Err()
	})
	return out, err
}

// longUnread is after how many working days an update that nobody has looked at is late.
const longUnread = 3

// Late reports whether an update has waited for too many working days of the unit
// that handles the report.
func (b *Inbox) Late(u Unread) bool {
	clock, err := b.Cases.Catalogue().Clock(u.Unit)
	return err == nil && clock.WorkingDaysLeft(b.Now(), u.Since) <= -longUnread
}

// Project writes down what the events of a case say became of updates, in their
// transaction: a part of casework's Projection. With the key of a case its
// updates go too.
func Project(tx db.Tx, before, after fold.Case) error {
	if after.Shredded {
		_, err := tx.Exec(`DELETE FROM exchange_update WHERE stream = ?`, after.Stream)
		return err
	}
	if before.Version == 0 && after.Version > 1 { // the rows are made anew
		if _, err := tx.Exec(`UPDATE exchange_update SET handled = NULL, became = '' WHERE stream = ?`, after.Stream); err != nil {
			return err
		}
	}
	fresh := slices.DeleteFunc(slices.Clone(after.Marks), func(m fold.Mark) bool { return m.Word == nil || m.Version <= before.Version })
	if len(fresh) == 0 {
		return nil
	}
	list, err := updatesOf(tx, after.Stream)
	if err != nil {
		return err
	}
	for _, u := range list {
		if m, ok := lookedAt(fresh, u); ok {
			if _, err := tx.Exec(`UPDATE exchange_update SET handled = ?, became = ? WHERE peer = ? AND id = ?`, m.At, m.Word.As, u.Peer, u.key); err != nil {
				return err
			}
		}
	}
	return nil
}

// lookedAt is the mark by which an officer decided what becomes of an update.
func lookedAt(all []fold.Mark, u Update) (fold.Mark, bool) {
	i := slices.IndexFunc(all, func(m fold.Mark) bool { return m.Word != nil && m.Word.From == u.Peer && m.Word.ID == u.ID })
	if i < 0 {
		return fold.Mark{}, false
	}
	return all[i], true
}

// Check says in which column an update of a case is not what the record says
// became of it; "" when each is.
func Check(tx db.Tx, c fold.Case) (column string, err error) {
	list, err := updatesOf(tx, c.Stream)
	if err != nil || c.Shredded && len(list) == 0 {
		return "", err
	}
	for _, u := range list {
		m, ok := lookedAt(c.Marks, u)
		switch {
		case c.Shredded:
			return "exchange_update", nil
		case ok != !u.Looked.IsZero() || ok && !m.At.Equal(u.Looked):
			return "exchange_update.handled", nil
		case ok && m.Word.As != u.Became || !ok && u.Became != "":
			return "exchange_update.became", nil
		}
	}
	return "", nil
}

// Backlog is what a peer said and nobody has looked at.
type Backlog struct {
	Peer  string    `json:"peer"`
	Count int       `json:"unread"`
	Since time.Time `json:"since"` // when we had the first of them
}

// Unread counts, for each peer, the updates that no officer has looked at.
func (x *Exchange) Unread(ctx context.Context, name string) (out []Backlog, err error) {
	err = x.db.Read(ctx, func(tx db.Tx) error {
		out = nil
		rows, err := tx.Query(`SELECT peer, count(*), min(taken) FROM exchange_update WHERE handled IS NULL AND (? = '' OR peer = ?) GROUP BY peer ORDER BY peer`, name, name)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var b Backlog
			if err := rows.Scan(&b.Peer, &b.Count, &b.Since); err != nil {
				return err
			}
			out = append(out, b)
		}
		return rows.Err()
	})
	return out, err
}
