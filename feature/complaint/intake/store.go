package intake

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/job"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema is the migrations of talks; the module's name for db.Migrate is "intake".
func Schema() fs.FS {
	sub, err := fs.Sub(schemaFiles, "schema")
	if err != nil {
		return schemaFiles // not reached: the folder is embedded
	}
	return sub
}

// talk is what was asked back of a telephone.
type talk struct {
	mac    []byte // of the telephone
	stream string // of the draft that holds what it told
	asked  string // id of the question
	lang   string
}

// seenFor is how long a message is known that was dealt with.
const seenFor = 7 * 24 * time.Hour

// seen says that a message was dealt with.
func (in *Intake) seen(ctx context.Context, mac []byte) (ok bool, err error) {
	var n int
	err = in.DB.Read(ctx, func(tx db.Tx) error {
		return tx.Row(`SELECT count(*) FROM intake_seen WHERE mac = ?`, mac).Scan(&n)
	})
	return n > 0, err
}

func markSeen(tx db.Tx, mac []byte, now time.Time) error {
	if _, err := tx.Exec(`INSERT INTO intake_seen (mac, at) VALUES (?, ?) ON CONFLICT (mac) DO NOTHING`, mac, now.UnixMicro()); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM intake_seen WHERE at < ?`, now.Add(-seenFor).UnixMicro())
	return err
}

// talkOf is the talk with a telephone; false when there is none.
func (in *Intake) talkOf(ctx context.Context, mac []byte) (t talk, ok bool, err error) {
	return in.findTalk(ctx, `SELECT mac, stream, asked, lang FROM intake_talk WHERE mac = ?`, mac)
}

// talkAbout is the talk about a draft.
func (in *Intake) talkAbout(ctx context.Context, stream string) (t talk, ok bool, err error) {
	return in.findTalk(ctx, `SELECT mac, stream, asked, lang FROM intake_talk WHERE stream = ?`, stream)
}

func (in *Intake) findTalk(ctx context.Context, query string, key any) (t talk, ok bool, err error) {
	err = in.DB.Read(ctx, func(tx db.Tx) error {
		return tx.Row(query, key).Scan(&t.mac, &t.stream, &t.asked, &t.lang)
	})
	if errors.Is(err, db.ErrNone) {
		return t, false, nil
	}
	return t, err == nil, err
}

// keepTalk writes what is asked now, and queues the end of a talk that nobody
// goes on with.
func (in *Intake) keepTalk(t talk, message []byte) error {
	now := in.Now()
	return in.DB.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`INSERT INTO intake_talk (mac, stream, asked, lang, updated) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (mac) DO UPDATE SET stream = excluded.stream, asked = excluded.asked, lang = excluded.lang, updated = excluded.updated`,
			t.mac, t.stream, t.asked, t.lang, now.UnixMicro())
		if err != nil {
			return err
		}
		if err := job.Enqueue(tx, job.Job{Kind: TalkJob, Key: TalkJob + "/" + t.stream, Payload: []byte(t.stream), RunAt: now.Add(patience)}); err != nil {
			return err
		}
		return markSeen(tx, message, now)
	})
}

// endTalk forgets a talk, and remembers the message that ended it; neither need
// be there.
func (in *Intake) endTalk(stream string, message []byte) error {
	return in.DB.Write(func(tx db.Tx) error {
		if _, err := tx.Exec(`DELETE FROM intake_talk WHERE stream = ?`, stream); err != nil || message == nil {
			return err
		}
		return markSeen(tx, message, in.Now())
	})
}
