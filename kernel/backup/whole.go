package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/kernel/seal"
)

// manifestFile stands in each folder of a copy made at once, written last.
const manifestFile = "manifest.json"

// manifest says what such a folder holds.
type manifest struct {
	At    time.Time         `json:"at"`   // everything acknowledged before is in the copy
	Head  string            `json:"head"` // the newest signed head in it
	Files map[string]string `json:"files"`
}

// Whole is a copy made at once.
type Whole struct {
	At    time.Time `json:"at"`
	Head  string    `json:"head"`
	Bytes int64     `json:"bytes"`
}

// Source is what Once copies: a SQLite instance, also one that a server holds.
type Source struct {
	From     conf.Place
	Instance *seal.Instance
	Record   *db.DB
	Blobs    *db.DB
	KeyStore *db.DB
	Head     string // the newest signed head of the record
	Now      func() time.Time
}

// Once copies an instance into two empty folders, consistently, beside a running
// server: the record first, then what it names. Each folder gets a manifest with
// the SHA-256 of every file.
func Once(ctx context.Context, s Source, data, keys *Place) (w Whole, err error) {
	if data.dir == "" || keys.dir == "" {
		return w, errors.New("a copy made at once goes to folders; `pendopo serve --backup` fills a bucket")
	}
	if err := errors.Join(Apart(data, keys), outside(Options{Data: data, Keys: keys, From: s.From})); err != nil {
		return w, err
	}
	for _, p := range []*Place{data, keys} {
		if names, err := os.ReadDir(p.dir); err != nil || len(names) > 0 {
			return w, errors.Join(err, fmt.Errorf("%s is not empty", p))
		}
	}
	if err := claim(ctx, data, keys, s.Instance); err != nil {
		return w, err
	}
	w.At, w.Head = s.Now().UTC(), s.Head
	f := newFiles(Options{Data: data, Keys: keys, From: s.From})
	for _, step := range []func() error{
		func() error { return copyFolder(s.From.Heads(), filepath.Join(data.dir, "heads")) },
		func() error { return s.Record.CopyTo(ctx, filepath.Join(data.dir, "pendopo.db")) },
		func() error { return s.Blobs.CopyTo(ctx, filepath.Join(data.dir, "blob.db")) },
		func() error { return s.KeyStore.CopyTo(ctx, filepath.Join(keys.dir, "keys.db")) },
		func() error { return f.instance(ctx, "") },
		func() error { return f.shipLists(ctx) },
	} {
		if err := step(); err != nil {
			return w, err
		}
	}
	for _, p := range []*Place{data, keys} {
		n, err := p.seal(ctx, manifest{At: w.At, Head: w.Head})
		if err != nil {
			return w, err
		}
		w.Bytes += n
	}
	return w, nil
}

// copyFolder copies the files of a flat folder and syncs them.
func copyFolder(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	names, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, n := range names {
		content, err := os.ReadFile(filepath.Join(from, n.Name()))
		if err == nil {
			err = writeSynced(filepath.Join(to, n.Name()), content)
		}
		if err != nil {
			return err
		}
	}
	return syncFolder(to)
}

// seal writes the manifest of everything in the folder.
func (p *Place) seal(ctx context.Context, m manifest) (total int64, err error) {
	all, err := p.list(ctx, "")
	if err != nil {
		return 0, err
	}
	m.Files = map[string]string{}
	for _, o := range all {
		sum, n, err := digest(filepath.Join(p.dir, o.name))
		if err != nil {
			return 0, err
		}
		m.Files[o.name], total = sum, total+n
	}
	content, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return 0, err
	}
	return total, p.put(ctx, manifestFile, append(content, '\n'))
}

// fetchWhole copies two such folders back, and believes no file that is not what
// the manifest says.
func fetchWhole(ctx context.Context, w Wanted, data, keys string) (r Restored, err error) {
	for _, part := range []struct {
		p     *Place
		to    string
		state *time.Time
	}{{w.Data, data, &r.State}, {w.Keys, keys, &r.Keys}} {
		n, at, err := part.p.fetchAll(ctx, part.to)
		if err != nil {
			return r, err
		}
		*part.state, r.Bytes = at, r.Bytes+n
	}
	if !w.At.IsZero() && r.State.After(w.At) {
		return r, fmt.Errorf("%s is of %s: %w", w.Data, r.State.Format(time.RFC3339), ErrNothing)
	}
	for _, name := range seal.HarmlessFiles() { // they belong with the keys, where the newer may be missing
		if err := os.RemoveAll(filepath.Join(data, name)); err != nil {
			return r, err
		}
	}
	return r, fetchLists(ctx, w, keys)
}

func (p *Place) fetchAll(ctx context.Context, to string) (total int64, at time.Time, err error) {
	content, err := p.get(ctx, manifestFile)
	if err != nil {
		return 0, at, err
	}
	var m manifest
	if err := json.Unmarshal(content, &m); err != nil {
		return 0, at, fmt.Errorf("%s: %s: %w", p, manifestFile, err)
	}
	for name, want := range m.Files {
		if !inside(name) {
			return 0, at, fmt.Errorf("%s: %s names a file elsewhere", p, manifestFile)
		}
		if name == identityFile {
			continue
		}
		n, err := copyFile(filepath.Join(p.dir, name), filepath.Join(to, name), want)
		if err != nil {
			return total, at, err
		}
		total += n
	}
	return total, m.At, nil
}

// copyFile copies a file whose digest is known.
func copyFile(from, to, want string) (int64, error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return 0, err
	}
	in, err := os.Open(from)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(out, in)
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		return 0, err
	}
	have, n, err := digest(to)
	if err == nil && have != want {
		err = fmt.Errorf("%s is not what the manifest says: it was changed or damaged", from)
	}
	return n, err
}
