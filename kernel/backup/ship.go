package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/kernel/seal"
)

// Options of NewShipper.
type Options struct {
	Data, Keys *Place
	From       conf.Place
	Instance   *seal.Instance
	Record     *db.DB // the three databases, open in this process
	Blobs      *db.DB
	KeyStore   *db.DB
	Every      time.Duration // between two rounds
	KeepData   time.Duration // how far back the data can be restored
	KeepKeys   time.Duration // how long a destroyed key stays in copies
	Log        *slog.Logger
	Now        func() time.Time
}

// Shipper keeps a continuous copy. Only the server that holds the data folder
// has one.
type Shipper struct {
	o      Options
	chains []*chain // keys, files, record: what is named elsewhere goes first
	files  *files

	mu     sync.Mutex
	status Status
}

// The names of the chains.
const (
	recordName = "pendopo"
	blobName   = "blob"
	keysName   = "keys"
)

// NewShipper claims both places and takes over the checkpoints.
func NewShipper(ctx context.Context, o Options) (*Shipper, error) {
	if err := Apart(o.Data, o.Keys); err != nil {
		return nil, err
	}
	if err := outside(o); err != nil {
		return nil, err
	}
	if err := claim(ctx, o.Data, o.Keys, o.Instance); err != nil {
		return nil, err
	}
	s := &Shipper{o: o, files: newFiles(o), status: Status{Data: o.Data.String(), Keys: o.Keys.String()}}
	for _, c := range []*chain{{name: keysName, db: o.KeyStore, to: o.Keys, with: s.files.instance}, {name: blobName, db: o.Blobs, to: o.Data}, {name: recordName, db: o.Record, to: o.Data}} {
		c.now = o.Now
		if err := c.db.KeepLog(c); err != nil {
			return nil, err
		}
		s.chains = append(s.chains, c)
	}
	return s, nil
}

// claim makes both places this instance's.
func claim(ctx context.Context, data, keys *Place, in *seal.Instance) error {
	id := identity{Format: format, Part: dataPart, Origin: in.Origin(), LogKey: in.LogVerifierKey(in.Origin())}
	if err := data.claim(ctx, id); err != nil {
		return err
	}
	id.Part = keysPart
	return keys.claim(ctx, id)
}

// outside refuses copies within what they are copies of.
func outside(o Options) error {
	for _, own := range []string{o.From.Data, o.From.InstanceKeys()} {
		dir, err := filepath.Abs(own)
		if err != nil {
			return err
		}
		if dir, err = filepath.EvalSymlinks(dir); err != nil {
			return err
		}
		for _, p := range []*Place{o.Data, o.Keys} {
			if p.dir != "" && Apart(p, &Place{dir: dir}) != nil {
				return fmt.Errorf("%s and %s lie in one another: a copy belongs on another disk", p, dir)
			}
		}
	}
	return nil
}

// lastRound bounds the round that a stopping server still makes.
const lastRound = 20 * time.Second

// Run ships until ctx ends, and once more after that. A round that fails is
// noted and tried again; the server goes on.
func (s *Shipper) Run(ctx context.Context) error {
	for {
		s.attempt(ctx)
		if rest(ctx, s.o.Every) != nil {
			break
		}
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastRound)
	defer cancel()
	s.attempt(end)
	return ctx.Err()
}

// Close gives the checkpoints back.
func (s *Shipper) Close() error {
	var errs []error
	for _, c := range s.chains {
		errs = append(errs, c.db.KeepLog(nil))
	}
	return errors.Join(errs...)
}

// attempt makes one round and notes how it went.
func (s *Shipper) attempt(ctx context.Context) {
	at, err := s.Round(ctx)
	if err != nil && ctx.Err() != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.status.Trouble
	s.status.Written, s.status.Bytes, s.status.Trouble = s.o.Now().UTC(), 0, ""
	for _, c := range s.chains {
		c.mu.Lock()
		s.status.Bytes += c.bytes
		c.mu.Unlock()
	}
	if err == nil {
		s.status.Success = at.UTC()
	} else {
		s.status.Trouble = err.Error()
		for _, c := range s.chains {
			err = errors.Join(err, c.relieve())
		}
	}
	if s.status.Trouble != before {
		s.o.Log.Warn("continuous copy", slog.String("trouble", s.status.Trouble))
	}
	if err := s.status.Keep(s.o.From.Data); err != nil {
		s.o.Log.Warn("continuous copy", slog.Any("error", err))
	}
}

// Status is how the copy fares.
func (s *Shipper) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// Round brings everything that was acknowledged before it began to its place
// and gives that moment. The order makes any break harmless: heads are read
// first, so no head counts events that the copied record lacks; the record's
// end is fixed next; keys and files, which the record names, go before it.
func (s *Shipper) Round(ctx context.Context) (at time.Time, err error) {
	heads, err := s.files.heads()
	if err != nil {
		return at, err
	}
	at = s.o.Now().Truncate(time.Microsecond) // as exact as the names of pieces
	end, err := s.o.Record.LogEnd()
	if err != nil {
		return at, err
	}
	if err := s.files.shipLists(ctx); err != nil {
		return at, err
	}
	renewed := false
	for _, c := range s.chains {
		e := end
		if c.db != s.o.Record {
			if e, err = c.db.LogEnd(); err != nil {
				return at, err
			}
		}
		renewed = renewed || c.due(at)
		if err := c.ship(ctx, e, at); err != nil {
			return at, err
		}
	}
	if err := s.files.shipHeads(ctx, heads); err != nil || !renewed {
		return at, err
	}
	return at, s.prune(ctx, at)
}

// prune removes generations that nobody needs any more.
func (s *Shipper) prune(ctx context.Context, now time.Time) error {
	for _, c := range s.chains {
		keep := s.o.KeepData
		if c.name == keysName {
			keep = s.o.KeepKeys
		}
		if err := c.prune(ctx, now, keep); err != nil {
			return err
		}
	}
	return nil
}

// files copies what is not a database.
type files struct {
	o    Options
	seen map[string]string // name at its place → what was put, by size and time
}

func newFiles(o Options) *files { return &files{o: o, seen: map[string]string{}} }

// shipLists copies what any holder may read: the list of what was destroyed, and
// the escrow, which opens by shares of paper alone.
func (f *files) shipLists(ctx context.Context) error {
	for _, name := range seal.HarmlessFiles() {
		path := filepath.Join(f.o.From.InstanceKeys(), name)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		for _, to := range []*Place{f.o.Keys, f.o.Data} {
			if err := f.whole(ctx, to, name, path); err != nil {
				return err
			}
		}
	}
	return nil
}

// instance copies the instance keys beside a base of the key store: only a
// stopped server changes them, so they fit the whole generation.
func (f *files) instance(ctx context.Context, under string) error {
	names, err := seal.KeyFiles(f.o.From.InstanceKeys())
	if err != nil {
		return err
	}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(f.o.From.InstanceKeys(), name))
		if err != nil {
			return err
		}
		if err := f.o.Keys.put(ctx, under+name, append([]byte{}, content...)); err != nil {
			return err
		}
	}
	return nil
}

// whole puts a small file when it changed.
func (f *files) whole(ctx context.Context, to *Place, name, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	mark := fmt.Sprint(info.Size(), info.ModTime().UnixNano())
	key := to.String() + "/" + name
	if f.seen[key] == mark {
		return nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := to.put(ctx, name, append([]byte{}, content...)); err != nil {
		return err
	}
	f.seen[key] = mark
	return nil
}

// chunkSize is how much of a growing file one object holds.
const chunkSize = 128 << 10

// heads says how long each file of signed heads is.
func (f *files) heads() (map[string]int64, error) {
	list, err := filepath.Glob(filepath.Join(f.o.From.Heads(), "*.heads"))
	if err != nil {
		return nil, err
	}
	sizes := map[string]int64{}
	for _, path := range list {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		sizes[filepath.Base(path)] = info.Size()
	}
	return sizes, nil
}

// shipHeads copies what was appended, chunk by chunk; the last one is put again
// while it grows.
func (f *files) shipHeads(ctx context.Context, sizes map[string]int64) error {
	for name, size := range sizes {
		for at := int64(0); at < size; at += chunkSize {
			object := fmt.Sprintf("heads/%s/%012d", name, at)
			mark := fmt.Sprint(min(chunkSize, size-at))
			if f.seen[object] == mark {
				continue
			}
			content := make([]byte, min(chunkSize, size-at))
			if err := readAt(filepath.Join(f.o.From.Heads(), name), content, at); err != nil {
				return err
			}
			if err := f.o.Data.put(ctx, object, content); err != nil {
				return err
			}
			f.seen[object] = mark
		}
	}
	return nil
}

func readAt(path string, into []byte, at int64) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.ReadAt(into, at)
	return err
}
