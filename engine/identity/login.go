package identity

import (
	"context"
	"unicode/utf8"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

// Attempt is one log-in. Address is where it came from, an IP address or "".
type Attempt struct{ Login, Password, Address string }

// Entry is a log-in that succeeded; give it to Sessions.Begin.
type Entry struct {
	Officer   string
	Epoch     int64
	Temporary bool // must choose an own password first
}

// candidate is what the database says to a login; empty for an unknown one.
type candidate struct {
	officer Officer
	hash    string
}

// Login judges an attempt. Every refusal is the same fault.NoSession
// ("identity.login_refused"), reached by the same statements and the same
// hashing, whether the login is unknown, the password wrong, or the officer
// disabled. Too many failures, by login or by address, are fault.TooMany
// before anything is looked up; so is a queue that is too long.
func (e *Engine) Login(ctx context.Context, a Attempt) (Entry, error) {
	if err := e.hashing.enter(ctx); err != nil {
		return Entry{}, err
	}
	defer e.hashing.leave()
	login, password := bounded(a)
	tries := e.tries(login, a.Address)
	if err := e.db.Write(func(tx db.Tx) error { return admit(tx, tries, e.now()) }); err != nil {
		return Entry{}, err
	}
	c, err := e.candidate(ctx, login)
	if err != nil {
		return Entry{}, err
	}
	if !e.hashing.matches(password, c.hash, c.officer.passwordCheck) || c.officer.Disabled {
		return Entry{}, fault.New(fault.NoSession, "identity.login_refused")
	}
	if err := e.db.Write(func(tx db.Tx) error { return forgive(tx, tries) }); err != nil {
		return Entry{}, err
	}
	return Entry{c.officer.ID, c.officer.Epoch, c.officer.Temporary}, nil
}

// bounded cuts what is too long to be anybody's: it fails like any wrong one.
func bounded(a Attempt) (login, password string) {
	login, password = plainLogin(cut(a.Login, 200)), cut(a.Password, 4*passwordMost+1)
	if utf8.RuneCountInString(password) > passwordMost {
		password = ""
	}
	return login, password
}

func cut(s string, size int) string { return s[:min(len(s), size)] }

// candidate runs the same three statements for a login that exists and for one
// that does not.
func (e *Engine) candidate(ctx context.Context, login string) (c candidate, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) error {
		id, err := officerByLogin(tx, e.index("officer login", login))
		if err != nil {
			return err
		}
		if c.hash, err = passwordOf(tx, id); err != nil {
			return err
		}
		c.officer, err = scanOfficer(tx.Row(`SELECT `+officerColumns+` FROM officer WHERE id = ?`, id))
		return orNone(err)
	})
	return c, err
}

// NewPasswordOf is an officer's own change of password.
type NewPasswordOf struct{ Officer, Old, New, Address string }

// ChangePassword asks for the old password, counted and bounded like a log-in,
// and ends every session of the officer. The entry it returns begins the one
// that goes on.
func (e *Engine) ChangePassword(ctx context.Context, n NewPasswordOf) (Entry, error) {
	login, err := e.LoginName(ctx, n.Officer)
	if err != nil {
		return Entry{}, err
	}
	if err := e.confirm(ctx, login, Attempt{Password: n.Old, Address: n.Address}, fault.New(fault.Invalid, "identity.old_password").At("old")); err != nil {
		return Entry{}, err
	}
	if n.New == n.Old {
		return Entry{}, fault.New(fault.Invalid, "identity.password_same").At("password")
	}
	if err := CheckPassword(n.New, login); err != nil {
		return Entry{}, err
	}
	if err := e.setPassword(ctx, n.Officer, n.New, n.Officer); err != nil {
		return Entry{}, err
	}
	o, err := e.Officer(ctx, n.Officer)
	return Entry{Officer: o.ID, Epoch: o.Epoch, Temporary: o.Temporary}, err
}

// Confirm asks an officer who is logged in for the password once more, before
// something grave; it is counted and bounded like a log-in. A wrong one is
// fault.Invalid at "confirm".
func (e *Engine) Confirm(ctx context.Context, officer string, a Attempt) error {
	login, err := e.LoginName(ctx, officer)
	if err != nil {
		return err
	}
	return e.confirm(ctx, login, a, fault.New(fault.Invalid, "identity.confirm_password").At("confirm"))
}

func (e *Engine) confirm(ctx context.Context, login string, a Attempt, wrong *fault.Fault) error {
	a.Login = login
	_, err := e.Login(ctx, a)
	if fault.Is(err, fault.NoSession) {
		return wrong.Because(err)
	}
	return err
}

// FindLogin gives the id of the officer with a log-in name; for the command line.
func (e *Engine) FindLogin(ctx context.Context, login string) (id string, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		id, err = officerByLogin(tx, e.index("officer login", plainLogin(login)))
		return err
	})
	if err == nil && id == "" {
		err = fault.New(fault.Unknown, "identity.unknown_officer")
	}
	return id, err
}
