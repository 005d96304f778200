package complaint

import (
	"log/slog"
	"net/http"
	"sync"
	"time"

	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/feature/complaint/exchange"
	"pendopo/feature/complaint/follow"
	"pendopo/feature/complaint/intake"
	"pendopo/feature/complaint/open311"
	"pendopo/feature/complaint/report"
	"pendopo/kernel/db"
	"pendopo/kernel/job"
	"pendopo/kernel/pace"
	"pendopo/kernel/page"
	"pendopo/kernel/seal"
)

// Deps is what reports stand on.
type Deps struct {
	DB          *db.DB
	Keys        *seal.Keys
	Instance    *seal.Instance // for HMACs of cookies, addresses and sketches
	Cases       *casework.Engine
	Identity    *identity.Engine
	Attachments *attachment.Store
	Jobs        *job.Runner
	Pace        *pace.Book
	Reports     *report.Table
	Followers   *follow.Book
	Site        *page.Site
	Portal      Portal
	Desk        Desk
	Log         *slog.Logger
	Now         func() time.Time
	Address     func(*http.Request) string // where a request comes from; nil = its connection
	Base        string                     // by which people reach the portal; empty = not known
	Secure      bool                       // cookies over https only
	Exchange    open311.Exchange           // takes updates of other servers; nil = there are none
	Inbox       *exchange.Inbox            // what those have said, for officers
	Said        exchange.Desk              // carries out what officers decide about that

	Texts intake.Texts // how text messages come and go; zero = not at all
}

// Feature is the reports of citizens, mounted.
type Feature struct {
	Deps
	ground     ground
	supporting *pace.Throttle
	counts     struct {
		mu sync.Mutex
		by map[period]counted
	}
}

// New makes the feature.
func New(d Deps) *Feature {
	if d.Address == nil {
		d.Address = func(r *http.Request) string { return r.RemoteAddr }
	}
	return &Feature{Deps: d, supporting: d.Pace.Throttle("support by address", supporting, d.Now)}
}

// Routes is every address of this feature, with those of its parts.
func (f *Feature) Routes() []page.Route {
	all := []page.Route{
		{Pattern: "GET /reports", Do: f.list},
		{Pattern: "GET /reports/statistics", Do: f.figures},
		{Pattern: "GET /reports/statistics.csv", Do: f.figuresFile},
		{Pattern: "GET /reports/feed.atom", Do: f.feed},
		{Pattern: "GET /reports/map", Do: f.live},
		{Pattern: "GET /reports/map.json", Do: f.liveFile},
		{Pattern: "GET /reports/{code}", Do: f.one},
		{Pattern: "GET /reports/{code}/photos/{n}", Do: f.photo},
		{Pattern: "POST /reports/{code}/support", Do: f.support},

		{Pattern: "GET /desk/reports", Do: f.Desk.Officer(f.desk)},
	}
	all = append(all, f.follow().Routes()...)
	all = append(all, f.Inbox.Routes(f.Said, f.Desk.Officer)...)
	all = append(all, f.intake().Routes()...)
	return append(all, f.open311().Routes()...)
}

// follow is how strangers hear of a report.
func (f *Feature) follow() *follow.Pages {
	return &follow.Pages{Book: f.Followers, Show: f.show, Address: f.Address, Shown: func(r *http.Request) (string, error) {
		x, err := f.shown(r.Context(), r.PathValue("code"))
		return x.Code, err
	}}
}

// intake takes reports in.
func (f *Feature) intake() *intake.Intake {
	return intake.New(intake.Deps{
		DB: f.DB, Keys: f.Keys, Instance: f.Instance, Cases: f.Cases, Identity: f.Identity, Attachments: f.Attachments, Jobs: f.Jobs, Pace: f.Pace,
		Site: f.Site, Portal: f.Portal, Desk: f.Desk, Log: f.Log, Now: f.Now, Address: f.Address, Base: f.Base, Secure: f.Secure, Texts: f.Texts,
	})
}

// open311 speaks to other programs.
func (f *Feature) open311() *open311.Server {
	return open311.New(open311.Deps{
		DB: f.DB, Instance: f.Instance, Cases: f.Cases, Pace: f.Pace, Log: f.Log, Now: f.Now, Address: f.Address, Base: f.Base, Exchange: f.Exchange,
		Gate: intake.NewGate(f.Pace, f.Now),
	})
}
