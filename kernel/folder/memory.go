package folder

import (
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// Files is a folder in memory: path → content. It is an fs.FS that only reads.
type Files map[string]string

// Open opens a file; folders are read with ReadDir.
func (f Files) Open(name string) (fs.File, error) {
	text, ok := f[name]
	if !ok {
		return nil, missing("open", name)
	}
	return &opened{entry{path.Base(name), int64(len(text)), false}, strings.NewReader(text)}, nil
}

// ReadFile gives a file's content.
func (f Files) ReadFile(name string) ([]byte, error) {
	text, ok := f[name]
	if !ok {
		return nil, missing("open", name)
	}
	return []byte(text), nil
}

// Stat tells a file's size, or that a folder holds something.
func (f Files) Stat(name string) (fs.FileInfo, error) {
	if text, ok := f[name]; ok {
		return entry{path.Base(name), int64(len(text)), false}, nil
	}
	if _, err := f.ReadDir(name); err != nil {
		return nil, missing("stat", name)
	}
	return entry{path.Base(name), 0, true}, nil
}

// ReadDir lists a folder in the order of names.
func (f Files) ReadDir(name string) ([]fs.DirEntry, error) {
	prefix := name + "/"
	if name == "." {
		prefix = ""
	}
	found := map[string]fs.DirEntry{}
	for file, text := range f {
		rest, ok := strings.CutPrefix(file, prefix)
		if !ok || rest == "" {
			continue
		}
		first, _, deeper := strings.Cut(rest, "/")
		found[first] = entry{first, int64(len(text)), deeper}
	}
	if len(found) == 0 {
		return nil, missing("read", name)
	}
	out := make([]fs.DirEntry, 0, len(found))
	for _, e := range found {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out, nil
}

func missing(op, name string) error { return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist} }

// entry is a file or a folder in a listing.
type entry struct {
	name string
	size int64
	dir  bool
}

func (e entry) Name() string               { return e.name }
func (e entry) Size() int64                { return e.size }
func (e entry) IsDir() bool                { return e.dir }
func (e entry) ModTime() time.Time         { return time.Time{} }
func (e entry) Sys() any                   { return nil }
func (e entry) Info() (fs.FileInfo, error) { return e, nil }
func (e entry) Type() fs.FileMode          { return e.Mode().Type() }

// Mode is read-only.
func (e entry) Mode() fs.FileMode {
	if e.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// opened is a file that is being read.
type opened struct {
	entry
	*strings.Reader
}

func (o *opened) Size() int64                   { return o.entry.size }
func (o *opened) Stat() (fs.FileInfo, error)    { return o.entry, nil }
func (o *opened) Close() error                  { return nil }
func (o *opened) Read(into []byte) (int, error) { return io.Reader(o.Reader).Read(into) }
