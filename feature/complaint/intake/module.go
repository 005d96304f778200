package intake

import (
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
}

// Intake takes reports in.
type Intake struct{ Deps }

// New makes it.
func New(d Deps) *Intake { return &Intake{d} }

// Routes is every address of taking in.
func (in *Intake) Routes() []page.Route { return nil }
