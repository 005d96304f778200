package portal

import (
	"net/http"
	"time"

	"github.com/a-h/templ"

	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/engine/document"
	"pendopo/kernel/fault"
	"pendopo/kernel/pace"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/web/component/header"
)

// Deps is what the portal stands on.
type Deps struct {
	Site        *page.Site
	Cases       *casework.Engine
	Documents   *document.Engine
	Attachments *attachment.Store
	Log         Log         // says when the log has grown; nil = pages of cases are not kept up to date
	Ending      func() bool // the server stops; nil = never
	Times       Times       // how long cases really took; nil = not shown
	Browsers    Browsers    // tells browsers; nil = none is offered it
	Finder      Finder      // finds services by people's own words; a preview needs none
	Pace        *pace.Book  // where beginnings are counted; nil = in memory
	Now         func() time.Time
	Address     func(*http.Request) string // where a request comes from; nil = its connection
	Base        string                     // by which people reach it, in the QR code of slips; empty = none
	Secure      bool                       // cookies over https only
	Demo        bool                       // shows the components' own page
	// What features put on pages of this door; nil: nothing.
	Links func(words *page.Printer) []header.Link // more places to go, in the header
	Lead  templ.Component                         // on the first page, below the search
	Start func(s *definition.Service) string      // where a service begins, when not with a form of this door; "" = here
	Found func(query string) (href, key string)   // where else a search may look, and the text that says so; "" = nowhere
}

// Portal is the door.
type Portal struct {
	Deps
	starting *pace.Throttle
	watchers watchers
}

// starts is how often one address may begin a draft: a village may have one.
var starts = pace.Pace{Burst: 120, Every: 5 * time.Second}

// collisions is how often a change of a draft is made again on what another
// request has just saved: as many files as a page takes may end at once.
const collisions = 20

// afresh runs a change of a draft until nobody else saved it in between.
func afresh(change func() error) (err error) {
	for range collisions {
		if err = change(); fault.Of(err) == nil || fault.Of(err).Key != "fault.acted_first" {
			return err
		}
	}
	return err
}

// New makes the door.
func New(d Deps) *Portal {
	if d.Address == nil {
		d.Address = func(r *http.Request) string { return r.RemoteAddr }
	}
	return &Portal{Deps: d, starting: d.Pace.Throttle("draft by address", starts, d.Now)}
}

// mostSubscription bounds what a browser says of itself, in bytes: a subscription
// of two thousand, encoded as forms are, and the token.
const mostSubscription = 8 << 10

// mostUpload bounds one page of papers, in bytes.
const mostUpload = 40 << 20

// Routes is every address of this door.
func (p *Portal) Routes() []page.Route {
	routes := []page.Route{
		{Pattern: "GET /{$}", Do: p.home},
		{Pattern: "GET /offices", Do: p.officesPage},
		{Pattern: "GET /search", Do: p.search},
		{Pattern: "GET /services", Do: p.all},
		{Pattern: "GET /needs/{id}", Do: p.needPage},
		{Pattern: "GET /events/{id}", Do: p.eventPage},
		{Pattern: "GET /services/{id}", Do: p.service},
		{Pattern: "GET /services/{id}/procedure", Do: p.procedure},
		{Pattern: "POST /services/{id}/start", Do: p.start},

		{Pattern: "GET /draft", Do: p.resumeForm},
		{Pattern: "POST /draft", Do: p.resume},
		{Pattern: "GET /draft/{code}", Do: p.continueDraft},
		{Pattern: "GET /draft/{code}/{page}", Do: p.formPage},
		{Pattern: "POST /draft/{code}/{page}", Do: p.savePage, Upload: true, Body: mostUpload},
		{Pattern: "POST /draft/{code}/files/{field}", Do: p.beginPieces, Script: true},
		{Pattern: "GET /draft/{code}/files/{field}/{id}", Do: p.statusOfPieces},
		{Pattern: "PATCH /draft/{code}/files/{field}/{id}", Do: p.addPiece, Script: true, Body: 1 << 20},
		{Pattern: "GET /draft/{code}/saved", Do: p.saved},
		{Pattern: "GET /draft/{code}/review", Do: p.review},
		{Pattern: "POST /draft/{code}/submit", Do: p.submit},
		{Pattern: "POST /draft/{code}/discard", Do: p.discard},

		{Pattern: "GET /track", Do: p.trackForm},
		{Pattern: "POST /track", Do: p.find},
		{Pattern: "GET /track/worker.js", Do: p.pushWorker},
		{Pattern: "GET /track/{code}", Do: p.track},
		{Pattern: "GET /track/{code}/live", Do: p.live},
		{Pattern: "GET /track/{code}/unlock", Do: p.unlockForm},
		{Pattern: "POST /track/{code}/unlock", Do: p.unlock},
		{Pattern: "POST /track/{code}/lock", Do: p.lock},
		{Pattern: "POST /track/{code}/push", Do: p.subscribe, Body: mostSubscription},
		{Pattern: "POST /track/{code}/push/off", Do: p.unsubscribe, Body: mostSubscription},
		{Pattern: "GET /track/{code}/receipt", Do: p.receipt},
		{Pattern: "GET /track/{code}/receipt.json", Do: p.receiptFile},
		{Pattern: "GET /track/{code}/document", Do: p.documentFile},
		{Pattern: "GET /track/{code}/letter", Do: p.letter},
		{Pattern: "GET /track/{code}/files/{id}", Do: p.attachmentFile},
		{Pattern: "GET /track/{code}/fix", Do: p.fix},
		{Pattern: "POST /track/{code}/fix", Do: p.sendFix, Upload: true, Body: mostUpload},
		{Pattern: "GET /track/{code}/actions/{action}", Do: p.actionForm},
		{Pattern: "POST /track/{code}/actions/{action}", Do: p.act, Upload: true, Body: mostUpload},
		{Pattern: "POST /track/{code}/messages", Do: p.write, Upload: true, Body: mostUpload},

		{Pattern: "GET /verify", Do: p.verifyForm},
		{Pattern: "POST /verify", Do: p.verify},
		{Pattern: "POST /verify/file", Do: p.verifyFile, Upload: true, Body: document.MaxPDF + 64<<10},
		{Pattern: "GET /verify/{id}", Do: p.verifyID},
	}
	if p.Demo {
		routes = append(routes, page.Route{Pattern: "GET /_components", Do: p.components})
	}
	return routes
}

// redirect sends the browser on after a form.
func redirect(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
