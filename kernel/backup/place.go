package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// object is one thing that a place keeps.
type object struct {
	name string // with slashes
	size int64
}

// store is what a place is made of: a folder, or a bucket. Objects are some
// megabytes at most, and are replaced in one step.
type store interface {
	put(ctx context.Context, name string, content []byte) error // nil content removes
	get(ctx context.Context, name string) ([]byte, error)       // fs.ErrNotExist when there is none
	list(ctx context.Context, prefix string) ([]object, error)  // in the order of their names
}

// Place is where copies go: a folder, or a bucket of an S3-compatible store.
type Place struct {
	store
	words string // the address without its password
	dir   string // absolute, without links; empty for a bucket
}

// String is the address without its password.
func (p *Place) String() string { return p.words }

// OpenPlace takes the path of a folder, or
// s3://ID:SECRET@HOST[:PORT]/BUCKET[/PREFIX][?region=R][&plain=1]. A folder is
// made when it is not there. Plain speaks http, for this machine alone.
func OpenPlace(address string) (*Place, error) {
	if strings.HasPrefix(address, "s3://") {
		s, words, err := openS3(address)
		if err != nil {
			return nil, err
		}
		return &Place{store: s, words: words}, nil
	}
	if strings.Contains(address, "://") {
		return nil, errors.New("a place for copies is a folder or s3://…")
	}
	dir, err := filepath.Abs(address)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	return &Place{store: folder{dir}, words: dir, dir: dir}, nil
}

// ErrTogether says that data and keys would go to one place.
var ErrTogether = errors.New("the copies of data and of keys go to one place: whoever holds it could read everything. Give the keys a place of their own, with other people")

// Apart refuses two places of which one holds the other.
func Apart(data, keys *Place) error {
	a, b := data.within(), keys.within()
	if strings.HasPrefix(a, b) || strings.HasPrefix(b, a) {
		return ErrTogether
	}
	return nil
}

// within is a prefix of everything that the place holds.
func (p *Place) within() string {
	if p.dir != "" {
		return "file:" + strings.TrimSuffix(p.dir, "/") + "/"
	}
	return strings.TrimSuffix(p.words, "/") + "/"
}

// The parts that a place can play.
const (
	dataPart = "data"
	keysPart = "keys"
)

// identity says what a place is for, so that nothing else is mixed in.
type identity struct {
	Format int    `json:"format"`
	Part   string `json:"part"`   // data or keys
	Origin string `json:"origin"` // of the instance's log
	LogKey string `json:"log_key"`
}

const (
	identityFile = "pendopo-backup.json"
	format       = 1
)

// claim makes the place this instance's, or refuses one that is another's.
func (p *Place) claim(ctx context.Context, want identity) error {
	have, err := p.identity(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		content, err := json.MarshalIndent(want, "", "  ")
		if err != nil {
			return err
		}
		return p.put(ctx, identityFile, append(content, '\n'))
	}
	if err != nil {
		return err
	}
	if have.Part != want.Part {
		return fmt.Errorf("%s holds copies of %s, not of %s", p, have.Part, want.Part)
	}
	if have != want {
		return fmt.Errorf("%s holds copies of another instance, %s", p, have.Origin)
	}
	return nil
}

// identity reads what the place is for.
func (p *Place) identity(ctx context.Context) (id identity, err error) {
	content, err := p.get(ctx, identityFile)
	if err != nil {
		return id, err
	}
	if err := json.Unmarshal(content, &id); err != nil {
		return id, fmt.Errorf("%s: %s: %w", p, identityFile, err)
	}
	if id.Format != format {
		return id, fmt.Errorf("%s was written by a newer version of this program", p)
	}
	return id, nil
}

// folder is a store of files.
type folder struct{ dir string }

func (f folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

func (f folder) put(_ context.Context, name string, content []byte) error {
	path := f.path(name)
	if content == nil {
		err := os.Remove(path)
		for dir := filepath.Dir(path); dir != f.dir && os.Remove(dir) == nil; { // when it was the last
			dir = filepath.Dir(dir)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	draft := path + ".part"
	if err := writeSynced(draft, content); err != nil {
		return err
	}
	if err := os.Rename(draft, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func (f folder) get(_ context.Context, name string) ([]byte, error) { return os.ReadFile(f.path(name)) }

func (f folder) list(ctx context.Context, prefix string) (all []object, err error) {
	top := f.path(prefix[:strings.LastIndex(prefix, "/")+1])
	err = filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return errors.Join(err, ctx.Err())
		}
		rel, err := filepath.Rel(f.dir, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if !strings.HasPrefix(name, prefix) || strings.HasSuffix(name, ".part") {
			return nil
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			all = append(all, object{name, info.Size()})
		}
		return err
	})
	return all, err
}

// writeSynced writes a file for its owner alone and syncs it.
func writeSynced(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
