package admin

import (
	"context"
	_ "embed"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"

	"pendopo/engine/administration"
	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/engine/notify"
	"pendopo/kernel/backup"
	"pendopo/kernel/db"
	"pendopo/kernel/folder"
	"pendopo/kernel/ledger"
	"pendopo/kernel/page"
	"pendopo/web/scope"
)

//go:embed admin.css
var css string

var sheet = scope.Sheet{Name: "admin", CSS: css}

// Copies is what is known of the instance's copies; backup.ErrNever when there
// are none.
type Copies interface {
	Rehearsal() (backup.Report, error)
	Status() (backup.Status, error)
}

// Times tells how long the cases of a service really took, refiled ones with
// what came before them: how many have ended, half of them within the median,
// nine of ten within the last.
type Times interface {
	Times(ctx context.Context, service string) (count int, median, p90 time.Duration, err error)
}

// Notices tells how people were told: counts, and nothing of anybody.
type Notices interface {
	Counts(ctx context.Context, since time.Time) ([]notify.Count, error)
	Costs(ctx context.Context, from, until time.Time) ([]notify.Cost, error)
}

// Advice is one thing the doctor found, in words.
type Advice struct {
	Level, Words, Do string // level: error, warning, note
}

// House is what the door asks of the instance around it. Every member but
// Verify may be nil.
type House struct {
	// Verify asks for the proof of the record; what it finds is a deed.
	Verify func(ctx context.Context, actor string) error
	// Doctor looks at the instance and its machine.
	Doctor func(ctx context.Context, words *page.Printer) []Advice
	// Folder says how the folder of this node stands: none, same, other, barred.
	Folder func() string
	// Preview is a service's page for citizens, of files that are not live.
	Preview func(ctx context.Context, words *page.Printer, files folder.Files, service string) (templ.Component, error)
}

// Deps is what the door stands on.
type Deps struct {
	Site     *page.Site
	Cases    *casework.Engine
	Identity *identity.Engine
	Admin    *administration.Engine
	DB       *db.DB         // dead jobs
	Ledger   *ledger.Ledger // state of the log
	Times    Times
	Copies   Copies  // nil tells nothing of them
	Notices  Notices // nil tells nothing of them
	House    House
	Now      func() time.Time
	Secure   bool // cookies over https only
	// Address is where a request came from, for counting passwords; nil takes
	// the connection's own.
	Address func(*http.Request) string
}

// Door is the administrator's door.
type Door struct {
	Deps
	sessions *identity.Sessions
	checked  checked
}

// New makes the door.
func New(d Deps) *Door {
	if d.Address == nil {
		d.Address = func(r *http.Request) string {
			host, _, _ := net.SplitHostPort(r.RemoteAddr)
			return host
		}
	}
	return &Door{Deps: d, sessions: d.Identity.Sessions(identity.SessionOptions{Secure: d.Secure, Fail: d.Site.Fail}),
		checked: checked{mu: &sync.Mutex{}}}
}

// mostForm bounds a form with a whole file in it, in bytes.
const mostForm = 1 << 20

// Routes is every address of this door.
func (d *Door) Routes() []page.Route {
	return []page.Route{
		{Pattern: "GET /admin", Do: d.officer(d.home)},
		{Pattern: "GET /admin/government", Do: d.officer(d.government)},
		{Pattern: "GET /admin/start", Do: d.officer(d.start)},

		{Pattern: "GET /admin/proposals", Do: d.officer(d.proposals)},
		{Pattern: "POST /admin/proposals", Do: d.officer(d.begin)},
		{Pattern: "GET /admin/proposals/{id}", Do: d.officer(d.proposal)},
		{Pattern: "POST /admin/proposals/{id}", Do: d.officer(d.deed)},
		{Pattern: "GET /admin/proposals/{id}/edit", Do: d.officer(d.edit)},
		{Pattern: "POST /admin/proposals/{id}/edit", Do: d.officer(d.save), Body: mostForm},
		{Pattern: "GET /admin/proposals/{id}/text", Do: d.officer(d.text)},
		{Pattern: "POST /admin/proposals/{id}/text", Do: d.officer(d.saveText), Body: mostForm},
		{Pattern: "GET /admin/proposals/{id}/diff", Do: d.officer(d.difference)},
		{Pattern: "GET /admin/proposals/{id}/preview/{service}", Do: d.officer(d.preview)},
		{Pattern: "GET /admin/proposals/{id}/new", Do: d.officer(d.newFile)},
		{Pattern: "POST /admin/proposals/{id}/new", Do: d.officer(d.makeFile)},
		{Pattern: "GET /admin/proposals/{id}/files.tar", Do: d.officer(d.proposalFiles)},

		{Pattern: "GET /admin/versions", Do: d.officer(d.versions)},
		{Pattern: "POST /admin/versions/{hash}", Do: d.officer(d.takeBack)},
		{Pattern: "GET /admin/versions/{hash}/files.tar", Do: d.officer(d.versionFiles)},

		{Pattern: "GET /admin/officers", Do: d.officer(d.officers)},
		{Pattern: "POST /admin/officers", Do: d.officer(d.addOfficer)},
		{Pattern: "GET /admin/officers/{id}", Do: d.officer(d.person)},
		{Pattern: "POST /admin/officers/{id}", Do: d.officer(d.changePerson)},
		{Pattern: "POST /admin/requests/{id}", Do: d.officer(d.settle)},

		{Pattern: "GET /admin/system", Do: d.officer(d.system)},
		{Pattern: "POST /admin/system/jobs/{id}", Do: d.officer(d.deadJob)},
		{Pattern: "POST /admin/system/verify", Do: d.officer(d.verify)},
		{Pattern: "GET /admin/record", Do: d.officer(d.record)},
	}
}

// redirect sends the browser on after a form.
func redirect(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
