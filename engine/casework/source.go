package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
)

// Beside what is resolved from them, the files of a government are published as
// they are written: the definition of kind folder lists them, each file is one
// of kind file. So every node has them, whatever folder it was started with.
const (
	kindFolder = "folder"
	kindFile   = "file"
)

// most bounds the files of a government: far above what one has.
const (
	mostFiles     = 4000
	mostFileBytes = 256 << 10
)

// manifest is the body of a folder: its files by path, each with its SHA-256.
type manifest struct {
	Files map[string]string `json:"files"`
}

// SourceFiles reads the files of a government folder that the language knows;
// whatever else lies there is left out.
func SourceFiles(fsys fs.FS) (map[string]string, error) {
	out := map[string]string{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && (strings.HasPrefix(d.Name(), ".") || strings.Count(name, "/") > 1):
			return skip(d)
		case d.IsDir() || !slices.Contains([]string{".yaml", ".cedar", ".svg", ".geojson"}, path.Ext(name)):
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if len(data) > mostFileBytes || !utf8.Valid(data) || len(out) >= mostFiles {
			return fmt.Errorf("casework: %s is no file of a government", name)
		}
		out[name] = string(data)
		return nil
	})
	return out, err
}

func skip(d fs.DirEntry) error {
	if d.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// SourceHash names a set of files: the hash under which they are published.
func SourceHash(files map[string]string) string {
	hash, _ := sourceItem(files)
	return hash.hash
}

// sourceItem is what is stored of the files of a folder.
func sourceItem(files map[string]string) (folder item, each []item) {
	m := manifest{map[string]string{}}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		m.Files[name] = textHash(files[name])
		each = append(each, item{kindFile, name, m.Files[name], files[name]})
	}
	body, err := json.Marshal(m) // keys of a map are sorted
	if err != nil {
		return item{}, nil // a map of strings always encodes
	}
	return item{kindFolder, kindFolder, textHash(string(body)), string(body)}, each
}

func textHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// Source is the files as they are live, and the hash they are published under;
// both are empty when what is live was published before files were kept.
func (e *Engine) Source(ctx context.Context) (hash string, files map[string]string, err error) {
	pubs, _, err := e.cat.publications(ctx)
	if err != nil || pubs[kindFolder][kindFolder] == "" {
		return "", nil, err
	}
	hash = pubs[kindFolder][kindFolder]
	files, err = e.SourceAt(ctx, hash)
	return hash, files, err
}

// SourceAt is the files that were published under a hash.
func (e *Engine) SourceAt(ctx context.Context, hash string) (map[string]string, error) {
	var m manifest
	out := map[string]string{}
	err := e.db.Read(ctx, func(tx db.Tx) error {
		var body string
		err := tx.Row(`SELECT body FROM definition WHERE hash = ? AND kind = ?`, hash, kindFolder).Scan(&body)
		if err != nil {
			return fault.New(fault.Unknown, "casework.unknown_version").Because(err)
		}
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			return err
		}
		for name, h := range m.Files {
			if err := tx.Row(`SELECT body FROM definition WHERE hash = ?`, h).Scan(&body); err != nil {
				return err
			}
			out[name] = body
		}
		return nil
	})
	return out, err
}

// SourceVersion is one publication of a government's files.
type SourceVersion struct {
	Hash     string
	At       time.Time
	By       []string // who published it: two officers, or nobody when it came from the folder of a node
	Proposal string
}

// SourceVersions lists the publications of the files, newest first.
func (e *Engine) SourceVersions(ctx context.Context) (list []SourceVersion, err error) {
	var events []event.Event
	err = e.db.Read(ctx, func(tx db.Tx) (err error) {
		events, err = event.Load(tx, publishedStream(kindFolder, kindFolder))
		return err
	})
	for _, ev := range slices.Backward(events) {
		var p publication
		if err := json.Unmarshal(ev.Clear, &p); err != nil {
			return nil, err
		}
		list = append(list, SourceVersion{p.Hash, ev.Entered, p.By, p.Proposal})
	}
	return list, err
}
