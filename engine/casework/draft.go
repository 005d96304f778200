package casework

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/law/form"
)

// draftLife is how long a draft waits for its owner after the last change.
const draftLife = 30 * 24 * time.Hour

// Draft is a form that has not been sent: no event, one sealed row that is
// overwritten. Its stream and key become the case's, and so do code and secret.
type Draft struct {
	Stream     string       `json:"-"`
	Service    string       `json:"-"`
	Definition string       `json:"-"`
	Channel    string       `json:"-"`
	Lang       string       `json:"-"`
	Expires    time.Time    `json:"-"`
	Seen       int64        `json:"-"` // which of its states LoadDraft read; 0 = none, and SaveDraft overwrites whatever stands
	Answers    form.Answers `json:"answers"`
	Done       []string     `json:"done,omitempty"` // pages that were filled in
	Note       string       `json:"note,omitempty"` // a door's own word about it
}

func errDraftOver() *fault.Fault { return fault.New(fault.Gone, "casework.draft_over") }
func errDefinitionOver() *fault.Fault {
	return fault.New(fault.Conflict, "casework.definition_over")
}
func errUnknownUpload() *fault.Fault { return fault.New(fault.Invalid, "casework.upload_unknown") }

// Begin opens a draft of a service and gives its code and secret; a fault where
// the service cannot be asked for by that channel.
func (e *Engine) Begin(service, channel, lang string) (d Draft, code, secret string, err error) {
	b, err := e.cat.Live(service)
	if err != nil {
		return d, "", "", err
	}
	if !b.Service.Through(channel) {
		return d, "", "", fault.New(fault.Invalid, "flow.channel_not_open")
	}
	stream, key, err := e.keys.Take()
	if err != nil {
		return d, "", "", err
	}
	d = Draft{Stream: stream, Service: service, Definition: b.Hash, Channel: channel, Lang: lang,
		Expires: e.now().Add(draftLife), Answers: form.Answers{}}
	body, err := sealDraft(d, key.Seal)
	if err != nil {
		return d, "", "", err
	}
	track := e.insertTrack(stream)
	err = e.db.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`INSERT INTO draft (stream, service, definition, channel, lang, body, updated, expires)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, stream, service, b.Hash, channel, lang, body, micros(e.now()), micros(d.Expires))
		if err != nil {
			return err
		}
		return track(tx)
	})
	return d, e.codes.Code(stream), e.codes.Secret(stream, 0), err
}

// SaveDraft overwrites the answers of a draft and gives it another thirty days.
// One that was saved since it was loaded, here or on another node, is a Conflict
// ("fault.acted_first"): load it again, or the other's answers are lost.
func (e *Engine) SaveDraft(d Draft) error {
	key, err := e.keys.Get(d.Stream)
	if err != nil {
		return err
	}
	body, err := sealDraft(d, key.Seal)
	if err != nil {
		return err
	}
	dropped, err := e.keepUploads(d)
	if err != nil {
		return err
	}
	now := e.now()
	err = e.db.Write(func(tx db.Tx) error {
		n, err := tx.Exec(`UPDATE draft SET definition = ?, body = ?, lang = ?, updated = ?, expires = ?
			WHERE stream = ? AND expires > ? AND (updated = ? OR CAST(? AS BIGINT) = 0)`,
			d.Definition, body, d.Lang, max(micros(now), d.Seen+1), micros(now.Add(draftLife)), d.Stream, micros(now), d.Seen, d.Seen)
		if err != nil || n > 0 {
			return err
		}
		err = tx.Row(`SELECT count(*) FROM draft WHERE stream = ? AND expires > ?`, d.Stream, micros(now)).Scan(&n)
		if err == nil && n > 0 {
			return fault.New(fault.Conflict, "fault.acted_first")
		}
		if err == nil {
			err = errDraftOver()
		}
		return err
	})
	if err != nil || len(dropped) == 0 {
		return err
	}
	return e.blobs.Release(dropped...)
}

// keepUploads claims what the draft names, so that it waits as long as the
// draft, and gives what it named before and names no more.
func (e *Engine) keepUploads(d Draft) (dropped []string, err error) {
	before, err := e.LoadDraft(context.Background(), d.Stream)
	if err != nil {
		return nil, err
	}
	b, err := e.cat.At(context.Background(), d.Definition)
	if err != nil {
		return nil, err
	}
	key, err := e.keys.Get(d.Stream)
	if err != nil {
		return nil, err
	}
	ids := b.Form.Uploads(d.Answers)
	for _, id := range b.Form.Uploads(before.Answers) {
		if !slices.Contains(ids, id) {
			dropped = append(dropped, id)
		}
	}
	if len(ids) == 0 {
		return dropped, nil
	}
	for _, id := range ids {
		if _, err := e.upload(id, d.Stream, key); err != nil {
			return nil, err
		}
	}
	return dropped, e.blobs.Claim(ids...)
}

// LoadDraft opens a draft by its stream, with the answers that its form asks
// for today; one that has expired is Gone.
func (e *Engine) LoadDraft(ctx context.Context, stream string) (Draft, error) {
	d := Draft{Stream: stream}
	var body []byte
	var expires int64
	err := e.db.Read(ctx, func(tx db.Tx) error {
		return tx.Row(`SELECT service, definition, channel, lang, body, expires, updated FROM draft WHERE stream = ?`, stream).
			Scan(&d.Service, &d.Definition, &d.Channel, &d.Lang, &body, &expires, &d.Seen)
	})
	if errors.Is(err, db.ErrNone) {
		return d, errDraftOver()
	}
	if err != nil {
		return d, err
	}
	if d.Expires = moment(expires); !d.Expires.After(e.now()) {
		return d, errDraftOver()
	}
	key, err := e.keys.Get(stream)
	if err != nil {
		return d, err
	}
	plain, err := key.Open(body, draftAAD(stream))
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal(plain, &d); err != nil {
		return d, err
	}
	b, err := e.asked(ctx, d)
	if err != nil {
		return d, err
	}
	d.Definition, d.Answers = b.Hash, b.Form.Stored(d.Answers)
	return d, nil
}

// asked is the form that a draft is a draft of: what is live, since nothing else
// can be sent, and what it was begun with while its service is not offered. An
// answer that the live form does not ask for is let go: nobody could correct it.
func (e *Engine) asked(ctx context.Context, d Draft) (*Bound, error) {
	if b, err := e.cat.Live(d.Service); err == nil {
		return b, nil
	}
	return e.cat.At(ctx, d.Definition)
}

func sealDraft(d Draft, seal func(plain, aad []byte) []byte) ([]byte, error) {
	plain, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	return seal(plain, draftAAD(d.Stream)), nil
}

func draftAAD(stream string) []byte { return []byte("pendopo/draft/1 " + stream) }

// SweepDrafts ends drafts whose time has passed: row, files and key go.
func (e *Engine) SweepDrafts(ctx context.Context) (int, error) {
	var over []string
	err := e.db.Read(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(`SELECT stream FROM draft WHERE expires <= ? ORDER BY expires LIMIT 500`, micros(e.now()))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			over = append(over, s)
		}
		return rows.Err()
	})
	if err != nil {
		return 0, err
	}
	for i, stream := range over {
		if err := e.endDraft(stream); err != nil {
			return i, err
		}
	}
	return len(over), nil
}

// endDraft removes one draft for good. Its row goes first: a draft that is
// being sent at this moment keeps its key.
func (e *Engine) endDraft(stream string) error {
	gone := false
	err := e.db.Write(func(tx db.Tx) error {
		n, err := tx.Exec(`DELETE FROM draft WHERE stream = ? AND expires <= ?`, stream, micros(e.now()))
		if gone = n > 0; err != nil || !gone {
			return err
		}
		if _, err = tx.Exec(`DELETE FROM track WHERE mac = ?`, e.codes.Index(e.codes.Code(stream))); err != nil {
			return err
		}
		// Should this process end before the two lines below, the job does them.
		return job.Enqueue(tx, job.Job{Kind: ShredJob, Key: ShredJob + "/" + stream, Payload: []byte(stream), RunAt: e.now().Add(time.Hour)})
	})
	if err != nil || !gone {
		return err
	}
	if err := e.blobs.Delete(stream); err != nil {
		return err
	}
	return e.keys.Shred(stream)
}

// DiscardDraft ends a draft at its owner's wish.
func (e *Engine) DiscardDraft(stream string) error {
	err := e.db.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`UPDATE draft SET expires = 0 WHERE stream = ?`, stream)
		return err
	})
	if err != nil {
		return err
	}
	return e.endDraft(stream)
}
