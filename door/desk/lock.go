package desk

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/web/component/field"
)

// lockAfter is how long a desk with a script stays open without a key or a
// movement, in seconds.
const lockAfter = 300

// barView stands on every page of the desk: who sits here, and the lock.
type barView struct {
	Name  string
	After int
}

// lockView is the page of a locked desk: nothing but the way back, and the way
// for somebody else.
type lockView struct {
	Name    string
	Next    string
	Problem string
	Unsent  bool
}

// bar is the line on every page; a name that cannot be read is left out.
func (d *Door) bar(m me) barView {
	n, err := d.Identity.Name(m.ctx, m.ID)
	if err != nil {
		n.Full = ""
	}
	return barView{n.Full, lockAfter}
}

// lock closes the desk; whatever is asked for next shows the lock.
func (d *Door) lock(w http.ResponseWriter, r *http.Request, _ me) error {
	if err := d.sessions.Lock(r.Context()); err != nil {
		return err
	}
	if wantsJSON(r) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return redirect(w, r, "/desk/lock?next="+url.QueryEscape(cameFrom(r)))
}

// cameFrom is the page on which a button was pressed, when it is one of ours.
func cameFrom(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Path == "/desk/lock" {
		return "/desk"
	}
	return next(u.EscapedPath())
}

func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json")
}

// locked is the page of the lock.
func (d *Door) locked(w http.ResponseWriter, r *http.Request, m me) error {
	q := r.URL.Query()
	if !m.Locked {
		return redirect(w, r, next(q.Get("next")))
	}
	return d.showLock(w, r, m, lockView{Next: next(q.Get("next")), Unsent: q.Get("unsent") != ""}, 0)
}

func (d *Door) showLock(w http.ResponseWriter, r *http.Request, m me, v lockView, status int) error {
	v.Name = d.bar(m).Name
	return d.page(w, r, m, view{Title: m.words.T("desk.lock_title"), Body: lockPage(v), Status: status, Narrow: true})
}

// unlock opens the desk to whoever locked it.
func (d *Door) unlock(w http.ResponseWriter, r *http.Request, m me) error {
	to := next(r.PostForm.Get("next"))
	err := d.sessions.Unlock(r.Context(), r.PostForm.Get("password"), d.Address(r))
	f := fault.Of(err)
	switch {
	case f == nil && wantsJSON(r):
		w.WriteHeader(http.StatusNoContent)
		return nil
	case f == nil:
		return redirect(w, r, to)
	case f.Kind != fault.Invalid && f.Kind != fault.TooMany:
		return err
	}
	words := m.words.TMap(f.Key, f.Args)
	if !wantsJSON(r) {
		return d.showLock(w, r, m, lockView{Next: to, Problem: words}, f.Status())
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(f.Status())
	return json.NewEncoder(w).Encode(map[string]string{"detail": words})
}

// behindLock says whether an address may be asked for while the desk is locked.
func behindLock(r *http.Request) bool {
	return r.URL.Path != "/desk/lock" && r.URL.Path != "/desk/unlock"
}

// lockAddress leads to the lock and back. What a form had sent is not done.
func lockAddress(r *http.Request) string {
	if r.Method != http.MethodGet {
		return "/desk/lock?unsent=yes"
	}
	return "/desk/lock?next=" + url.QueryEscape(r.URL.Path)
}

func unlockField(label string) field.View {
	return field.View{ID: "unlock-password", Name: "password", Label: label, Type: "password", Complete: "current-password", Width: "m", Max: 800}
}

// elsewhere logs the officer out at other machines.
func (d *Door) elsewhere(w http.ResponseWriter, r *http.Request, _ me) error {
	if err := d.sessions.EndElsewhere(r.Context(), r.PostForm.Get("session")); err != nil {
		return err
	}
	page.Private(w)
	return redirect(w, r, "/desk/account")
}
