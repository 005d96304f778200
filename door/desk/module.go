package desk

import (
	"context"
	_ "embed"
	"log/slog"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/engine/document"
	"pendopo/engine/identity"
	"pendopo/engine/notify"
	"pendopo/kernel/page"
	"pendopo/web/component/header"
	"pendopo/web/scope"
)

//go:embed desk.css
var css string

var sheet = scope.Sheet{Name: "desk", CSS: css, Script: "desk.js"}

// Deps is what the desk stands on.
type Deps struct {
	Site        *page.Site
	Cases       *casework.Engine
	Identity    *identity.Engine
	Documents   *document.Engine
	Attachments *attachment.Store
	Adviser     Adviser        // nil: nothing is suggested
	Redactor    Redactor       // nil: the words as they were told, masked
	Panels      Panels         // nil: no feature adds anything to the page of a case
	Notices     *notify.Engine // nil: no letters are posted
	Log         *slog.Logger   // nil: nothing is logged
	Now         func() time.Time
	Base        string // by which people reach the portal, in the QR code of slips; empty = none
	Secure      bool   // cookies over https only
	// Address is where a request came from, for counting log-ins; nil takes
	// the connection's own. Behind a proxy that is trusted, its header.
	Address func(*http.Request) string
	// Links are the places of features that this officer may go to; nil: none.
	Links func(ctx context.Context, words *page.Printer, who identity.Signed) []header.Link
	// Notes stand above the worklist: what a feature wants this officer to know; nil: nothing.
	Notes func(ctx context.Context, words *page.Printer, who identity.Signed) ([]templ.Component, error)
}

// Door is the desk.
type Door struct {
	Deps
	sessions *identity.Sessions
}

// New makes the door.
func New(d Deps) *Door {
	if d.Address == nil {
		d.Address = remote
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return &Door{d, d.Identity.Sessions(identity.SessionOptions{Secure: d.Secure, Fail: d.Site.Fail})}
}

// mostEntry bounds one matter typed in at the counter with its papers, in bytes.
const mostEntry = 60 << 20

// Routes is every address of this door.
func (d *Door) Routes() []page.Route {
	return []page.Route{
		{Pattern: "GET /desk/login", Do: d.session(d.loginForm)},
		{Pattern: "POST /desk/login", Do: d.session(d.login)},
		{Pattern: "POST /desk/logout", Do: d.session(d.logout)},
		{Pattern: "GET /desk/lock", Do: d.own(d.locked)},
		{Pattern: "POST /desk/lock", Do: d.own(d.lock)},
		{Pattern: "POST /desk/unlock", Do: d.own(d.unlock)},
		{Pattern: "POST /desk/sessions/end", Do: d.own(d.elsewhere)},
		{Pattern: "GET /desk/account", Do: d.own(d.account)},
		{Pattern: "POST /desk/password", Do: d.own(d.password)},
		{Pattern: "POST /desk/email", Do: d.officer(d.email)},

		{Pattern: "GET /desk", Do: d.officer(d.worklist)},
		{Pattern: "GET /desk/find", Do: d.officer(d.find)},
		{Pattern: "POST /desk/find/person", Do: d.officer(d.findPerson)},
		{Pattern: "GET /desk/cases/{code}", Do: d.officer(d.show)},
		{Pattern: "POST /desk/cases/{code}/open", Do: d.officer(d.open)},
		{Pattern: "POST /desk/cases/{code}/act", Do: d.officer(d.act), Upload: true, Body: mostPhotos},
		{Pattern: "POST /desk/cases/{code}/clock", Do: d.officer(d.clock)},
		{Pattern: "POST /desk/cases/{code}/papers", Do: d.officer(d.papers), Upload: true, Body: mostPaper},
		{Pattern: "POST /desk/cases/{code}/made", Do: d.officer(d.made), Upload: true, Body: mostPaper},
		{Pattern: "POST /desk/cases/{code}/revoke", Do: d.officer(d.revoke)},
		{Pattern: "GET /desk/cases/{code}/made/{file}", Do: d.officer(d.madeFile)},
		{Pattern: "GET /desk/cases/{code}/files/{file}", Do: d.officer(d.file)},
		{Pattern: "GET /desk/cases/{code}/document", Do: d.officer(d.document)},
		{Pattern: "GET /desk/cases/{code}/openings", Do: d.officer(d.openings)},
		{Pattern: "POST /desk/cases/{code}/messages", Do: d.officer(d.write), Upload: true, Body: mostPhotos},
		{Pattern: "POST /desk/cases/{code}/recall", Do: d.officer(d.recall)},
		{Pattern: "POST /desk/cases/{code}/public", Do: d.officer(d.publish)},
		{Pattern: "POST /desk/cases/{code}/identity", Do: d.officer(d.identity)},

		{Pattern: "GET /desk/vault", Do: d.officer(d.vaultDoor)},
		{Pattern: "GET /desk/cases/{code}/vault", Do: d.officer(d.vault)},
		{Pattern: "POST /desk/cases/{code}/vault", Do: d.officer(d.openVault)},

		{Pattern: "GET /desk/letters", Do: d.officer(d.letters)},
		{Pattern: "POST /desk/letters/print", Do: d.officer(d.printLetters)},
		{Pattern: "POST /desk/letters/posted", Do: d.officer(d.postLetters)},
		{Pattern: "POST /desk/letters/back", Do: d.officer(d.lettersBack)},

		{Pattern: "GET /desk/unit", Do: d.officer(d.unit)},
		{Pattern: "POST /desk/unit/suspend", Do: d.officer(d.suspend)},

		{Pattern: "GET /desk/enter", Do: d.officer(d.counter)},
		{Pattern: "GET /desk/enter/{service}", Do: d.officer(d.entryForm)},
		{Pattern: "POST /desk/enter/{service}/asked", Do: d.officer(d.asked)},
		{Pattern: "POST /desk/enter", Do: d.officer(d.another)},
		{Pattern: "POST /desk/enter/{service}", Do: d.officer(d.entry), Upload: true, Body: mostEntry},

		{Pattern: "GET /desk/system", Do: d.officer(d.system)},
	}
}

// redirect sends the browser on after a form.
func redirect(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
