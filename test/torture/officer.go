package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"pendopo/test/htmlcheck"
)

// task is a case that lies on an officer's desk.
type task struct{ code, stream string }

// officer works at the desk with its forms, as a browser without scripts.
type officer struct {
	*client
	journal *journal
	login   login
	work    <-chan task // cases that wait for this role
	next    chan<- task // where they go from here; nil = nowhere
	ending  *atomic.Bool
	resting *atomic.Bool
}

// live does what lies on the desk until the round ends.
func (o *officer) live(ctx context.Context) error {
	for !o.ending.Load() {
		work := o.work
		if o.resting.Load() {
			work = nil
		}
		select {
		case <-ctx.Done():
			return nil
		case t := <-work:
			if err := o.handle(ctx, t); err != nil {
				return orGone(ctx, err)
			}
		case <-time.After(200 * time.Millisecond):
			if err := o.worklist(ctx); err != nil {
				return orGone(ctx, err)
			}
		}
	}
	return nil
}

func orGone(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("an officer: %w", err)
}

// logIn fills in the form of the desk.
func (o *officer) logIn(ctx context.Context) error {
	got, err := o.get(ctx, "/desk/login")
	if err != nil {
		return err
	}
	to, v, err := formOf(got, "/desk/login")
	if err != nil {
		return err
	}
	v.Set("login", o.login.name)
	v.Set("password", o.login.password)
	if got, err = o.send(ctx, to, v); err != nil {
		return err
	}
	if got.status != http.StatusSeeOther || got.header.Get("Location") != "/desk" {
		return wrong(request{method: http.MethodPost, path: to}, got, "log-in")
	}
	o.journal.count("logged in")
	return nil
}

// formOf finds the form of a page whose action begins so.
func formOf(got reply, action string) (to string, v url.Values, err error) {
	page, err := htmlcheck.Parse(string(got.body))
	if err != nil {
		return "", nil, err
	}
	to, v, ok := page.Form(action)
	if !ok {
		return "", nil, wrong(request{method: http.MethodGet, path: action}, got, "no such form")
	}
	return to, v, nil
}

// worklist looks at the list.
func (o *officer) worklist(ctx context.Context) error {
	got, err := o.get(ctx, "/desk")
	if err == nil && got.status != http.StatusOK {
		return wrong(request{method: http.MethodGet, path: "/desk"}, got, "the worklist of an officer who is logged in")
	}
	o.journal.count("worklists")
	return err
}

// handle opens a case and approves it.
func (o *officer) handle(ctx context.Context, t task) error {
	page := "/desk/cases/" + t.code
	got, err := o.get(ctx, page)
	if err != nil {
		return err
	}
	if got.status == http.StatusSeeOther && strings.HasPrefix(got.header.Get("Location"), "/desk/login") {
		o.journal.fault("the session of %s was lost", o.login.name)
		return errors.New("a session was lost")
	}
	to, v, err := formOf(got, page+"/act")
	if err != nil {
		o.journal.count("nothing to do") // taken back by the applicant meanwhile
		return nil
	}
	checkAll(got, v)
	v.Set("action", "approve")
	return o.approve(ctx, t, to, v)
}

// checkAll judges every line of the checklist to be in order: radios that
// nobody has touched are not in the form's values.
func checkAll(got reply, v url.Values) {
	for _, part := range strings.Split(string(got.body), `name="check-`)[1:] {
		line, _, _ := strings.Cut(part, `"`)
		if !strings.HasSuffix(line, "-why") {
			v.Set("check-"+line, "ok")
		}
	}
}

// approve sends the form. Redirected back to the list is done.
func (o *officer) approve(ctx context.Context, t task, to string, v url.Values) error {
	seen, err := strconv.ParseInt(v.Get("seen"), 10, 64)
	if err != nil {
		return err
	}
	got, err := o.send(ctx, to, v)
	switch {
	case err != nil:
		return err
	case got.status == http.StatusConflict:
		o.journal.count("too late")
		return nil
	case got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/desk?done="):
		return wrong(request{method: http.MethodPost, path: to}, got, "a form of the desk")
	}
	o.journal.acknowledged(effect{what: "approved by " + o.login.role, stream: t.stream, version: seen + 1, kind: "approved",
		actor: o.login.id, scope: "desk/" + o.login.id + "/act", key: v.Get("once")})
	if o.next != nil {
		select {
		case o.next <- t:
		default:
		}
	}
	return nil
}
