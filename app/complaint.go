package app

import (
	"context"
	"errors"
	"log/slog"

	"github.com/a-h/templ"

	"pendopo/door/api"
	"pendopo/door/desk"
	"pendopo/door/portal"
	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/engine/notify/wire"
	"pendopo/feature/complaint"
	"pendopo/feature/complaint/advice"
	"pendopo/feature/complaint/exchange"
	"pendopo/feature/complaint/follow"
	"pendopo/feature/complaint/intake"
	"pendopo/feature/complaint/report"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/fold"
	"pendopo/web/component/header"
)

// Whoever takes the feature out deletes its folder, the files of app named
// complaint*.go, and every other line of app that names feature/complaint.

// entrances hangs the ways to the reports of citizens into the two doors.
func entrances(in *Instance, citizens *portal.Deps, officers *desk.Deps) {
	citizens.Links = func(words *page.Printer) []header.Link { return complaint.Links(in.Cases, words) }
	citizens.Lead = complaint.Lead(in.Cases)
	citizens.Start = func(s *definition.Service) string { return complaint.Start(s) }
	citizens.Found = func(query string) (href, key string) { return complaint.Found(in.Cases, query) }
	officers.Adviser, officers.Redactor = in.adviser, in.adviser
	officers.Panels = newInbox(in)
	officers.Notes = func(ctx context.Context, words *page.Printer, who identity.Signed) ([]templ.Component, error) {
		return complaint.DeskNotes(ctx, in.Cases, newInbox(in), words, who)
	}
	officers.Links = func(ctx context.Context, words *page.Printer, who identity.Signed) []header.Link {
		return complaint.DeskLinks(ctx, in.Cases, in.Identity, words, who)
	}
}

// complaints makes the feature between the doors that show its pages.
func complaints(in *Instance, site *page.Site, f Face, files *attachment.Store, citizens *portal.Portal, officers *desk.Door) *complaint.Feature {
	return complaint.New(complaint.Deps{
		DB: in.DB, Keys: in.Keys, Instance: in.Instance, Cases: in.Cases, Identity: in.Identity, Attachments: files, Jobs: in.Jobs, Pace: in.Pace, Reports: in.reports, Followers: in.followers, Exchange: peers(in),
		Site: site, Portal: citizens, Desk: officers, Log: in.Log, Now: in.Now, Address: f.address, Base: f.Base, Secure: f.secure(),
		Texts: texts(in), Inbox: newInbox(in), Said: officers,
	})
}

// newInbox is what other governments have said of reports, for officers.
func newInbox(in *Instance) *exchange.Inbox {
	return &exchange.Inbox{DB: in.DB, Cases: in.Cases, Now: in.Now}
}

// gate counts the reports that programs hand in at the API.
func gate(in *Instance) api.Gate { return intake.NewGate(in.Pace, in.Now) }

// texts is how text messages come and go: by what the notices file says.
func texts(in *Instance) intake.Texts {
	read := func() (map[string]intake.Gateway, error) { return intake.ReadGateways(in.Notices.Setup().Inbound) }
	if _, err := read(); err != nil {
		in.Log.Error("no text messages are taken in", slog.Any("error", err))
	}
	return intake.Texts{
		Gateways: func() map[string]intake.Gateway {
			all, err := read()
			if err != nil {
				return nil // said when it was read first
			}
			return all
		},
		Hear: in.Notices.Heard, Receipt: in.Notices.Receipt,
		Send: func(ctx context.Context, channel, id, to, text string) error {
			carrier, set := in.Notices.Setup().Carriers[channel]
			if !set || carrier.Adapter == nil {
				return fault.New(fault.Unavailable, "intake.gateway_unknown")
			}
			_, err := carrier.Adapter.Send(ctx, wire.Message{ID: id, Channel: channel, To: to, Text: text, Short: text, At: in.Now()})
			return err
		},
	}
}

// publicSides tells the table of reports what it must know of cases.
type publicSides struct{ in *Instance }

func (p publicSides) Code(stream string) string { return p.in.Cases.Code(stream) }

func (p publicSides) Public(hash string) (*definition.Public, error) {
	b, err := p.in.Cases.Catalogue().At(context.Background(), hash)
	if err != nil {
		return nil, err
	}
	return b.Service.Public, nil
}

// newReports makes the table before the engine that writes into it.
func newReports(in *Instance) *report.Table { return report.New(in.DB, publicSides{in}) }

// publicRows are all that stands beside cases with a public side.
type publicRows struct{ in *Instance }

func (p publicRows) Project(tx db.Tx, before, after fold.Case, said *casework.Said) error {
	if err := p.in.reports.Project(tx, before, after, said); err != nil {
		return err
	}
	if err := exchange.Project(tx, before, after); err != nil {
		return err
	}
	return p.in.followers.Project(tx, before, after, said)
}

// check compares all that stands beside a case with what the case says.
func (p publicRows) check(tx db.Tx, c fold.Case) (column string, err error) {
	if column, err = p.in.reports.Check(tx, c); err != nil || column != "" {
		return column, err
	}
	return exchange.Check(tx, c)
}

// newFollowers makes who hears of reports of others.
func newFollowers(in *Instance) *follow.Book {
	return follow.New(follow.Deps{
		DB: in.DB, Keys: in.Keys, Instance: in.Instance, Jobs: in.Jobs, Pace: in.Pace, Now: in.Now, Words: in.Texts, Cases: in.Cases, Reports: in.reports,
		Notices: in.Notices, House: telling{in}.Name, Base: in.Base,
	})
}

// newAdviser makes what officers are told beside a report.
func newAdviser(in *Instance) *advice.Adviser {
	return advice.New(advice.Deps{Cases: in.Cases, Files: attachment.New(in.Keys, in.Blobs), Instance: in.Instance, Reports: in.reports, Log: in.Log, Now: in.Now})
}

// besides is the work of the feature beside requests.
func besides(in *Instance, parts map[string]func(context.Context) error) {
	parts["advice"] = in.adviser.Run
	parts["exchange"] = in.exchanging
}

// strayReports names rows of reports that no case has.
func strayReports(err error, tx db.Tx, found func(words string)) error {
	return errors.Join(err, report.Strays(tx, found))
}

// restoreReports ends a rebuild of the rows of reports.
func restoreReports(ctx context.Context, in *Instance, err error) error {
	return errors.Join(err, in.reports.Restore(ctx, in.Cases))
}

// Reports is the table of reports, for tests and measurements.
func (in *Instance) Reports() *report.Table { return in.reports }
