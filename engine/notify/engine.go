package notify

import (
	"embed"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
	"pendopo/kernel/job"
	"pendopo/kernel/page"
	"pendopo/kernel/seal"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema is the migrations of this engine's tables; the module's name for
// db.Migrate is "notify".
func Schema() fs.FS {
	sub, err := fs.Sub(schemaFiles, "schema")
	if err != nil {
		return schemaFiles // not reached: the folder is embedded
	}
	return sub
}

// The kinds of job. Each may run again.
const (
	MakeJob    = "notify.make"    // a happening in a case becomes notices
	SendJob    = "notify.send"    // one attempt
	ProofJob   = "notify.proof"   // whether there was proof in time
	LastJob    = "notify.last"    // three days are over
	ToldJob    = "notify.told"    // the record says that notice was given
	PostedJob  = "notify.posted"  // the record says that a letter was posted, or came back
	ClosingJob = "notify.closing" // silence closes a case soon
	DigestJob  = "notify.digest"  // officers' mornings
)

// lastCall is after how long everybody has been told, on the page if nowhere else.
const lastCall = 72 * time.Hour

// Deps is what the engine stands on.
type Deps struct {
	DB       *db.DB
	Keys     *seal.Keys
	Instance *seal.Instance
	Jobs     *job.Runner
	Now      func() time.Time
	Log      *slog.Logger
	Words    *page.Catalogue
	Cases    Cases
	House    House
	Letters  Letters  // nil: no letters are posted
	Officers Officers // nil: nobody has mornings
	Base     string   // address of the portal
	Hasten   int      // tests: everything that is waited for takes this many times less; 0 = 1
}

// Engine tells people. It is safe for use by many goroutines.
type Engine struct {
	db       *db.DB
	keys     *seal.Keys
	in       *seal.Instance
	now      func() time.Time
	log      *slog.Logger
	words    *page.Catalogue
	cases    Cases
	house    House
	letters  Letters
	officers Officers
	base     string
	hasten   time.Duration

	setup atomic.Pointer[Setup]
	fuses sync.Map // channel → *fuse
}

// New makes the engine and registers its jobs.
func New(d Deps) *Engine {
	e := &Engine{
		db: d.DB, keys: d.Keys, in: d.Instance, now: d.Now, log: d.Log, words: d.Words,
		cases: d.Cases, house: d.House, letters: d.Letters, officers: d.Officers, base: strings.TrimSuffix(d.Base, "/"), hasten: time.Duration(max(1, d.Hasten)),
	}
	e.setup.Store(&Setup{})
	d.Jobs.HandleMany(MakeJob, makeTogether, e.makeAll)
	d.Jobs.HandleMany(SendJob, sendTogether, e.sendAll)
	d.Jobs.Handle(ProofJob, e.proof)
	d.Jobs.Handle(LastJob, e.last)
	d.Jobs.Handle(ToldJob, e.told)
	d.Jobs.Handle(PostedJob, e.recordPosted)
	d.Jobs.Handle(ClosingJob, e.closing)
	d.Jobs.Handle(DigestJob, e.digest)
	return e
}

// Setup is what this instance can send by; see ReadSetup.
type Setup struct {
	Carriers  map[string]Carrier // by channel
	Push      string             // public key that browsers subscribe with; "" = none do
	admit     func(subscription string) (plain string, err error)
	Inbound   []byte    // YAML of the gateways that hand in what people send; read by whoever takes it in
	Strangers Strangers // what is sent to numbers that anybody may type
	problems  []string
}

// Carrier is how one channel is carried.
type Carrier struct {
	Adapter wire.Adapter                                    // nil: by hand, a letter
	Kind    string                                          // file, http, smtp, push, desk: for those who look after it
	Repeats bool                                            // what is handed over twice under one id arrives once, or does no harm
	Proves  bool                                            // a report will come
	Secret  string                                          // of reports; "" = none are taken
	Read    func(channel string, t wire.Told) []wire.Report // nil: reports cannot be read
	Bounces string                                          // folder of a mailbox to which bounces come
	Limit   time.Duration
}

// Use takes up what the instance can send by, also while running.
func (e *Engine) Use(s *Setup) { e.setup.Store(s) }

// Setup is what the instance can send by now.
func (e *Engine) Setup() *Setup { return e.setup.Load() }

// Channels are those that are set up, in the order of their names.
func (s *Setup) Channels() []string {
	var out []string
	for c := range s.Carriers {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

// Any reports whether anything can be sent at all.
func (s *Setup) Any() bool { return len(s.Carriers) > 0 }

func (e *Engine) moment() time.Time { return e.now().UTC().Truncate(time.Microsecond) }
