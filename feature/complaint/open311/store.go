package open311

import (
	"context"
	"errors"
	"strings"
	"time"

	"pendopo/kernel/db"
)

func (k *Keys) insert(made Key, mac []byte) error {
	return k.db.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`INSERT INTO open311_key (id, mac, label, peer, pace, created) VALUES (?, ?, ?, ?, ?, ?)`,
			made.ID, mac, made.Label, made.Peer, made.Pace, made.Created)
		return err
	})
}

const keyColumns = `id, label, peer, pace, created, revoked`

func scanKey(row interface{ Scan(...any) error }) (Key, error) {
	var k Key
	err := row.Scan(&k.ID, &k.Label, &k.Peer, &k.Pace, &k.Created, &k.Revoked)
	return k, err
}

// find gives the key of that hash; the zero Key when there is none.
func (k *Keys) find(ctx context.Context, mac []byte) (found Key, err error) {
	err = k.db.Read(ctx, func(tx db.Tx) (err error) {
		found, err = scanKey(tx.Row(`SELECT `+keyColumns+` FROM open311_key WHERE mac = ?`, mac))
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return Key{}, nil
	}
	return found, err
}

// List gives every key, the newest first.
func (k *Keys) List(ctx context.Context) (out []Key, err error) {
	err = k.db.Read(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(`SELECT ` + keyColumns + ` FROM open311_key ORDER BY created DESC, id`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			one, err := scanKey(rows)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return rows.Err()
	})
	return out, err
}

// Revoke ends a key from now on. db.ErrNone: there is no such key that is good.
func (k *Keys) Revoke(id string) error {
	return k.db.Write(func(tx db.Tx) error {
		n, err := tx.Exec(`UPDATE open311_key SET revoked = ? WHERE id = ? AND revoked IS NULL`, k.now().UTC(), id)
		if err == nil && n == 0 {
			return db.ErrNone
		}
		return err
	})
}

// row is a report as the table of reports has it.
type row struct {
	stream, code, service, unit, source, kind, category, region string
	lat, lon                                                    *int64
	state                                                       string
	active                                                      bool
	received, verified, answered, finished, ended, due          time.Time
	reopened, supports                                          int
	into                                                        *string // code of the one that it was merged into
	shown                                                       bool
	title, text, photos                                         string
	updated                                                     time.Time
}

const rowColumns = `r.stream, r.code, r.service, r.unit, r.source, r.kind, r.category, r.region, r.lat, r.lon, r.state, r.active,
	r.received, r.verified, r.answered, r.finished, r.ended, r.due, r.reopened, r.supports,
	(SELECT o.code FROM report o WHERE o.stream = r.merged AND o.shown = 1), r.shown, r.title, r.text, r.photos, r.updated`

func (r *row) fields() []any {
	return []any{&r.stream, &r.code, &r.service, &r.unit, &r.source, &r.kind, &r.category, &r.region, &r.lat, &r.lon, &r.state, &r.active,
		&r.received, &r.verified, &r.answered, &r.finished, &r.ended, &r.due, &r.reopened, &r.supports,
		&r.into, &r.shown, &r.title, &r.text, &r.photos, &r.updated}
}

// question is which shown reports a list is asked for.
type question struct {
	from, to   time.Time
	categories []string
	services   []string // beside categories: the service of each
	active     []bool   // open, closed; none = both
	limit      int
	offset     int
}

// list answers a question, the newest report first.
func (s *Server) list(ctx context.Context, q question) ([]row, error) {
	where, args := `r.shown = 1 AND r.received >= ? AND r.received <= ?`, []any{q.from, q.to}
	if len(q.categories) > 0 {
		where += ` AND r.category IN (` + marks(len(q.categories)) + `)`
		for _, c := range q.categories {
			args = append(args, c)
		}
	}
	if len(q.services) > 0 {
		where += ` AND r.service IN (` + marks(len(q.services)) + `)`
		for _, c := range q.services {
			args = append(args, c)
		}
	}
	if len(q.active) == 1 {
		where += ` AND r.active = ?`
		args = append(args, q.active[0])
	}
	return s.rows(ctx, `SELECT `+rowColumns+` FROM report r WHERE `+where+` ORDER BY r.received DESC, r.stream DESC LIMIT ? OFFSET ?`,
		append(args, q.limit, q.offset)...)
}

// coded are the reports of some codes, shown or not.
func (s *Server) coded(ctx context.Context, codes []string) ([]row, error) {
	args := make([]any, len(codes))
	for i, c := range codes {
		args[i] = c
	}
	return s.rows(ctx, `SELECT `+rowColumns+` FROM report r WHERE r.code IN (`+marks(len(codes))+`) ORDER BY r.received DESC, r.stream DESC`, args...)
}

// changed are the shown reports that may have a stage within a time: they
// existed before its end, and something happened to them after its beginning.
func (s *Server) changed(ctx context.Context, from, to time.Time, limit, offset int) ([]row, error) {
	return s.rows(ctx, `SELECT `+rowColumns+` FROM report r WHERE r.shown = 1 AND r.updated >= ? AND r.received <= ?
		ORDER BY r.updated, r.stream LIMIT ? OFFSET ?`, from, to, limit, offset)
}

// filed are the reports that were filed under a key within a time, shown or not.
func (s *Server) filed(ctx context.Context, k Key, from, to time.Time, limit, offset int) ([]row, error) {
	return s.rows(ctx, `SELECT `+rowColumns+` FROM once f JOIN report r ON r.stream = f.stream WHERE f.scope = ? AND f.at >= ? AND f.at <= ?
		ORDER BY f.at DESC, r.stream DESC LIMIT ? OFFSET ?`, k.scope(), from, to, limit, offset)
}

// filedBy reports whether a report was filed under a key.
func (s *Server) filedBy(ctx context.Context, k Key, stream string) (yes bool, err error) {
	err = s.DB.Read(ctx, func(tx db.Tx) error {
		n := 0
		err := tx.Row(`SELECT count(*) FROM once WHERE scope = ? AND stream = ?`, k.scope(), stream).Scan(&n)
		yes = n > 0
		return err
	})
	return yes, err
}

func (s *Server) rows(ctx context.Context, query string, args ...any) (out []row, err error) {
	err = s.DB.Read(ctx, func(tx db.Tx) error {
		out = nil
		rows, err := tx.Query(query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r row
			if err := rows.Scan(r.fields()...); err != nil {
				return err
			}
			out = append(out, r)
		}
		return rows.Err()
	})
	return out, err
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
