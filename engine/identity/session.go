package identity

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/alexedwards/scs/v2"

	"pendopo/kernel/fault"
	"pendopo/law/policy"
)

// How long a session lasts: half an hour without a request, ten hours in all.
const (
	sessionIdle = 30 * time.Minute
	sessionLife = 10 * time.Hour
	sessionSeen = time.Minute // how exactly the last request is remembered
)

// The values a session holds: who, and since which epoch.
const (
	officerValue = "officer"
	epochValue   = "epoch"
	lockedValue  = "locked" // the officer is away, and the screen shows nothing
)

// Sessions are officers at browsers.
type Sessions struct {
	manager *scs.SessionManager
	engine  *Engine
}

// SessionOptions of a door.
type SessionOptions struct {
	// Secure keeps the cookie to https.
	Secure bool
	// Fail answers a request whose session could not be read or kept.
	Fail func(http.ResponseWriter, *http.Request, error)
}

// Sessions makes the sessions of a door.
func (e *Engine) Sessions(o SessionOptions) *Sessions {
	m := scs.New()
	m.Store = &sessionStore{e.db, e.now}
	m.Codec = sessionCodec{}
	m.Lifetime = sessionLife // the store keeps time by the engine's clock
	m.Cookie.Name = "pendopo"
	if m.Cookie.Secure = o.Secure; o.Secure {
		m.Cookie.Name = "__Host-pendopo" // refused by browsers without Secure, with a Domain, or off /
	}
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Persist = false // ends with the browser
	if o.Fail != nil {
		m.ErrorFunc = o.Fail
	}
	return &Sessions{m, e}
}

// Wrap gives the requests of a handler their session.
func (s *Sessions) Wrap(next http.Handler) http.Handler { return s.manager.LoadAndSave(next) }

// Begin makes the request's session an officer's, under a new token: one that
// somebody planted before log-in is worth nothing, and nothing of whoever sat
// here before goes along. It is durable when Begin returns.
func (s *Sessions) Begin(ctx context.Context, in Entry) error {
	if err := s.manager.Clear(ctx); err != nil {
		return err
	}
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	s.manager.Put(ctx, officerValue, in.Officer)
	s.manager.Put(ctx, epochValue, strconv.FormatInt(in.Epoch, 10))
	_, _, err := s.manager.Commit(ctx)
	return err
}

// End logs out: the token is worth nothing any more, on any node.
func (s *Sessions) End(ctx context.Context) error { return s.manager.Destroy(ctx) }

// Signed is who is at the browser.
type Signed struct {
	policy.Officer      // with what is held at this moment
	Temporary      bool // must choose an own password; until then nothing is held
	Locked         bool // must show the password first
}

// Officer says who is logged in, with the posts held at this moment, read
// anew from the database for every request. Nobody, a session that ended, and
// an officer disabled a moment ago are fault.NoSession.
func (s *Sessions) Officer(ctx context.Context) (Signed, error) {
	id := s.manager.GetString(ctx, officerValue)
	if id == "" {
		return Signed{}, fault.New(fault.NoSession, "identity.no_session")
	}
	o, err := s.engine.Officer(ctx, id)
	if err != nil && !fault.Is(err, fault.Unknown) {
		return Signed{}, err
	}
	// Disabling raised the epoch: no other question is needed.
	if err != nil || strconv.FormatInt(o.Epoch, 10) != s.manager.GetString(ctx, epochValue) {
		return Signed{}, fault.New(fault.NoSession, "identity.session_ended").Because(err)
	}
	locked := s.manager.GetString(ctx, lockedValue) != ""
	if o.Temporary || locked {
		return Signed{Officer: policy.Officer{ID: o.ID}, Temporary: o.Temporary, Locked: locked}, nil
	}
	return Signed{Officer: o.Principal(s.engine.now(), s.engine.government)}, nil
}

// sessionStore keeps sessions in the database, by the hash of their token.
type sessionStore struct {
	db  database
	now func() time.Time
}
