package exchange

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"strings"
	"time"

	"pendopo/feature/complaint/georeport"
	"pendopo/kernel/db"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema is the migrations of the outbox; the module's name for db.Migrate is
// "exchange".
func Schema() fs.FS {
	sub, err := fs.Sub(schema, "schema")
	if err != nil {
		return schema // not reached: the folder is embedded
	}
	return sub
}

// State of a row; see the package comment.
type State string

// The states of a row.
const (
	Waiting   State = "waiting"
	Unsure    State = "unsure"
	Token     State = "token"
	Sent      State = "sent"
	Confirmed State = "confirmed"
	Failed    State = "failed"
)

// Row is one parcel of the outbox.
type Row struct {
	Peer     string    `json:"peer"`
	Stream   string    `json:"-"`
	Code     string    `json:"code"`
	State    State     `json:"state"`
	Remote   string    `json:"remote,omitempty"`
	Token    string    `json:"token,omitempty"`
	Status   string    `json:"status,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Attempts int       `json:"attempts"`
	Begun    time.Time `json:"begun,omitzero"` // when it was first sent without an answer
	Due      time.Time `json:"due"`
	Made     time.Time `json:"made"`
	told     string
}

const columns = `peer, stream, code, state, remote, token, status, reason, attempts, begun, due, made, told`

func rowsOf(rows *db.Rows, err error) (out []Row, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r Row
		var state string
		if err := rows.Scan(&r.Peer, &r.Stream, &r.Code, &state, &r.Remote, &r.Token, &r.Status, &r.Reason, &r.Attempts, &r.Begun, &r.Due, &r.Made, &r.told); err != nil {
			return nil, err
		}
		r.State = State(state)
		out = append(out, r)
	}
	return out, rows.Err()
}

func (x *Exchange) query(ctx context.Context, where string, args ...any) (out []Row, err error) {
	err = x.db.Read(ctx, func(tx db.Tx) error {
		out, err = rowsOf(tx.Query(`SELECT `+columns+` FROM exchange_row `+where, args...))
		return err
	})
	return out, err
}

// save writes what became of a row.
func save(tx db.Tx, r Row) error {
	_, err := tx.Exec(`UPDATE exchange_row SET state = ?, remote = ?, token = ?, status = ?, reason = ?, attempts = ?, begun = ?, due = ?, told = ?
		WHERE peer = ? AND stream = ?`, string(r.State), r.Remote, r.Token, r.Status, r.Reason, r.Attempts, r.Begun, r.Due, r.told, r.Peer, r.Stream)
	return err
}

func (x *Exchange) save(r Row) error { return x.db.Write(func(tx db.Tx) error { return save(tx, r) }) }

// enlist makes rows of shown reports of the categories that a peer is sent, and
// says how many.
func (x *Exchange) enlist(p *peer, now time.Time) (n int64, err error) {
	if len(p.config.Send) == 0 {
		return 0, nil
	}
	since, err := p.config.since()
	if err != nil {
		return 0, err
	}
	args := []any{p.config.Name, now, now, since}
	for _, r := range p.config.Send {
		args = append(args, r.Category)
	}
	args = append(args, p.config.Name)
	err = x.db.Write(func(tx db.Tx) error {
		n, err = tx.Exec(`INSERT INTO exchange_row (`+columns+`)
			SELECT ?, r.stream, r.code, 'waiting', '', '', '', '', 0, NULL, CAST(? AS BIGINT), CAST(? AS BIGINT), r.state FROM report r
			WHERE r.shown = 1 AND r.active = 1 AND r.source <> 'archive' AND r.received >= ? AND r.category IN (`+marks(len(p.config.Send))+`)
			AND NOT EXISTS (SELECT 1 FROM exchange_row o WHERE o.peer = ? AND o.stream = r.stream)`, args...)
		return err
	})
	return n, err
}

// public is what is shown of a report.
type public struct {
	code, category, region, title, text, photos, state string
	lat, lon                                           *int64
	received                                           time.Time
	shown                                              bool
}

// public reads a report; false when there is none any more.
func (x *Exchange) public(ctx context.Context, stream string) (p public, ok bool, err error) {
	err = x.db.Read(ctx, func(tx db.Tx) error {
		return tx.Row(`SELECT code, category, region, title, text, photos, state, lat, lon, received, shown FROM report WHERE stream = ?`, stream).
			Scan(&p.code, &p.category, &p.region, &p.title, &p.text, &p.photos, &p.state, &p.lat, &p.lon, &p.received, &p.shown)
	})
	if errors.Is(err, db.ErrNone) {
		return p, false, nil
	}
	return p, err == nil, err
}

// changed are rows whose report has another state than the peer was told.
func (x *Exchange) changed(ctx context.Context, peer string, now time.Time, most int) (out []Row, err error) {
	return x.query(ctx, `o WHERE o.peer = ? AND o.remote <> '' AND EXISTS (SELECT 1 FROM report r WHERE r.stream = o.stream AND r.state <> o.told)
		ORDER BY o.due LIMIT ?`, peer, most)
}

// keep stores an update once; false when it was there. Of a report that was shredded
// meanwhile nothing is kept: a peer may speak of it for years.
func keep(tx db.Tx, peer, stream string, u georeport.Update, words string, now time.Time) (bool, error) {
	at := u.Updated.Time
	if at.IsZero() {
		at = now
	}
	n, err := tx.Exec(`INSERT INTO exchange_update (peer, id, stream, status, words, at, taken)
		SELECT ?, ?, r.stream, ?, ?, CAST(? AS BIGINT), CAST(? AS BIGINT) FROM report r WHERE r.stream = ? ON CONFLICT (peer, id) DO NOTHING`,
		peer, u.ID, u.Status, words, at, now, stream)
	return n == 1, err
}

// Updates are what peers said of a report, the oldest first.
func (x *Exchange) Updates(ctx context.Context, stream string) ([]Update, error) {
	return (&Inbox{DB: x.db}).Of(ctx, stream)
}

// read is until when the updates of a peer have been read.
func (x *Exchange) read(ctx context.Context, peer string) (until time.Time, err error) {
	err = x.db.Read(ctx, func(tx db.Tx) error {
		return tx.Row(`SELECT until FROM exchange_read WHERE peer = ?`, peer).Scan(&until)
	})
	if errors.Is(err, db.ErrNone) {
		return time.Time{}, nil
	}
	return until, err
}

func setRead(tx db.Tx, peer string, until time.Time) error {
	_, err := tx.Exec(`INSERT INTO exchange_read (peer, until) VALUES (?, ?) ON CONFLICT (peer) DO UPDATE SET until = excluded.until`, peer, until)
	return err
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
