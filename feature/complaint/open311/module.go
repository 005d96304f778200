package open311

import (
	"log/slog"
	"net/http"
	"time"

	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/kernel/db"
	"pendopo/kernel/job"
	"pendopo/kernel/pace"
	"pendopo/kernel/page"
	"pendopo/kernel/seal"
)

// Deps is what the server stands on.
type Deps struct {
	DB          *db.DB
	Instance    *seal.Instance
	Cases       *casework.Engine
	Attachments *attachment.Store
	Jobs        *job.Runner
	Pace        *pace.Book
	Site        *page.Site
	Desk        Desk
	Log         *slog.Logger
	Now         func() time.Time
	Address     func(*http.Request) string
	Base        string
}

// Server answers other programs.
type Server struct{ Deps }

// New makes it.
func New(d Deps) *Server { return &Server{d} }

// Routes is every address of the server.
func (s *Server) Routes() []page.Route { return nil }
