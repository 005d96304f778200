package seal

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"

	"github.com/google/uuid"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

const (
	shreddedFile = "shredded.list"
	listLine     = 37 // a stream id and a line feed
)

// Shred destroys the key of a stream and its blind-index entries: nothing
// sealed under it can be read again, by anyone. The stream is first listed in
// shredded.list. Shredding twice is no fault.
func (k *Keys) Shred(stream string) error {
	if !isStream(stream) {
		return fault.New(fault.Unknown, "seal.stream_unknown")
	}
	done, err := k.Destroyed(stream)
	if err != nil || done {
		return err
	}
	return k.shredAll([]string{stream})
}

// ApplyShredded shreds every stream of a list in the form of shredded.list:
// what a restore does with the newest list before anything is served.
func (k *Keys) ApplyShredded(list io.Reader) error {
	streams, err := readList(list)
	if err != nil {
		return err
	}
	var known []string
	err = k.db.Read(context.Background(), func(tx db.Tx) (err error) {
		known, err = shreddedStreams(tx)
		return err
	})
	if err != nil {
		return err
	}
	return k.shredAll(subtract(streams, known))
}

// shredAll lists, then deletes, then makes the deletion real on disk.
func (k *Keys) shredAll(streams []string) error {
	if len(streams) == 0 {
		return nil
	}
	if err := k.list.add(streams); err != nil {
		return err
	}
	return k.destroy(streams)
}

func (k *Keys) destroy(streams []string) error {
	err := k.db.Write(func(tx db.Tx) error {
		for _, stream := range streams {
			if err := deleteStream(tx, stream); err != nil {
				return err
			}
		}
		word := ""
		if len(streams) == 1 {
			word = streams[0]
		}
		return db.Announce(tx, shreddedChannel, word)
	})
	for _, stream := range streams {
		k.cache.forget(stream)
	}
	if err != nil {
		return err
	}
	return k.db.Checkpoint()
}

// reconcile makes store and list equal: an older store, restored, deletes what
// the list names; an older list gains what the store knows.
func (k *Keys) reconcile(ctx context.Context) error {
	lines, err := k.list.lines()
	if err != nil {
		return err
	}
	var stored int64
	var known []string
	err = k.db.Read(ctx, func(tx db.Tx) (err error) {
		if stored, err = countShredded(tx); err != nil || stored == lines {
			return err
		}
		known, err = shreddedStreams(tx)
		return err
	})
	if err != nil || stored == lines {
		return err
	}
	if err := k.list.settle(); err != nil {
		return err
	}
	listed, err := k.list.read()
	if err != nil {
		return err
	}
	if err := k.list.add(subtract(known, listed)); err != nil {
		return err
	}
	if missing := subtract(listed, known); len(missing) > 0 {
		return k.destroy(missing)
	}
	return nil
}

// subtract gives what is in a and not in b, once each.
func subtract(a, b []string) []string {
	drop := make(map[string]bool, len(b))
	for _, stream := range b {
		drop[stream] = true
	}
	var rest []string
	for _, stream := range a {
		if !drop[stream] {
			drop[stream] = true
			rest = append(rest, stream)
		}
	}
	return rest
}

func isStream(s string) bool { return len(s) == listLine-1 && uuid.Validate(s) == nil }

// readList reads stream ids, one a line. A last line that was cut off by a
// crash has no line feed and is left out: its key was not deleted yet.
func readList(list io.Reader) (streams []string, err error) {
	for r := bufio.NewReader(list); ; {
		line, err := r.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return streams, nil
		}
		if err != nil {
			return nil, fault.New(fault.Internal, "seal.list_unreadable").Because(err)
		}
		if stream := line[:len(line)-1]; isStream(stream) {
			streams = append(streams, stream)
		} else {
			return nil, fault.New(fault.Invalid, "seal.list_line").With("line", len(streams)+1)
		}
	}
}

// shreddedList is the file of that name in the key folder, opened when first needed.
type shreddedList struct {
	path string
	mu   sync.Mutex
	file *os.File
	tail []string // listed by this process; a repeated shredding does not list twice
}

func openShreddedList(in *Instance) *shreddedList {
	return &shreddedList{path: in.path(shreddedFile)}
}

// ShreddedList is the path of the list, for whoever copies it beside a backup.
func (in *Instance) ShreddedList() string { return in.path(shreddedFile) }

// lines is how many lines the list has by its length; -1 when one is not whole.
func (l *shreddedList) lines() (int64, error) {
	info, err := os.Stat(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fileFault("seal.list_unreadable", l.path).Because(err)
	}
	if info.Size()%listLine != 0 {
		return -1, nil
	}
	return info.Size() / listLine, nil
}

func (l *shreddedList) read() ([]string, error) {
	f, err := os.Open(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fileFault("seal.list_unreadable", l.path).Because(err)
	}
	defer f.Close()
	return readList(f)
}

// add appends streams and syncs.
func (l *shreddedList) add(streams []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	streams = subtract(streams, l.tail)
	if len(streams) == 0 {
		return nil
	}
	if err := l.open(); err != nil {
		return err
	}
	var lines []byte
	for _, stream := range streams {
		lines = append(append(lines, stream...), '\n')
	}
	if _, err := l.file.Write(lines); err != nil {
		return errors.Join(fileFault("seal.file_unwritable", l.path).Because(err), l.repair())
	}
	if err := l.file.Sync(); err != nil {
		return fileFault("seal.file_unwritable", l.path).Because(err)
	}
	l.tail = append(l.tail, streams...)
	return nil
}

func (l *shreddedList) open() (err error) {
	if l.file != nil {
		return nil
	}
	if l.file, err = os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600); err != nil {
		return fileFault("seal.file_unwritable", l.path).Because(err)
	}
	return syncFolder(filepath.Dir(l.path))
}

// streamPattern finds stream ids, wherever they stand.
var streamPattern = regexp.MustCompile(`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// settle makes the list whole again after a power cut in the middle of an add:
// the end of the file may then hold zeros, or what the disk held before, where
// lines should be. Every stream that can be read stays listed. A list
// of whole lines is left alone.
func (l *shreddedList) settle() error {
	content, err := os.ReadFile(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fileFault("seal.list_unreadable", l.path).Because(err)
	}
	if streams, err := readList(bytes.NewReader(content)); err == nil && len(streams)*listLine == len(content) {
		return nil
	}
	var lines []byte
	for _, stream := range streamPattern.FindAll(content, -1) {
		lines = append(append(lines, stream...), '\n')
	}
	return replace(l.path, lines)
}

// repair cuts a last line that could not be written whole.
func (l *shreddedList) repair() error {
	info, err := l.file.Stat()
	if err != nil || info.Size()%listLine == 0 {
		return err
	}
	return l.file.Truncate(info.Size() - info.Size()%listLine)
}

func (l *shreddedList) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}
