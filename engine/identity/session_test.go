package identity_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pendopo/engine/identity"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

// desk is a server with the least of a desk: /in logs in, /who says who is
// there, /out logs out, /slow writes the session back when told to.
type desk struct {
	*world
	sessions *identity.Sessions
	server   *httptest.Server
	arrived  chan bool
	goOn     chan bool
}

func newDesk(w *world) *desk {
	d := &desk{world: w, arrived: make(chan bool), goOn: make(chan bool)}
	d.sessions = w.Sessions(identity.SessionOptions{Fail: fail})
	mux := http.NewServeMux()
	mux.HandleFunc("/in", d.in)
	mux.HandleFunc("/who", d.who)
	mux.HandleFunc("/out", func(rw http.ResponseWriter, r *http.Request) {
		if err := d.sessions.End(r.Context()); err != nil {
			fail(rw, r, err)
		}
	})
	mux.HandleFunc("/slow", func(rw http.ResponseWriter, r *http.Request) {
		d.arrived <- true
		<-d.goOn
		identity.Touch(d.sessions, r.Context())
		d.who(rw, r)
	})
	d.server = httptest.NewServer(d.sessions.Wrap(mux))
	w.t.Cleanup(d.server.Close)
	return d
}

func fail(rw http.ResponseWriter, _ *http.Request, err error) {
	http.Error(rw, fault.Of(err).Key, fault.Of(err).Status())
}

func (d *desk) in(rw http.ResponseWriter, r *http.Request) {
	entry, err := d.Login(r.Context(), identity.Attempt{Login: r.FormValue("login"), Password: r.FormValue("password"), Address: "203.0.113.7"})
	if err == nil {
		err = d.sessions.Begin(r.Context(), entry)
	}
	if err != nil {
		fail(rw, r, err)
	}
}

func (d *desk) who(rw http.ResponseWriter, r *http.Request) {
	who, err := d.sessions.Officer(r.Context())
	if err != nil {
		fail(rw, r, err)
		return
	}
	fmt.Fprintf(rw, "%s %d posts, temporary %v", who.ID, len(who.Posts), who.Temporary)
}

// browser keeps one cookie, as a browser would.
type browser struct {
	*desk
	token string
	last  *http.Cookie
}

func (b *browser) get(path string) (status int, body string) {
	b.t.Helper()
	r, err := http.NewRequest("GET", b.server.URL+path, nil)
	must(b.t, err)
	if b.token != "" {
		r.AddCookie(&http.Cookie{Name: "pendopo", Value: b.token})
	}
	resp, err := http.DefaultClient.Do(r)
	must(b.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	must(b.t, err)
	for _, c := range resp.Cookies() {
		b.token, b.last = c.Value, c
	}
	return resp.StatusCode, strings.TrimSpace(string(text))
}

func (b *browser) login() {
	b.t.Helper()
	if status, body := b.get("/in?login=" + login + "&password=" + password); status != 200 {
		b.t.Fatalf("log-in: %d %s", status, body)
	}
}

func (b *browser) demand(status int, part string) {
	b.t.Helper()
	if got, body := b.get("/who"); got != status || !strings.Contains(body, part) {
		b.t.Errorf("%d %s, want %d %s", got, body, status, part)
	}
}

func TestSessionKnowsItsOfficer(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		w.assign(id, reviewerAt("clinic"))
		b := &browser{desk: newDesk(w)}
		b.demand(401, "identity.no_session")
		b.login()
		b.demand(200, id+" 1 posts")
		before := b.token
		if status, _ := b.get("/out"); status != 200 {
			w.t.Error("log-out failed")
		}
		b.demand(401, "identity.no_session")
		b.token = before
		b.demand(401, "identity.no_session")
	})
}

func TestCookieIsOutOfReach(t *testing.T) {
	onBoth(t, func(w *world) {
		w.officer()
		b := &browser{desk: newDesk(w)}
		b.login()
		c := b.last
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || !c.Expires.IsZero() {
			w.t.Errorf("cookie %+v", c)
		}
		secure := w.Sessions(identity.SessionOptions{Secure: true})
		rec := httptest.NewRecorder()
		secure.Wrap(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			entry, err := w.enter(login, password)
			must(w.t, err)
			must(w.t, secure.Begin(r.Context(), entry))
		})).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
		set := rec.Header().Get("Set-Cookie")
		if !strings.HasPrefix(set, "__Host-pendopo=") || !strings.Contains(set, "Secure") {
			w.t.Errorf("Set-Cookie: %s", set)
		}
	})
}

func TestTokenPlantedBeforeLogInIsWorthNothing(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		d := newDesk(w)
		b := &browser{desk: d, token: "planted-by-somebody-else"}
		b.login()
		if b.token == "planted-by-somebody-else" || len(b.token) < 40 {
			w.t.Fatalf("token %q after log-in", b.token)
		}
		b.demand(200, id)
		thief := &browser{desk: d, token: "planted-by-somebody-else"}
		thief.demand(401, "identity.no_session")
		first := b.token
		b.login() // again: rotated again, and the old one ends
		if b.token == first {
			w.t.Error("a second log-in kept the token")
		}
		(&browser{desk: d, token: first}).demand(401, "identity.no_session")
	})
}

func TestDatabaseKeepsOnlyTheHashOfAToken(t *testing.T) {
	onBoth(t, func(w *world) {
		w.officer()
		b := &browser{desk: newDesk(w)}
		b.login()
		var token, data string
		must(w.t, w.db.Read(context.Background(), func(tx db.Tx) error {
			var raw []byte
			err := tx.Row(`SELECT token, data FROM officer_session`).Scan(&raw, &data)
			token = hex.EncodeToString(raw)
			return err
		}))
		if len(token) != 64 || strings.Contains(data, b.token) || strings.Contains(everything(w), b.token) {
			w.t.Errorf("row: %s %s", token, data)
		}
		(&browser{desk: b.desk, token: token}).demand(401, "identity.no_session")
	})
}

func TestSessionEndsIdleAndInTheEnd(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		b := &browser{desk: newDesk(w)}
		b.login()
		w.pass(29 * time.Minute)
		b.demand(200, id)
		w.pass(29 * time.Minute)
		b.demand(200, id)
		w.pass(31 * time.Minute)
		b.demand(401, "identity.no_session")
		b.login()
		for range 23 {
			w.pass(25 * time.Minute)
			b.demand(200, id)
		}
		w.pass(25 * time.Minute) // ten hours, and never idle
		b.demand(401, "identity.no_session")
		n, err := w.Sweep()
		must(w.t, err)
		if n != 2 {
			w.t.Errorf("sweep removed %d rows, want the first session and this one", n)
		}
	})
}

func TestDisabledOfficersSessionsDieAtOnce(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		d := newDesk(w)
		one, two := &browser{desk: d}, &browser{desk: d}
		one.login()
		two.login()
		w.assign(id, reviewerAt("clinic"))
		must(w.t, w.Disable(context.Background(), id, actor))
		must(w.t, w.Disable(context.Background(), id, actor))
		if who, err := w.Principal(context.Background(), id); err != nil || len(who.Posts) != 0 {
			w.t.Errorf("a disabled officer holds %v, %v", who.Posts, err)
		}
		one.demand(401, "identity.")
		two.demand(401, "identity.")
		if status, body := one.get("/in?login=" + login + "&password=" + password); status != 401 || body != "identity.login_refused" {
			w.t.Errorf("log-in while disabled: %d %s", status, body)
		}
		must(w.t, w.Enable(context.Background(), id, actor))
		one.demand(401, "identity.")
		one.login()
		one.demand(200, id)
		if n := versions(w, id); n != 5 { // created, password, assigned, disabled, enabled
			w.t.Errorf("%d events", n)
		}
	})
}

// The row of a session is not what keeps it alive: were the deletion lost, or
// the row written back by a request still under way, the epoch ends it.
func TestSessionOfAnOlderEpochIsWorthNothing(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		b := &browser{desk: newDesk(w)}
		b.login()
		must(w.t, w.SetPassword(context.Background(), id, "sandi-baru-dari-operator", actor))
		must(w.t, w.db.Write(func(tx db.Tx) error {
			_, err := tx.Exec(`UPDATE officer_session SET ended = NULL, data = ? WHERE officer = ?`,
				`{"deadline":"2026-03-17T12:00:00Z","values":{"officer":"`+id+`","epoch":"2"}}`, id)
			return err
		}))
		b.demand(401, "identity.session_ended")
	})
}

// A request that began before log-out writes its session back afterwards; the
// session must stay ended.
func TestRequestUnderWayDoesNotBringASessionBack(t *testing.T) {
	onBoth(t, func(w *world) {
		w.officer()
		d := newDesk(w)
		b := &browser{desk: d}
		b.login()
		slow := &browser{desk: d, token: b.token}
		done := make(chan bool)
		go func() { slow.get("/slow"); close(done) }()
		<-d.arrived
		same := b.token
		b.get("/out")
		d.goOn <- true
		<-done
		(&browser{desk: d, token: same}).demand(401, "identity.no_session")
		if n := w.count(`SELECT COUNT(*) FROM officer_session WHERE data <> ''`); n != 0 {
			w.t.Errorf("%d rows of ended sessions hold something", n)
		}
	})
}

func (w *world) count(query string) (n int) {
	w.t.Helper()
	must(w.t, w.db.Read(context.Background(), func(tx db.Tx) error { return tx.Row(query).Scan(&n) }))
	return n
}

func TestNewPasswordEndsTheOtherSessions(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		id := w.officer()
		d := newDesk(w)
		other := &browser{desk: d}
		other.login()
		change := func(old, new string) (identity.Entry, error) {
			return w.ChangePassword(ctx, identity.NewPasswordOf{Officer: id, Old: old, New: new, Address: "203.0.113.7"})
		}
		_, err := change("bukan-yang-lama", "sandi-baru-2026-kuat")
		refusedAt(w.t, err, "old", "identity.old_password")
		_, err = change(password, password)
		refusedAt(w.t, err, "password", "identity.password_same")
		_, err = change(password, "pendek")
		refusedAt(w.t, err, "password", "identity.password_short")
		other.demand(200, id)
		entry, err := change(password, "sandi-baru-2026-kuat")
		must(w.t, err)
		other.demand(401, "identity.no_session")
		if entry.Officer != id || entry.Temporary || entry.Epoch != 3 {
			w.t.Errorf("entry %+v", entry)
		}
		_, err = w.enter(login, password)
		refused(w.t, err, fault.NoSession, "identity.login_refused")
		_, err = w.enter(login, "sandi-baru-2026-kuat")
		must(w.t, err)
	})
}

func TestTemporaryPasswordHoldsNothingUntilItIsChanged(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		id := w.officer()
		w.assign(id, reviewerAt("clinic"))
		must(w.t, w.SetPassword(ctx, id, password+"-baru", actor))
		b := &browser{desk: newDesk(w)}
		if status, _ := b.get("/in?login=" + login + "&password=" + password + "-baru"); status != 200 {
			w.t.Fatal("log-in with the temporary password failed")
		}
		b.demand(200, "0 posts, temporary true")
		_, err := w.ChangePassword(ctx, identity.NewPasswordOf{Officer: id, Old: password + "-baru", New: password})
		must(w.t, err)
		b.login()
		b.demand(200, "1 posts, temporary false")
	})
}

func TestMandateThatEndsIsNoticedBetweenTwoRequests(t *testing.T) {
	onBoth(t, func(w *world) {
		id := w.officer()
		w.assign(id, identity.Assignment{Unit: "clinic", Role: "reviewer", Kind: identity.Plh, From: "2026-03-01", Until: "2026-03-17"})
		w.pass(14*time.Hour + 50*time.Minute) // 23:50 in the west
		b := &browser{desk: newDesk(w)}
		b.login()
		b.demand(200, "1 posts")
		w.pass(10 * time.Minute)
		b.demand(200, "0 posts")
	})
}
