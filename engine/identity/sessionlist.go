package identity

import (
	"bytes"
	"context"
	"encoding/hex"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

// OpenSession is one session of an officer that is open now.
type OpenSession struct {
	ID          string // names it to its officer; opens nothing
	Begun, Seen time.Time
	This        bool // the one that asks
}

// idBytes of a token's hash name a session.
const idBytes = 8

// List gives the sessions of the officer who asks, the one used last first.
func (s *Sessions) List(ctx context.Context) (out []OpenSession, err error) {
	now, mine := s.engine.now(), tokenHash(s.manager.Token(ctx))
	err = s.engine.db.Read(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(`SELECT token, begun, seen FROM officer_session WHERE officer = ? AND ended IS NULL AND begun > ? AND seen > ?
			ORDER BY seen DESC, token`, s.manager.GetString(ctx, officerValue), now.Add(-sessionLife), now.Add(-sessionIdle))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var token []byte
			var o OpenSession
			if err := rows.Scan(&token, &o.Begun, &o.Seen); err != nil {
				return err
			}
			o.ID, o.This = hex.EncodeToString(token[:idBytes]), bytes.Equal(token, mine)
			out = append(out, o)
		}
		return rows.Err()
	})
	return out, err
}

// EndElsewhere logs the officer who asks out where they sit somewhere else: of
// one session by its id, or of all others when id is empty. The session that
// asks goes on.
func (s *Sessions) EndElsewhere(ctx context.Context, id string) error {
	open, err := s.List(ctx)
	if err != nil {
		return err
	}
	found := id == ""
	return s.engine.db.Write(func(tx db.Tx) error {
		for _, o := range open {
			if o.This || id != "" && o.ID != id {
				continue
			}
			found = true
			if err := endSession(tx, s.manager.GetString(ctx, officerValue), o.ID, s.engine.now()); err != nil {
				return err
			}
		}
		if !found {
			return fault.New(fault.Unknown, "identity.no_such_session")
		}
		return nil
	})
}

// endSession ends the sessions of an officer whose hash begins so: one.
func endSession(tx db.Tx, officer, id string, now time.Time) error {
	from, err := hex.DecodeString(id)
	if err != nil || len(from) != idBytes {
		return fault.New(fault.Unknown, "identity.no_such_session").Because(err)
	}
	to := append(bytes.Clone(from), bytes.Repeat([]byte{0xff}, len(tokenHash(""))-idBytes)...)
	_, err = tx.Exec(`UPDATE officer_session SET ended = ?, data = '' WHERE officer = ? AND token >= ? AND token <= ? AND ended IS NULL`, now, officer, from, to)
	return err
}

// Lock closes the session until its officer shows the password: it stays theirs,
// and shows and does nothing.
func (s *Sessions) Lock(ctx context.Context) error {
	s.manager.Put(ctx, lockedValue, "yes")
	_, _, err := s.manager.Commit(ctx)
	return err
}

// Unlock opens a locked session again to its own officer, by password, counted
// and paced like a log-in. A wrong one is fault.Invalid at "password".
func (s *Sessions) Unlock(ctx context.Context, password, address string) error {
	id := s.manager.GetString(ctx, officerValue)
	login, err := s.engine.LoginName(ctx, id)
	if err != nil {
		return err
	}
	in, err := s.engine.Login(ctx, Attempt{login, password, address})
	if fault.Is(err, fault.NoSession) || err == nil && in.Officer != id {
		return fault.New(fault.Invalid, "identity.unlock_refused").At("password").Because(err)
	}
	if err != nil {
		return err
	}
	s.manager.Remove(ctx, lockedValue)
	_, _, err = s.manager.Commit(ctx)
	return err
}
