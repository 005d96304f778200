package intake

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/kernel/db"
	"pendopo/kernel/job"
	"pendopo/kernel/pace"
	"pendopo/kernel/page"
	"pendopo/kernel/seal"
)

// Deps is what taking in stands on.
type Deps struct {
	DB          *db.DB
	Keys        *seal.Keys
	Instance    *seal.Instance
	Cases       *casework.Engine
	Identity    *identity.Engine
	Attachments *attachment.Store
	Jobs        *job.Runner
	Pace        *pace.Book
	Site        *page.Site
	Portal      Portal
	Desk        Desk
	Log         *slog.Logger
	Now         func() time.Time
	Address     func(*http.Request) string
	Base        string
	Secure      bool

	Texts Texts
}

// Texts is how text messages come and go. The zero Texts takes and sends none.
type Texts struct {
	Gateways func() map[string]Gateway                                     // that hand messages in, by name
	Hear     func(channel, from, text string) (bool, error)                // STOP and its opposite
	Receipt  func(stream string) error                                     // a notice says what no answer said
	Send     func(ctx context.Context, channel, id, to, text string) error // hands one message to a channel
}

// Intake takes reports in.
type Intake struct {
	Deps
	limits limits
	worker worker
	ground ground
}

// New makes it.
func New(d Deps) *Intake {
	in := &Intake{Deps: d, limits: newLimits(d.Pace, d.Now), worker: newWorker(d.Site)}
	d.Jobs.Handle(TalkJob, in.settleTalk)
	return in
}

// mostUpload bounds one report that comes whole, in bytes: ten photos as a camera
// makes them.
const mostUpload = 60 << 20

// mostPiece bounds one piece of a file that comes in pieces, in bytes.
const mostPiece = 1 << 20

// Routes is every address of taking in.
func (in *Intake) Routes() []page.Route {
	return []page.Route{
		{Pattern: "GET /report", Do: in.form},
		{Pattern: "POST /report", Do: in.receive, Upload: true, Body: mostUpload},
		{Pattern: "GET /report/worker.js", Do: in.serveWorker},
		{Pattern: "GET /report/map.svg", Do: in.mapFile},
		{Pattern: "GET /report/ready", Do: in.queued(in.ready)},
		{Pattern: "POST /report/files/{field}", Do: in.queued(in.beginFile), Script: true},
		{Pattern: "GET /report/files/{field}/{id}", Do: in.queued(in.statusOfFile)},
		{Pattern: "PATCH /report/files/{field}/{id}", Do: in.queued(in.addPiece), Script: true, Body: mostPiece},
		{Pattern: "POST /report/send", Do: in.queued(in.send), Script: true},

		{Pattern: "GET /inbound/{gateway}", Do: in.inbound, API: true},
		{Pattern: "POST /inbound/{gateway}", Do: in.inbound, API: true, Body: mostInbound},
	}
}
