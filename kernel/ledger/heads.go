package ledger

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"pendopo/kernel/fault"
	"pendopo/kernel/folder"
)

// headsDir is the folder of signed heads outside the database. A file is only
// ever appended to; there is one per log and month:
//
//	000001-2026-03.heads    @ LENGTH
//	                        the checkpoint, LENGTH bytes
//	                        @ LENGTH
//	                        …
//
// A record that a crash cut short is skipped. No line of a checkpoint begins
// with "@".
type headsDir struct {
	path string
	open func(signed []byte) (Head, error)

	mu   sync.Mutex
	last Head
	read bool // last was read from the folder

	named string // file whose name, and that of the folder, this process has made durable
}

const headsSuffix = ".heads"

// newest is the last head of the folder; none is a Head without a log.
func (d *headsDir) newest() (Head, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.read {
		return d.last, nil
	}
	files, err := d.files()
	if err != nil {
		return Head{}, err
	}
	for _, file := range slices.Backward(files) {
		last, err := lastRecord(file)
		if err != nil {
			return Head{}, err
		}
		if last == nil {
			continue
		}
		if d.last, err = d.open(last); err != nil {
			return Head{}, fault.Of(err).At(file)
		}
		break
	}
	d.read = true
	return d.last, nil
}

// add appends a head and syncs it. One that is there already is no fault.
func (d *headsDir) add(h Head) error {
	last, err := d.newest()
	if err != nil || !last.behind(h) {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	path := filepath.Join(d.path, fmt.Sprintf("%06d-%s%s", h.Log, h.At.Format("2006-01"), headsSuffix))
	if err := d.append(path, record(h.Note)); err != nil {
		return d.failed(err)
	}
	d.last = h
	return nil
}

// append appends to a file. The names of file and folder are made durable the
// first time: a process that died before it did so is not known.
func (d *headsDir) append(path string, content []byte) error {
	if path == d.named {
		return appendSynced(path, content)
	}
	if err := folder.Make(d.path, 0o755); err != nil {
		return err
	}
	if err := appendSynced(path, content); err != nil {
		return err
	}
	if err := folder.Sync(d.path); err != nil {
		return err
	}
	d.named = path
	return nil
}

func (d *headsDir) failed(err error) error {
	return fault.New(fault.Unavailable, "ledger.heads_unwritable").With("folder", d.path).Because(err)
}

func record(signed []byte) []byte {
	return append(fmt.Appendf(nil, "@ %d\n", len(signed)), signed...)
}

// appendSynced appends to a file, which it makes if need be. What a crash left
// of an earlier record is ended by a line feed.
func appendSynced(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	if size := info.Size(); size > 0 {
		var end [1]byte
		if _, err := f.ReadAt(end[:], size-1); err != nil {
			return errors.Join(err, f.Close())
		}
		if end[0] != '\n' {
			content = append([]byte("\n"), content...)
		}
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// files are the files of heads, oldest first.
func (d *headsDir) files() ([]string, error) {
	names, err := os.ReadDir(d.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.Internal, "ledger.heads_unreadable").With("folder", d.path).Because(err)
	}
	var files []string
	for _, name := range names {
		if filepath.Ext(name.Name()) == headsSuffix {
			files = append(files, filepath.Join(d.path, name.Name()))
		}
	}
	return files, nil
}

// tail is how many bytes at the end of a file of heads are looked at for the
// last one: a busy month has a hundred megabytes of them.
const tail = 1 << 18

// lastRecord is the last whole record of a file; nil when there is none.
func lastRecord(path string) (last []byte, err error) {
	keep := func(signed []byte) error { last = signed; return nil }
	info, err := os.Stat(path)
	if err == nil && info.Size() > tail {
		err = walkPart(path, info.Size()-tail, tail, keep)
	}
	if err != nil || last != nil {
		return last, err
	}
	return last, walkFile(path, keep)
}

func walkFile(path string, fn func(signed []byte) error) error {
	return walkPart(path, 0, math.MaxInt64, fn)
}

// walkPart begins at an offset, which may lie in the middle of a record, and
// reads so many bytes at most.
func walkPart(path string, offset, most int64, fn func(signed []byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fault.New(fault.Internal, "ledger.heads_unreadable").With("folder", path).Because(err)
	}
	defer f.Close()
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		return fault.New(fault.Internal, "ledger.heads_unreadable").With("folder", path).Because(err)
	}
	r := bufio.NewReaderSize(io.LimitReader(f, most), 1<<16)
	for {
		signed, err := nextRecord(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fault.New(fault.Internal, "ledger.heads_unreadable").With("folder", path).Because(err)
		}
		if err := fn(signed); err != nil {
			return err
		}
	}
}

// nextRecord reads the next whole record; lines outside of one are skipped.
func nextRecord(r *bufio.Reader) ([]byte, error) {
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return nil, err
		}
		var length int
		if n, _ := fmt.Sscanf(string(line), "@ %d\n", &length); n != 1 || length <= 0 || length > 1<<16 {
			continue
		}
		signed, err := r.Peek(min(length, r.Size()))
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if len(signed) == length && signed[length-1] == '\n' && !bytes.Contains(signed, []byte("\n@")) {
			signed = bytes.Clone(signed)
			_, err = r.Discard(length)
			return signed, err
		}
	}
}
