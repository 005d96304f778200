package casework

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"time"

	"pendopo/kernel/blob"
	"pendopo/kernel/db"
	"pendopo/kernel/job"
	"pendopo/kernel/ledger"
	"pendopo/kernel/pace"
	"pendopo/kernel/seal"
	"pendopo/law/deadline"
	"pendopo/law/definition"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema is the migrations of this engine's tables; the module's name for
// db.Migrate is "casework".
func Schema() fs.FS {
	sub, err := fs.Sub(schemaFiles, "schema")
	if err != nil {
		return schemaFiles // not reached: the folder is embedded
	}
	return sub
}

// Deps is what the engine stands on.
type Deps struct {
	DB       *db.DB
	Keys     *seal.Keys
	Instance *seal.Instance
	Ledger   *ledger.Ledger
	Jobs     *job.Runner
	Blobs    *blob.Store
	Log      *slog.Logger
	Now      func() time.Time
	Node     string          // name of the writing node
	Pace     *pace.Book      // where wrong secrets are counted; nil = in memory
	Poll     time.Duration   // how often deadlines are looked at; 0 = every second
	Prints   func(rune) bool // what a letter can print; nil = everything
	Products Products        // nil where no product is made elsewhere or taken back

	Projection Projection // nil where nothing stands beside the cases
	Notices    Notices    // nil where nobody is told
	Posts      Posts      // nil: no vault can be opened by guards
}

// Engine runs cases. It is safe for use by many goroutines.
type Engine struct {
	db        *db.DB
	keys      *seal.Keys
	ledger    *ledger.Ledger
	blobs     *blob.Store
	log       *slog.Logger
	now       func() time.Time
	node      string
	pollEvery time.Duration
	codes     codes
	guesses   guesses
	finds     *pace.Throttle // searches for a person, by officer
	cat       *Catalogue
	products  Products
	posts     Posts
	beside    beside
}

// beside is who is told of a commit in its own transaction.
type beside struct {
	projection Projection
	notices    Notices
}

// New makes the engine and registers its jobs. Call Load before serving.
func New(d Deps) *Engine {
	e := &Engine{
		db: d.DB, keys: d.Keys, ledger: d.Ledger, blobs: d.Blobs, log: d.Log, now: d.Now, node: d.Node,
		pollEvery: d.Poll, codes: codes{d.Instance}, guesses: newGuesses(d.Pace, d.Now),
		products: d.Products, posts: d.Posts, beside: beside{d.Projection, d.Notices},
		finds: d.Pace.Throttle("searches by officer", finding, d.Now),
		cat:   &Catalogue{db: d.DB, prints: d.Prints, bounds: map[string]*Bound{}, sets: map[string]*deadline.Set{}},
	}
	if e.pollEvery <= 0 {
		e.pollEvery = time.Second
	}
	d.Jobs.Handle(AmendJob, e.amendAll)
	d.Jobs.Handle(ShredJob, e.finishShred)
	d.Jobs.HandleMany(IndexJob, indexTogether, e.index)
	d.Jobs.Handle(SuspendJob, e.suspendNew)
	d.Jobs.Handle(UnitJob, e.obeyAll)
	d.Jobs.Handle(ConsultJob, e.consult)
	d.Jobs.Handle(AnswerJob, e.answer)
	d.Jobs.Handle(RecallJob, e.recall)
	d.Jobs.Handle(AskJob, e.askJob)
	d.Jobs.Handle(MergeJob, e.mergeJob)
	return e
}

// Taken says who is told, each time, that what is live was taken up.
func (e *Engine) Taken(tell func() error) { e.cat.taken = tell }

// Load reads what has been published.
func (e *Engine) Load(ctx context.Context) error { return e.cat.Load(ctx) }

// Catalogue is what has been published.
func (e *Engine) Catalogue() *Catalogue { return e.cat }

// Government is the live government; nil before the first publication.
func (e *Engine) Government() *definition.Government { return e.cat.Government() }
