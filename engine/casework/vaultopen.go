package casework

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// Identity opens who told a case to somebody who may open the case: only where
// the reporter does not want to be anonymous. The access event comes first, as
// for the case itself, and says PurposeIdentity whatever the reader says.
func (e *Engine) Identity(ctx context.Context, stream string, r Reader) (form.Answers, error) {
	c, err := e.guarded(ctx, stream)
	if err != nil {
		return nil, err
	}
	var told event.Event
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		told, err = event.Last(tx, c.Vault, Vaulted)
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return nil, errNoVault()
	}
	var clear inVault
	if err == nil {
		err = json.Unmarshal(told.Clear, &clear)
	}
	if err != nil {
		return nil, err
	}
	if clear.Anonymous || clear.Case != stream {
		return nil, fault.New(fault.Forbidden, "casework.anonymous")
	}
	r.Purpose = PurposeIdentity
	if err := e.note(ctx, stream, r); err != nil {
		return nil, err
	}
	return e.unvault(told)
}

// guarded is the state of a case that has a vault which can still be read.
func (e *Engine) guarded(ctx context.Context, stream string) (fold.Case, error) {
	c, err := e.state(ctx, stream)
	switch {
	case err != nil:
		return c, err
	case c.Shredded:
		return c, errShredded()
	case c.Vault == "":
		return c, errNoVault()
	}
	return c, nil
}

func (e *Engine) unvault(told event.Event) (form.Answers, error) {
	key, err := e.keys.Get(told.Stream)
	if err != nil {
		return nil, err
	}
	p, err := open(told, key)
	return p.Answers, err
}

// Guard is one of the two who open a vault.
type Guard struct {
	Officer string      // opaque id
	By      fold.Holder // the guarding role at its unit
}

// VaultOpening is the opening of a vault by two guards.
type VaultOpening struct {
	Stream string // of the case
	Guards [2]Guard
	Reason string // one that the service lists
	Words  string // why, in their own words; sealed, 2,000 characters at most
}

// mostWhy is how long the words of an opening may be, in characters.
const mostWhy = 2000

// opening is the clear part of a vault_opened event; its words are sealed.
type opening struct {
	Case   string    `json:"case"`
	By     [2]string `json:"by"`
	Role   string    `json:"role"`
	Unit   string    `json:"unit"`
	Reason string    `json:"reason"`
}

// OpenVault opens who told a case to two guards together: different officers,
// each holding the guarding post of the case today, none with any role at a unit
// that handled the case; see Handled. The event is durable before a value is opened;
// the reporter reads it among the openings. Whatever fails, nothing is opened.
func (e *Engine) OpenVault(ctx context.Context, o VaultOpening) (form.Answers, error) {
	c, err := e.guarded(ctx, o.Stream)
	if err != nil {
		return nil, err
	}
	b, err := e.cat.At(ctx, c.Definition)
	if err != nil {
		return nil, err
	}
	if err := o.check(b.Service); err != nil {
		return nil, err
	}
	post, handled, err := e.Guarding(ctx, c, b.Service.Vault)
	if err != nil {
		return nil, err
	}
	for _, g := range o.Guards {
		if err := e.mayGuard(ctx, g, post, handled); err != nil {
			return nil, err
		}
	}
	var v *vaulting
	err = retry(func() error {
		if v, err = e.vaultOf(ctx, c.Vault); err != nil {
			return err
		}
		return e.noteOpening(c, v, o)
	})
	if err != nil {
		return nil, err
	}
	return v.kept, nil
}

func (o VaultOpening) check(s *definition.Service) error {
	switch one, two := o.Guards[0].Officer, o.Guards[1].Officer; {
	case s.Vault == nil:
		return errNoVault()
	case one == "" || two == "" || one == two:
		return fault.New(fault.Invalid, "casework.two_persons").At("by")
	case !slices.ContainsFunc(s.Vault.Reasons, func(r definition.Reason) bool { return r.ID == o.Reason }):
		return fault.New(fault.Invalid, "flow.reason_not_listed").At("reason")
	case o.Words == "" || utf8.RuneCountInString(o.Words) > mostWhy:
		return fault.New(fault.Invalid, "casework.opening_unexplained").At("words")
	}
	return nil
}

func notGuard() *fault.Fault { return fault.New(fault.Forbidden, "casework.not_guard") }

// Guarding is the post that guards the vault of a case: the first that its
// service names at a unit that did not handle the case. Beside it the units that
// did. Where no post is left, nobody opens it, which is a fault that says so.
func (e *Engine) Guarding(ctx context.Context, c fold.Case, v *definition.Vault) (post fold.Holder, handled []string, err error) {
	if handled, err = e.Handled(ctx, c); err != nil {
		return post, nil, err
	}
	a, left := v.Guard.Outside(handled)
	if !left {
		return post, handled, fault.New(fault.Forbidden, "casework.no_guard")
	}
	return fold.Holder{Who: "role", Role: a.Role, Unit: a.Unit}, handled, nil
}

// mayGuard wants an officer to hold the guarding post now, and no post at a unit
// that handled the case.
func (e *Engine) mayGuard(ctx context.Context, g Guard, post fold.Holder, handled []string) error {
	if e.posts == nil || g.By != post || post.Role == "" || post.Unit == "" {
		return notGuard()
	}
	held, err := e.posts.Posts(ctx, g.Officer)
	if err != nil {
		return err
	}
	if !slices.Contains(held, post) || slices.ContainsFunc(held, func(h fold.Holder) bool { return slices.Contains(handled, h.Unit) }) {
		return notGuard()
	}
	return nil
}

// Handled are the units that handle a case or did, those that lateness called in
// to it at any time, those that were asked for help with it, and the same of the
// case that it was merged into.
func (e *Engine) Handled(ctx context.Context, c fold.Case) ([]string, error) {
	units, err := e.taken(ctx, c)
	if err != nil {
		return nil, err
	}
	if c.Into != "" {
		into, err := e.Follows(ctx, c)
		if err != nil {
			return nil, err
		}
		more, err := e.taken(ctx, into)
		if err != nil {
			return nil, err
		}
		units = append(units, more...)
	}
	slices.Sort(units)
	return slices.DeleteFunc(slices.Compact(units), func(u string) bool { return u == "" }), nil
}

// taken are the units of which a case itself says so, "" among them.
func (e *Engine) taken(ctx context.Context, c fold.Case) ([]string, error) {
	units := append(callees(c.CalledIn()), c.Unit, c.Holder.Unit)
	for _, a := range c.Asked {
		units = append(units, a.Unit)
	}
	branches := func(all []fold.Branch) {
		for _, b := range all {
			units = append(append(units, b.Holder.Unit), callees(b.CalledIn())...)
		}
	}
	branches(c.Branches)
	var events []event.Event
	err := e.db.Read(ctx, func(tx db.Tx) (err error) {
		events, err = event.Load(tx, c.Stream)
		return err
	})
	for _, ev := range events {
		var ch fold.Change
		if err := json.Unmarshal(ev.Clear, &ch); err != nil {
			return nil, err
		}
		units = append(append(units, ch.Unit), callees(append(ch.Called, ch.Escalated))...)
		if ch.Holder != nil {
			units = append(units, ch.Holder.Unit)
		}
		branches(ch.Branches)
	}
	return units, err
}

// callees are the units that posts were called in at; "" is the unit whose turn
// it was, which handles the case anyway.
func callees(posts []string) (units []string) {
	for _, called := range posts {
		_, unit := fold.Post(called)
		units = append(units, unit)
	}
	return units
}

// noteOpening writes the event of an opening.
func (e *Engine) noteOpening(c fold.Case, v *vaulting, o VaultOpening) error {
	now := e.now().UTC().Truncate(time.Microsecond)
	if now.Before(v.last.Entered) {
		now = v.last.Entered
	}
	one, two := o.Guards[0], o.Guards[1]
	clear, err := json.Marshal(opening{c.Stream, [2]string{one.Officer, two.Officer}, one.By.Role, one.By.Unit, o.Reason})
	if err != nil {
		return err
	}
	plain, err := json.Marshal(flow.Private{Note: o.Words})
	if err != nil {
		return err
	}
	ev := event.Event{
		ID: event.NewID(), Stream: v.stream, Version: v.last.Version + 1, Kind: VaultOpened, Schema: fold.Schema,
		Entered: now, Received: now, Node: e.node, Actor: one.Officer + "+" + two.Officer, Clear: clear,
	}
	ev.Sealed = v.key.Seal(plain, ev.AAD())
	ev.Finish()
	return e.db.Write(func(tx db.Tx) error {
		if err := event.Append(tx, ev); err != nil || e.beside.notices == nil {
			return err
		}
		return e.beside.notices.Opened(tx, c)
	})
}

// openingsOf lists the openings of a vault as lines of the record of openings:
// one for both guards.
func (e *Engine) openingsOf(ctx context.Context, vault string) (out []Seen, err error) {
	if vault == "" {
		return nil, nil
	}
	var events []event.Event
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		events, err = event.Load(tx, vault)
		return err
	})
	for _, ev := range events {
		if ev.Kind != VaultOpened {
			continue
		}
		var o opening
		if err := json.Unmarshal(ev.Clear, &o); err != nil {
			return nil, err
		}
		out = append(out, Seen{At: ev.Entered, Access: Access{
			Case: o.Case, Actor: o.By[0], Second: o.By[1], Role: o.Role, Unit: o.Unit, Purpose: PurposeVault, Reason: o.Reason,
		}})
	}
	return out, err
}
