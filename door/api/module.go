package api

import (
	"net/http"
	"time"

	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/engine/document"
	"pendopo/kernel/ledger"
	"pendopo/kernel/pace"
	"pendopo/kernel/page"
)

// Deps is what the API stands on.
type Deps struct {
	Cases       *casework.Engine
	Documents   *document.Engine
	Attachments *attachment.Store
	Ledger      *ledger.Ledger
	Finder      Finder
	Times       Times
	Gate        Gate       // nil = nothing is counted
	Pace        *pace.Book // where openings are counted; nil = in memory
	Now         func() time.Time
	Address     func(*http.Request) string // where a request comes from, for throttling; nil = its connection
	Site        *page.Site                 // shows the page about the API
}

// Door is the API.
type Door struct {
	Deps
	log     http.Handler
	opening *pace.Throttle
}

// New makes the door.
func New(d Deps) *Door {
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Address == nil {
		d.Address = func(r *http.Request) string { return r.RemoteAddr }
	}
	return &Door{Deps: d, log: d.Ledger.Handler(), opening: d.Pace.Throttle("upload group by address", openings, d.Now)}
}

// openings is how often one address may open upload groups: an office has one.
var openings = pace.Pace{Burst: 120, Every: 5 * time.Second}

// Most bytes of a request, by what it brings.
const (
	mostJSON = 256 << 10
	mostFile = 25 << 20
)

// Routes is every address of this door: its operations, and the page about them.
// Each also answers OPTIONS, and other methods with 405.
func (d *Door) Routes() []page.Route {
	var all []page.Route
	for _, op := range d.operations() {
		all = append(all, op.Route)
	}
	return append(withMethods(all), page.Route{Pattern: "GET /api", Do: d.about})
}
