package app

import (
	"context"
	"strings"
	"time"

	"pendopo/engine/notify"
	"pendopo/kernel/db"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// openNotices makes who tells people. Without a set-up nobody is told anything
// but on the page of the case.
func (in *Instance) openNotices(o Options) {
	in.Notices = notify.New(notify.Deps{
		DB: in.DB, Keys: in.Keys, Instance: in.Instance, Jobs: in.Jobs, Now: in.Now, Log: in.Log, Words: in.Texts,
		Cases: toldOf{in}, House: telling{in}, Letters: posting{in}, Officers: mornings{in}, Base: in.Base,
	})
	if o.Notices != nil {
		in.Notices.Use(o.Notices)
	}
}

// tellers queues notices in the transactions of cases.
type tellers struct{ in *Instance }

func (t tellers) After(tx db.Tx, before, after fold.Case) error {
	b, err := t.in.Cases.Catalogue().At(context.Background(), after.Definition) // in memory: the commit was decided by it
	if err != nil {
		return err
	}
	return t.in.Notices.After(tx, b.Service, before, after)
}

func (t tellers) Opened(tx db.Tx, c fold.Case) error { return t.in.Notices.TellVault(tx, c) }

// toldOf is what notices need of cases.
type toldOf struct{ in *Instance }

func (t toldOf) Look(ctx context.Context, stream string) (fold.Case, *definition.Service, string, error) {
	c, err := t.in.Cases.State(ctx, stream)
	if err != nil {
		return c, nil, "", err
	}
	b, err := t.in.Cases.Catalogue().At(ctx, c.Definition)
	if err != nil {
		return c, nil, "", err
	}
	return c, b.Service, t.in.Cases.Code(stream), nil
}

func (t toldOf) Contact(ctx context.Context, stream string) (notify.Contact, error) {
	c, err := t.in.Cases.Contact(ctx, stream)
	return notify.Contact{Phone: c.Phone, Email: c.Email, Lang: c.Lang, Name: c.Name, Postal: strings.Join(c.Postal, "\n")}, err
}

func (t toldOf) Joined(ctx context.Context, stream string) ([]string, error) {
	return t.in.Cases.Joined(ctx, stream)
}

func (t toldOf) Told(ctx context.Context, stream string, told flow.Told) error {
	return t.in.Cases.Told(ctx, stream, told)
}

// posting is what letters need of cases and calendars.
type posting struct{ in *Instance }

func (p posting) ReadAddress(ctx context.Context, stream string, by notify.Clerk) error {
	return p.in.Cases.ReadAddress(ctx, stream, by.Officer, by.By)
}

func (p posting) Post(ctx context.Context, stream string, by notify.Clerk, post flow.Post, nth int) error {
	return p.in.Cases.Post(ctx, stream, by.Officer, by.By, post, nth)
}

func (p posting) Due(unit, span string, from time.Time) (time.Time, error) {
	s, err := deadline.ParseSpan(span)
	if err != nil {
		return from, err
	}
	clock, err := p.in.Cases.Catalogue().Clock(unit)
	if err != nil {
		return from, err
	}
	proof, err := clock.Due(s, from, nil)
	return proof.Due, err
}

// telling is what notices need of the government.
type telling struct{ in *Instance }

func (t telling) Notices() definition.Notices {
	if g := t.in.Cases.Government(); g != nil {
		return g.Notices.WithDefaults()
	}
	return definition.Notices{}.WithDefaults()
}

func (t telling) Zone(unit string) *time.Location {
	if clock, err := t.in.Cases.Catalogue().Clock(unit); err == nil {
		return clock.Office.Zone
	}
	if t.in.Cases.Government() == nil {
		return time.UTC
	}
	return t.in.Cases.Catalogue().Zone()
}

func (t telling) Name(lang string) string {
	if g := t.in.Cases.Government(); g != nil {
		return g.Profile.Short.In(lang)
	}
	return ""
}
