package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"pendopo/engine/administration"
	"pendopo/engine/casework"
	"pendopo/engine/document"
	"pendopo/engine/identity"
	"pendopo/engine/notify"
	"pendopo/feature/complaint/advice"
	"pendopo/feature/complaint/exchange"
	"pendopo/feature/complaint/follow"
	"pendopo/feature/complaint/report"
	"pendopo/kernel/backup"
	"pendopo/kernel/blob"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/kernel/folder"
	"pendopo/kernel/job"
	"pendopo/kernel/ledger"
	"pendopo/kernel/pace"
	"pendopo/kernel/page"
	"pendopo/kernel/seal"
	"pendopo/web"
)

// Options of Open.
type Options struct {
	Place   conf.Place
	Base    string    // address of the portal, printed on documents and in QR codes
	Lock    bool      // hold the data folder: commands that write do, verify does not
	Create  bool      // make the instance when there is none
	Origin  string    // name of the public log of a new instance
	Since   time.Time // from when the document key of a new instance signs; now when zero
	Log     *slog.Logger
	Now     func() time.Time
	Poll    time.Duration // how often deadlines are looked at; 0 = every second
	Notices *notify.Setup // by which channels people are told; nil: none
	Untried bool          // change old tables without trying it on a copy first

	trial   bool     // this is that copy
	schemas []schema // of the record; nil for the program's own
}

// Instance is a running Pendopo without its doors.
type Instance struct {
	Place    conf.Place
	Base     string
	Log      *slog.Logger
	Now      func() time.Time
	DB       *db.DB
	Instance *seal.Instance
	Keys     *seal.Keys
	Blobs    *blob.Store
	Ledger   *ledger.Ledger
	Jobs     *job.Runner
	Pace     *pace.Book
	Texts    *page.Catalogue
	Cases    *casework.Engine
	Docs     *document.Engine
	Identity *identity.Engine
	Admin    *administration.Engine
	Notices  *notify.Engine

	exchange  *exchange.Exchange // feature/complaint
	reports   *report.Table      // feature/complaint
	followers *follow.Book       // feature/complaint
	adviser   *advice.Adviser    // feature/complaint

	folder    *houseFolder    // nil when started without one
	copies    *backup.Shipper // nil without a continuous copy
	closers   []io.Closer
	meters    *meters
	readiness readiness
	stopping  atomic.Bool               // said by /readyz from the first signal on
	crowd     atomic.Pointer[crowd]     // while it serves
	site      atomic.Pointer[page.Site] // once there are doors: told when the government's name or mark changes
}

// ErrNoInstance says that nothing has been made at this place.
var ErrNoInstance = errors.New("there is no instance here: `pendopo demo` or `pendopo init` followed by `pendopo serve` makes one")

// ErrKeysGone says that there is a record without the keys it was written
// under. New ones would open nothing of it and sign another log, so none are made.
var ErrKeysGone = errors.New("the data folder holds a record, and its keys are not where they should be: bring them back, or name their folder with --keys-dir")

// Open opens the instance of a place, makes it when Create says so, and brings
// its tables up to date. What was opened is closed again on failure.
func Open(ctx context.Context, o Options) (*Instance, error) {
	if err := o.Place.Check(); err != nil {
		return nil, err
	}
	if keysGone(o.Place) {
		return nil, ErrKeysGone
	}
	if !o.Place.Exists() && !o.Create {
		return nil, ErrNoInstance
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	in := &Instance{Place: o.Place, Base: o.Base, Log: slog.New(page.Identified(o.Log.Handler())), Now: o.Now, meters: newMeters()}
	if err := in.open(ctx, o); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

func (in *Instance) open(ctx context.Context, o Options) error {
	for _, step := range []func(context.Context, Options) error{
		in.openFolder, in.upgrade, in.openKeys, in.openStores, in.openEngines,
	} {
		if err := step(ctx, o); err != nil {
			return err
		}
	}
	in.Cases.Taken(in.takeUp)
	return in.Cases.Load(ctx)
}

// openFolder makes the data folder and locks it.
func (in *Instance) openFolder(_ context.Context, o Options) error {
	if err := folder.Make(o.Place.Data, 0o700); err != nil {
		return err
	}
	if !o.Lock {
		return nil
	}
	f, err := os.OpenFile(filepath.Join(o.Place.Data, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return fmt.Errorf("the data folder %s is in use by another pendopo; stop it first", o.Place.Data)
	}
	in.closers = append(in.closers, f)
	return nil
}

func (in *Instance) openKeys(ctx context.Context, o Options) (err error) {
	if o.Place.Exists() {
		in.Instance, err = seal.LoadInstance(o.Place.InstanceKeys())
	} else {
		if o.Since.IsZero() {
			o.Since = o.Now()
		}
		in.Instance, err = seal.CreateInstanceSince(o.Place.InstanceKeys(), o.Origin, o.Since)
	}
	if err != nil {
		return err
	}
	if in.Keys, err = seal.OpenKeys(ctx, o.Place.KeyStoreURL(), in.Instance); err != nil {
		return err
	}
	in.closers = append(in.closers, in.Keys)
	return nil
}

// keysGone reports whether heads were signed here and the instance keys, or the
// key store beside them, are missing.
func keysGone(p conf.Place) bool {
	signed, err := os.ReadDir(p.Heads())
	if err != nil || len(signed) == 0 {
		return false
	}
	file, own := strings.CutPrefix(p.KeyStoreURL(), "sqlite:")
	_, err = os.Stat(file)
	return !p.Exists() || own && errors.Is(err, os.ErrNotExist)
}

func (in *Instance) openStores(ctx context.Context, o Options) (err error) {
	if in.DB, err = db.Open(ctx, o.Place.RecordURL(), db.Options{Role: o.Place.Role, Observe: in.meters.committed}); err != nil {
		return err
	}
	in.closers = append(in.closers, in.DB)
	for _, m := range o.modules() {
		if err := in.DB.Migrate(ctx, m.name, m.files); err != nil {
			return fmt.Errorf("tables of %s: %w", m.name, err)
		}
	}
	if in.Blobs, err = blob.Open(ctx, o.Place.BlobURL()); err != nil {
		return err
	}
	in.closers = append(in.closers, in.Blobs)
	in.Ledger, err = ledger.New(in.DB, in.Instance, o.Place.Heads())
	return err
}

func (in *Instance) openEngines(_ context.Context, o Options) (err error) {
	if in.Texts, err = page.LoadCatalogue(web.Locale(), false); err != nil {
		return err
	}
	in.Jobs = job.NewRunner(in.DB, in.Now)
	in.Jobs.Observe(in.meters.attempted)
	in.Jobs.Report(func(j job.Job, err error) {
		in.Log.Error("job", slog.String("kind", j.Kind), slog.Int("attempt", j.Attempt), slog.Any("error", err))
	})
	prints, err := document.Letters()
	if err != nil {
		return err
	}
	in.Pace = pace.NewBook(in.DB, in.Instance.IndexMAC, in.Now)
	in.reports = newReports(in) // feature/complaint
	in.Cases = casework.New(casework.Deps{
		DB: in.DB, Keys: in.Keys, Instance: in.Instance, Ledger: in.Ledger, Jobs: in.Jobs, Blobs: in.Blobs,
		Log: in.Log, Now: in.Now, Node: o.Place.Node, Poll: o.Poll, Prints: prints, Pace: in.Pace,
		Products: products{}, Posts: posts{in}, Notices: tellers{in},
		Projection: publicRows{in}, // feature/complaint
	})
	in.adviser = newAdviser(in) // feature/complaint
	in.openNotices(o)
	in.followers = newFollowers(in) // feature/complaint
	in.Admin = administration.New(administration.Options{DB: in.DB, Government: sources{in.Cases}, Node: o.Place.Node, Now: in.Now})
	in.Jobs.Handle(VerifyJob, in.verify)
	in.Jobs.Handle(casework.RenderJob, func(ctx context.Context, j job.Job) error { return in.Docs.Issue(ctx, j) })
	in.Identity = identity.New(identity.Options{
		DB: in.DB, Instance: in.Instance, Keys: in.Keys, Government: offices{in.Cases},
		Node: o.Place.Node, Now: in.Now, Log: in.Log,
	})
	return nil
}

// takeUp gives what has been published, by this node or another, to whoever else
// holds a part of it: policies, the pages.
func (in *Instance) takeUp() error {
	g := in.Cases.Government()
	if g == nil {
		return nil
	}
	set, err := policies(g)
	if err != nil {
		return err
	}
	in.Identity.SetPolicies(set)
	in.wakeFolder()
	if site := in.site.Load(); site != nil {
		site.SetHouse(house(g))
	}
	if in.Docs != nil {
		return nil // it asks for what is live; the zone of a government does not change under it
	}
	in.Docs = document.New(document.Deps{
		DB: in.DB, Keys: in.Keys, Instance: in.Instance, Blobs: in.Blobs, Cases: papers{in}, Words: in.Texts,
		Base: in.Base, Zone: in.Cases.Catalogue().Zone(), Now: in.Now,
	})
	return nil
}

// Close closes everything, in the order opposite to opening.
func (in *Instance) Close() error {
	var errs []error
	for i := len(in.closers) - 1; i >= 0; i-- {
		errs = append(errs, in.closers[i].Close())
	}
	in.closers = nil
	return errors.Join(errs...)
}
