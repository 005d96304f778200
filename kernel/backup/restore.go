package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver by which pieces of log are moved into a file

	"pendopo/kernel/conf"
	"pendopo/kernel/seal"
)

// Wanted is what Restore brings back, and where to.
type Wanted struct {
	Data, Keys *Place
	At         time.Time  // the newest state not after it; zero for the newest there is
	Into       conf.Place // neither folder may hold anything
}

// Restored is what came back.
type Restored struct {
	State time.Time `json:"state"` // everything acknowledged before is there
	Keys  time.Time `json:"keys"`  // likewise of the keys, which are always the newest
	Bytes int64     `json:"bytes"`
}

// ErrExists says that something is where an instance would be restored to.
var ErrExists = errors.New("there is something there already; restore into folders that do not exist, and never over an instance")

// ErrNothing says that a place holds no copy, or none so old.
var ErrNothing = errors.New("there is no finished copy")

// Restore brings an instance back. Both folders come to be under their names
// only when all of it is there. Of the keys and of the list of what was
// destroyed it takes the newest, whatever At says: opening the key store applies
// the list before any key is given out.
func Restore(ctx context.Context, w Wanted) (r Restored, err error) {
	data, keys := filepath.Clean(w.Into.Data), filepath.Clean(w.Into.InstanceKeys())
	for _, dir := range []string{data, keys} {
		if names, err := os.ReadDir(dir); err == nil && len(names) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
			return r, fmt.Errorf("%s: %w", dir, ErrExists)
		}
	}
	if err := same(ctx, w.Data, w.Keys); err != nil {
		return r, err
	}
	drafts := []string{data + ".restoring", keys + ".restoring"}
	for _, dir := range drafts {
		if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
			return r, err
		}
		defer os.RemoveAll(dir)
	}
	if r, err = fetch(ctx, w, drafts[0], drafts[1]); err != nil {
		return r, err
	}
	for i, dir := range []string{data, keys} {
		if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) { // empty, as seen above
			return r, err
		}
		if err := errors.Join(os.Rename(drafts[i], dir), syncFolder(filepath.Dir(dir))); err != nil {
			return r, err
		}
	}
	return r, nil
}

// same makes sure that both places are of one instance, each in its part.
func same(ctx context.Context, data, keys *Place) error {
	d, err := data.identity(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", data, err)
	}
	k, err := keys.identity(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", keys, err)
	}
	if d.Part != dataPart || k.Part != keysPart {
		return fmt.Errorf("%s holds copies of %s and %s of %s: give the data first, the keys apart", data, d.Part, keys, k.Part)
	}
	k.Part = d.Part
	if d != k {
		return fmt.Errorf("%s is of %s and %s of %s: copies of two instances", data, d.Origin, keys, k.Origin)
	}
	return nil
}

// fetch fills two empty folders.
func fetch(ctx context.Context, w Wanted, data, keys string) (r Restored, err error) {
	if _, err := w.Data.get(ctx, manifestFile); err == nil {
		return fetchWhole(ctx, w, data, keys)
	}
	record, err := choose(ctx, w.Data, recordName, w.At)
	if err != nil {
		return r, err
	}
	r.State = record.last()
	files, err := choose(ctx, w.Data, blobName, r.State)
	if err != nil {
		return r, err
	}
	store, err := choose(ctx, w.Keys, keysName, time.Time{})
	if err != nil {
		return r, err
	}
	r.Keys = store.last()
	for _, part := range []struct {
		p  *Place
		g  generation
		to string
	}{{w.Data, record, data + "/pendopo.db"}, {w.Data, files, data + "/blob.db"}, {w.Keys, store, keys + "/keys.db"}} {
		n, err := part.g.restore(ctx, part.p, part.to)
		if err != nil {
			return r, err
		}
		r.Bytes += n
	}
	if err := fetchHeads(ctx, w.Data, filepath.Join(data, "heads")); err != nil {
		return r, err
	}
	for _, object := range store.files {
		if err := fetchFile(ctx, w.Keys, object, filepath.Join(keys, path.Base(object))); err != nil {
			return r, err
		}
	}
	return r, fetchLists(ctx, w, keys)
}

// choose gives the newest finished generation that is not after at, without the
// pieces after it. Zero is any time.
func choose(ctx context.Context, p *Place, chain string, at time.Time) (chosen generation, err error) {
	all, err := generations(ctx, p, chain)
	if err != nil {
		return chosen, err
	}
	found := false
	for _, g := range all {
		if g.base.Parts > 0 && (at.IsZero() || !g.base.At.After(at)) {
			chosen, found = g, true
		}
	}
	if !found {
		return chosen, fmt.Errorf("%s, %s: %w", p, chain, ErrNothing)
	}
	for i, piece := range chosen.log {
		if piece.seq != i {
			return chosen, fmt.Errorf("%s: %s lacks piece %d of its log", p, chosen.name, i)
		}
		if !at.IsZero() && piece.at.After(at) {
			chosen.log = chosen.log[:i]
			break
		}
	}
	return chosen, nil
}

// restore writes the database of a generation and says how many bytes it took.
func (g generation) restore(ctx context.Context, p *Place, to string) (total int64, err error) {
	f, err := os.OpenFile(to, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for i := range g.base.Parts {
		part, err := unpacked(ctx, p, fmt.Sprintf("%s/base/%06d.zst", g.name, i))
		if err != nil {
			return total, err
		}
		if _, err := f.Write(part); err != nil {
			return total, err
		}
		total += int64(len(part))
	}
	if total != g.base.Size {
		return total, fmt.Errorf("%s: the base of %s has %d bytes, not %d", p, g.name, total, g.base.Size)
	}
	l := log{base: to}
	for _, piece := range g.log {
		content, err := unpacked(ctx, p, piece.object)
		if err == nil {
			err = l.add(ctx, content)
		}
		if err != nil {
			return total, fmt.Errorf("%s: %s: %w", p, piece.object, err)
		}
		total += int64(len(content))
	}
	return total, errors.Join(l.move(ctx), f.Sync())
}

func unpacked(ctx context.Context, p *Place, object string) ([]byte, error) {
	packed, err := p.get(ctx, object)
	if err != nil {
		return nil, err
	}
	content, err := unpack(packed)
	if err != nil {
		return nil, fmt.Errorf("%s: %s is damaged: %w", p, object, err)
	}
	return content, nil
}

// log is the write-ahead log beside a database that is being restored.
type log struct {
	base string
	size int64
}

// add appends a piece; one that begins at 0 begins the log anew.
func (l *log) add(ctx context.Context, piece []byte) error {
	if len(piece) < 8 {
		return io.ErrUnexpectedEOF
	}
	at, content := int64(binary.BigEndian.Uint64(piece)), piece[8:]
	if at == 0 {
		if err := l.move(ctx); err != nil {
			return err
		}
	}
	if at != l.size {
		return fmt.Errorf("it begins at %d and the log before it ends at %d", at, l.size)
	}
	f, err := os.OpenFile(l.base+"-wal", os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	l.size += int64(len(content))
	return errors.Join(err, f.Close())
}

// move lets SQLite move the log into the file, and makes sure that it took all
// of it: a damaged frame would end it silently.
func (l *log) move(ctx context.Context) error {
	if l.size == 0 {
		return nil
	}
	want, err := committed(l.base + "-wal")
	if err != nil {
		return err
	}
	d, err := sql.Open("sqlite", l.base)
	if err != nil {
		return err
	}
	d.SetMaxOpenConns(1)
	var busy, frames, moved int64
	err = d.QueryRowContext(ctx, "PRAGMA wal_checkpoint(FULL)").Scan(&busy, &frames, &moved)
	if err == nil && (busy != 0 || frames != want || moved != want) {
		err = fmt.Errorf("the log has %d committed frames and SQLite took %d", want, moved)
	}
	if err := errors.Join(err, d.Close()); err != nil {
		return err
	}
	l.size = 0
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Remove(l.base + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// committed counts the frames of a log up to the last that ends a commit.
func committed(path string) (frames int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	head := make([]byte, 32)
	if _, err := f.ReadAt(head, 0); err != nil {
		return 0, err
	}
	step := int64(binary.BigEndian.Uint32(head[8:])) + 24
	for i := int64(0); ; i++ {
		frame := make([]byte, 24)
		if _, err := f.ReadAt(frame, 32+i*step); errors.Is(err, io.EOF) {
			return frames, nil
		} else if err != nil {
			return 0, err
		}
		if binary.BigEndian.Uint32(frame[4:]) != 0 && bytes.Equal(frame[8:16], head[16:24]) {
			frames = i + 1
		}
	}
}

// fetchHeads joins the chunks of every file of heads.
func fetchHeads(ctx context.Context, p *Place, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	chunks, err := p.list(ctx, "heads/")
	if err != nil {
		return err
	}
	sort.Slice(chunks, func(i, j int) bool { return chunks[i].name < chunks[j].name })
	whole := map[string][]byte{}
	for _, c := range chunks {
		content, err := p.get(ctx, c.name)
		if err != nil {
			return err
		}
		name := path.Base(path.Dir(c.name))
		if path.Base(c.name) != fmt.Sprintf("%012d", len(whole[name])) {
			return fmt.Errorf("%s: %s lacks what comes before %s", p, name, path.Base(c.name))
		}
		whole[name] = append(whole[name], content...)
	}
	for name, content := range whole {
		if err := writeSynced(filepath.Join(dir, name), content); err != nil {
			return err
		}
	}
	return syncFolder(dir)
}

// fetchLists brings the newest list of what was destroyed, whichever place has
// it, and the escrow. The list only ever grows, so the longer one is the newer.
func fetchLists(ctx context.Context, w Wanted, keys string) error {
	for _, name := range seal.HarmlessFiles() {
		var longest []byte
		for _, p := range []*Place{w.Data, w.Keys} {
			content, err := p.get(ctx, name)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			if len(content) > len(longest) {
				longest = content
			}
		}
		if longest == nil {
			continue
		}
		if err := writeSynced(filepath.Join(keys, name), longest); err != nil {
			return err
		}
	}
	return syncFolder(keys)
}

func fetchFile(ctx context.Context, p *Place, object, to string) error {
	content, err := p.get(ctx, object)
	if err != nil {
		return err
	}
	return writeSynced(to, content)
}

// digest is the SHA-256 of a file.
func digest(path string) (string, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// inside reports whether a name of a manifest stays in its folder.
func inside(name string) bool {
	return name != "" && !strings.Contains(name, "..") && !strings.HasPrefix(name, "/")
}
