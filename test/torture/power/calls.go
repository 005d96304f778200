package main

import (
	"fmt"
	"strings"
)

// begin takes a call in at the moment it began. What it changes may reach the
// disk from now on; end makes the change seen, and a sync certain.
func (d *disk) begin(c *call) error {
	switch c.name {
	case "write", "pwrite64":
		return d.write(c)
	case "ftruncate":
		return d.truncate(c)
	case "close": // at once: another thread may be given the number before close returns
		delete(d.fds, c.fd)
		return nil
	case "mmap":
		return d.mapped(c)
	}
	return d.foreign(c)
}

// end takes in that a call ended.
func (d *disk) end(c *call) error {
	if c.failed {
		return d.undo(c)
	}
	switch c.name {
	case "write", "pwrite64":
		return d.wrote(c)
	case "open":
		return d.open(c, 0, 1, false)
	case "openat":
		return d.open(c, 1, 2, true)
	case "fsync", "fdatasync":
		return d.fsync(c)
	case "rename":
		return d.rename(c, 0, 1, false)
	case "renameat":
		return d.rename(c, 1, 3, true)
	case "unlink", "rmdir":
		return d.remove(c, 0, false)
	case "unlinkat":
		return d.remove(c, 1, true)
	case "mkdir":
		return d.mkdir(c, 0, false)
	case "mkdirat":
		return d.mkdir(c, 1, true)
	}
	return nil
}

// foreign refuses a call that would change a file in a way this model does not
// know: it must be taught, not overlooked.
func (d *disk) foreign(c *call) error {
	switch c.name {
	case "open", "openat", "fsync", "fdatasync", "rename", "renameat", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat", "accept4", "execve":
		return nil
	case "sync", "syncfs", "io_uring_setup":
		return fmt.Errorf("%s is not known to the model", c.name)
	}
	for _, arg := range c.args {
		number, _, isFD := strings.Cut(arg, "<")
		if !isFD {
			number = ""
		}
		path, err := bracketed(arg)
		if err != nil {
			if text, e := unhex(strings.Trim(arg, `"`)); e == nil {
				path = string(text)
			}
		}
		if d.inside(path) {
			return fmt.Errorf("%s(%s %s) is not known to the model", c.name, number, path)
		}
	}
	return nil
}

// mapped allows no file but -shm to be changed through memory: what is changed
// so is seen by nobody here.
func (d *disk) mapped(c *call) error {
	if len(c.args) < 5 || !c.has(3, "MAP_SHARED") || !c.has(2, "PROT_WRITE") {
		return nil
	}
	path, err := bracketed(c.args[4])
	if err != nil || !d.inside(path) || strings.HasSuffix(path, "-shm") {
		return nil
	}
	return fmt.Errorf("%s is changed through memory", path)
}

func (d *disk) open(c *call, n, flags int, at bool) error {
	path, err := c.path(n, at)
	if err != nil || !d.inside(path) && path != d.root {
		return err
	}
	if c.has(flags, "O_SYNC") || c.has(flags, "O_DSYNC") || c.has(flags, "O_TMPFILE") {
		return fmt.Errorf("%s: %s is not known to the model", path, c.args[flags])
	}
	f := d.find(path)
	if f == nil {
		if !c.has(flags, "O_CREAT") {
			return fmt.Errorf("%s was opened, and its making was not recorded", path)
		}
		f = &node{shadow: strings.HasSuffix(path, "-shm")}
		d.count.Creations++
		if err := d.set(c, path, f); err != nil {
			return err
		}
	}
	if c.has(flags, "O_TRUNC") && f.size > 0 {
		f.pending, f.size = append(f.pending, &edit{by: c, cut: true}), 0
	}
	d.fds[c.result] = &opened{node: f, append: c.has(flags, "O_APPEND"), first: c.has(flags, "O_WRONLY")}
	return nil
}

// write notes what is being written, from the beginning of the call on.
func (d *disk) write(c *call) error {
	o := d.fds[c.fd]
	if o == nil {
		if path, err := bracketed(c.args[0]); err == nil && d.inside(path) {
			return fmt.Errorf("a write to %s, whose opening was not recorded", path)
		}
		return nil
	}
	offset, err := o.place, error(nil)
	switch {
	case len(c.data) == 0:
		err = fmt.Errorf("a write whose bytes were not recorded")
	case c.name == "pwrite64":
		offset, err = c.number(3)
	case o.append:
		offset = o.node.size
	case !o.first:
		err = fmt.Errorf("a write at a place that is not known")
	}
	if err != nil {
		return err
	}
	o.node.pending = append(o.node.pending, &edit{by: c, offset: offset, data: c.data})
	o.node.size = max(o.node.size, offset+int64(len(c.data)))
	return nil
}

// wrote cuts a write to the length that was written.
func (d *disk) wrote(c *call) error {
	o := d.fds[c.fd]
	if o == nil {
		return nil
	}
	if n, err := c.number(2); err != nil || n != c.result {
		return fmt.Errorf("a write of %d bytes wrote %d: not known to the model", n, c.result)
	}
	o.place += c.result
	d.count.Writes++
	d.count.Bytes += int(c.result)
	return nil
}

func (d *disk) truncate(c *call) error {
	o := d.fds[c.fd]
	if o == nil {
		return nil
	}
	size, err := c.number(1)
	if err != nil {
		return err
	}
	o.node.pending, o.node.size = append(o.node.pending, &edit{by: c, offset: size, cut: true}), size
	d.count.Truncations++
	return nil
}

// undo takes back a change whose call failed.
func (d *disk) undo(c *call) error {
	if c.name != "write" && c.name != "pwrite64" && c.name != "ftruncate" {
		return nil
	}
	if d.fds[c.fd] != nil {
		return fmt.Errorf("%s on a recorded file failed: not known to the model", c.name)
	}
	return nil
}

func (d *disk) fsync(c *call) error {
	o := d.fds[c.fd]
	if o == nil {
		return nil
	}
	if o.node.folder {
		d.count.FolderSyncs++
	} else {
		d.count.FileSyncs++
	}
	o.node.sync(c.begin)
	return nil
}

func (d *disk) rename(c *call, from, to int, at bool) error {
	old, err := c.path(from, at)
	if err != nil {
		return err
	}
	name, err := c.path(to, at)
	if err != nil || !d.inside(old) && !d.inside(name) {
		return err
	}
	n := d.find(old)
	if n == nil || !d.inside(name) {
		return fmt.Errorf("%s became %s: not known to the model", old, name)
	}
	d.count.Renames++
	if err := d.set(c, name, n); err != nil {
		return err
	}
	return d.set(c, old, nil)
}

func (d *disk) remove(c *call, n int, at bool) error {
	path, err := c.path(n, at)
	if err != nil || !d.inside(path) {
		return err
	}
	d.count.Removals++
	return d.set(c, path, nil)
}

func (d *disk) mkdir(c *call, n int, at bool) error {
	path, err := c.path(n, at)
	if err != nil || !d.inside(path) {
		return err
	}
	d.count.Folders++
	return d.set(c, path, newFolder())
}
