package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"pendopo/kernel/backup"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/kernel/ledger"
	"pendopo/kernel/seal"
)

// Rehearsal is what Rehearse tries out.
type Rehearsal struct {
	Copies  conf.Copies
	Scratch string // folder that is made and removed; it holds keys while it stands
	Live    string // data folder of the instance, whose size tells how much room is wanted; may be empty
	Now     func() time.Time
}

// Rehearse restores the newest copies into the scratch folder, proves record,
// log and rows, opens every sealed value, and removes the folder again. What a
// killed rehearsal left is removed first. A report whose Trouble is set could
// not be finished.
func Rehearse(ctx context.Context, r Rehearsal) backup.Report {
	return r.reported("", func(report *backup.Report) error { return r.run(ctx, report) })
}

// reported runs a rehearsal and says how it went.
func (r Rehearsal) reported(from string, run func(*backup.Report) error) backup.Report {
	report := backup.Report{At: r.Now().UTC(), Findings: []string{}, From: from}
	began := time.Now()
	err := run(&report)
	report.Seconds = time.Since(began).Seconds()
	if err != nil {
		report.Trouble = err.Error()
	}
	report.OK = err == nil && len(report.Findings) == 0
	return report
}

func (r Rehearsal) run(ctx context.Context, report *backup.Report) (err error) {
	data, keys, err := OpenPlaces(r.Copies)
	if err != nil {
		return err
	}
	report.From = data.String() + " and " + keys.String()
	held, err := r.take()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.wipe(), held.Close()) }()
	into := conf.Place{Data: filepath.Join(r.Scratch, "data"), KeysDir: filepath.Join(r.Scratch, "keys"), Node: "rehearsal"}
	back, err := backup.Restore(ctx, backup.Wanted{Data: data, Keys: keys, Into: into})
	if err != nil {
		return err
	}
	report.State = back.State
	if err := Prove(ctx, into, report); err != nil {
		return err
	}
	// Keys are copied when one was added: older copies are whole unless something does not open.
	if len(report.Findings) > 0 && back.Keys.Before(back.State) {
		report.Find(fmt.Sprintf("the keys are of %s, older than the data: what was sealed since does not open", back.Keys.Format(time.RFC3339)))
	}
	return nil
}

// take wipes the scratch folder, makes it anew and holds it against another
// rehearsal.
func (r Rehearsal) take() (*os.File, error) {
	f, err := os.OpenFile(r.Scratch+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another rehearsal is under way in %s", r.Scratch), f.Close())
	}
	if err := errors.Join(r.wipe(), r.room(), os.Mkdir(r.Scratch, 0o700)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// wipe removes what the rehearsal made.
func (r Rehearsal) wipe() error { return os.RemoveAll(r.Scratch) }

// spare is what a rehearsal leaves free on the disk, in bytes.
const spare = 512 << 20

// room refuses to fill the disk: the restored copy is as large as the instance,
// and its pieces of log pass through.
func (r Rehearsal) room() error {
	wanted := uint64(spare)
	for _, name := range []string{"pendopo.db", "blob.db"} {
		if info, err := os.Stat(filepath.Join(r.Live, name)); err == nil {
			wanted += uint64(info.Size())
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	free, err := freeBytes(filepath.Dir(r.Scratch))
	if err == nil && free < wanted {
		err = fmt.Errorf("a rehearsal wants %d MB of room beside %s, and %d MB are free; --scratch names another disk", wanted>>20, r.Scratch, free>>20)
	}
	return err
}

func freeBytes(dir string) (uint64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return st.Bavail * uint64(st.Bsize), nil
}

// Prove opens an instance that nobody serves and adds to the report what is
// wrong with it: record, log, rows, files, and every sealed value.
func Prove(ctx context.Context, at conf.Place, report *backup.Report) (err error) {
	// A copy stands still at its moment: what has fallen due since is not late in it.
	now := time.Now
	in, err := Open(ctx, Options{Place: at, Untried: true, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now() }})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	last, err := in.lastEntered(ctx)
	if err != nil {
		return err
	}
	now = func() time.Time { return last }
	words := in.Texts.Printer("en")
	err = in.Ledger.Verify(ctx, func(f ledger.Finding) {
		report.Find("log: " + words.T(f.Key, "table", f.Table, "row", f.Row, "column", f.Column))
	})
	if err != nil {
		return err
	}
	if err := in.Ledger.Agrees(ctx); err != nil {
		if f := fault.Of(err); f != nil && f.Kind != fault.Unavailable {
			report.Find("log: " + words.TMap(f.Key, f.Args))
		} else {
			return err
		}
	}
	if err := in.VerifyRows(ctx, func(words string) { report.Find("rows: " + words) }); err != nil {
		return err
	}
	head, err := in.Ledger.Head()
	if err != nil {
		return err
	}
	report.Events = head.Size
	return in.openAll(ctx, report)
}

// lastEntered is when the newest event was entered.
func (in *Instance) lastEntered(ctx context.Context) (at time.Time, err error) {
	err = in.DB.Read(ctx, func(tx db.Tx) error { return tx.Row(`SELECT MAX(entered) FROM event`).Scan(&at) })
	return at, err
}

// opener opens values under the key of their stream and counts.
type opener struct {
	in     *Instance
	report *backup.Report
	stream string // whose key is held
	key    seal.StreamKey
	err    error // why there is none
}

// with runs open with the key of a stream. A key that was destroyed on purpose
// is counted; any other that is missing, and whatever does not open, is found.
func (o *opener) with(stream, what string, open func(seal.StreamKey) (int64, error)) error {
	if stream != o.stream || o.stream == "" {
		o.stream = stream
		o.key, o.err = o.in.Keys.Get(stream)
	}
	if fault.Is(o.err, fault.Gone) {
		o.report.Shredded++
		return nil
	}
	n, err := int64(0), o.err
	if err == nil {
		n, err = open(o.key)
	}
	o.report.Opened += n
	if fault.Is(err, fault.Unavailable) {
		return err
	}
	if err != nil {
		o.report.Find("sealed: " + what + " of " + stream + " does not open")
	}
	return nil
}

// one is open for a single value.
func one(open func(seal.StreamKey) error) func(seal.StreamKey) (int64, error) {
	return func(k seal.StreamKey) (int64, error) {
		if err := open(k); err != nil {
			return 0, err
		}
		return 1, nil
	}
}

// openAll opens the sealed part of every event, every file, every draft and
// every statement. Nothing that was opened is kept or told.
func (in *Instance) openAll(ctx context.Context, report *backup.Report) error {
	o := &opener{in: in, report: report}
	for _, part := range []func(context.Context) error{o.events, o.files, o.drafts, o.statements} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (o *opener) events(ctx context.Context) error {
	last := ""
	return o.in.DB.Read(ctx, func(tx db.Tx) error {
		return event.Walk(tx, func(e event.Event) error {
			if e.Stream != last { // they come stream by stream
				o.report.Streams, last = o.report.Streams+1, e.Stream
			}
			if len(e.Sealed) == 0 {
				return nil
			}
			return o.with(e.Stream, fmt.Sprintf("event %d", e.Version), one(func(k seal.StreamKey) error {
				_, err := k.Open(e.Sealed, e.AAD())
				return err
			}))
		})
	})
}

func (o *opener) files(ctx context.Context) error {
	return o.in.Blobs.Each(ctx, func(id, stream string) error {
		return o.with(stream, "file "+id, func(k seal.StreamKey) (int64, error) { return o.in.Blobs.Prove(ctx, id, k) })
	})
}

func (o *opener) drafts(ctx context.Context) error {
	return o.in.Cases.EachDraft(ctx, func(stream string, open func(seal.StreamKey) error) error {
		return o.with(stream, "draft", one(open))
	})
}

func (o *opener) statements(ctx context.Context) error {
	if o.in.Docs == nil { // nothing was ever published, so no document was made
		return nil
	}
	return o.in.Docs.EachStatement(ctx, func(stream string, open func(seal.StreamKey) error) error {
		return o.with(stream, "statement", one(open))
	})
}
