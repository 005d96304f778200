package open311

import (
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"pendopo/engine/casework"
	"pendopo/kernel/db"
	"pendopo/kernel/pace"
	"pendopo/kernel/page"
	"pendopo/kernel/seal"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema is the migrations of the table of keys; the module's name for
// db.Migrate is "open311".
func Schema() fs.FS {
	sub, err := fs.Sub(schema, "schema")
	if err != nil {
		return schema // not reached: the folder is embedded
	}
	return sub
}

// Deps is what the server stands on.
type Deps struct {
	DB       *db.DB
	Instance *seal.Instance
	Cases    *casework.Engine
	Pace     *pace.Book
	Log      *slog.Logger
	Now      func() time.Time
	Address  func(*http.Request) string // where a request comes from; nil = its connection
	Base     string                     // by which people reach the portal; empty = not known
	Gate     Gate                       // counts reports
	Exchange Exchange                   // takes updates on reports that were sent on; nil = none are
}

// Server answers other programs.
type Server struct {
	Deps
	keys    *Keys
	filing  *paces         // reports by key
	asking  *pace.Throttle // questions by address
	offered offers
}

// Paces of questions: an aggregator asks for pages of lists, and a map of one
// town asks for a list now and then.
var questions = pace.Pace{Burst: 600, Every: 100 * time.Millisecond}

// New makes it.
func New(d Deps) *Server {
	if d.Address == nil {
		d.Address = func(r *http.Request) string { return r.RemoteAddr }
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return &Server{Deps: d, keys: NewKeys(d.DB, d.Instance.IndexMAC, d.Now), filing: newPaces(d.Pace, d.Now),
		asking: (*pace.Book)(nil).Throttle("open311 question by address", questions, d.Now)}
}

// Most bytes of a request's body: a description in the longest UTF-8, escaped,
// with its attributes.
const mostBody = 256 << 10

// Routes is every address of the server.
func (s *Server) Routes() []page.Route {
	all := []page.Route{
		s.get("GET /open311/{doc}", s.discovery),
		s.get("GET /open311/v2/{doc}", s.document),
		s.get("GET /open311/v2/services/{doc}", s.definition),
		s.get("GET /open311/v2/requests/{doc}", s.request),
		s.get("GET /open311/v2/tokens/{doc}", s.token),
		{Pattern: "POST /open311/v2/{doc}", Do: s.answering(s.post), API: true, Body: mostBody},
	}
	for _, path := range []string{"/open311/{doc}", "/open311/v2/services/{doc}", "/open311/v2/requests/{doc}", "/open311/v2/tokens/{doc}"} {
		all = append(all, page.Route{Pattern: path, Do: s.answering(otherMethod("GET, HEAD, OPTIONS")), API: true})
	}
	return append(all, page.Route{Pattern: "/open311/v2/{doc}", Do: s.answering(otherMethod("GET, HEAD, POST, OPTIONS")), API: true})
}

// get is the route of a question, which pages of other sites may ask too.
func (s *Server) get(pattern string, do answer) page.Route {
	return page.Route{Pattern: pattern, Do: s.answering(s.paced(do)), API: true, Open: true}
}
