package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// disk is what is known of the folder under root: what every file and folder
// is now, as a program that reads sees it, and what of it is certain to survive
// a power cut. Nothing that was not synced is certain: not the bytes of a file,
// not its length, and not a name, which is durable only once the folder that it
// stands in was synced.
type disk struct {
	root  string // an existing folder; its own name is certain
	top   *node
	fds   map[int64]*opened
	count counts
}

// node is a file or a folder.
type node struct {
	folder  bool
	shadow  bool // -shm: mapped into memory, never synced, made anew by whoever opens the database first
	names   map[string]*node
	durable map[string]*node
	moves   []*move // of names, not yet certain

	content []byte  // certain
	pending []*edit // not yet certain
	size    int64   // now
}

// move is a change of one name in one folder. The two halves of a rename carry
// the same call: a file system makes both certain, or none.
type move struct {
	by   *call
	name string
	to   *node // nil: the name is gone
}

// edit is a change of a file's bytes: data at an offset, or a new length.
type edit struct {
	by     *call
	offset int64
	data   []byte
	cut    bool // the file ends at offset
}

// opened is an open descriptor.
type opened struct {
	node   *node
	append bool
	first  bool // write-only and at its beginning when opened, so that its place is known
	place  int64
}

// counts is what was recorded.
type counts struct {
	Writes, Bytes, Truncations, Creations, Renames, Removals, Folders, FileSyncs, FolderSyncs, Answers int
}

func newDisk(root string) *disk {
	return &disk{root: root, top: newFolder(), fds: map[int64]*opened{}}
}

func newFolder() *node {
	return &node{folder: true, names: map[string]*node{}, durable: map[string]*node{}}
}

// load takes what a copy of the folder held at first as certain: what a machine
// finds after a power cut is on its disk.
func (d *disk) load(from string) error {
	return filepath.WalkDir(from, func(p string, e os.DirEntry, err error) error {
		if err != nil || p == from {
			return err
		}
		in, name, err := d.parent(d.root + strings.TrimPrefix(p, from))
		if err != nil {
			return err
		}
		n := newFolder()
		if !e.IsDir() {
			n = &node{shadow: strings.HasSuffix(p, "-shm")}
			if n.content, err = os.ReadFile(p); err != nil {
				return err
			}
			n.size = int64(len(n.content))
		}
		in.names[name], in.durable[name] = n, n
		return nil
	})
}

// inside reports whether a path lies under root.
func (d *disk) inside(p string) bool { return strings.HasPrefix(p, d.root+"/") }

// find is what stands at a path now; nil when nothing does.
func (d *disk) find(p string) *node {
	if p == d.root {
		return d.top
	}
	n := d.top
	for _, name := range strings.Split(strings.TrimPrefix(p, d.root+"/"), "/") {
		if n == nil || !n.folder {
			return nil
		}
		n = n.names[name]
	}
	return n
}

func (d *disk) parent(p string) (*node, string, error) {
	in := d.find(path.Dir(p))
	if in == nil || !in.folder {
		return nil, "", fmt.Errorf("%s: its folder is not known", p)
	}
	return in, path.Base(p), nil
}

// set changes a name now; the change is not certain yet.
func (d *disk) set(c *call, p string, to *node) error {
	in, name, err := d.parent(p)
	if err != nil {
		return err
	}
	if in.names[name] = to; to == nil {
		delete(in.names, name)
	}
	in.moves = append(in.moves, &move{c, name, to})
	return nil
}

// sync makes certain what had ended before it began.
func (n *node) sync(began int) {
	if n.folder {
		rest := n.moves[:0]
		for _, m := range n.moves {
			if m.by.end < began {
				apply(n.durable, m)
			} else {
				rest = append(rest, m)
			}
		}
		n.moves = rest
		return
	}
	rest := n.pending[:0]
	for _, e := range n.pending {
		if e.by.end < began {
			n.content = e.apply(n.content)
		} else {
			rest = append(rest, e)
		}
	}
	n.pending = rest
}

func apply(names map[string]*node, m *move) {
	if m.to == nil {
		delete(names, m.name)
	} else {
		names[m.name] = m.to
	}
}

// apply changes content and gives it back.
func (e *edit) apply(content []byte) []byte {
	if e.cut {
		return resize(content, e.offset)
	}
	if end := e.offset + int64(len(e.data)); end > int64(len(content)) {
		content = resize(content, end)
	}
	copy(content[e.offset:], e.data)
	return content
}

func resize(content []byte, size int64) []byte {
	if size <= int64(len(content)) {
		return content[:size:size] // what is cut off never comes back
	}
	return append(content, make([]byte, size-int64(len(content)))...)
}

// now is the content as a reader sees it.
func (n *node) now() []byte {
	content := append([]byte(nil), n.content...)
	for _, e := range n.pending {
		content = e.apply(content)
	}
	return content
}

// compare holds the model against what really stands under root: a change that
// the trace does not show would be a difference.
func (d *disk) compare() error {
	found := map[string]bool{}
	err := filepath.WalkDir(d.root, func(p string, e os.DirEntry, err error) error {
		if err != nil || p == d.root {
			return err
		}
		found[p] = true
		n := d.find(p)
		if n == nil || n.folder != e.IsDir() {
			return fmt.Errorf("%s is there, and the record does not say so", p)
		}
		if n.folder || n.shadow {
			return nil
		}
		real, err := os.ReadFile(p)
		if err == nil && string(real) != string(n.now()) {
			err = fmt.Errorf("%s is not what was recorded: %d bytes, recorded %d", p, len(real), len(n.now()))
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.top.each(d.root, func(p string) error {
		if !found[p] {
			return fmt.Errorf("%s was recorded, and is not there", p)
		}
		return nil
	})
}

// each gives every path below a folder.
func (n *node) each(at string, fn func(string) error) error {
	for name, child := range n.names {
		p := at + "/" + name
		if err := fn(p); err != nil {
			return err
		}
		if err := child.each(p, fn); err != nil {
			return err
		}
	}
	return nil
}
