package identity

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"pendopo/kernel/db"
)

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// FindCtx implements scs.CtxStore. Idle and absolute lifetime are judged here.
func (s *sessionStore) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	now := s.now()
	var seen time.Time
	err = s.db.Read(ctx, func(tx db.Tx) error {
		return tx.Row(`SELECT data, seen FROM officer_session WHERE token = ? AND ended IS NULL AND begun > ? AND seen > ?`,
			tokenHash(token), now.Add(-sessionLife), now.Add(-sessionIdle)).Scan(&data, &seen)
	})
	if errors.Is(err, db.ErrNone) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if now.Sub(seen) >= sessionSeen {
		s.touch(token, now)
	}
	return data, true, nil
}

// touch remembers the request, once a minute. A disk that is full must not
// keep an officer from reading: a time not written only shortens the session.
func (s *sessionStore) touch(token string, now time.Time) {
	_ = s.db.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`UPDATE officer_session SET seen = ? WHERE token = ? AND ended IS NULL`, now, tokenHash(token))
		return err
	})
}

// CommitCtx implements scs.CtxStore. A session that ended stays ended, also
// when a request that began before writes it back.
func (s *sessionStore) CommitCtx(_ context.Context, token string, data []byte, _ time.Time) error {
	var content sessionContent
	if err := json.Unmarshal(data, &content); err != nil {
		return fmt.Errorf("identity: session: %w", err)
	}
	now := s.now()
	return s.db.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`INSERT INTO officer_session (token, officer, data, begun, seen) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (token) DO UPDATE SET officer = excluded.officer, data = excluded.data, seen = excluded.seen
			WHERE officer_session.ended IS NULL`,
			tokenHash(token), content.Values[officerValue], string(data), now, now)
		return err
	})
}

// DeleteCtx implements scs.CtxStore; the empty row stays until Sweep.
func (s *sessionStore) DeleteCtx(_ context.Context, token string) error {
	return s.db.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`UPDATE officer_session SET ended = ?, data = '' WHERE token = ? AND ended IS NULL`, s.now(), tokenHash(token))
		return err
	})
}

// Find implements scs.Store.
func (s *sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit implements scs.Store.
func (s *sessionStore) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete implements scs.Store.
func (s *sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// sessionContent is a session's data: words only, and none of them personal.
type sessionContent struct {
	Deadline time.Time         `json:"deadline"`
	Values   map[string]string `json:"values"`
}

// sessionCodec writes session data as JSON.
type sessionCodec struct{}

// Encode implements scs.Codec.
func (sessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	content := sessionContent{deadline, map[string]string{}}
	for name, v := range values {
		word, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("identity: session value %s is a %T", name, v)
		}
		content.Values[name] = word
	}
	return json.Marshal(content)
}

// Decode implements scs.Codec.
func (sessionCodec) Decode(data []byte) (time.Time, map[string]any, error) {
	var content sessionContent
	if err := json.Unmarshal(data, &content); err != nil {
		return time.Time{}, nil, fmt.Errorf("identity: session: %w", err)
	}
	values := map[string]any{}
	for name, word := range content.Values {
		values[name] = word
	}
	return content.Deadline, values, nil
}
